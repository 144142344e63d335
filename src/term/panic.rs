//! What a panic leaves on the terminal: the shell as it was, and one sentence.
//!
//! A panic of the thread that draws gives the terminal back and tells at once.
//! One of another thread leaves the screen alone, since the loop goes on; it is
//! kept and told when the terminal is given back.
use std::io::{self, Write};
use std::panic;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use super::{ENTERED, leave};
use crate::fault;

/// More panics than this tell nothing new.
const KEPT_LIMIT: usize = 4;

static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());
static INSTALLED: Once = Once::new();

/// Takes the panic hook for this process; the calling thread is the one that draws.
pub(super) fn install() {
    INSTALLED.call_once(|| {
        let drawing = thread::current().id();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() != drawing && ENTERED.load(Ordering::SeqCst) {
                keep(fault::sentence(info));
                return;
            }
            leave();
            tell(&fault::sentence(info));
            fault::tell_backtrace();
        }));
    });
}

/// Tells the panics of other threads, now that there is room for text.
pub(super) fn tell_kept() {
    let kept = std::mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner));
    for text in kept {
        tell(&text);
    }
}

fn keep(text: String) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < KEPT_LIMIT {
        kept.push(text);
    }
}

fn tell(text: &str) {
    // Standard error may be gone with the terminal, and then nobody reads it.
    let _ = writeln!(io::stderr(), "{text}");
}
