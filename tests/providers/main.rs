//! Every fixture through its provider's `read`, every ask through its `request`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod agentex;
mod elizaos;
mod filters;
mod spoil;
mod telnyx;
mod vectara;
