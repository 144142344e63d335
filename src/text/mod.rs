//! The ground floor for text: an iterative JSON scanner, finding and widths.
//! Knows nothing of the model, the screen or any service.

pub mod ascii;
pub mod colour;
pub mod find;
pub mod json;
pub mod keys;
mod levels;
pub mod percent;
pub mod pretty;
mod quote;
pub mod shell;
pub mod size;
pub mod width;
