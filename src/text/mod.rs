//! The ground floor for text: an iterative JSON scanner and widths.
//! Knows nothing of the model, the screen or any service.

pub mod json;
pub mod keys;
mod levels;
pub mod pretty;
mod quote;
pub mod width;
