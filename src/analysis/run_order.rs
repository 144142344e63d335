//! What runs are sorted by in lists, and what comes first under each order.

use std::{cmp::Reverse, fmt, time::Duration};

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

    /// The one after it, the first after the last.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self);
        let next = at.map_or(0, |at| (at + 1) % Self::ALL.len());
        Self::ALL.get(next).copied().unwrap_or_default()
    }
}

/// What runs are sorted by, and which way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunSort {
    /// The column.
    pub by: RunOrder,
    /// Whether backwards. What nobody tells comes last either way.
    pub reverse: bool,
}

/// Runs in ascending order of this are sorted.
pub type RunKey = (Option<Letters>, i64);

/// A text that ascends from A to Z, or from Z to A.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letters {
    /// From A to Z.
    Up(String),
    /// From Z to A.
    Down(Reverse<String>),
}

impl RunSort {
    /// The column of that name, backwards with a - before it.
    pub fn of_word(word: &str) -> Option<Self> {
        let (column, reverse) = word
            .strip_prefix('-')
            .map_or((word, false), |column| (column, true));
        let by = RunOrder::of_word(column)?;
        Some(Self { by, reverse })
    }

    /// What a run's place follows from.
    pub fn key(self, run: &Run) -> RunKey {
        if self.by == RunOrder::Title {
            let title = title(run);
            let letters = if self.reverse {
                Letters::Down(Reverse(title))
            } else {
                Letters::Up(title)
            };
            return (Some(letters), 0);
        }
        let place = match self.by {
            RunOrder::Started => run.started_at.map(|at| at.0.saturating_neg()),
            RunOrder::Duration => took(run).map(|took| {
                let nanos = i64::try_from(took.as_nanos());
                nanos.unwrap_or(i64::MAX).saturating_neg()
            }),
            RunOrder::Tokens => {
                sum(run).map(|sum| i64::try_from(sum).unwrap_or(i64::MAX).saturating_neg())
            }
            RunOrder::Status | RunOrder::Title => Some(rank(run.status)),
        };
        let place = place.map(|place| if self.reverse { -place } else { place });
        (None, place.unwrap_or(i64::MAX))
    }

    /// What comes first, in two or three words.
    pub fn told(self) -> &'static str {
        match (self.by, self.reverse) {
            (RunOrder::Started, false) => "newest first",
            (RunOrder::Started, true) => "oldest first",
            (RunOrder::Duration, false) => "longest first",
            (RunOrder::Duration, true) => "shortest first",
            (RunOrder::Tokens, false) => "most tokens first",
            (RunOrder::Tokens, true) => "fewest tokens first",
            (RunOrder::Status, false) => "by status, failed first",
            (RunOrder::Status, true) => "by status, failed last",
            (RunOrder::Title, false) => "by title",
            (RunOrder::Title, true) => "by title, from Z to A",
        }
    }
}

impl fmt::Display for RunSort {
    /// As it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.reverse { "-" } else { "" };
        write!(f, "{sign}{}", self.by.word())
    }
}

fn took(run: &Run) -> Option<Duration> {
    let between = || run.ended_at?.since(run.started_at?);
    run.duration.or_else(between)
}

fn sum(run: &Run) -> Option<u64> {
    run.tokens.and_then(|tokens| tokens.sum())
}

fn rank(status: RunStatus) -> i64 {
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
        let sorted = |word: &str| {
            let order = RunSort::of_word(word).unwrap();
            assert_eq!(order.to_string(), word);
            let mut runs: Vec<&Run> = runs.iter().collect();
            runs.sort_by_key(|run| order.key(run));
            runs.iter().map(|run| run.id.as_str()).collect::<String>()
        };
        for (order, expected) in [
            ("started", "abC"),
            ("-started", "baC"),
            ("duration", "Cab"),
            ("-duration", "aCb"),
            ("status", "aCb"),
            ("-status", "bCa"),
            ("title", "abC"),
            ("-title", "Cba"),
        ] {
            assert_eq!(sorted(order), expected, "{order}");
        }
        assert_eq!(RunSort::of_word("colour"), None);
    }
}
