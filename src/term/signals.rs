//! Signals that end sortie: give the terminal back and go at once.
//!
//! Nothing is unwound: after a hang-up every write fails, the key reader would
//! spin, and destructors would write to a terminal that is gone. The process is
//! ended by the function handed in, with 128 and the signal's number.
use std::io;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use super::{LENT, leave};

/// A stalled terminal accepts no bytes; giving it back is not waited for longer.
const LEAVE_LIMIT: Duration = Duration::from_millis(500);

/// Watches for SIGTERM, SIGHUP and SIGINT from outside for the life of the
/// process. `exit` gets the exit code and should not return. Needs a running
/// tokio runtime.
pub fn end_on_signals(exit: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Once somebody listens to it, a write past a limit on files fails, and the terminal is not left as it is.
    drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?);
    tokio::spawn(async move {
        let caught = loop {
            tokio::select! {
                _ = terminate.recv() => break Signal::TERM,
                _ = hangup.recv() => break Signal::HUP,
                // Whoever has the terminal is meant, and decides what it does.
                _ = interrupt.recv() => if !LENT.load(Ordering::SeqCst) {
                    break Signal::INT;
                }
            }
        };
        leave_in_time();
        exit(128 + caught.as_raw());
    });
    Ok(())
}

fn leave_in_time() {
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        leave();
        // Nobody listens after the limit.
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(LEAVE_LIMIT);
}
