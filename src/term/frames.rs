//! A backend that sends each frame as one write inside a synchronized update.
//!
//! It collects what ratatui paints and writes it when the frame is flushed; a
//! frame that changes nothing writes nothing, and one that is the last one
//! scrolled lets the terminal move its own rows. It never asks the terminal where
//! the cursor is: the answer would have to be read past the key stream.
use std::collections::BTreeSet;
use std::io::{self, Write};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use unicode_width::UnicodeWidthStr as _;

use super::scroll::{self, Scroll};

/// Room for an ordinary frame; larger ones grow it once.
const ROOM: usize = 64 * 1024;

/// Collects a frame and writes it to `out` at once.
pub struct Frames<W: Write> {
    out: W,
    page: Vec<u8>,
    cursor: Cursor,
    /// What the terminal shows, once it was painted as a whole.
    shown: Option<Buffer>,
    size: fn() -> io::Result<Size>,
}

/// What the terminal was last told about its cursor.
struct Cursor {
    shown: Option<bool>,
    at: Position,
    /// Painting leaves the cursor anywhere.
    moved: bool,
}

impl<W: Write> Frames<W> {
    /// A backend over the terminal that we were started in.
    pub fn new(out: W) -> Self {
        Self::sized(out, || {
            let (width, height) = crossterm::terminal::size()?;
            Ok(Size { width, height })
        })
    }

    /// A backend over a terminal of that size, whose cursor may be anywhere.
    pub fn sized(out: W, size: fn() -> io::Result<Size>) -> Self {
        let cursor = Cursor {
            shown: None,
            at: Position::ORIGIN,
            moved: true,
        };
        Self {
            out,
            page: Vec::with_capacity(ROOM),
            cursor,
            shown: None,
            size,
        }
    }

    /// Lets the terminal move its rows; the freed ones are blank. Line feeds at
    /// the margins are what every terminal knows, the Linux console included.
    fn scroll(&mut self, scroll: Scroll) -> io::Result<()> {
        let (top, bottom) = (scroll.top + 1, scroll.bottom + 1);
        let times = usize::try_from(scroll.lines.unsigned_abs()).unwrap_or(0);
        write!(self.page, "\x1b[{top};{bottom}r")?;
        if scroll.lines > 0 {
            write!(self.page, "\x1b[{bottom};1H{}", "\n".repeat(times))?;
        } else {
            write!(self.page, "\x1b[{top};1H{}", "\x1bM".repeat(times))?;
        }
        write!(self.page, "\x1b[r")
    }

    /// Paints the changed cells, after moving rows where that saves most of them.
    fn paint(&mut self, changed: &[(u16, u16, &Cell)]) -> io::Result<()> {
        let Some(mut shown) = self.shown.take() else {
            return self.put(changed.to_vec());
        };
        let mut next = shown.clone();
        for (x, y, cell) in changed {
            if let Some(to) = next.cell_mut((*x, *y)) {
                to.clone_from(cell);
            }
            // What a wide character covers is not among the changes; what stood there is gone all the
            // same, and has to be painted when it comes back.
            for covered in 1..cell.symbol().width() {
                let covered = u16::try_from(covered).unwrap_or(u16::MAX);
                if let Some(to) = next.cell_mut((x.saturating_add(covered), *y)) {
                    *to = Cell::EMPTY;
                }
            }
        }
        if let Some(found) = scroll::plan(&shown, &next) {
            self.scroll(found)?;
            scroll::apply(&mut shown, found);
        }
        let touched: BTreeSet<u16> = shown.diff(&next).iter().map(|(_, y, _)| *y).collect();
        for y in touched {
            self.wipe_doubtful(&mut shown, y)?;
        }
        self.put(shown.diff(&next))?;
        self.shown = Some(next);
        Ok(())
    }

    /// Writes cells. Where the cursor is after a joined or marked character depends on the terminal, so it
    /// is told after each. The blank that ratatui puts into the second column of an emoji goes first: after
    /// it, it would move the rest of the row or wipe the emoji.
    fn put(&mut self, mut cells: Vec<(u16, u16, &Cell)>) -> io::Result<()> {
        for at in 1..cells.len() {
            let behind = match cells.get(at - 1..=at) {
                Some([(x, y, cell), (next, row, _)]) => {
                    is_doubtful(cell) && y == row && *next == x + 1 && columns(cell) > 1
                }
                _ => false,
            };
            if behind {
                cells.swap(at - 1, at);
            }
        }
        for piece in cells.chunk_by(|(_, _, before), _| !is_doubtful(before)) {
            self.painter().draw(piece.iter().copied())?;
        }
        Ok(())
    }

