//! What really goes to the terminal: the backend that the program uses, over a buffer, and a reader that
//! knows the few sequences that sortie writes and refuses everything else.

use std::cell::Cell;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use ratatui::Terminal;
use ratatui::layout::Size;
use sortie::app::App;
use sortie::run::paint;
use sortie::term::Frames;
use sortie::text::width;
use sortie::ui::Style;
use unicode_segmentation::UnicodeSegmentation as _;

/// The bytes written so far.
#[derive(Clone, Default)]
struct Line(Arc<Mutex<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

thread_local! {
    static SIZE: Cell<(u16, u16)> = const { Cell::new((80, 24)) };
}

#[expect(clippy::unnecessary_wraps, reason = "a real terminal may not say")]
fn size() -> io::Result<Size> {
    let (width, height) = SIZE.get();
    Ok(Size { width, height })
}

/// A terminal whose line is listened to.
pub struct Wire {
    line: Line,
    terminal: Terminal<Frames<Line>>,
    size: (u16, u16),
}

impl Wire {
    /// One of that size; one at a time in a thread.
    pub fn new(size_now: (u16, u16)) -> Self {
        SIZE.set(size_now);
        let line = Line::default();
        let mut terminal = Terminal::new(Frames::sized(line.clone(), size)).unwrap();
        terminal.clear().unwrap();
        Self {
            line,
            terminal,
            size: size_now,
        }
    }

    /// Paints the app and reads what was written.
    pub fn paint(&mut self, app: &App, style: &Style) {
        paint(&mut self.terminal, app, style).unwrap();
        let written = std::mem::take(&mut *self.line.0.lock().unwrap());
        check(&written, self.size);
    }
}

/// Panics where something is written that sortie does not write.
pub fn check(written: &[u8], size: (u16, u16)) {
    let text = std::str::from_utf8(written).unwrap();
    let mut reader = Reader {
        rest: text,
        size,
        column: 0,
        row: 0,
        moves: false,
    };
    while !reader.rest.is_empty() {
        reader.take();
    }
}

struct Reader<'a> {
    rest: &'a str,
    size: (u16, u16),
    column: usize,
    row: usize,
    /// Whether a region is set in which line feeds move rows.
    moves: bool,
}

impl Reader<'_> {
    fn take(&mut self) {
        if let Some(rest) = self.rest.strip_prefix("\u{1b}[") {
            let end = rest.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?'));
            let end = end.unwrap_or_else(|| panic!("no end: {:?}", self.rest));
            self.sequence(&rest[..end], &rest[end..=end]);
            self.rest = &rest[end + 1..];
        } else if let Some(rest) = self.rest.strip_prefix("\u{1b}M") {
            assert!(self.moves, "rows move where none are to");
            self.rest = rest;
        } else if let Some(rest) = self.rest.strip_prefix('\n') {
            assert!(self.moves, "a line feed in a frame");
            self.rest = rest;
        } else {
            let end = self.rest.find(['\u{1b}', '\n']).unwrap_or(self.rest.len());
            assert_ne!(end, 0, "{:?}", self.rest);
            let (text, rest) = self.rest.split_at(end);
            is_printable(text);
            let told = format!(
                "{text:?} at {}:{} of {:?}",
                self.row, self.column, self.size
            );
            self.column += width::width(text);
            assert!(
                self.column <= usize::from(self.size.0),
                "beyond the edge: {told}"
            );
            assert!(
                self.row < usize::from(self.size.1),
                "below the edge: {told}"
            );
            assert!(!self.moves, "text while rows move: {told}");
            self.rest = rest;
        }
    }

    fn sequence(&mut self, arguments: &str, end: &str) {
        let numbers: Vec<usize> = arguments
            .split(';')
            .filter_map(|part| part.parse().ok())
            .collect();
        match (arguments, end) {
            ("?2026" | "?25", "h" | "l") | ("2", "J" | "K") | ("", "K") => {}
            ("", "r") => self.moves = false,
            (_, "r") => self.moves = true,
            (_, "m") if !arguments.contains('?') => {}
            (_, "H") => {
                let [row, column] = numbers[..] else {
                    panic!("to no place: {arguments:?}");
                };
                (self.row, self.column) = (row - 1, column - 1);
            }
            (_, "C") if !arguments.contains('?') => {
                self.column += numbers.first().copied().unwrap_or(1);
                assert!(self.column < usize::from(self.size.0), "beyond the edge");
            }
            _ => panic!("a sequence that is not ours: CSI {arguments:?} {end:?}"),
        }
    }
}

/// Nothing that acts, turns around or cannot be seen. A list of its own: if the guard's forgets one, this
/// one does not with it.
pub fn is_printable(text: &str) {
    for cluster in text.graphemes(true) {
        let joins =
            cluster.chars().count() > 1 && !cluster.starts_with(|c: char| c.is_ascii_alphabetic());
        for c in cluster.chars() {
            let fine = match c {
                // What holds emoji and letters of some scripts together.
                '\u{200c}' | '\u{200d}' | '\u{fe0f}' => joins,
                _ => !hides(c),
            };
            assert!(fine, "{c:?} in {cluster:?} of {text:?}");
        }
    }
}

fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn the_reader_refuses_what_is_not_ours() {
    let fine = "\u{1b}[?2026h\u{1b}[1;2H\u{1b}[38;5;2mab日\u{1b}[0m\u{1b}[?25l\u{1b}[?2026l";
    check(fine.as_bytes(), (10, 2));
    for foul in [
        "\u{1b}]0;x\u{7}",
        "\u{1b}[6n",
        "\u{1b}[?1049l",
        "\u{1b}[1;1Ha\nb",
        "\u{1b}[1;1Ha\rb",
        "\u{1b}[1;1H\u{9b}31m",
        "\u{1b}[1;1Hab\u{202e}c",
        "\u{1b}[1;9Habc",
        "\u{1b}[3;1Habc",
        "\u{1b}c",
    ] {
        let refused = std::panic::catch_unwind(|| check(foul.as_bytes(), (10, 2)));
        assert!(refused.is_err(), "{foul:?}");
    }
}
