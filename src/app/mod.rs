//! Decisions: everything the screen depends on, changed only by `update`. Pure: no I/O, no clock.

pub mod action;
pub mod key;
pub mod keymap;
pub mod outline;
