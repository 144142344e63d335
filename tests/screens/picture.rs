//! A painted screen as text, and its looks as a map of letters; and what no cell may ever hold.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use sortie::text::width;

/// The rows, without blanks at their ends. A wide character takes two columns and stands once.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer)
        .map(|row| {
            let mut line = String::new();
            let mut skip = 0;
            for cell in row {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = width::width(cell.symbol()).saturating_sub(1);
                line.push_str(cell.symbol());
            }
            line.trim_end().to_owned() + "\n"
        })
        .collect()
}

/// The looks: a letter for each column. Small letters are colours (red green yellow blue magenta cyan),
/// capitals the same in bold; `.` is plain, `:` dim, `*` bold, `i` dim italic; what is reversed is `#`, and
/// `=` where it is underlined besides.
pub fn looks(buffer: &Buffer) -> String {
    rows(buffer)
        .map(|row| {
            let line: String = row.iter().map(look).collect();
            line.trim_end_matches('.').to_owned() + "\n"
        })
        .collect()
}

fn look(cell: &Cell) -> char {
    let mut look = cell.modifier;
    if look.contains(Modifier::REVERSED) {
        let hit = look.contains(Modifier::UNDERLINED);
        return if hit { '=' } else { '#' };
    }
    let bold = look.contains(Modifier::BOLD);
    look.remove(Modifier::BOLD);
    let letter = match (cell.fg, look) {
        (Color::Reset, Modifier::DIM) => ':',
        (Color::Reset, m) if m == Modifier::DIM | Modifier::ITALIC => 'i',
        (Color::Reset, m) if m.is_empty() => '.',
        (Color::Red, m) if m.is_empty() => 'r',
        (Color::Green, m) if m.is_empty() => 'g',
        (Color::Yellow, m) if m.is_empty() => 'y',
        (Color::LightBlue, m) if m.is_empty() => 'b',
        (Color::Magenta, m) if m.is_empty() => 'm',
        (Color::Cyan, m) if m.is_empty() => 'c',
        other => panic!("a look without a letter: {other:?}"),
    };
    match (bold, letter) {
        (false, letter) => letter,
        (true, '.') => '*',
        (true, letter) => letter.to_ascii_uppercase(),
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width).max(1))
}

/// No cell holds what moves the cursor, turns the text around or hides.
pub fn is_clean(buffer: &Buffer) {
    for cell in &buffer.content {
        let symbol = cell.symbol();
        let plain = symbol
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_graphic() || c == ' ');
        let joins = !plain && symbol.chars().count() > 1;
        for c in symbol.chars() {
            let hostile = match c {
                // Inside a cluster they do what they are there for.
                '\u{200C}' | '\u{200D}' | '\u{FE0F}' => !joins && !plain,
                c if c.is_control() => true,
                '\u{00AD}'
                | '\u{061C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}' => true,
                _ => false,
            };
            assert!(!hostile, "{symbol:?} in a cell");
        }
    }
}

/// The text against its snapshot.
pub fn golden(name: &str, picture: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| insta::assert_snapshot!(name.replace(' ', "-"), picture));
}
