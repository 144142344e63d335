//! What can stand in a cell of a table, before anybody spells it. What nobody tells is nothing, never 0.

use std::time::Duration;

use crate::model::Time;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CellValue {
    /// Nobody tells.
    #[default]
    Nothing,
    /// As sent, not masked.
    Text(String),
    /// An instant.
    Time(Time),
    /// A length of time.
    Span(Duration),
    /// A number of things.
    Count(u64),
    /// A value of a payload, masked.
    Json(Vec<u8>),
    /// It is somewhere in a payload of so many bytes, which is too large to be looked through for a cell.
    Far(usize),
}

impl CellValue {
    /// A text; an empty one is nothing.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// A text where there is one.
    pub fn some(text: Option<&str>) -> Self {
        Self::text(text.unwrap_or_default())
    }
}

impl From<Option<u64>> for CellValue {
    fn from(count: Option<u64>) -> Self {
        count.map_or(Self::Nothing, Self::Count)
    }
}

impl From<Option<Time>> for CellValue {
    fn from(time: Option<Time>) -> Self {
        time.map_or(Self::Nothing, Self::Time)
    }
}

impl From<Option<Duration>> for CellValue {
    fn from(span: Option<Duration>) -> Self {
        span.map_or(Self::Nothing, Self::Span)
    }
}
