//! A way by which copies go, as it is written on the command line.

use crate::term::copy::Route;

/// What can be said.
pub fn routes() -> impl Iterator<Item = &'static str> {
    std::iter::once("auto").chain(Route::ALL.into_iter().map(Route::word))
}

/// None for `auto`.
pub(super) fn route(word: &str) -> Result<Option<Route>, String> {
    if word == "auto" {
        return Ok(None);
    }
    let known = Route::ALL.map(Route::word).join(", ");
    Route::of_word(word)
        .map(Some)
        .ok_or_else(|| format!("the ways are auto, {known}"))
}
