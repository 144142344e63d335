//! Which part of what happened in a run `sortie show` prints.

use clap::Args as Group;

/// Which part of what happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Group)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag, of which one may be given"
)]
pub struct Part {
    /// Draw when each operation was beside its row
    #[arg(long, conflicts_with = "mission")]
    pub waterfall: bool,
    /// Only tool calls, with whole arguments and results
    #[arg(long, conflicts_with = "mission")]
    pub calls: bool,
    /// Only what failed and nothing made up for, and loops, with the reason
    #[arg(long, conflicts_with = "mission")]
    pub failures: bool,
    /// Events one by one, in place of operations; JSON has both
    #[arg(long, conflicts_with = "mission")]
    pub raw: bool,
}
