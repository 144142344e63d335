//! The command line: what can be said, and nothing about what it does. Reading it touches neither
//! clock nor environment.

mod calls;
mod codes;
mod color;
mod export;
mod filter;
mod kept;
mod part;
mod route;
mod shell;
mod since;
mod sort;
mod watch;

use std::{path::PathBuf, time::Duration};

use clap::{Args as Group, Parser, Subcommand, ValueEnum, builder::PossibleValuesParser};

use crate::{analysis::CallSort, config::keys::PRESETS, term::copy::Route};
pub use calls::{GridFormat, TableOutput};
pub use codes::EXIT_CODES;
pub use color::Color;
pub use export::{Export, ExportForm};
pub use filter::{CauseFilter, EventFilter, RunFilter};
pub use kept::CacheCommand;
pub use part::Part;
use route::route;
pub use route::routes;
pub use shell::{About, ConfigCommand, Init, Place, Shell};
pub use since::Since;
use sort::call_sort;
pub use watch::Watching;

/// A terminal trace viewer for runs of AI agents: Telnyx missions, Vectara agents, Scale Agentex and
/// ElizaOS.
///
/// Without a command it opens the screen on all contexts. `sortie demo` needs no configuration.
#[derive(Clone, Debug, Parser)]
#[command(name = "sortie", version, long_version = shell::VERSION)]
#[command(after_help = codes::of_the_program(), max_term_width = 100)]
#[command(mut_subcommands = codes::told_by)]
pub struct Args {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// None opens the screen.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Default, Group)]
#[command(next_help_heading = "Options of every command")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Global {
    /// Read this configuration and make no contexts from the environment
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use only these contexts
    #[arg(long, global = true, value_name = "A,B", value_delimiter = ',')]
    pub context: Vec<String>,
    /// Read a file, or - for standard input, in place of any service
    #[arg(long, global = true, value_name = "FILE|-", conflicts_with_all = ["config", "context"])]
    pub from: Vec<PathBuf>,
    /// Ask nobody: read the runs that were kept when they had ended
    #[arg(long, global = true, conflicts_with = "from")]
    pub offline: bool,
    /// Ask for runs that have ended too, and keep none
    #[arg(long, global = true, conflicts_with = "offline")]
    pub no_cache: bool,
    /// Give up after this long (30s, 5m)
    ///
    /// Without it a command without a screen takes the time it needs, but waits at most 30s when a
    /// service asks to be left alone.
    #[arg(long, global = true, value_name = "DURATION", value_parser = since::patience)]
    pub timeout: Option<Duration>,
    /// Write a log to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// How many colours the screen uses
    ///
    /// auto uses as many as TERM and COLORTERM promise, and none where NO_COLOR is set.
    #[arg(long, global = true, value_name = "HOW", default_value = "auto")]
    pub color: Color,
    /// Begin the screen as on the first start, not where one was
    #[arg(long, global = true)]
    pub fresh: bool,
    /// Print long text straight to the terminal and through no pager
    #[arg(long, global = true)]
    pub no_pager: bool,
    /// Show the screen in this theme: ansi, cb, dark, high-contrast, light, mono, or one of yours
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw and print with ASCII only
    ///
    /// So do commands without a screen where the locale names another character set than UTF-8. JSON
    /// stays as it is.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// By which ways the screen copies: auto, or native, tmux, osc52, file in the order wanted
    #[arg(long, global = true, value_name = "ROUTE,ROUTE", value_delimiter = ',', value_parser = route)]
    pub clipboard: Vec<Option<Route>>,
    /// Name every request on stderr: method, path, status, time, bytes, retries, cache, why
    ///
    /// For commands without a screen, as lines of JSON where the output is JSON. On the screen press
    /// @.
    #[arg(long, global = true)]
    pub api_log: bool,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open the screen on four built-in demo services
    Demo {
        /// Only serve, until interrupted
        #[arg(long)]
        serve: bool,
        /// Write a configuration for the served contexts, keys beside it
        #[arg(long, value_name = "FILE", requires = "serve")]
        config_out: Option<PathBuf>,
    },
    /// Open files of events in the screen, or what a reference names; a path that exists is a file
    Open {
        /// JSON lines of events, or captured replies; - for standard input. Or one reference: an id, its
        /// beginning, RUN#EVENT, a locator, a console or API address, a line of a log with an id in it
        #[arg(required = true, value_name = "FILE|REF")]
        files: Vec<PathBuf>,
        /// Print the locator and the title of what a reference names, or of the runs in files; opens no
        /// screen
        #[arg(long)]
        print: bool,
        /// How to print it
        #[command(flatten)]
        output: Output,
    },
    /// List the contexts and where their credentials come from; sends nothing
    #[command(args_conflicts_with_subcommands = true)]
    Contexts {
        /// None lists them.
        #[command(subcommand)]
        what: Option<ContextsCommand>,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
    /// List missions by context and name
    Missions {
        /// Print at most this many; 0 prints all
        #[arg(long, value_name = "N", default_value_t = 0)]
        limit: u32,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
    /// List runs, the newest first
    Runs {
        /// Which runs
        #[command(flatten)]
        filter: RunFilter,
        /// How to print them
        #[command(flatten)]
        output: TableOutput,
    },
    /// Group failed runs by what they have in common, the latest first
    ///
    /// Numbers, ids, dates and quoted values of a message are masked, so that failures that differ in
    /// nothing else are one.
    Causes {
        /// Which runs
        #[command(flatten)]
        filter: CauseFilter,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
    /// List the events of a run, the oldest first, or of all runs, the newest first
    Events {
        /// An id, the beginning of one, MISSION/RUN, or a locator (sortie:CONTEXT/MISSION/RUN); needed
        /// unless --all is given
        #[arg(required_unless_present = "all")]
        run: Option<String>,
        /// Of all runs, where the service has such a list
        #[arg(long, conflicts_with = "run")]
        all: bool,
        /// Go on printing what comes until the run has ended, and end as it did: 0, 1 or 8
        ///
        /// Each event is printed once: an event that is still being written when it is whole, or has
        /// not grown for 3s. What breaks is tried again and told on stderr. For text and jsonl.
        #[arg(long, conflicts_with_all = ["all", "limit"])]
        follow: bool,
        /// Which events
        #[command(flatten)]
        filter: EventFilter,
        /// How to print them
        #[command(flatten)]
        output: TableOutput,
    },
    /// Watch a run, or all that a query picks, until the end, and end as they did
    ///
    /// Prints a line for each event that comes from now on, each once, when it is whole. What breaks is
    /// tried again and told on stderr.
    #[command(after_help = watch::CODES)]
    Watch(Watching),
    /// Look for a text in what runs did, the newest run first
    ///
    /// Reads the runs and prints each event that has the text in its title, its words or its payload,
    /// with its address and the line. Small letters find both cases; /re/ and /re/i are regular
    /// expressions.
    Search {
        /// A text, or /a regular expression/
        word: String,
        /// Only in runs that a query picks, and there in operations that it picks
        #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
        query: Option<String>,
        /// Look through at most this many runs over all contexts together; 0 looks through all
        #[arg(long, value_name = "N", default_value_t = 100)]
        runs: u32,
        /// Print at most this many; 0 prints all
        #[arg(long, value_name = "N", default_value_t = 0)]
        limit: u32,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
    /// Show a run with its plan and operations, one operation, or a mission
    ///
    /// An operation is a call with its result, or an event that stands alone. As JSON a run has
    /// `header` and `operations` beside `run`, `steps`, `child_runs` and `events`; as jsonl it is the
    /// records of the run, its steps, its child runs and its events, one a line, and with --calls or
    /// --failures those of operations.
    Show {
        /// RUN as for `sortie events`, or RUN#ID, RUN#BEGINNING or RUN#NUMBER for the operation that an
        /// event belongs to; needed unless --mission is given
        #[arg(required_unless_present = "mission")]
        address: Option<String>,
        /// This mission, by id or name, with what the service keeps beside it: tools, schedules,
        /// deployments
        #[arg(long, value_name = "MISSION", conflicts_with = "address")]
        mission: Option<String>,
        /// Print also what the service keeps beside the run or mission: tools, states, traces
        ///
        /// JSON output always has it, as `extras` in `run` or `mission`.
        #[arg(long)]
        extras: bool,
        /// Which part of what happened
        #[command(flatten)]
        part: Part,
        /// How to print it
        #[command(flatten)]
        output: Output,
    },
    /// List every tool call of one or several runs, with whole arguments, verdict and duration
    ///
    /// As csv and tsv a cell that a spreadsheet would take for a formula begins with an apostrophe.
    Calls {
        /// RUN as for `sortie events`
        #[arg(required = true, value_name = "RUN")]
        runs: Vec<String>,
        /// By number, tool, verdict, duration, step or arguments; with a - before it backwards
        ///
        /// Verdicts come worst first, durations longest first.
        #[arg(long, value_name = "COLUMN", default_value = "number", value_parser = call_sort, allow_hyphen_values = true)]
        sort: CallSort,
        /// Only those that a query picks: 'tool:pay.* verdict:failed payload.amount:>=1000'
        #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
        query: Option<String>,
        /// How to print them
        #[arg(
            short = 'o',
            long = "output",
            value_name = "FORMAT",
            default_value = "text"
        )]
        format: GridFormat,
    },
    /// Write runs whole for somebody else: as JSON, for a ticket, as a page, as a table, as traces
    ///
    /// Secrets are masked, and how many were is told on stderr.
    Export(Export),
    /// Print the curl that reads a run or an event again, or makes a tool call again
    ///
    /// The script names variables in the place of secrets and says in its first line how much is known
    /// of the call. Nothing is run.
    Curl {
        /// RUN or RUN#EVENT as for `sortie show`
        #[arg(value_name = "RUN[#EVENT]")]
        address: String,
        /// Make the tool call again that the event belongs to
        #[arg(long)]
        replay: bool,
        /// How to print it; JSON has the call in every grade that it has
        #[command(flatten)]
        output: Output,
    },
    /// Look at this terminal: what it is, its widths, tmux, and which ways a copy can go
    ///
    /// Asks the terminal, tmux and the desktop's clipboard to give back what they are given; what was on
    /// a clipboard is there again afterwards. Reads no context and sends nothing.
    Doctor {
        /// How to print it
        #[command(flatten)]
        output: Output,
    },
    /// Print the keys that hold, and where each was written
    ///
    /// That is the built-in key map, the preset that your file names, and your file: keys.toml beside
    /// the configuration.
    Keys {
        /// Say what is odd about your file, with its lines: wrong lines, keys that are shadowed, wait or
        /// never come, actions without a key; 2 where a line does nothing
        #[arg(long)]
        check: bool,
        /// Print what this preset would give
        #[arg(long, value_name = "NAME", conflicts_with = "check", value_parser = presets())]
        preset: Option<String>,
        /// Print them as a page of Markdown, by what they are about
        #[arg(long, conflicts_with = "check")]
        sheet: bool,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
    /// Say what is kept of runs that have ended, or take it away
    Cache {
        /// What to do
        #[command(subcommand)]
        what: CacheCommand,
    },
    /// Say what the configuration is, or write one
    Config {
        /// Which part
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// What shells and other programs learn of sortie.
    #[command(flatten)]
    About(About),
}

fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(PRESETS.iter().map(|(name, _)| *name))
}

/// What to do with the contexts besides listing them.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum ContextsCommand {
    /// Ask each service the cheapest question that proves address, credential and permission
    ///
    /// All are asked at the same time; each gets one line with the reason and the next step where it
    /// failed, as text in the order in which they answer.
    #[command(after_help = codes::TEST_CODES)]
    Test {
        /// Only these contexts; all without a name
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// How to print them
        #[command(flatten)]
        output: Output,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Group)]
pub struct Output {
    /// How to print
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub format: Format,
}

/// A form of output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people; may change.
    #[default]
    Text,
    /// One JSON document with an envelope.
    Json,
    /// One record a line.
    Jsonl,
}

#[cfg(test)]
mod tests;
