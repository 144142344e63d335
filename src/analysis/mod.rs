//! Events → what a person reads: operations, what became of them, and how they lie in time. Pure: model
//! and text only, no clock.

pub mod axis;
pub mod bar;
mod call;
pub mod canon;
mod cell;
mod digest;
mod fingerprint;
pub mod headline;
mod operation;
pub mod rules;
mod run_order;
pub mod spelling;
mod telling;
mod title;
pub mod usual;

pub use call::{Call, CallOrder, CallSort};
pub use cell::CellValue;
pub use digest::{Counts, Digest, Gap, Header, Operation, Repeat, Role, Sketch, StepState, Terms};
pub use fingerprint::Fingerprint;
pub use headline::{Headline, headline, joined, prose};
pub use operation::{Confidence, OpKind, Rule, Verdict, Why};
pub use run_order::{Letters, RunKey, RunOrder, RunSort};
pub use title::title;
