//! The worst payloads we know, through the real painting and the headless text: whatever a service
//! sends, only printable text and sortie's own sequences reach the terminal.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "../screens/desk.rs"]
#[allow(dead_code, reason = "not every test needs all that it can do")]
mod desk;
#[path = "../screens/library.rs"]
#[allow(dead_code, reason = "not every test needs all that it can say")]
mod library;
#[path = "../screens/picture.rs"]
#[allow(dead_code, reason = "not every test needs all that it can draw")]
mod picture;

mod copies;
mod headless;
mod screens;
mod wire;
mod world;
mod worst;
