//! What a command of the person's own is, as the configuration says it, and how it is called. Facts only.

use crate::{app::key::Key, model::Sort};

/// A command of the person's own, as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is called; no other is called so.
    pub name: String,
    /// The keys that run it; none: it is found by its name.
    pub keys: Vec<Key>,
    /// What is run.
    pub run: Program,
    /// The rows that it is for.
    pub on: Vec<Row>,
    /// What becomes of what it prints.
    pub output: Output,
    /// Whether it gets what is masked elsewhere, and the variables that credentials come from.
    pub secrets: bool,
    /// The line of the configuration that its keys stand in, or its section begins in, counted from 1.
    pub line: usize,
}

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// This line, by `sh -c`.
    Line(String),
    /// A program and its arguments.
    Words(Vec<String>),
}

impl Program {
    /// The program and its arguments.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Line(line) => ["sh", "-c", line].map(str::to_owned).to_vec(),
            Self::Words(words) => words.clone(),
        }
    }
}

/// A sort of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Something that happened in a run.
    Event,
    /// A run.
    Run,
    /// A mission.
    Mission,
}

impl Row {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Event, Self::Run, Self::Mission];

    /// Its name in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Run => "run",
            Self::Mission => "mission",
        }
    }

    pub(super) fn of(sort: Sort) -> Option<Self> {
        match sort {
            Sort::Event => Some(Self::Event),
            Sort::Run => Some(Self::Run),
            Sort::Mission => Some(Self::Mission),
            Sort::Context | Sort::Step | Sort::Note | Sort::Group => None,
        }
    }
}

/// What becomes of what a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// It is shown below the screen until Enter.
    #[default]
    Show,
    /// It is read in a pager, cleaned.
    Pager,
    /// Nothing: the screen stays, and it is said how the command ended.
    None,
    /// The command has the terminal for itself until it ends.
    Terminal,
}

impl Output {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Show, Self::Pager, Self::None, Self::Terminal];

    /// Its name in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Pager => "pager",
            Self::None => "none",
            Self::Terminal => "terminal",
        }
    }

    /// In a sentence, for somebody who wants to know before.
    pub fn told(self) -> &'static str {
        match self {
            Self::Show => "What it prints is shown below the screen until Enter.",
            Self::Pager => "What it prints is read in the pager.",
            Self::None => "What it prints is dropped, and the screen stays.",
            Self::Terminal => "It has the terminal until it ends.",
        }
    }
}

/// A program, its arguments and its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Variables that it has beside those of sortie.
    pub set: Vec<(String, String)>,
    /// Variables of sortie that it has not.
    pub removed: Vec<String>,
    /// Whether what it printed is shown until Enter.
    pub waits: bool,
}

/// Sorts of rows in a sentence: `an event, a run or a mission`.
pub(super) fn named(on: &[Row]) -> String {
    let words: Vec<&str> = on
        .iter()
        .map(|row| match row {
            Row::Event => "an event",
            Row::Run => "a run",
            Row::Mission => "a mission",
        })
        .collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
