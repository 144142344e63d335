//! What leaves sortie as text: JSON records for scripts, tables and sections for people, whole runs as
//! documents and as traces for others. Masked on the way out; asks nothing, decides nothing about where it
//! goes.

mod brief;
pub mod bundle;
mod calls;
pub mod cells;
mod contents;
mod course;
pub mod curl;
mod document;
mod excerpt;
pub mod grid;
mod hits;
mod html;
mod ledger;
mod markdown;
mod one;
pub mod otlp;
pub mod parcel;
mod plan;
mod pretty;
pub mod record;
mod rows;
mod spell;
pub mod table;
mod tally;
#[cfg(test)]
mod tests;
pub mod text;
mod waterfall;

pub use course::{Course, Failing};
pub use excerpt::Excerpt;
pub use grid::{CallRecord, Grid};
pub use hits::{Hit, hit};
pub use one::{RunTold, View};
pub use parcel::{Form, Parcel, Shipment};
pub use pretty::pretty;
pub use tally::Masked;
