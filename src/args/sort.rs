//! Columns to sort by, with a - in front of those that are to go backwards.

use crate::analysis::{CallOrder, RunOrder};

/// What calls are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallSort {
    /// The column.
    pub by: CallOrder,
    /// Whether backwards.
    pub reverse: bool,
}

/// What runs are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunSort {
    /// The column.
    pub by: RunOrder,
    /// Whether backwards.
    pub reverse: bool,
}

pub(super) fn call_sort(word: &str) -> Result<CallSort, String> {
    let (column, reverse) = column(word);
    let by =
        CallOrder::of_word(column).ok_or_else(|| known(&CallOrder::ALL.map(CallOrder::word)))?;
    Ok(CallSort { by, reverse })
}

pub(super) fn run_sort(word: &str) -> Result<RunSort, String> {
    let (column, reverse) = column(word);
    let by = RunOrder::of_word(column).ok_or_else(|| known(&RunOrder::ALL.map(RunOrder::word)))?;
    Ok(RunSort { by, reverse })
}

fn column(word: &str) -> (&str, bool) {
    word.strip_prefix('-')
        .map_or((word, false), |column| (column, true))
}

fn known(words: &[&str]) -> String {
    format!("the columns are {}", words.join(", "))
}
