//! What every exit passes through: hostile text made visible, secrets masked. Screen and text output
//! are masked, then cleaned; copies and exports are masked only. Nothing here decides where text goes.

pub mod clean;
mod compact;
mod glyph;

pub use compact::safe_json;
