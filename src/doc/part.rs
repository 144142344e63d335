//! What a document is made of, as whoever shows a node hands it over: facts, texts and payloads under
//! headings. Nothing here is masked or cleaned yet; that happens when it becomes rows.

use super::Source;
use crate::{guard::redact::Sort, model::Payload};

/// What a text is written in, where its service says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Not said: it is markdown where it looks it.
    #[default]
    Unknown,
    /// Markdown.
    Markdown,
    /// Plain text or code.
    Plain,
}

/// What a document is made of.
#[derive(Debug)]
pub enum Part {
    /// Begins something.
    Heading(String),
    /// The same, folded at first.
    Folded(String),
    /// Labels and values.
    Facts(Vec<(String, String)>),
    /// A payload, with the rules for its secrets.
    Json(Payload, Sort),
    /// Text to be read.
    Prose(String),
    /// Text of which it is known what it is written in.
    Text(String, Format),
    /// A remark of sortie's own.
    Note(String),
    /// What is wrong with a payload.
    Fault(String),
    /// Bytes that are read as text.
    Bytes(Source),
    /// JSON that is in a file and stays there, with the rules for its secrets.
    Far(Source, Sort),
}

impl Part {
    /// Whether it begins something.
    pub fn is_title(&self) -> bool {
        matches!(self, Self::Heading(_) | Self::Folded(_))
    }
}

/// How a document is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How payloads and texts are shown.
    pub view: View,
    /// Whether JSON has its brackets and commas.
    pub brackets: bool,
    /// Whether lines of texts have numbers.
    pub numbers: bool,
    /// Columns, for what is laid out for a width.
    pub columns: usize,
    /// Bytes above which a payload is read on only when asked.
    pub limit: usize,
    /// Whether the terminal shows only ASCII, whose stand-ins take columns of their own.
    pub ascii: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            view: View::Pretty,
            brackets: false,
            numbers: false,
            columns: 80,
            limit: usize::MAX,
            ascii: false,
        }
    }
}

/// How payloads and texts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Each in the way that suits it.
    #[default]
    Pretty,
    /// Every text as markdown.
    Markdown,
    /// As sent, byte by byte where it is text.
    Raw,
    /// As bytes.
    Hex,
}

impl View {
    /// The one that follows.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Pretty => Self::Markdown,
            Self::Markdown => Self::Raw,
            Self::Raw => Self::Hex,
            Self::Hex => Self::Pretty,
        }
    }

    /// Its name, for the title of a pane.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Markdown => "markdown",
            Self::Raw => "raw",
            Self::Hex => "hex",
        }
    }
}
