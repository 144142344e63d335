//! What the detail pane and the Payload screen show: a document of the selected node, the place it is
//! scrolled to, the row with the cursor. The document is made when the node is selected; what is large
//! in it is read on beside the loop.

pub(super) mod facets;
pub(super) mod inspect;
pub(super) mod making;
pub(super) mod peek;
pub(super) mod reader;
pub(super) mod reading;
pub mod reveal;
pub(super) mod said;
pub mod within;

use crate::{
    doc::{Doc, Lay, Place, Shown, Spot, Step, View, flow::How, matcher::Matcher},
    model::NodeId,
};

use crate::app::detail::within::Within;

/// Which document of which state of which node. Rises with every change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocKey(pub u64);

/// The detail pane.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own that a key turns"
)]
pub struct Detail {
    /// The node it is about.
    pub node: Option<NodeId>,
    /// How payloads and texts are shown.
    pub view: View,
    /// Whether long lines are cut instead of wrapped.
    pub cut: bool,
    /// Columns scrolled away to the left, where lines are cut.
    pub from: usize,
    /// Whether the lines of texts are numbered.
    pub numbers: bool,
    /// Whether JSON is shown with its brackets and commas.
    pub brackets: bool,
    /// Whether a result is shown before its call.
    pub answer_first: bool,
    /// The document, once there is a node.
    pub doc: Option<Doc>,
    /// What was searched for last, for `n` to begin again.
    pub(in crate::app) sought: Option<String>,
    /// What is searched for in it.
    pub within: Option<Within>,
    /// The line at the top.
    pub top: Place,
    /// The row with the cursor.
    pub cursor: usize,
    /// The beginning of what is to be read, on a few lines; none for what is large.
    pub peek: Option<String>,
    /// What was asked and what came back, each on one line; empty where there are no two sides or they
    /// are large.
    pub sides: Vec<(&'static str, String)>,
    /// The row at which what is to be read begins, behind the facts.
    pub body: usize,
    /// The number of the event when it was made.
    pub(in crate::app) number: Option<usize>,
    pub(in crate::app) key: DocKey,
    pub(in crate::app) width: u16,
    pub(in crate::app) stale: bool,
}

impl Detail {
    /// The pane without a node. Its key goes on, so that no piece under way is taken for a later one's.
    pub(in crate::app) fn emptied(&self) -> Self {
        Self {
            view: self.view,
            cut: self.cut,
            numbers: self.numbers,
            brackets: self.brackets,
            sought: self.sought.clone(),
            key: DocKey(self.key.0 + 1),
            ..Self::default()
        }
    }

    /// The node changed: if it is the one that is shown, it is shown anew.
    pub(in crate::app) fn touched(&mut self, node: NodeId) {
        self.stale |= self.node == Some(node);
    }

    /// Takes a piece that was read elsewhere, unless something else is wanted by now.
    pub(in crate::app) fn take(&mut self, key: DocKey, step: Step) {
        if let Some(doc) = self.doc.as_mut().filter(|_| key == self.key) {
            doc.take(step);
        }
    }

    /// The pane has so many columns now.
    pub(in crate::app) fn widen(&mut self, columns: u16) {
        self.width = columns;
        if let Some(doc) = self.doc.as_mut() {
            doc.resize(usize::from(columns));
        }
    }

    /// Bytes read and bytes in all, while something is being read or waits to be.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.doc.as_ref()?.progress()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.doc.as_ref().map_or(0, Doc::rows)
    }

    /// How rows become lines.
    pub fn lay(&self) -> Lay {
        Lay {
            columns: usize::from(self.width).max(1),
            how: if self.cut {
                How::Cut { from: self.from }
            } else {
                How::Wrap
            },
        }
    }

    /// The lines from the top on.
    pub fn lines(&self, height: usize) -> Vec<Shown> {
        self.window(self.top, height)
    }

    /// The lines from a place on.
    pub fn window(&self, top: Place, height: usize) -> Vec<Shown> {
        let find = self.within.as_ref().map(|within| &within.matcher);
        let doc = self.doc.as_ref();
        doc.map_or_else(Vec::new, |doc| doc.window(top, height, self.lay(), find))
    }

    /// The way to the value in the row with the cursor.
    pub fn path(&self) -> Option<String> {
        self.doc.as_ref()?.path(self.cursor)
    }

    /// Goes to a row and keeps it on the screen.
    pub(in crate::app) fn move_to(&mut self, row: usize, height: usize) {
        self.cursor = row.min(self.rows().saturating_sub(1));
        self.keep(height);
    }

