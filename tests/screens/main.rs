//! Golden screens: the real app and the real painting over data that is the same every time, drawn on
//! a screen in memory. Read a changed snapshot before you accept it: it is what a person will see.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod browse;
mod calls;
mod colour;
mod columns;
mod contrast;
mod copies;
mod desk;
mod detail;
mod document;
mod export;
mod filter;
mod hostile;
mod inbox;
mod kept;
mod library;
mod live;
mod made;
mod palette;
mod panes;
mod payload;
mod picture;
mod place;
mod run;
mod signs;
mod sizes;
mod states;
mod themes;
mod timeline;
mod ways;
