//! sortie: a terminal trace viewer for runs of AI agents.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "a test fails by panicking"
    )
)]
pub mod demo;
pub mod model;
pub mod provider;
