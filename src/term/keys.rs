//! What the terminal sends, in our own words: keys, the mouse, pasted text, a new size.
//!
//! Releases are dropped, since some terminals report them and each key would
//! count twice. It decides nothing; what a key means is the key map's business.
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use crossterm::event::{
    self, Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton,
    MouseEvent, MouseEventKind, poll,
};
use futures_util::{Stream, StreamExt, future};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::app::key::{Code, Key, Pointer, Press};

/// One thing that came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    Mouse(Pointer),
    /// Text pasted at once; its line ends are `\n`.
    Paste(String),
    Resize {
        width: u16,
        height: u16,
    },
    /// The terminal got the focus, or lost it.
    Focus(bool),
}

/// Everything that comes from the terminal, until it is gone. Only one such
/// stream may exist at a time.
pub fn inputs() -> impl Stream<Item = io::Result<Input>> + Unpin + Send {
    let (tell, told) = unbounded_channel();
    Events { tell, told }.filter_map(|event| future::ready(event.map(input).transpose()))
}

/// What reads the terminal, while it is ours to read.
static READER: Mutex<Option<Reader>> = Mutex::new(None);

/// Stops reading the terminal, so that another program can. Reading begins anew
/// when the stream is asked for its next input.
pub(super) fn let_go() {
    *READER.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Reads the terminal, with another reader after each [`let_go`].
struct Events {
    tell: UnboundedSender<io::Result<Event>>,
    told: UnboundedReceiver<io::Result<Event>>,
}

impl Stream for Events {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        READER
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| Reader::of(self.tell.clone()));
        self.told.poll_recv(context)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        let_go();
    }
}

/// A thread that waits for events and hands them on at once: crossterm's own
/// stream is told by its thread that there is one, reads it itself and sends the
/// thread back to wait, which costs two switches more for each key.
struct Reader {
    ended: Arc<AtomicBool>,
    /// Closed when the thread has ended.
    running: Receiver<()>,
    /// Never read: that it is dropped is what wakes up who waits for an event.
    waker: Option<EventStream>,
}

/// Says that the terminal is gone where the thread that reads it breaks: without keys nobody could leave.
struct Told(UnboundedSender<io::Result<Event>>);

impl Drop for Told {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Err(io::Error::other("reading keys broke")));
        }
    }
}

impl Reader {
    fn of(tell: UnboundedSender<io::Result<Event>>) -> Self {
        let waker = Some(EventStream::new());
        let ended = Arc::new(AtomicBool::new(false));
        let is_ended = Arc::clone(&ended);
        let (runs, running) = channel();
        thread::spawn(move || {
            let tell = Told(tell);
            read(&tell.0, &is_ended);
            drop(runs);
        });
        Self {
            ended,
            running,
            waker,
        }
    }
}

impl Drop for Reader {
    /// Returns when nobody reads the terminal any more; a terminal that is gone
    /// may never be done being read.
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        self.waker = None;
        let _ = self.running.recv_timeout(LIMIT);
    }
}

/// How long the end of reading is waited for.
const LIMIT: Duration = Duration::from_millis(300);
/// Longer than anybody waits for a key.
const LONG: Duration = Duration::from_secs(365 * 24 * 3600);

fn read(tell: &UnboundedSender<io::Result<Event>>, ended: &AtomicBool) {
    while !ended.load(Ordering::SeqCst) {
        let event = match poll(LONG) {
            Ok(false) => continue,
            Ok(true) => event::read(),
            Err(error) => Err(error),
        };
        let is_over = event.is_err();
        if tell.send(event).is_err() || is_over {
            return;
        }
    }
}

/// What an event means to us; `None` for what we do not listen to.
fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(pressed) => key(pressed).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
        Event::Resize(width, height) => Some(Input::Resize { width, height }),
        Event::FocusGained => Some(Input::Focus(true)),
        Event::FocusLost => Some(Input::Focus(false)),
        Event::Mouse(event) => mouse(event).map(Input::Mouse),
    }
}

/// The left button and the wheel; the others are the terminal's.
fn mouse(event: MouseEvent) -> Option<Pointer> {
    let press = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Press::Down,
        MouseEventKind::Drag(MouseButton::Left) => Press::Drag,
        MouseEventKind::Up(MouseButton::Left) => Press::Up,
        MouseEventKind::ScrollUp => Press::WheelUp,
        MouseEventKind::ScrollDown => Press::WheelDown,
        _ => return None,
    };
    Some(Pointer {
        press,
        x: event.column,
        y: event.row,
    })
}

fn key(event: KeyEvent) -> Option<Key> {
    match event.kind {
        KeyEventKind::Press | KeyEventKind::Repeat => {}
        KeyEventKind::Release => return None,
    }
    let held = |modifier| event.modifiers.contains(modifier);
    let shift = held(KeyModifiers::SHIFT) || event.code == KeyCode::BackTab;
    let code = code(event.code)?;
    Some(Key::new(
        code,
        held(KeyModifiers::CONTROL),
        held(KeyModifiers::ALT),
        shift,
    ))
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(letter) => Code::Char(letter),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::F(number) => Code::F(number),
        KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn presses_become_the_keys_a_key_map_writes() {
        let none = KeyModifiers::NONE;
        let table = [
            (KeyCode::Char('j'), none, "j"),
            (KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            // with the keyboard protocol of some terminals
            (KeyCode::Char('g'), KeyModifiers::SHIFT, "G"),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            (KeyCode::Char('d'), KeyModifiers::CONTROL, "ctrl-d"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "shift-tab"),
            (KeyCode::BackTab, none, "shift-tab"),
            (KeyCode::PageDown, none, "pgdn"),
            (KeyCode::Char(' '), none, "space"),
            (KeyCode::F(5), KeyModifiers::ALT, "alt-f5"),
        ];
        for (code, modifiers, spelling) in table {
            let expected = Key::parse(spelling).unwrap();
            assert_eq!(press(code, modifiers), Some(expected), "{spelling}");
        }
        assert_eq!(press(KeyCode::CapsLock, none), None);
    }

    #[test]
    fn a_held_key_repeats_and_its_release_is_silent() {
        let event = |kind| {
            let mut event = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE);
            event.kind = kind;
            input(Event::Key(event))
        };
        assert_eq!(event(KeyEventKind::Repeat), event(KeyEventKind::Press));
        assert_eq!(event(KeyEventKind::Release), None);
    }

    #[test]
    fn pasted_text_is_text_with_plain_line_ends() {
        let pasted = input(Event::Paste("a\r\nb\rq".to_owned()));
        assert_eq!(pasted, Some(Input::Paste("a\nb\nq".to_owned())));
        let resized = input(Event::Resize(80, 24));
        assert_eq!(
            resized,
            Some(Input::Resize {
                width: 80,
                height: 24
            })
        );
    }
}
