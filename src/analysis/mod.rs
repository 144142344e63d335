//! Events → what a person reads. Pure: model and text only.

pub mod axis;
pub mod canon;
pub mod headline;
mod operation;
pub mod rules;
mod telling;

pub use headline::{Headline, headline, prose};
pub use operation::{Confidence, OpKind, Rule, Verdict, Why};
