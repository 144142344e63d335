//! Rows that were looked at, as they were read: a key that moves the cursor asks for the same window
//! several times over, and reading a row means walking over the text before it. It knows nothing of
//! documents; whoever changes one clears it.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    sync::Arc,
};

use super::{Lay, RowText};

/// Rows that are kept, more than are on any screen, and bytes of text in them.
const ROWS: usize = 1024;
const BYTES: usize = 1 << 20;

/// Rows by their number.
#[derive(Debug, Default)]
pub(super) struct Laid {
    count: Cell<Option<usize>>,
    shelf: RefCell<Shelf>,
    /// Rows that are seen otherwise just now.
    bare: Vec<(usize, Arc<RowText>)>,
}

#[derive(Debug, Default)]
struct Shelf {
    rows: HashMap<usize, Kept>,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    text: Arc<RowText>,
    height: Option<(Lay, usize)>,
}

impl Laid {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.count.set(None);
        self.shelf.get_mut().clear();
        self.bare.clear();
    }

    /// Has some rows seen otherwise, until a row changes.
    pub fn bare(&mut self, rows: Vec<(usize, Arc<RowText>)>) {
        self.bare = rows;
    }

    /// What is seen in place of a row.
    pub fn seen(&self, row: usize) -> Option<Arc<RowText>> {
        let bare = self.bare.iter().find(|(own, _)| *own == row);
        bare.map(|(_, text)| Arc::clone(text))
    }

    /// How many rows there are.
    pub fn count(&self, count: impl FnOnce() -> usize) -> usize {
        self.count.get().unwrap_or_else(|| {
            let rows = count();
            self.count.set(Some(rows));
            rows
        })
    }

    /// A row, read if it is not here.
    pub fn row(&self, row: usize, read: impl FnOnce() -> RowText) -> Arc<RowText> {
        let known = |shelf: &Shelf| Some(Arc::clone(&shelf.rows.get(&row)?.text));
        // Nobody holds the shelf while a row is read; if somebody did, it would be read once more.
        if let Some(text) = self.shelf.try_borrow().ok().as_deref().and_then(known) {
            return text;
        }
        let text = Arc::new(read());
        if let Ok(mut shelf) = self.shelf.try_borrow_mut() {
            shelf.put(row, &text);
        }
        text
    }

    /// How many lines a row takes that was asked for before, counted if that is not here.
    pub fn height(&self, row: usize, lay: Lay, count: impl FnOnce() -> usize) -> usize {
        let known = |shelf: &Shelf| {
            let height = shelf.rows.get(&row)?.height;
            height.filter(|(own, _)| *own == lay)
        };
        if let Some((_, height)) = self.shelf.try_borrow().ok().as_deref().and_then(known) {
            return height;
        }
        let height = count();
        if let Ok(mut shelf) = self.shelf.try_borrow_mut()
            && let Some(kept) = shelf.rows.get_mut(&row)
        {
            kept.height = Some((lay, height));
        }
        height
    }
}

impl Shelf {
    fn clear(&mut self) {
        self.rows.clear();
        self.bytes = 0;
    }

    fn put(&mut self, row: usize, text: &Arc<RowText>) {
        let bytes = text.len();
        if self.rows.len() >= ROWS || self.bytes + bytes > BYTES {
            self.clear();
        }
        self.bytes += bytes;
        let kept = Kept {
            text: Arc::clone(text),
            height: None,
        };
        self.rows.insert(row, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{Tone, flow::How};

    fn lay(columns: usize) -> Lay {
        Lay {
            columns,
            how: How::Wrap,
        }
    }

    #[test]
    fn what_was_read_is_not_read_again_until_something_changes() {
        let mut laid = Laid::default();
        let read = |text: &str| RowText::of(Tone::Text, text);
        assert_eq!(laid.row(3, || read("one")).text(), "one");
        assert_eq!(laid.row(3, || read("two")).text(), "one");
        assert_eq!(laid.height(3, lay(80), || 1), 1);
        assert_eq!(laid.height(3, lay(80), || 2), 1);
        assert_eq!(laid.height(3, lay(40), || 2), 2);
        assert_eq!((laid.count(|| 7), laid.count(|| 8)), (7, 7));
        laid.clear();
        assert_eq!(laid.row(3, || read("two")).text(), "two");
        assert_eq!(laid.height(3, lay(40), || 3), 3);
        assert_eq!(laid.count(|| 8), 8);
    }

    #[test]
    fn it_keeps_a_few_screens_and_no_more() {
        let laid = Laid::default();
        for row in 0..5 * ROWS {
            laid.row(row, || RowText::of(Tone::Text, "x".repeat(4096)));
        }
        let shelf = laid.shelf.borrow();
        assert!(shelf.rows.len() <= ROWS && shelf.bytes <= BYTES);
        assert!(shelf.rows.contains_key(&(5 * ROWS - 1)));
    }
}
