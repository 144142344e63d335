//! What every exit passes through: hostile text made visible, secrets masked. Screen and text output
//! are masked, then cleaned; copies and exports are masked only. Nothing here decides where text goes.

pub mod clean;
mod compact;
mod glyph;
mod mask_json;
mod needles;
mod pieces;
pub mod redact;

pub use compact::safe_json;
pub use redact::{Masking, Redactor, Sort};
