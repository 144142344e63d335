//! How many colours the screen uses, as it is said on the command line. What that comes to on a terminal is
//! not decided here.

use clap::ValueEnum;

/// How many colours the screen uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// As many as the terminal promises, unless NO_COLOR is set.
    #[default]
    Auto,
    /// At least 16, whatever the surroundings say.
    Always,
    /// None; weights and signs remain.
    Never,
    /// Those that the person chose for the terminal.
    #[value(name = "16")]
    Sixteen,
    /// Those, a cube of 216 and 24 greys.
    #[value(name = "256")]
    Table,
    /// Any, in 24 bits.
    Truecolor,
}
