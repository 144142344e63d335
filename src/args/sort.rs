//! Columns to sort by, with a - in front of those that are to go backwards.

use crate::analysis::{CallOrder, CallSort, RunOrder, RunSort};

pub(super) fn call_sort(word: &str) -> Result<CallSort, String> {
    CallSort::of_word(word).ok_or_else(|| known(&CallOrder::ALL.map(CallOrder::word)))
}

pub(super) fn run_sort(word: &str) -> Result<RunSort, String> {
    RunSort::of_word(word).ok_or_else(|| known(&RunOrder::ALL.map(RunOrder::word)))
}

fn known(words: &[&str]) -> String {
    format!("the columns are {}", words.join(", "))
}
