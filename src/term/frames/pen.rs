//! Cells in as few bytes as a terminal understands, for a line that carries 960 of them a second: a look is
//! told only where it changes and where one can see it, what stood is written again where that is shorter
//! than going round it, and blank ends of rows are erased. ratatui's own painter tells every colour in full
//! and goes to every changed cell: two thirds of what it writes say neither what nor where.

use std::fmt::Write as _;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

#[cfg(test)]
mod tests;

/// As many cells are written again sooner than passed over.
const NEAR: u16 = 3;

/// What of a look is seen on a blank.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

/// How a terminal writes characters until it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank of the one is a blank of the other.
    fn is_same_blank(self, other: Self) -> bool {
        self == other
            || self.bg == other.bg && !(self.modifier | other.modifier).intersects(SEEN_ON_BLANKS)
    }

    /// Whether a blank of it is what an erased cell is.
    fn is_bare(self) -> bool {
        self.is_same_blank(Self::PLAIN)
    }
}

/// Writes the cells of one frame into `page`. It begins and ends with a plain look.
pub(super) struct Pen<'a> {
    page: &'a mut String,
    look: Look,
    /// Where the next character goes; unknown at first and behind characters of doubtful width.
    at: Option<(u16, u16)>,
}

impl<'a> Pen<'a> {
    pub fn new(page: &'a mut String) -> Self {
        Self {
            page,
            look: Look::PLAIN,
            at: None,
        }
    }

    /// Writes a cell. `row` is all of its row as it is to be, where that is known; `is_doubtful` says that
    /// nobody knows where the cursor is afterwards.
    pub fn write(&mut self, (x, y, cell): (u16, u16, &Cell), row: &[Cell], is_doubtful: bool) {
        self.go(x, y, row);
        let look = Look::of(cell);
        let is_blank = cell.symbol() == " ";
        if !(is_blank && look.is_same_blank(self.look)) {
            self.take(look);
        }
        self.page.push_str(cell.symbol());
        // Of what takes two columns terminals may think otherwise.
        let is_known = !is_doubtful && (cell.symbol().len() == 1 || columns(cell) == 1);
        self.at = is_known.then_some((x + 1, y));
    }

    /// Erases the rest of a row.
    pub fn erase(&mut self, x: u16, y: u16, row: &[Cell]) {
        self.go(x, y, row);
        if !self.look.is_bare() {
            self.take(Look::PLAIN);
        }
        self.page.push_str("\x1b[K");
    }

    /// Something that terminals neither show nor count.
    pub fn aside(&mut self, text: &str) {
        self.page.push_str(text);
    }

    /// Leaves a plain look.
    pub fn end(mut self) {
        self.take(Look::PLAIN);
    }

    fn go(&mut self, x: u16, y: u16, row: &[Cell]) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((from, same)) if same == y && from < x => {
                let between = row.get(usize::from(from)..usize::from(x));
                match between {
                    Some(between) if x - from <= NEAR && self.repeats(between) => {
                        for cell in between {
                            self.page.push_str(cell.symbol());
                        }
                    }
                    _ if x - from == 1 => self.page.push_str("\x1b[C"),
                    _ => self.say(format_args!("\x1b[{}C", x - from)),
                }
            }
            _ => self.say(format_args!("\x1b[{};{}H", y + 1, x + 1)),
        }
        self.at = Some((x, y));
    }

    /// Whether cells can be written as the terminal writes now.
    fn repeats(&self, cells: &[Cell]) -> bool {
        cells.iter().all(|cell| {
            let look = Look::of(cell);
            let is_char = cell.symbol().len() == 1;
            is_char && (look == self.look || cell.symbol() == " " && look.is_same_blank(self.look))
        })
    }

    /// Changes the look, in the shorter of two ways: what differs, or all of it anew.
    fn take(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let (mut changes, mut anew) = (Codes::default(), Codes::default());
        let lost = self.look.modifier - look.modifier;
        let mut kept = self.look.modifier - lost;
        for (modifiers, off) in OFF {
            if lost.intersects(modifiers) {
                changes.add(format_args!("{off}"));
                kept -= modifiers;
            }
        }
        changes.modifiers(look.modifier - kept);
        anew.modifiers(look.modifier);
        if look.fg != self.look.fg {
            changes.colour(look.fg, 30);
        }
        if look.bg != self.look.bg {
            changes.colour(look.bg, 40);
        }
        if look.fg != Color::Reset {
            anew.colour(look.fg, 30);
        }
        if look.bg != Color::Reset {
            anew.colour(look.bg, 40);
        }
        // "0" and what follows it; alone it may be left out.
        let all = if anew.0.is_empty() {
            String::new()
        } else {
            format!("0;{}", anew.0)
        };
        let codes = if all.len() < changes.0.len() {
            all
        } else {
            changes.0
        };
        self.say(format_args!("\x1b[{codes}m"));
        self.look = look;
    }

    fn say(&mut self, text: std::fmt::Arguments) {
        // Nothing refuses to be written into a string.
        let _ = self.page.write_fmt(text);
    }
}

/// How many columns a cell takes.
fn columns(cell: &Cell) -> usize {
    unicode_width::UnicodeWidthStr::width(cell.symbol())
}

/// From which column on a row is what erasing leaves.
pub(super) fn bare_from(row: &[Cell]) -> u16 {
    let is_bare = |cell: &Cell| cell.symbol() == " " && Look::of(cell).is_bare();
    let last = row.iter().rposition(|cell| !is_bare(cell));
    let end = last.map_or(0, |at| {
        at + row.get(at).map_or(1, |cell| columns(cell).max(1))
    });
    u16::try_from(end).unwrap_or(u16::MAX)
}

/// What ends modifiers.
const OFF: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// What begins them.
const ON: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// The numbers of one change of the look.
#[derive(Default)]
struct Codes(String);

impl Codes {
    fn add(&mut self, code: std::fmt::Arguments) {
        if !self.0.is_empty() {
            self.0.push(';');
        }
        let _ = self.0.write_fmt(code);
    }

    fn modifiers(&mut self, modifiers: Modifier) {
        for (modifier, on) in ON {
            if modifiers.contains(modifier) {
                self.add(format_args!("{on}"));
            }
        }
    }

    /// A colour in the foreground (`base` 30) or in the background (40). The sixteen by their own numbers,
    /// which terminals without 256 colours know too.
    fn colour(&mut self, colour: Color, base: u8) {
        let place = match colour {
            Color::Reset => 9,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 60,
            Color::LightRed => 61,
            Color::LightGreen => 62,
            Color::LightYellow => 63,
            Color::LightBlue => 64,
            Color::LightMagenta => 65,
            Color::LightCyan => 66,
            Color::White => 67,
            Color::Indexed(place) => return self.add(format_args!("{};5;{place}", base + 8)),
            Color::Rgb(red, green, blue) => {
                return self.add(format_args!("{};2;{red};{green};{blue}", base + 8));
            }
        };
        self.add(format_args!("{}", base + place));
    }
}
