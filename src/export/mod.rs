//! What leaves sortie as text: JSON records for scripts, tables and sections for people. Masked on
//! the way out; asks nothing, decides nothing about where it goes.

mod calls;
pub mod cells;
mod course;
pub mod grid;
mod hits;
mod one;
mod plan;
mod pretty;
pub mod record;
mod rows;
mod spell;
mod table;
pub mod text;
mod waterfall;

pub use course::{Course, Failing};
pub use grid::{CallRecord, Grid};
pub use hits::{Hit, hit};
pub use one::{RunTold, View};
pub use pretty::pretty;
