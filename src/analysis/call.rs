//! Tool calls as rows of a table: what was called with which arguments, what became of it, how long it
//! took, in which step. Holds the bytes of the arguments as they were sent; masks and lays out nothing.

use std::{cmp::Ordering, time::Duration};

use super::{OpKind, Operation, Verdict};
use crate::model::{Event, Kind, Payload, Time};

/// One tool call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// Id of its run.
    pub run: String,
    /// Id of the event that its row is.
    pub event: String,
    /// Its number in the run, from 1; none while that is not known.
    pub number: Option<usize>,
    /// The tool; empty where nobody says.
    pub tool: String,
    /// As sent; empty where only its result is there, or where they were not fetched.
    pub arguments: Payload,
    /// What became of it.
    pub verdict: Verdict,
    /// When it began.
    pub started: Option<Time>,
    /// None where nobody tells.
    pub took: Option<Duration>,
    /// The id of its step; empty outside of the plan.
    pub step: String,
}

impl Call {
    /// The call that an operation is, whose row is this event of that run; none of another kind.
    pub fn of(
        run: &str,
        operation: &Operation,
        event: &Event,
        number: Option<usize>,
    ) -> Option<Self> {
        (operation.kind == OpKind::Tool).then(|| Self {
            run: run.to_owned(),
            event: event.id.clone(),
            number,
            tool: operation.tool.clone().unwrap_or_default(),
            arguments: match (event.kind, event.body) {
                (Kind::ToolCall, Some(body)) => event.raw.sub(body),
                _ => Payload::default(),
            },
            verdict: operation.verdict,
            started: operation.started,
            took: operation.took,
            step: operation.step.clone().unwrap_or_default(),
        })
    }
}

/// What calls are sorted by, and which way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallSort {
    /// The column.
    pub by: CallOrder,
    /// Whether backwards.
    pub reverse: bool,
}

impl CallSort {
    /// The column of that name, backwards with a - before it.
    pub fn of_word(word: &str) -> Option<Self> {
        let (column, reverse) = word
            .strip_prefix('-')
            .map_or((word, false), |column| (column, true));
        let by = CallOrder::of_word(column)?;
        Some(Self { by, reverse })
    }
}

/// What calls are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallOrder {
    /// The order of the run.
    #[default]
    Number,
    /// The tool.
    Tool,
    /// What became of it, worst first.
    Verdict,
    /// How long it took, longest first; what nobody tells comes last.
    Duration,
    /// The step.
    Step,
    /// The arguments, byte by byte.
    Arguments,
}

impl CallOrder {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 6] = [
        Self::Number,
        Self::Tool,
        Self::Verdict,
        Self::Duration,
        Self::Step,
        Self::Arguments,
    ];

    /// The word in flags and titles.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Tool => "tool",
            Self::Verdict => "verdict",
            Self::Duration => "duration",
            Self::Step => "step",
            Self::Arguments => "arguments",
        }
    }

    /// The order of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }

    /// The one behind it, for a key that goes through all of them.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self);
        let next = at.map_or(0, |at| at + 1);
        Self::ALL.get(next).copied().unwrap_or_default()
    }

    /// Which of two calls of the same order comes first. Equal ones stay as they are.
    pub fn compare(self, one: &Call, other: &Call) -> Ordering {
        match self {
            // The order of the runs, and in each of the run: that in which they came.
            Self::Number => Ordering::Equal,
            Self::Tool => one.tool.cmp(&other.tool),
            Self::Verdict => one.verdict.cmp(&other.verdict),
            Self::Duration => other.took.cmp(&one.took),
            Self::Step => one.step.cmp(&other.step),
            Self::Arguments => one.arguments.bytes().cmp(other.arguments.bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_and_the_longest_come_first_and_equal_ones_stay() {
        let call = |number, verdict, took: Option<u64>| Call {
            number: Some(number),
            verdict,
            took: took.map(Duration::from_secs),
            ..Call::default()
        };
        let calls = [
            call(1, Verdict::Ok, Some(2)),
            call(2, Verdict::Failed, None),
            call(3, Verdict::Ok, Some(31)),
            call(4, Verdict::Failed, Some(2)),
        ];
        let sorted = |order: CallOrder| {
            let mut calls = calls.to_vec();
            calls.sort_by(|one, other| order.compare(one, other));
            calls
                .iter()
                .filter_map(|call| call.number)
                .collect::<Vec<_>>()
        };
        assert_eq!(sorted(CallOrder::Number), [1, 2, 3, 4]);
        assert_eq!(sorted(CallOrder::Verdict), [2, 4, 1, 3]);
        assert_eq!(sorted(CallOrder::Duration), [3, 1, 4, 2]);
    }

    #[test]
    fn every_order_has_a_word_and_comes_in_turn() {
        let mut order = CallOrder::default();
        for known in CallOrder::ALL {
            assert_eq!(order, known);
            assert_eq!(CallOrder::of_word(known.word()), Some(known));
            order = order.next();
        }
        assert_eq!(order, CallOrder::default());
    }
}
