//! The real loop, driven by typed keys over the demo's own servers; asserted on the screen's text, on
//! the requests that were sent and on what was copied.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod browse;
mod pace;
mod play;
mod trouble;
