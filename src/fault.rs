//! Faults made on purpose, for the tests that show what a panic leaves behind.
//!
//! The rim calls [`panic_if_asked`] at the places it names. In a release build it
//! does nothing, whatever the environment says.
use std::sync::LazyLock;

/// Panics when `SORTIE_PANIC` names this place, in debug builds only.
pub fn panic_if_asked(place: &str) {
    static ASKED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("SORTIE_PANIC").ok());
    if cfg!(debug_assertions) && ASKED.as_deref() == Some(place) {
        break_here(place);
    }
}

#[expect(clippy::panic, reason = "a panic is what was asked for")]
fn break_here(place: &str) {
    panic!("SORTIE_PANIC asked for a panic in `{place}`");
}
