//! What a panic leaves on the terminal: the shell as it was, and one sentence.
//!
//! A panic of the thread that draws gives the terminal back and tells at once.
//! One of another thread leaves the screen alone, since the loop goes on; it is
//! kept and told when the terminal is given back. Payload text in a message is
//! cut and its control characters are escaped.
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use super::{ENTERED, leave};

/// Longer messages are cut; they carry data more often than causes.
const MESSAGE_LIMIT: usize = 400;
/// More panics than this tell nothing new.
const KEPT_LIMIT: usize = 4;

static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());
static INSTALLED: Once = Once::new();

/// Takes the panic hook for this process; the calling thread is the one that draws.
pub(super) fn install() {
    INSTALLED.call_once(|| {
        let drawing = thread::current().id();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let text = sentence(info);
            if thread::current().id() != drawing && ENTERED.load(Ordering::SeqCst) {
                keep(text);
                return;
            }
            leave();
            tell(&text);
            if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
                before(info);
            }
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

fn sentence(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it gave no reason");
    let place = info
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!(
        "sortie: stopped by a fault of its own: {}\n        at {place}; RUST_BACKTRACE=1 tells more",
        harmless(message)
    )
}

fn harmless(message: &str) -> String {
    let mut text = String::new();
    for letter in message.chars() {
        if text.len() >= MESSAGE_LIMIT {
            text.push('…');
            break;
        }
        if letter.is_control() || is_bidi(letter) {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

/// Marks that reorder the text after them.
fn is_bidi(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_steer_the_terminal() {
        let told = harmless("bad \x1b]52;c;aGk=\x07 \u{202e}txet\nend");
        assert_eq!(told, "bad \\u{1b}]52;c;aGk=\\u{7} \\u{202e}txet\\nend");
    }

    #[test]
    fn a_message_full_of_data_is_cut() {
        let told = harmless(&"é".repeat(5000));
        assert!(told.ends_with('…') && told.len() < MESSAGE_LIMIT + 8);
    }
}
