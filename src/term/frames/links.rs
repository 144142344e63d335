//! Addresses on the screen that the terminal can open. What a link leads to is what it says, letter by letter:
//! one that is cut, masked in part or may go on in the next row is none.

use std::ops::Range;

use ratatui::buffer::Cell;

/// What stands behind an address that has ended.
const ENDS: &str = " \"'),;>]}";
/// What an address does not end with where a sentence does.
const MARKS: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// The addresses in a row of cells, and the columns of each.
pub(super) fn in_row(row: &[Cell]) -> Vec<(Range<u16>, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(cell) = row.get(at) {
        let begins = cell.symbol() == "h" && begins(row.get(at..).unwrap_or_default());
        if !begins {
            at += 1;
            continue;
        }
        let rest = row.get(at..).unwrap_or_default();
        let len = rest.iter().take_while(|cell| is_part(cell)).count();
        let behind = rest.get(len).map(Cell::symbol);
        let mut text: String = rest.iter().take(len).map(Cell::symbol).collect();
        if behind.is_some_and(|behind| ENDS.contains(behind)) {
            text.truncate(text.trim_end_matches(MARKS).len());
            // Letters of addresses take a byte and a column each.
            let columns = u16::try_from(at)
                .ok()
                .zip(u16::try_from(at + text.len()).ok());
            if let Some((from, until)) = columns {
                found.push((from..until, text));
            }
        }
        at += len.max(1);
    }
    found
}

fn begins(row: &[Cell]) -> bool {
    ["https://", "http://"].into_iter().any(|scheme| {
        let letters = scheme.bytes().zip(row);
        let same = letters.filter(|(byte, cell)| cell.symbol().as_bytes() == [*byte]);
        same.count() == scheme.len() && row.get(scheme.len()).is_some_and(is_part)
    })
}

fn is_part(cell: &Cell) -> bool {
    let mut letters = cell.symbol().chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return false;
    };
    letter.is_ascii_graphic() && !ENDS.contains(letter) && !"<`|\\^{".contains(letter)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let buffer = Buffer::with_lines([text]);
        let links = in_row(&buffer.content);
        links.into_iter().map(|(_, url)| url).collect()
    }

    #[test]
    fn whole_addresses_are_links() {
        assert_eq!(
            found("console  https://c.example/#/r/8c41?e=1  "),
            ["https://c.example/#/r/8c41?e=1"]
        );
        assert_eq!(
            found("{\"a\":\"http://x.y/z\",\"b\":1} (see https://d.e/f). "),
            ["http://x.y/z", "https://d.e/f"]
        );
        let buffer = Buffer::with_lines(["é https://a.b "]);
        assert_eq!(in_row(&buffer.content)[0].0, 2..13);
    }

    #[test]
    fn what_is_cut_masked_or_at_the_edge_is_none() {
        for text in [
            "https://c.example/r/8c…  ",
            "https://c.example/?key=‹key#1› ",
            "https://c.example/goes/on/in/the/next/row",
            "│ https://c.example/goes/on│ other",
            "https:// ",
            "hxxps://a.b ",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
