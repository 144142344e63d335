//! Events → what a person reads. Pure: model and text only.

pub mod axis;
pub mod headline;
mod telling;

pub use headline::{Headline, headline, prose};
