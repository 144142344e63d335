//! What leaves sortie as text: JSON records for scripts, tables and sections for people. Masked on
//! the way out; asks nothing, decides nothing about where it goes.

mod one;
mod plan;
mod pretty;
pub mod record;
mod table;
pub mod text;

pub use one::RunTold;
pub use pretty::pretty;
