//! What a terminal shows of what the pen wrote.

use proptest::prelude::*;
use ratatui::{buffer::Buffer, layout::Rect};

use super::*;

const SIZE: (u16, u16) = (12, 4);

fn colour() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::DarkGray),
        1 => Just(Color::White),
        1 => Just(Color::Indexed(208)),
        1 => Just(Color::Rgb(1, 20, 200)),
    ]
}

/// Modifiers that the emulator of the tests knows: of bold and dim it keeps one.
fn modifier() -> impl Strategy<Value = Modifier> {
    prop_oneof![
        3 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::DIM | Modifier::ITALIC),
        1 => Just(Modifier::UNDERLINED),
        1 => Just(Modifier::REVERSED | Modifier::BOLD),
    ]
}

fn picture() -> impl Strategy<Value = Buffer> {
    let symbol = prop_oneof![4 => Just(" "), 2 => Just("a"), 1 => Just("│"), 1 => Just("ü")];
    let cell = (symbol, colour(), colour(), modifier()).prop_map(|(symbol, fg, bg, modifier)| {
        let mut cell = Cell::default();
        cell.set_symbol(symbol);
        (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
        cell
    });
    let cells = usize::from(SIZE.0 * SIZE.1);
    proptest::collection::vec(cell, cells).prop_map(|content| Buffer {
        area: Rect::new(0, 0, SIZE.0, SIZE.1),
        content,
    })
}

/// What is seen at a place: a blank has no foreground.
fn seen(screen: &vt100::Screen, x: u16, y: u16) -> String {
    let cell = screen.cell(y, x).unwrap();
    let text = cell.contents();
    let blank = text.trim().is_empty();
    let is_marked = cell.inverse() || cell.underline();
    if blank && !is_marked {
        return format!("blank {:?}", cell.bgcolor());
    }
    let text = if blank { " " } else { text };
    format!(
        "{text} {:?} {:?} {} {} {} {is_marked} {}",
        cell.fgcolor(),
        cell.bgcolor(),
        cell.bold(),
        cell.dim(),
        cell.italic(),
        cell.underline(),
    )
}

fn write_all(page: &mut String, before: &Buffer, after: &Buffer) {
    let mut pen = Pen::new(page);
    let width = usize::from(SIZE.0);
    let mut erased = None;
    for (x, y, cell) in before.diff(after) {
        let row = &after.content[usize::from(y) * width..][..width];
        if erased == Some(y) {
            continue;
        }
        if x >= bare_from(row) {
            pen.erase(bare_from(row), y, row);
            erased = Some(y);
        } else {
            pen.write((x, y, cell), row, false);
        }
    }
    pen.end();
}

proptest! {
    /// Whatever was there, and whatever comes: the terminal shows what ratatui's painter would make it
    /// show.
    #[test]
    fn a_terminal_shows_what_was_meant(pictures in proptest::collection::vec(picture(), 1..4)) {
        let parser = || vt100::Parser::new(SIZE.1.try_into().unwrap(), SIZE.0.try_into().unwrap(), 0);
        let mut own = parser();
        let mut before = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
        for after in pictures {
            let mut page = String::new();
            write_all(&mut page, &before, &after);
            own.process(page.as_bytes());
            let mut theirs = parser();
            let mut plain = Vec::new();
            let blank = Buffer::empty(after.area);
            let mut painter = ratatui::backend::CrosstermBackend::new(&mut plain);
            ratatui::backend::Backend::draw(&mut painter, blank.diff(&after).into_iter()).unwrap();
            theirs.process(&narrow(&plain));
            for y in 0..SIZE.1 {
                for x in 0..SIZE.0 {
                    let (own, theirs) = (seen(own.screen(), x, y), seen(theirs.screen(), x, y));
                    prop_assert_eq!(own, theirs, "at {} {} of {:?}", x, y, page);
                }
            }
            before = after;
        }
    }
}

/// The sixteen colours as this pen spells them: the emulator keeps both spellings apart.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    let mut text = String::from_utf8(bytes.to_vec()).unwrap();
    for place in 0..16 {
        let (fg, bg) = if place < 8 { (30, 40) } else { (82, 92) };
        text = text.replace(&format!("38;5;{place};"), &format!("{};", fg + place));
        text = text.replace(&format!("48;5;{place}m"), &format!("{}m", bg + place));
    }
    text.into_bytes()
}

#[test]
fn a_look_is_told_once_and_the_rest_of_a_row_erased() {
    let before = Buffer::with_lines(["old text   x", "", "", ""]);
    let mut after = Buffer::with_lines(["new         ", "", "", ""]);
    for x in 0..3 {
        after[(x, 0)].fg = Color::Green;
    }
    let mut page = String::new();
    write_all(&mut page, &before, &after);
    assert_eq!(page, "\x1b[1;1H\x1b[32mnew\x1b[K\x1b[m");
}

#[test]
fn near_cells_are_written_again_and_far_ones_passed() {
    let before = Buffer::with_lines(["a bc      d ", "", "", ""]);
    let after = Buffer::with_lines(["A bC      D ", "", "", ""]);
    let mut page = String::new();
    write_all(&mut page, &before, &after);
    assert_eq!(page, "\x1b[1;1HA bC\x1b[6CD");
}
