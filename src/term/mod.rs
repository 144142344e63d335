//! The terminal: taking it, giving it back, and everything that touches it.
//!
//! All that sortie switches on is switched off by one function, [`leave`], which
//! the exit, the panic hook, the signals and the suspend key share. It never
//! decides what is shown; the loop draws through the [`Screen`] handed to it.
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::style::ResetColor;
use crossterm::terminal::{self, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{Command, queue};
use ratatui::Terminal;
use rustix::io::Errno;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

pub use self::frames::{Frames, Sent};
pub use self::keys::{Input, Shown, ask, inputs};
pub use self::probe::{Glyphs, promised_colours, refusal, refusal_here, take_keys_from_terminal};
pub use self::signals::end_on_signals;

pub mod browser;
pub mod copy;
pub mod doctor;
mod frames;
mod keys;
pub mod notify;
pub mod page;
mod panic;
mod probe;
mod scroll;
mod signals;

/// Whether the terminal is ours at the moment.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Whether another program has it, to whom an interrupt from the keyboard goes.
static LENT: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is listened to while the terminal is ours.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Presses, moves with a button held and the wheel, in a form that knows no largest column. Moves without a
/// button are not asked for: they would be hundreds of wake-ups for nothing.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Whether the window is called after what it shows, until it is given back.
static TITLED: AtomicBool = AtomicBool::new(false);

/// The terminal keeps the title of its window, and takes it back.
const KEEP_TITLE: &str = "\x1b[22;2t";
const TAKE_TITLE_BACK: &str = "\x1b[23;2t";

/// How long a stop may take to happen; only an orphaned process group, which
/// the system refuses to stop, ever waits for it.
const STOP_LIMIT: Duration = Duration::from_millis(300);

/// Whether colours are written, whatever NO_COLOR says: that was judged by whoever decided how many.
pub fn write_colours(yes: bool) {
    crossterm::style::force_color_output(yes);
}

/// The terminal while it is ours; dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<Frames<Tty>>,
    glyphs: Glyphs,
    trip: Option<Duration>,
}

impl Screen {
    /// Takes the terminal and looks what it can show, which may take 100 ms, and over a network a second.
    /// Panics of this thread give it back from now on. `titled`: whether its window is called after what it
    /// shows, where it is a window.
    pub fn enter(titled: bool) -> io::Result<Self> {
        panic::install();
        TITLED.store(titled && probe::has_title(), Ordering::SeqCst);
        enter()?;
        let (glyphs, trip) = probe::glyphs();
        let terminal = Terminal::new(Frames::new(Tty)).and_then(|mut terminal| {
            terminal.clear()?;
            Ok(terminal)
        });
        match terminal {
            Ok(terminal) => Ok(Self {
                terminal,
                glyphs,
                trip,
            }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// What the loop draws on.
    pub fn terminal(&mut self) -> &mut Terminal<Frames<Tty>> {
        &mut self.terminal
    }

    /// Whether the window is called after what it shows.
    pub fn is_titled(&self) -> bool {
        TITLED.load(Ordering::SeqCst)
    }

    /// Addresses on the screen are links from now on, where the terminal may know links.
    pub fn link(&mut self) {
        if probe::has_title() {
            self.terminal.backend_mut().link();
        }
    }

    /// How the last frame was sent, where it had anything to send.
    pub fn sent(&self) -> Option<Sent> {
        self.terminal.backend().sent()
    }

    /// How long the terminal took to answer a question when nothing else was under way; none where no
    /// network is between, or where it does not answer.
    pub fn trip(&self) -> Option<Duration> {
        self.trip
    }

    /// Which set of glyphs this terminal shows in one column each.
    pub fn glyphs(&self) -> Glyphs {
        self.glyphs
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// The standard output, while the terminal is ours. Whatever is written at
/// another time is dropped, so that a late frame cannot scribble on the shell.
#[derive(Debug, Clone, Copy)]
pub struct Tty;

impl Write for Tty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    /// Writes all or nothing under one lock: frames and clipboard bytes from
    /// another thread never mix. Past the buffer of the standard output, which
    /// would write what is before a line feed by itself: whoever reads the
    /// terminal would wake up for half a frame.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if !ENTERED.load(Ordering::SeqCst) {
            return Ok(());
        }
        out.flush()?;
        let mut rest = bytes;
        while !rest.is_empty() {
            match rustix::io::write(&out, rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Switches on what the screen needs.
fn enter() -> io::Result<()> {
    // Set first: a signal in the middle of this must find something to undo.
    ENTERED.store(true, Ordering::SeqCst);
    let entered = terminal::enable_raw_mode().and_then(|()| {
        let commands = (
            EnterAlternateScreen,
            EnableBracketedPaste,
            EnableFocusChange,
            Hide,
        );
        write_commands(&commands, [mouse_if_used(MOUSE_ON), KEEP_TITLE])
    });
    if entered.is_err() {
        leave();
    }
    entered
}

/// Gives the terminal back as it was. It may be called at any time, from any
/// thread, any number of times; only the first call after an enter does anything.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        // Nothing but a wait for a key may have changed it meanwhile.
        let _ = terminal::disable_raw_mode();
        return;
    }
    // Nothing can be done about a terminal that is gone; the modes are tried all the same.
    let commands = (
        LeaveAlternateScreen,
        DisableBracketedPaste,
        DisableFocusChange,
        Show,
    );
    let _ = write_commands(&commands, [mouse_if_used(MOUSE_OFF), TAKE_TITLE_BACK]);
    let _ = terminal::disable_raw_mode();
    panic::tell_kept();
}

/// Listens to the mouse from now on, or leaves it to the terminal. It is left with the terminal, and
/// listened to again when that is taken again.
pub fn mouse(on: bool) -> io::Result<()> {
    if MOUSE.swap(on, Ordering::SeqCst) == on {
        return Ok(());
    }
    let switch = if on { MOUSE_ON } else { MOUSE_OFF };
    Tty.write_all(switch.as_bytes())
}

fn mouse_if_used(switch: &'static str) -> &'static str {
    if MOUSE.load(Ordering::SeqCst) {
        switch
    } else {
        ""
    }
}

/// Writes four commands at once, after ending a frame that may have been cut
/// short and its colours; and what becomes of the title.
fn write_commands(
    commands: &(impl Command, impl Command, impl Command, impl Command),
    also: [&str; 2],
) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(96);
    queue!(
        bytes,
        terminal::EndSynchronizedUpdate,
        ResetColor,
        &commands.0,
        &commands.1,
        &commands.2,
        &commands.3
    )?;
    let [mouse, title] = also;
    bytes.extend_from_slice(mouse.as_bytes());
    if TITLED.load(Ordering::SeqCst) {
        bytes.extend_from_slice(title.as_bytes());
    }
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()
}

/// Gives the terminal to the shell and stops, as `ctrl-z` does elsewhere; returns
/// when the person brings sortie back. The caller then clears and draws all.
pub async fn suspend() -> io::Result<()> {
    let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    leave();
    // The whole group, as the terminal would: a `cargo run` around us stops too,
    // otherwise the shell would wait for it.
    rustix::process::kill_current_process_group(Signal::TSTP)?;
    let _ = tokio::time::timeout(STOP_LIMIT, continued.recv()).await;
    enter()
}
