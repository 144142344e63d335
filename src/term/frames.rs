//! A backend that sends each frame as one write inside a synchronized update.
//!
//! It collects what ratatui paints and writes it when the frame is flushed; a
//! frame that changes nothing writes nothing. It never asks the terminal where
//! the cursor is: the answer would have to be read past the key stream.
use std::io::{self, Write};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Room for an ordinary frame; larger ones grow it once.
const ROOM: usize = 64 * 1024;

/// Collects a frame and writes it to `out` at once.
pub struct Frames<W: Write> {
    out: W,
    page: Vec<u8>,
    cursor: Cursor,
}

/// What the terminal was last told about its cursor.
struct Cursor {
    shown: Option<bool>,
    at: Position,
    /// Painting leaves the cursor anywhere.
    moved: bool,
}

impl<W: Write> Frames<W> {
    /// A backend over a terminal whose cursor may be anywhere.
    pub fn new(out: W) -> Self {
        let cursor = Cursor {
            shown: None,
            at: Position::ORIGIN,
            moved: true,
        };
        Self {
            out,
            page: Vec::with_capacity(ROOM),
            cursor,
        }
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

impl<W: Write> Backend for Frames<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.cursor.moved = true;
        self.painter().draw(content)
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
        self.painter().clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size { width, height })
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
