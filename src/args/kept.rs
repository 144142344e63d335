//! What can be done with the runs that are kept.

use clap::Subcommand;

use super::Output;

/// What to do with the runs that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum CacheCommand {
    /// Print where they are kept, how many, how large they are and may be, and what is damaged
    Stat {
        /// How to print it
        #[command(flatten)]
        output: Output,
    },
    /// Take all of them away
    Clear {
        /// How to print what was taken away
        #[command(flatten)]
        output: Output,
    },
}
