//! The forms of what is a table.

use clap::{Args as Group, ValueEnum};

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

/// How to print what is a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Group)]
pub struct TableOutput {
    /// How to print
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub format: GridFormat,
}

impl GridFormat {
    /// The form of what has no end: a document that must be closed is none.
    pub fn followed(self) -> Format {
        match self {
            Self::Text => Format::Text,
            Self::Jsonl => Format::Jsonl,
            Self::Json | Self::Csv | Self::Tsv => Format::Json,
        }
    }

    /// How errors and notes are told beside it.
    pub fn records(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
            Self::Text | Self::Csv | Self::Tsv => Format::Text,
        }
    }
}