    /// Terminals disagree about the columns of joined and marked characters, so
    /// what stands in such a row is not where it was put: it is wiped before it
    /// is painted over.
    fn wipe_doubtful(&mut self, shown: &mut Buffer, y: u16) -> io::Result<()> {
        let columns = shown.area.left()..shown.area.right();
        let doubtful = columns
            .clone()
            .filter_map(|x| shown.cell((x, y)))
            .any(is_doubtful);
        if !doubtful {
            return Ok(());
        }
        for x in columns {
            if let Some(cell) = shown.cell_mut((x, y)) {
                *cell = Cell::EMPTY;
            }
        }
        write!(self.page, "\x1b[{};1H\x1b[2K", y + 1)
    }

    /// ratatui's own painter, writing into the page.
    fn painter(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.page)
    }

    fn set_shown(&mut self, shown: bool) -> io::Result<()> {
        if self.cursor.shown.replace(shown) == Some(shown) {
            return Ok(());
        }
        if shown {
            self.painter().show_cursor()
        } else {
            self.painter().hide_cursor()
        }
    }
}

/// Whether terminals disagree about the columns of what is in a cell.
fn is_doubtful(cell: &Cell) -> bool {
    cell.symbol().len() > 3 && cell.symbol().chars().nth(1).is_some()
}

/// How many columns ratatui reserves for it.
fn columns(cell: &Cell) -> usize {
    unicode_width::UnicodeWidthStr::width(cell.symbol())
}

