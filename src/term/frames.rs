//! A backend that sends each frame as one write inside a synchronized update.
//!
//! It collects what ratatui paints and writes it when the frame is flushed; a
//! frame that changes nothing writes nothing, and one that is the last one
//! scrolled lets the terminal move its own rows. It never asks the terminal where
//! the cursor is: the answer would have to be read past the key stream.
mod links;
mod pen;
mod shown;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Instant;

use self::{pen::Pen, shown::Shown};
use super::scroll::Scroll;
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect, Size};

/// Room for an ordinary frame; larger ones grow it once.
const ROOM: usize = 64 * 1024;

/// A frame that was sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// How long it was.
    pub bytes: usize,
    /// When the writing began.
    pub begun: Instant,
    /// When the terminal, or what is before it, had taken all of it.
    pub ended: Instant,
}

/// Collects a frame and writes it to `out` at once.
pub struct Frames<W: Write> {
    out: W,
    page: Vec<u8>,
    cursor: Cursor,
    /// What the terminal shows, once it was painted as a whole.
    shown: Option<Shown>,
    /// What the window was last called.
    title: Option<String>,
    /// The last frame, where it had anything to send.
    sent: Option<Sent>,
    /// Whether addresses on the screen are links.
    linked: bool,
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
            // Asked for with every frame: the terminal is open already where it is our output.
            if let Ok(told) = rustix::termios::tcgetwinsize(io::stdout())
                && told.ws_col > 0
                && told.ws_row > 0
            {
                let (width, height) = (told.ws_col, told.ws_row);
                return Ok(Size { width, height });
            }
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
            title: None,
            sent: None,
            linked: false,
            size,
        }
    }

    /// Addresses on the screen are links from now on.
    pub fn link(&mut self) {
        self.linked = true;
    }

    /// How the last frame was sent, where it had anything to send.
    pub fn sent(&self) -> Option<Sent> {
        self.sent
    }

    /// Calls the window so, with the next frame. The title holds no controls.
    pub fn call(&mut self, title: String) -> io::Result<()> {
        if self.title.as_ref() == Some(&title) {
            return Ok(());
        }
        write!(self.page, "\x1b]2;{title}\x07")?;
        self.title = Some(title);
        Ok(())
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
            self.put(changed.to_vec(), None, &Links::new());
            return Ok(());
        };
        if let Some(found) = shown.take_up(changed) {
            self.scroll(found)?;
        }
        for y in shown.changed(|row| row.iter().any(is_doubtful)) {
            self.wipe_doubtful(&mut shown, y)?;
        }
        let mut links = Links::new();
        if self.linked {
            for y in shown.changed(|row| !links::in_row(row).is_empty()) {
                self.wipe_links(&mut shown, y, &mut links)?;
            }
        }
        self.put(shown.diff(), Some(&shown), &links);
        shown.settle();
        self.shown = Some(shown);
        Ok(())
    }

    /// Writes cells. Where the cursor is after a joined or marked character depends on the terminal, so it
    /// is told after each. The blank that ratatui puts into the second column of an emoji goes first: after
    /// it, it would move the rest of the row or wipe the emoji.
    fn put(&mut self, mut cells: Vec<(u16, u16, &Cell)>, shown: Option<&Shown>, links: &Links) {
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
        let link = |x: u16, y: u16| {
            let mut row = links.get(&y).into_iter().flatten();
            row.find(|(columns, _)| columns.contains(&x))
        };
        let mut page = String::with_capacity(ROOM);
        let mut pen = Pen::new(&mut page);
        for cells in cells.chunk_by(|(_, y, _), (_, next, _)| y == next) {
            let y = cells.first().map_or(0, |(_, y, _)| *y);
            let row = shown.map_or(&[][..], |shown| shown.new_row(y));
            let bare = if row.is_empty() {
                u16::MAX
            } else {
                pen::bare_from(row)
            };
            let (cells, rest) = cells.split_at(cells.partition_point(|(x, ..)| *x < bare));
            for piece in cells.chunk_by(|(x, ..), (next, ..)| link(*x, y) == link(*next, y)) {
                let of = piece.first().and_then(|(x, ..)| link(*x, y));
                if let Some((_, url)) = of {
                    pen.aside(&format!("\x1b]8;;{url}\x1b\\"));
                }
                for cell in piece {
                    pen.write(*cell, row, is_doubtful(cell.2));
                }
                if of.is_some() {
                    pen.aside("\x1b]8;;\x1b\\");
                }
            }
            match rest {
                [] => {}
                [some] => pen.write(*some, row, false),
                [_, ..] => pen.erase(bare, y, row),
            }
        }
        pen.end();
        self.page.append(&mut page.into_bytes());
    }

    /// A row that has links, or had some, is painted as a whole: a terminal keeps with each cell where it
    /// leads.
    fn wipe_links(&mut self, shown: &mut Shown, y: u16, links: &mut Links) -> io::Result<()> {
        links.insert(y, links::in_row(shown.new_row(y)));
        shown.wipe(y);
        write!(self.page, "\x1b[{};1H\x1b[2K", y + 1)
    }

    /// Terminals disagree about the columns of joined and marked characters, so
    /// what stands in such a row is not where it was put: it is wiped before it
    /// is painted over.
    fn wipe_doubtful(&mut self, shown: &mut Shown, y: u16) -> io::Result<()> {
        if !shown.old_row(y).iter().any(is_doubtful) {
            return Ok(());
        }
        shown.wipe(y);
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

/// The links of each row.
type Links = BTreeMap<u16, Vec<(std::ops::Range<u16>, String)>>;

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
        self.title = None;
        self.shown = match clear_type {
            ClearType::All => {
                let size = (self.size)().ok();
                size.map(|size| Shown::blank(Rect::from((Position::ORIGIN, size))))
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
        self.sent = None;
        if self.page.is_empty() {
            return Ok(());
        }
        let mut frame = Vec::with_capacity(self.page.len() + 16);
        queue!(frame, BeginSynchronizedUpdate)?;
        frame.append(&mut self.page);
        queue!(frame, EndSynchronizedUpdate)?;
        let begun = Instant::now();
        self.out.write_all(&frame)?;
        self.out.flush()?;
        self.sent = Some(Sent {
            bytes: frame.len(),
            begun,
            ended: Instant::now(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
