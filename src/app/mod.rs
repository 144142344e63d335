//! Decisions: everything the screen depends on, changed only by `update`. Pure.
pub mod action;
pub mod key;
pub mod keymap;