impl<W: Write> Backend for Frames<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let changed: Vec<_> = content.collect();
        if changed.is_empty() {
            return Ok(());
        }
        self.cursor.moved = true;
        self.paint(&changed)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.set_shown(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.set_shown(true)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.at == position && !self.cursor.moved {
            return Ok(());
        }
        self.cursor.at = position;
        self.cursor.moved = false;
        self.painter().set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    /// Clearing everything comes before painting everything again, after which
    /// nothing that the terminal was told before is relied on.
    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.cursor.shown = None;
        self.cursor.moved = true;
        self.shown = match clear_type {
            ClearType::All => {
                let size = (self.size)().ok();
                size.map(|size| Buffer::empty(Rect::from((Position::ORIGIN, size))))
            }
            _ => None,
        };
        self.painter().clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.painter().window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.page.is_empty() {
            return Ok(());
        }
        let mut frame = Vec::with_capacity(self.page.len() + 16);
        queue!(frame, BeginSynchronizedUpdate)?;
        frame.append(&mut self.page);
        queue!(frame, EndSynchronizedUpdate)?;
        self.out.write_all(&frame)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::text::Text;
    use ratatui::{Terminal, TerminalOptions, Viewport};
    use std::sync::{Arc, Mutex};

    /// Remembers every write apart.
    #[derive(Clone, Default)]
    struct Writes(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Writes {
        fn take(&self) -> Vec<String> {
            let writes = std::mem::take(&mut *self.0.lock().unwrap());
            writes
                .into_iter()
                .map(|bytes| String::from_utf8(bytes).unwrap())
                .collect()
        }
    }

    fn terminal(out: Writes) -> Terminal<Frames<Writes>> {
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 3));
        Terminal::with_options(Frames::new(out), TerminalOptions { viewport }).unwrap()
    }

    #[test]
    fn what_stood_under_wide_characters_is_painted_again_when_they_go() {
        let out = Writes::default();
        let mut terminal = terminal(out.clone());
        terminal.clear().unwrap();
        let mut painted = vt100::Parser::new(3.try_into().unwrap(), 20.try_into().unwrap(), 0);
        for text in [
            "──────────",
            "日本日本日",
            "──────────",
            "halfwidth!",
            "日本日本日",
            "halfwidth!",
        ] {
            terminal
                .draw(|frame| frame.render_widget(Text::from(text), frame.area()))
                .unwrap();
            for write in out.take() {
                painted.process(write.as_bytes());
            }
            let shown = painted.screen().contents();
            assert_eq!(shown.lines().next().unwrap().trim_end(), text);
        }
    }

    #[test]
    fn a_frame_is_one_write_in_one_synchronized_update() {
        let out = Writes::default();
        let mut terminal = terminal(out.clone());
        terminal
            .draw(|frame| frame.render_widget(Text::from("hello"), frame.area()))
            .unwrap();
        let writes = out.take();
        assert_eq!(writes.len(), 1, "{writes:?}");
        let frame = &writes[0];
        assert!(frame.starts_with("\x1b[?2026h") && frame.ends_with("\x1b[?2026l"));
        assert!(frame.contains("hello") && frame.contains("\x1b[?25l"));
    }

    #[test]
    fn a_frame_without_a_change_writes_nothing() {
        let out = Writes::default();
        let mut terminal = terminal(out.clone());
        for _ in 0..3 {
            terminal
                .draw(|frame| frame.render_widget(Text::from("same"), frame.area()))
                .unwrap();
        }
        assert_eq!(out.take().len(), 1);
    }

    #[test]
    fn a_prompt_keeps_its_cursor_without_writing_it_again() {
        let out = Writes::default();
        let mut terminal = terminal(out.clone());
        let draw = |terminal: &mut Terminal<Frames<Writes>>, column| {
            terminal
                .draw(|frame| frame.set_cursor_position((column, 2)))
                .unwrap();
        };
        draw(&mut terminal, 4);
        draw(&mut terminal, 4);
        let writes = out.take();
        assert_eq!(writes.len(), 1, "{writes:?}");
        assert!(writes[0].contains("\x1b[?25h\x1b[3;5H"), "{writes:?}");
        draw(&mut terminal, 5);
        assert_eq!(out.take(), ["\x1b[?2026h\x1b[3;6H\x1b[?2026l"]);
    }

    /// Lists over a real emulator: what it shows is what was meant, and scrolling is cheap.
    #[test]
    fn a_scrolled_list_is_moved_by_the_terminal_itself() {
        let size = || Ok(Size::new(40, 12));
        let out = Writes::default();
        let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
        terminal.clear().unwrap();
        let mut emulator = vt100::Parser::new(
            std::num::NonZero::new(12).unwrap(),
            std::num::NonZero::new(40).unwrap(),
            0,
        );
        let mut bytes = Vec::new();
        for top in [0, 1, 2, 5, 4, 3, 0, 30, 31, 8] {
            let rows: Vec<String> = (0..12)
                .map(|row| match row {
                    0 => "the title stays".to_owned(),
                    11 => format!("at {top}"),
                    // A wide character and a colour must survive being moved.
                    row => format!("row {:03} 代理 {}", top + row, "x".repeat((top + row) % 9)),
                })
                .collect();
            terminal
                .draw(|frame| frame.render_widget(Text::from(rows.join("\n")), frame.area()))
                .unwrap();
            let written = out.take().concat();
            bytes.push(written.len());
            emulator.process(written.as_bytes());
            let seen: Vec<_> = emulator.screen().rows(0, 40).collect();
            let meant: Vec<_> = rows.iter().map(|row| row.trim_end().to_owned()).collect();
            let seen: Vec<_> = seen.iter().map(|row| row.trim_end().to_owned()).collect();
            assert_eq!(seen, meant, "at {top}");
        }
        assert!(
            bytes[1] < bytes[0] / 2 && bytes[4] < bytes[0] / 2,
            "{bytes:?}"
        );
    }

    #[test]
    fn a_row_of_doubtful_width_is_wiped_before_it_is_painted_over() {
        let size = || Ok(Size::new(40, 3));
        let out = Writes::default();
        let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
        terminal.clear().unwrap();
        let mut draw = |text: &str| {
            terminal
                .draw(|frame| frame.render_widget(Text::from(text.to_owned()), frame.area()))
                .unwrap();
            out.take().concat()
        };
        draw("first\n👩\u{200d}💻 1\u{fe0f}\u{20e3} joined\nlast");
        let over = draw("first\nplain\nlast");
        assert!(over.contains("\x1b[2;1H\x1b[2K"), "{over:?}");
        assert!(over.contains("plain") && !over.contains("last"), "{over:?}");
        assert!(
            !draw("first\nother\nlast").contains("\x1b[2K"),
            "plain rows are not"
        );
    }

    #[test]
    fn the_rest_of_a_row_stays_in_its_columns_behind_an_emoji() {
        let size = || Ok(Size::new(40, 2));
        let out = Writes::default();
        let mut terminal = Terminal::new(Frames::sized(out.clone(), size)).unwrap();
        terminal.clear().unwrap();
        let mut painted = String::new();
        for text in ["......", "a❤\u{fe0f}b👩\u{200d}💻c"] {
            terminal
                .draw(|frame| frame.render_widget(Text::from(text), frame.area()))
                .unwrap();
            painted = out.take().concat();
        }
        for (text, column) in [(" ", 3), ("❤\u{fe0f}", 2), ("b👩\u{200d}💻", 4), ("c", 7)] {
            let told = format!("\x1b[1;{column}H{text}");
            let at = painted.find(&told);
            assert!(at.is_some(), "{text} in {column}: {painted:?}");
            painted = painted.split_off(at.unwrap());
        }
    }

    #[test]
    fn clearing_paints_everything_again() {
        let out = Writes::default();
        let mut terminal = terminal(out.clone());
        for _ in 0..2 {
            terminal
                .draw(|frame| frame.render_widget(Text::from("again"), frame.area()))
                .unwrap();
            terminal.clear().unwrap();
        }
        let painted = out.take().concat();
        assert_eq!(painted.matches("again").count(), 2);
        assert_eq!(
            painted.matches("\x1b[6n").count(),
            0,
            "the cursor is never asked for"
        );
    }
}
