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
use std::time::{Duration, Instant};

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
    /// The answer to [`ask`]: everything that was sent before it was asked is shown.
    Shown(Shown),
}

/// What came of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When the terminal was asked.
    pub asked: Instant,
    /// When it answered; none where it does not.
    pub answered: Option<Instant>,
}

/// Everything that comes from the terminal, until it is gone. Only one such
/// stream may exist at a time.
pub fn inputs() -> impl Stream<Item = io::Result<Input>> + Unpin + Send {
    let (tell, told) = unbounded_channel();
    Events { tell, told }.filter_map(|event| future::ready(event.map(input).transpose()))
}

/// Asks the terminal a question that it answers when it has shown all that was sent before. Who reads the
/// keys waits for the answer, and keys with them: only worth it where what they do would not be seen sooner.
pub fn ask() {
    let mut reader = READER.lock().unwrap_or_else(PoisonError::into_inner);
    match reader.as_mut() {
        Some(reader) => {
            reader.asks.store(true, Ordering::SeqCst);
            wake(&reader.waker);
        }
        // The first frame is painted before anybody reads: whoever will asks first.
        None => WANTED.store(true, Ordering::SeqCst),
    }
}

/// What reads the terminal, while it is ours to read.
static READER: Mutex<Option<Reader>> = Mutex::new(None);

/// Whether whoever reads the terminal next asks it first.
static WANTED: AtomicBool = AtomicBool::new(false);

/// Stops reading the terminal, so that another program can. Reading begins anew
/// when the stream is asked for its next input.
pub(super) fn let_go() {
    *READER.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// What the thread that reads hands on.
enum Got {
    Event(Event),
    Shown(Shown),
}

/// Reads the terminal, with another reader after each [`let_go`].
struct Events {
    tell: UnboundedSender<io::Result<Got>>,
    told: UnboundedReceiver<io::Result<Got>>,
}

impl Stream for Events {
    type Item = io::Result<Got>;

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
    /// A question is to be asked, or was asked and is not answered.
    asks: Arc<AtomicBool>,
    /// Closed when the thread has ended.
    running: Receiver<()>,
    waker: Waker,
}

/// Never read: that it is dropped is what wakes up who waits for an event. Only who reads the events can make
/// another, since nobody else is let to them while it waits.
type Waker = Arc<Mutex<Option<EventStream>>>;

fn wake(waker: &Waker) {
    waker.lock().unwrap_or_else(PoisonError::into_inner).take();
}

/// Says that the terminal is gone where the thread that reads it breaks: without keys nobody could leave.
struct Told(UnboundedSender<io::Result<Got>>);

impl Drop for Told {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Err(io::Error::other("reading keys broke")));
        }
    }
}

impl Reader {
    fn of(tell: UnboundedSender<io::Result<Got>>) -> Self {
        let waker = Arc::new(Mutex::new(Some(EventStream::new())));
        let wakes = Arc::clone(&waker);
        let wanted = WANTED.swap(false, Ordering::SeqCst);
        let (ended, asks) = (Arc::default(), Arc::new(AtomicBool::new(wanted)));
        let (is_ended, asked) = (Arc::clone(&ended), Arc::clone(&asks));
        let (runs, running) = channel();
        thread::spawn(move || {
            let tell = Told(tell);
            read(&tell.0, &is_ended, &asked, &wakes);
            drop(runs);
        });
        Self {
            ended,
            asks,
            running,
            waker,
        }
    }
}

impl Drop for Reader {
    /// Returns when nobody reads the terminal any more; a terminal that is gone
    /// may never be done being read.
    fn drop(&mut self) {
        // An answer that comes later would be typed into whatever reads the terminal next.
        let until = Instant::now() + ANSWER;
        while self.asks.load(Ordering::SeqCst) && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
        self.ended.store(true, Ordering::SeqCst);
        wake(&self.waker);
        let _ = self.running.recv_timeout(LIMIT);
    }
}

/// How long the end of reading is waited for.
const LIMIT: Duration = Duration::from_millis(300);
/// Who was not woken up until then will not be.
const SWALLOWED: Duration = Duration::from_millis(50);
/// How long the end of a question is waited for.
const ANSWER: Duration = Duration::from_secs(1);
/// Longer than anybody waits for a key.
const LONG: Duration = Duration::from_secs(365 * 24 * 3600);

/// Asks, and waits for the answer.
fn question(asks: &AtomicBool, waker: &Waker) -> Shown {
    let asked = Instant::now();
    let answered = crossterm::cursor::position();
    *waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(EventStream::new());
    asks.store(false, Ordering::SeqCst);
    Shown {
        asked,
        answered: answered.ok().map(|_| Instant::now()),
    }
}

fn read(
    tell: &UnboundedSender<io::Result<Got>>,
    ended: &AtomicBool,
    asks: &AtomicBool,
    waker: &Waker,
) {
    if asks.load(Ordering::SeqCst) {
        let _ = tell.send(Ok(Got::Shown(question(asks, waker))));
    }
    let mut late: Option<Instant> = None;
    while !ended.load(Ordering::SeqCst) {
        let event = match poll(LONG) {
            // Only now: whoever is woken up while it waits for the answer takes that for none.
            Ok(false) if ended.load(Ordering::SeqCst) => return,
            Ok(false) if asks.load(Ordering::SeqCst) => Ok(Got::Shown(question(asks, waker))),
            Ok(false) => continue,
            Ok(true) => event::read().map(Got::Event),
            Err(error) => Err(error),
        };
        // A key that comes together with what wakes us up may swallow that.
        late = match late {
            _ if !asks.load(Ordering::SeqCst) => None,
            Some(since) if since.elapsed() > SWALLOWED => {
                let _ = tell.send(Ok(Got::Shown(question(asks, waker))));
                None
            }
            Some(since) => Some(since),
            None => Some(Instant::now()),
        };
        let is_over = event.is_err();
        if tell.send(event).is_err() || is_over {
            return;
        }
    }
}

/// What came means to us; `None` for what we do not listen to.
fn input(got: Got) -> Option<Input> {
    match got {
        Got::Event(event) => of_event(event),
        Got::Shown(shown) => Some(Input::Shown(shown)),
    }
}

fn of_event(event: Event) -> Option<Input> {
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
            of_event(Event::Key(event))
        };
        assert_eq!(event(KeyEventKind::Repeat), event(KeyEventKind::Press));
        assert_eq!(event(KeyEventKind::Release), None);
    }

    #[test]
    fn pasted_text_is_text_with_plain_line_ends() {
        let pasted = of_event(Event::Paste("a\r\nb\rq".to_owned()));
        assert_eq!(pasted, Some(Input::Paste("a\nb\nq".to_owned())));
        let resized = of_event(Event::Resize(80, 24));
        assert_eq!(
            resized,
            Some(Input::Resize {
                width: 80,
                height: 24
            })
        );
    }
}
