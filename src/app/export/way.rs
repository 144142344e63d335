//! The ways in which runs leave: their names, what each is good for and the action that takes it.

use crate::app::action::Action;

/// A way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// For another sortie.
    Bundle,
    /// One page.
    Html,
    /// For a ticket.
    Markdown,
    /// The document that reads back as it was.
    Json,
    /// Records, one a line.
    Jsonl,
    /// A table of operations.
    Csv,
    /// Traces.
    Otlp,
    /// Only what names them.
    Locator,
}

/// What a way would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Bytes.
    pub bytes: u64,
    /// Places that would be masked.
    pub masked: usize,
    /// Whether more is to come: something in it is only fetched when it is written.
    pub and_more: bool,
}

impl Way {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 8] = [
        Self::Bundle,
        Self::Html,
        Self::Markdown,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Otlp,
        Self::Locator,
    ];

    /// Its name in the menu.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Jsonl => "json lines",
            Self::Csv => "csv",
            Self::Otlp => "otlp",
            Self::Locator => "locator",
        }
    }

    /// What it is good for.
    pub fn told(self) -> &'static str {
        match self {
            Self::Bundle => "this view for another sortie: cursor, folds, notes",
            Self::Html => "one page for a browser: bars, folds, no scripts",
            Self::Markdown => "for a ticket: what failed with its payloads",
            Self::Json => "everything; sortie opens it again",
            Self::Jsonl => "bare records, one a line",
            Self::Csv => "the operations as a table",
            Self::Otlp => "a trace for OpenTelemetry",
            Self::Locator => "only what names it, on the clipboard",
        }
    }

    /// The action that takes it.
    pub fn action(self) -> Action {
        match self {
            Self::Bundle => Action::ExportBundle,
            Self::Html => Action::ExportHtml,
            Self::Markdown => Action::ExportMarkdown,
            Self::Json => Action::ExportJson,
            Self::Jsonl => Action::ExportJsonl,
            Self::Csv => Action::ExportCsv,
            Self::Otlp => Action::ExportOtlp,
            Self::Locator => Action::ExportLocator,
        }
    }

    /// The way that an action takes.
    pub fn of(action: Action) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.action() == action)
    }
}
