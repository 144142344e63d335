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
pub mod analysis;
pub mod app;
pub mod args;
pub mod cli;
pub mod config;
pub mod demo;
pub mod doc;
pub mod export;
pub mod fault;
pub mod fetch;
pub mod guard;
pub mod log;
pub mod model;
pub mod provider;
pub mod run;
pub mod source;
pub mod term;
pub mod text;
pub mod ui;
