//! Finds out that a frame is the last one moved up or down, so that the terminal can move its rows
//! itself: over a slow line that is the difference between 3 KB and 500 bytes for a key.

use std::hash::{BuildHasher, Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Fewer changed rows are painted faster than they are explained.
const LEAST: usize = 4;

/// Rows `top..=bottom` moved by some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scroll {
    /// First row of the region.
    pub top: u16,
    /// Last row of the region.
    pub bottom: u16,
    /// How far what was there moved up; negative: down.
    pub lines: i32,
}

/// How `old` became `new`, where moving rows saves painting most of them.
pub fn plan(old: &Buffer, new: &Buffer) -> Option<Scroll> {
    if old.area != new.area {
        return None;
    }
    let (before, after) = (rows(old), rows(new));
    let changed = |at: &usize| before.get(*at) != after.get(*at);
    let first = (0..after.len()).find(changed)?;
    let last = (0..after.len()).rev().find(changed)?;
    let height = last - first + 1;
    if height < LEAST {
        return None;
    }
    let (saved, lines) = (1..height)
        .flat_map(|by| {
            [
                i32::try_from(by).unwrap_or(0),
                -i32::try_from(by).unwrap_or(0),
            ]
        })
        .map(|lines| (moved(&before, &after, first, last, lines).count(), lines))
        .max_by_key(|(kept, lines)| (*kept, -lines.abs()))?;
    // Only as much is moved as holds what is kept: a status line below stays where it is.
    let ends: Vec<usize> = moved(&before, &after, first, last, lines)
        .flat_map(|(from, to)| [from, to])
        .collect();
    let (top, bottom) = (*ends.iter().min()?, *ends.iter().max()?);
    // Rows in there that stood still would have to be painted again.
    let still = (top..=bottom).filter(|at| !changed(at)).count();
    if saved < still + LEAST - 1 {
        return None;
    }
    Some(Scroll {
        top: u16::try_from(top).ok()?,
        bottom: u16::try_from(bottom).ok()?,
        lines,
    })
}

/// What the terminal shows after it has moved its rows: the freed ones are blank.
pub fn apply(buffer: &mut Buffer, scroll: Scroll) {
    let old = buffer.clone();
    let area = buffer.area;
    for y in scroll.top..=scroll.bottom {
        let from = i32::from(y) + scroll.lines;
        let from = u16::try_from(from)
            .ok()
            .filter(|from| (scroll.top..=scroll.bottom).contains(from));
        for x in area.left()..area.right() {
            let cell = from.and_then(|from| old.cell((x, from))).cloned();
            if let Some(to) = buffer.cell_mut((x, y)) {
                *to = cell.unwrap_or_else(|| Cell::EMPTY.clone());
            }
        }
    }
}

/// The rows, from and to, that need no painting when everything moves by `lines`.
fn moved<'a>(
    before: &'a [u64],
    after: &'a [u64],
    first: usize,
    last: usize,
    lines: i32,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    (first..=last).filter_map(move |to| {
        let from = i64::try_from(to).ok()? + i64::from(lines);
        let from = usize::try_from(from)
            .ok()
            .filter(|from| (first..=last).contains(from))?;
        (before.get(from) == after.get(to)).then_some((from, to))
    })
}

/// A number for each row that is the same where the row is.
fn rows(buffer: &Buffer) -> Vec<u64> {
    let Rect { width, .. } = buffer.area;
    // The keys are the same for all rows of a process, which is all that is compared.
    thread_local!(static KEYS: std::hash::RandomState = std::hash::RandomState::new());
    let keys = KEYS.with(Clone::clone);
    buffer
        .content
        .chunks(usize::from(width.max(1)))
        .map(|row| {
            let mut hasher = keys.build_hasher();
            for cell in row {
                cell.symbol().hash(&mut hasher);
                (cell.fg, cell.bg, cell.underline_color, cell.modifier).hash(&mut hasher);
            }
            hasher.finish()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&str]) -> Buffer {
        Buffer::with_lines(rows.iter().map(|row| (*row).to_owned()))
    }

    #[test]
    fn a_list_that_scrolled_is_seen_between_its_frame() {
        let old = lines(&["head", "a", "b", "c", "d", "e", "f", "1/9"]);
        let new = lines(&["head", "b", "c", "d", "e", "f", "g", "2/9"]);
        let found = plan(&old, &new).unwrap();
        assert_eq!(found.lines, 1);
        assert_eq!((found.top, found.bottom), (1, 6), "the last line stays");
        let mut moved = old.clone();
        apply(&mut moved, found);
        assert_eq!(moved.diff(&new).iter().map(|(_, y, _)| *y).min(), Some(6));
        let back = plan(&new, &old).unwrap();
        assert_eq!(back.lines, -1);
    }

    #[test]
    fn other_changes_are_no_scrolling() {
        let old = lines(&["a", "b", "c", "d", "e", "f"]);
        assert_eq!(plan(&old, &old), None);
        assert_eq!(plan(&old, &lines(&["a", "B", "c", "d", "E", "f"])), None);
        assert_eq!(plan(&old, &lines(&["p", "q", "r", "s", "t", "u"])), None);
        assert_eq!(plan(&old, &lines(&["a", "b"])), None);
    }
}
