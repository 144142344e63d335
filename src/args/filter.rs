//! Which runs, causes and events a command lists. It reads words and looks nothing up.

use clap::Args as Group;

use super::{Since, since::since, sort::run_sort};
use crate::{
    analysis::RunSort,
    model::{Kind, RunStatus},
};

/// Which runs to list.
#[derive(Clone, Debug, Default, Group)]
pub struct RunFilter {
    /// Only of this mission: its id or name
    #[arg(long, value_name = "MISSION")]
    pub mission: Option<String>,
    /// Only in these states
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = status)]
    pub status: Vec<RunStatus>,
    /// Only with activity since then: 24h, 7d, 2026-11-20, 2026-11-20T08:00:00Z
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
    /// By started, duration, tokens, status or title; with a - before it backwards
    ///
    /// Sorts what is printed: with --limit the newest so many. Failed runs, the longest and those with
    /// the most tokens come first.
    #[arg(long, value_name = "COLUMN", value_parser = run_sort, allow_hyphen_values = true)]
    pub sort: Option<RunSort>,
    /// Only those that a query picks: 'status:failed,soft since:24h tool:pay.*'
    ///
    /// The language of & on the screen. What it asks of operations is known of files and of
    /// runs that were kept: the others are counted as not read, unless --load is given.
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Only those that a named view shows: its filter, and its window unless --since is given
    ///
    /// `:save-view NAME` on the screen keeps one. With --where both must hold.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Read the runs of which the query or a column asks more than the list tells
    #[arg(long)]
    pub load: bool,
    /// Exactly these columns: id,status,duration,refund:payload.amount
    ///
    /// Facts, and values of payloads by their paths, with a name before them or without one. A path is
    /// looked for in the run's record, then in what the run did, where that is read: of files and of
    /// runs that were kept always, else with --load. JSON records get them as `columns`. A wrong one names them all.
    #[arg(long, value_name = "A,B")]
    pub columns: Option<String>,
    /// Print at most this many over all contexts together; 0 prints all
    ///
    /// Of what a query asks of operations the newest 1000 runs that may match are looked at, or ten times
    /// as many as are wanted; with 0 all are.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: u32,
}

/// Which failed runs to group.
#[derive(Clone, Debug, Default, Group)]
pub struct CauseFilter {
    /// Only of this mission: its id or name
    #[arg(long, value_name = "MISSION")]
    pub mission: Option<String>,
    /// Only with activity since then, as for `sortie runs`; 24h without it
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
    /// Only those that a query picks, as for `sortie runs`
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Only those that a named view shows, as for `sortie runs`
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Read runs whose list does not say why they failed; without it they are counted
    ///
    /// Also runs of which the query asks more than the list tells.
    #[arg(long)]
    pub load: bool,
}

/// Which events to list.
#[derive(Clone, Debug, Default, Group)]
pub struct EventFilter {
    /// Only these kinds: tool_call, tool_result, message, error and so on
    ///
    /// Where the service picks the events, for one kind, a step or an agent, their numbers in the run
    /// are not known.
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = kind)]
    pub kind: Vec<Kind>,
    /// Only those of this plan step
    #[arg(long, value_name = "STEP")]
    pub step: Option<String>,
    /// Only those of this agent
    #[arg(long, value_name = "AGENT")]
    pub agent: Option<String>,
    /// Only those that a query picks: 'tool:pay.* verdict:failed payload.amount:>=1000'
    ///
    /// With --follow an event is printed as soon as it is known to match: what became of a call shows
    /// with its result.
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Exactly these columns: number,tool,refund:payload.amount; JSON records get them as `columns`
    #[arg(long, value_name = "A,B", conflicts_with = "follow")]
    pub columns: Option<String>,
    /// Print at most this many; 0 prints all. Without it all of a run, 100 with --all
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

fn status(word: &str) -> Result<RunStatus, String> {
    RunStatus::of_word(word).ok_or_else(|| {
        let known = RunStatus::ALL.map(RunStatus::word);
        format!("the states are {}", known.join(", "))
    })
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::of_word(word).ok_or_else(|| {
        let known = Kind::ALL.map(Kind::word);
        format!("the kinds are {}", known.join(", "))
    })
}
