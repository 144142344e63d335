//! What runs are sorted by in lists, and what comes first under each order.

use std::{cmp::Ordering, time::Duration};

use crate::model::{Run, RunStatus};

/// What runs are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunOrder {
    /// When they began, newest first; those that have not begun come last.
    #[default]
    Started,
    /// How long they took, longest first; what nobody tells comes last.
    Duration,
    /// Their tokens, most first; what nobody tells comes last.
    Tokens,
    /// Their state: failed ones first, then those that go on, then the others.
    Status,
    /// Their title, from A to Z; without one, their id.
    Title,
}

impl RunOrder {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Started,
        Self::Duration,
        Self::Tokens,
        Self::Status,
        Self::Title,
    ];

    /// The word in flags.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Duration => "duration",
            Self::Tokens => "tokens",
            Self::Status => "status",
            Self::Title => "title",
        }
    }

    /// The order of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.word() == word)
    }

    /// Which of two runs comes first. Equal ones stay as they are.
    pub fn compare(self, one: &Run, other: &Run) -> Ordering {
        match self {
            Self::Started => other.started_at.cmp(&one.started_at),
            Self::Duration => took(other).cmp(&took(one)),
            Self::Tokens => sum(other).cmp(&sum(one)),
            Self::Status => rank(one.status).cmp(&rank(other.status)),
            Self::Title => title(one).cmp(&title(other)),
        }
    }
}

fn took(run: &Run) -> Option<Duration> {
    let between = || run.ended_at?.since(run.started_at?);
    run.duration.or_else(between)
}

fn sum(run: &Run) -> Option<u64> {
    run.tokens.and_then(|tokens| tokens.sum())
}

fn rank(status: RunStatus) -> u8 {
    match status {
        RunStatus::Failed => 0,
        RunStatus::TimedOut => 1,
        RunStatus::Running => 2,
        RunStatus::Paused => 3,
        RunStatus::Pending => 4,
        RunStatus::Unknown => 5,
        RunStatus::Cancelled => 6,
        RunStatus::Succeeded => 7,
    }
}

fn title(run: &Run) -> String {
    let title = if run.title.is_empty() {
        &run.id
    } else {
        &run.title
    };
    title.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn what_nobody_tells_comes_last_and_failures_first() {
        let run = |id: &str, started: Option<i64>, took: Option<u64>, status| Run {
            id: id.to_owned(),
            started_at: started.map(Time),
            duration: took.map(Duration::from_secs),
            status,
            ..Run::default()
        };
        let runs = [
            run("b", Some(1), None, RunStatus::Succeeded),
            run("a", Some(3), Some(5), RunStatus::Failed),
            run("C", None, Some(9), RunStatus::Running),
        ];
        let sorted = |order: RunOrder| {
            let mut runs: Vec<&Run> = runs.iter().collect();
            runs.sort_by(|one, other| order.compare(one, other));
            runs.iter().map(|run| run.id.as_str()).collect::<String>()
        };
        for (order, expected) in [
            (RunOrder::Started, "abC"),
            (RunOrder::Duration, "Cab"),
            (RunOrder::Status, "aCb"),
            (RunOrder::Title, "abC"),
        ] {
            assert_eq!(sorted(order), expected, "{}", order.word());
        }
    }
}
