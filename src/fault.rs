//! Faults of sortie itself: what may be told of a panic, and panics made on purpose, for the tests that show
//! what one leaves behind.
//!
//! The reason of a panic may quote a payload: it is masked, cut and harmless to a terminal before anybody
//! is told. The rim calls [`panic_if_asked`] at the places it names. In a release build it does nothing,
//! whatever the environment says.
use std::{
    backtrace::Backtrace,
    cell::Cell,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    sync::{LazyLock, PoisonError, RwLock},
    thread,
};

use crate::guard::Redactor;

/// Longer messages are cut; they carry data more often than causes.
const MESSAGE_LIMIT: usize = 400;

static REDACTOR: RwLock<Option<Redactor>> = RwLock::new(None);

thread_local! {
    /// Whether this thread does nothing but mask the reason of a panic.
    static MASKS: Cell<bool> = const { Cell::new(false) };
}

/// What masks the reason of a panic, and the log, from now on: it knows the credentials in use.
pub fn mask_with(redactor: Redactor) {
    *REDACTOR.write().unwrap_or_else(PoisonError::into_inner) = Some(redactor);
}

/// What was said to mask with last; all rules without a credential before that.
pub fn redactor() -> Redactor {
    let known = REDACTOR.read().unwrap_or_else(PoisonError::into_inner);
    known.clone().unwrap_or_default()
}

/// Takes the panic hook for commands without a screen: a panic is told in one sentence.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        // Standard error may be gone, and then nobody reads it.
        let _ = writeln!(io::stderr(), "{}", sentence(info));
        tell_backtrace();
    }));
}

/// Where the thread is, for whoever asked for that with `RUST_BACKTRACE`.
pub fn tell_backtrace() {
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
        let _ = writeln!(io::stderr(), "{}", Backtrace::force_capture());
    }
}

/// A panic in one sentence: why, and where.
pub fn sentence(info: &PanicHookInfo<'_>) -> String {
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
        harmless(&masked(message))
    )
}

/// Masks on a thread apart: a panic on the way would be one within a panic, and end the process before the
/// terminal is given back.
fn masked(message: &str) -> String {
    const UNTOLD: &str = "its reason could not be masked";
    if MASKS.get() {
        return UNTOLD.to_owned();
    }
    let message = message.to_owned();
    let masking = thread::Builder::new().spawn(move || {
        MASKS.set(true);
        redactor().masking().text(&message).into_owned()
    });
    let told = masking.ok().and_then(|masking| masking.join().ok());
    told.unwrap_or_else(|| UNTOLD.to_owned())
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

/// Panics when `SORTIE_PANIC` names this place, in debug builds only. `SORTIE_PANIC_SAYS` is what the reason
/// quotes.
pub fn panic_if_asked(place: &str) {
    static ASKED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("SORTIE_PANIC").ok());
    if cfg!(debug_assertions) && ASKED.as_deref() == Some(place) {
        break_here(place);
    }
}

#[expect(clippy::panic, reason = "a panic is what was asked for")]
fn break_here(place: &str) {
    let says = std::env::var("SORTIE_PANIC_SAYS").unwrap_or_default();
    panic!("SORTIE_PANIC asked for a panic in `{place}` {says}");
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
