//! The real loop, driven by typed keys over the demo's own servers; asserted on the screen's text, on
//! the requests that were sent and on what was copied.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "../common/plain.rs"]
mod plain;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "../common/server.rs"]
mod server;

mod browse;
mod cache;
mod columns;
mod copies;
mod export;
mod faults;
mod filter;
mod inbox;
mod kept;
mod notify;
mod pace;
mod play;
mod trouble;
mod views;
