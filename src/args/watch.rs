//! What `sortie watch` is told: which runs, until when, and what to do where one fails. It reads words
//! and looks nothing up.

use std::time::Duration;

use clap::{Args as Group, ValueEnum};

use super::Format;
use crate::config::parse_duration;

/// How runs are watched.
#[derive(Clone, Debug, Default, Group)]
pub struct Watching {
    /// RUN as for `sortie events`; needed unless --where is given
    #[arg(conflicts_with = "query")]
    pub run: Option<String>,
    /// Watch all runs that a query picks, also those that appear meanwhile: 'mission:nightly* since:1h'
    ///
    /// Runs that had ended before, or been silent for long, count too, as far as their lists tell of
    /// them, so say `since:`. The lists are looked at again every 30s, and once more when all have ended.
    /// What the query asks of operations is not known of runs that were not read.
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Until the run has ended, or until it or something in it matches a query
    ///
    /// 'tool:deploy verdict:ok', 'is:failure', 'status:failed': the code is 0 as soon as that is so, also
    /// where it was so before. With --where one run is enough.
    #[arg(
        long,
        value_name = "done|QUERY",
        default_value = "done",
        allow_hyphen_values = true
    )]
    pub until: String,
    /// Run this command once for each run that fails or times out while it is watched
    ///
    /// Words are split as a shell would, but no shell runs them. It gets the record of the run as JSON on
    /// stdin and SORTIE_RUN, SORTIE_MISSION, SORTIE_CONTEXT, SORTIE_STATUS and SORTIE_LOCATOR, and none of
    /// the variables that credentials come from. Its output goes to stderr. It is waited for, and whatever
    /// it ends with the code of sortie stays.
    #[arg(long, value_name = "COMMAND")]
    pub on_fail: Option<String>,
    /// Give a run up in which nothing happens for so long (90s, 10m)
    ///
    /// Counted from when watching began. Time in which the service could not be asked does not count.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub stall: Option<Duration>,
    /// Print nothing but what goes wrong
    #[arg(short, long)]
    pub quiet: bool,
    /// How to print events
    #[command(flatten)]
    pub output: FlowOutput,
}

/// How to print what goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Group)]
pub struct FlowOutput {
    /// How to print events
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub format: FlowFormat,
}

/// A form of output of what has no end: a document that must be closed is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FlowFormat {
    /// For people; may change.
    #[default]
    Text,
    /// One record a line.
    Jsonl,
}

impl FlowFormat {
    /// The same among the forms of everything.
    pub fn records(self) -> Format {
        match self {
            Self::Text => Format::Text,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

/// What the codes of `watch` mean besides.
pub(super) const CODES: &str = "\
Of the run that is watched:
    0  it succeeded, or matched --until
    1  it failed or timed out, or ended without matching --until
    5  there is none, or --where picks none
    7  how it ended is not known; with --where also one that has been silent for long
    8  it was cancelled
    9  nothing happened in it for as long as --stall says

Of several runs the worst counts: 1, then 6, 9, 8, 7, then 0. 7 also where not all lists could
be read when watching ended.";
