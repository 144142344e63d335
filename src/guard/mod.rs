//! What every exit passes through: hostile text made visible, secrets masked. Screen and text output
//! are masked, then cleaned; copies and exports are masked only. Nothing here decides where text goes.

pub mod ansi;
pub mod clean;
mod compact;
pub mod edits;
mod glyph;
mod mask_json;
mod mask_text;
mod mask_token;
mod mask_walk;
mod needles;
mod overwrite;
mod pieces;
pub mod redact;
mod shapes;

pub use compact::safe_json;
pub use edits::Edit;
pub use mask_text::MaskText;
pub use mask_walk::MaskJson;
pub use redact::{ASKED, Fate, Masking, Place, Redactor, Secret, Sort};
pub use shapes::Rules;
