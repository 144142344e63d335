//! Finds out that a frame is the last one moved up or down, so that the terminal can move its rows
//! itself: over a slow line that is the difference between 3 KB and 500 bytes for a key. Rows are told
//! apart by marks; two rows of one mark make a frame dearer, never wrong.

use ratatui::buffer::{Buffer, Cell};

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

/// How rows with the marks `before` became rows with the marks `after`, where moving them saves painting
/// most of them.
pub fn plan(before: &[u64], after: &[u64]) -> Option<Scroll> {
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
        .map(|lines| (moved(before, after, first, last, lines).count(), lines))
        .max_by_key(|(kept, lines)| (*kept, -lines.abs()))?;
    // Only as much is moved as holds what is kept: a status line below stays where it is.
    let ends: Vec<usize> = moved(before, after, first, last, lines)
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
    let width = usize::from(buffer.area.width);
    let (top, end) = (usize::from(scroll.top), usize::from(scroll.bottom) + 1);
    let Some(region) = buffer.content.get_mut(top * width..end * width) else {
        return;
    };
    let by = usize::try_from(scroll.lines.unsigned_abs()).unwrap_or(usize::MAX);
    let by = by.saturating_mul(width).min(region.len());
    let freed = if scroll.lines > 0 {
        region.rotate_left(by);
        region.len() - by..region.len()
    } else {
        region.rotate_right(by);
        0..by
    };
    for cell in region.get_mut(freed).unwrap_or_default() {
        *cell = Cell::EMPTY;
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

/// The mark of a row: the same where it says the same in the same way. Colours are left out, since a mark
/// only guesses what to move.
pub fn mark(row: &[Cell]) -> u64 {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    row.iter().fold(0, |mark: u64, cell| {
        let letters = cell.symbol().bytes();
        let said = letters.fold(0, |said: u64, byte| said.rotate_left(8) ^ u64::from(byte));
        let look = u64::from(cell.modifier.bits()) << 40;
        (mark.rotate_left(5) ^ said ^ look).wrapping_mul(SPREAD)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&str]) -> Buffer {
        Buffer::with_lines(rows.iter().map(|row| (*row).to_owned()))
    }

    fn marks(buffer: &Buffer) -> Vec<u64> {
        let rows = buffer.content.chunks(usize::from(buffer.area.width));
        rows.map(mark).collect()
    }

    fn found(old: &Buffer, new: &Buffer) -> Option<Scroll> {
        plan(&marks(old), &marks(new))
    }

    #[test]
    fn a_list_that_scrolled_is_seen_between_its_frame() {
        let old = lines(&["head", "a", "b", "c", "d", "e", "f", "1/9"]);
        let new = lines(&["head", "b", "c", "d", "e", "f", "g", "2/9"]);
        let by = found(&old, &new).unwrap();
        assert_eq!(by.lines, 1);
        assert_eq!((by.top, by.bottom), (1, 6), "the last line stays");
        let mut moved = old.clone();
        apply(&mut moved, by);
        assert_eq!(moved.diff(&new).iter().map(|(_, y, _)| *y).min(), Some(6));
        let back = found(&new, &old).unwrap();
        assert_eq!(back.lines, -1);
        let mut moved = new.clone();
        apply(&mut moved, back);
        let painted: Vec<u16> = moved.diff(&old).iter().map(|(_, y, _)| *y).collect();
        assert!(painted.contains(&1) && !painted.contains(&3), "{painted:?}");
    }

    #[test]
    fn other_changes_are_no_scrolling() {
        let old = lines(&["a", "b", "c", "d", "e", "f"]);
        for new in [
            ["a", "b", "c", "d", "e", "f"],
            ["a", "B", "c", "d", "E", "f"],
            ["p", "q", "r", "s", "t", "u"],
        ] {
            assert_eq!(found(&old, &lines(&new)), None, "{new:?}");
        }
        assert_eq!(found(&old, &lines(&["a", "b"])), None);
    }
}