    /// A line down or up: within a row that is taller than what is seen of it, else to the next one.
    pub(in crate::app) fn step(&mut self, forward: bool, height: usize) {
        let (lay, cursor) = (self.lay(), self.cursor);
        let Some(doc) = &self.doc else {
            return;
        };
        if forward {
            let end = Place {
                row: cursor,
                line: doc.height(cursor, lay).saturating_sub(1),
            };
            let bottom = doc.down(self.top, height.saturating_sub(1), lay);
            if end > bottom {
                self.top = doc.down(self.top, 1, lay);
                return;
            }
            self.move_to(cursor + 1, height);
        } else if self.top.row == cursor && self.top.line > 0 {
            self.top.line -= 1;
        } else if let Some(above) = cursor.checked_sub(1) {
            let is_above = above < self.top.row;
            if is_above {
                // its end comes first
                self.top = doc.up(self.top, 1, lay);
                self.cursor = above;
                return;
            }
            self.move_to(above, height);
        }
    }

    /// So many lines down or up, the cursor staying on its line of the screen.
    pub(in crate::app) fn scroll(&mut self, forward: bool, lines: usize, height: usize) {
        let lay = self.lay();
        let Some(doc) = &self.doc else {
            return;
        };
        let at = Place::of(self.cursor).max(self.top);
        let (top, at) = if forward {
            let last = doc.last_top(height, lay);
            (
                doc.down(self.top, lines, lay).min(last.max(self.top)),
                doc.down(at, lines, lay),
            )
        } else {
            (doc.up(self.top, lines, lay), doc.up(at, lines, lay))
        };
        self.top = top;
        self.cursor = at.row;
        let bottom = doc.down(top, height.saturating_sub(1), lay);
        if Place::of(self.cursor) > bottom || self.cursor < top.row {
            self.keep(height);
        }
    }

    /// Keeps the row with the cursor on the screen, and the screen full.
    pub(in crate::app) fn keep(&mut self, height: usize) {
        let lay = self.lay();
        let Some(doc) = &self.doc else {
            return;
        };
        self.cursor = self.cursor.min(doc.rows().saturating_sub(1));
        self.top.row = self.top.row.min(self.cursor);
        if self.top.row == self.cursor {
            let lines = doc.height(self.cursor, lay);
            self.top.line = self.top.line.min(lines.saturating_sub(1));
        }
        let lines = doc.height(self.cursor, lay).min(height.max(1));
        let end = Place {
            row: self.cursor,
            line: lines.saturating_sub(1),
        };
        // Going through a window of rows costs as much as painting it: not where the answer is plain.
        let is_first = end.row == self.top.row && end.line < self.top.line + height;
        if !is_first && end > doc.down(self.top, height.saturating_sub(1), lay) {
            self.top = doc.up(end, height.saturating_sub(1), lay);
        }
        // Every row takes a line: as many rows as the pane has lines fill it.
        if self.top == Place::default() || doc.rows() - self.top.row > height {
            return;
        }
        self.top = self.top.min(doc.last_top(height, lay));
    }

    /// How many lines of the screen are above the row with the cursor.
    pub(in crate::app) fn line(&self, height: usize) -> usize {
        let lay = self.lay();
        let Some(doc) = &self.doc else {
            return 0;
        };
        let places = std::iter::successors(Some(self.top), |at| Some(doc.down(*at, 1, lay)));
        places
            .take(height)
            .take_while(|at| at.row < self.cursor)
            .count()
    }

    /// The document changed around the cursor: it goes to that row, on that line of the screen.
    pub(in crate::app) fn settle_on(&mut self, row: usize, above: usize, height: usize) {
        let lay = self.lay();
        let Some(doc) = &self.doc else {
            return;
        };
        self.cursor = row.min(doc.rows().saturating_sub(1));
        self.top = doc.up(Place::of(self.cursor), above, lay);
        self.keep(height);
    }

    /// Brings the line with the `nth` match of the row onto the screen, where its row is taller than that, and
    /// its columns, where lines are cut.
    pub(in crate::app) fn show_match(&mut self, nth: usize, height: usize) {
        let lay = self.lay();
        let (Some(doc), Some(within)) = (&self.doc, &self.within) else {
            return;
        };
        if self.cut {
            let wide = usize::from(self.width);
            let at = doc.columns_before(self.cursor, &within.matcher, nth);
            if at < self.from || at >= self.from + wide / 2 {
                self.from = at.saturating_sub(wide / 4);
            }
            return;
        }
        let place = doc.found_at(self.cursor, lay, &within.matcher, nth);
        let bottom = doc.down(self.top, height.saturating_sub(1), lay);
        if place < self.top || place > bottom {
            self.top = doc.up(place, height / 3, lay);
        }
    }

    /// What the row with the cursor is.
    pub(in crate::app) fn spot(&self) -> Option<Spot> {
        self.doc.as_ref()?.spot(self.cursor)
    }

    /// What is searched for.
    pub fn matcher(&self) -> Option<&Matcher> {
        self.within.as_ref().map(|within| &within.matcher)
    }
}
