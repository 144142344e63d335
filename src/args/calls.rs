//! The forms of what is a table.

use clap::ValueEnum;

use super::Format;

/// A form of output of what is a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GridFormat {
    /// For people; may change.
    #[default]
    Text,
    /// One JSON document with an envelope.
    Json,
    /// One record a line.
    Jsonl,
    /// Cells between commas, RFC 4180.
    Csv,
    /// Cells between tabs.
    Tsv,
}

impl GridFormat {
    /// How errors and notes are told beside it.
    pub fn records(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
            Self::Text | Self::Csv | Self::Tsv => Format::Text,
        }
    }
}
