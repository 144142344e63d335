//! What became of a run that was watched, and which code follows from that, for one run and for several.

use crate::{
    cli::exit::{Exit, Failure},
    model::RunStatus,
};

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It succeeded.
    Succeeded,
    /// It, or something in it, matched what was waited for.
    Met,
    /// Nobody says how it ended.
    Unknown,
    /// Nothing more could be had of it.
    Lost(Failure),
    /// It was cancelled.
    Cancelled,
    /// Nothing happened in it for too long.
    Stalled,
    /// It had not ended when time was up.
    TimedOut,
    /// It ended well, and what was waited for did not come.
    Unmatched,
    /// It failed, or ran out of its own time.
    Failed,
}

impl Outcome {
    /// Of a run that has ended so; `waits` is whether something else than the end was waited for.
    pub fn of(status: RunStatus, waits: bool) -> Self {
        match status {
            RunStatus::Failed | RunStatus::TimedOut => Self::Failed,
            RunStatus::Cancelled => Self::Cancelled,
            RunStatus::Succeeded if waits => Self::Unmatched,
            RunStatus::Succeeded => Self::Succeeded,
            RunStatus::Pending | RunStatus::Running | RunStatus::Paused | RunStatus::Unknown => {
                Self::Unknown
            }
        }
    }

    /// The code for it alone.
    pub fn exit(&self, printed: bool) -> Exit {
        match self {
            Self::Succeeded | Self::Met => Exit::Ok,
            Self::Failed | Self::Unmatched => Exit::RunFailed,
            Self::TimedOut => Exit::Timeout,
            Self::Stalled => Exit::RunStalled,
            Self::Cancelled => Exit::RunCancelled,
            Self::Unknown => Exit::Partial,
            Self::Lost(failure) => Exit::of(printed, std::slice::from_ref(failure)),
        }
    }

    /// The larger, the worse.
    fn badness(&self) -> u8 {
        match self {
            Self::Met | Self::Succeeded => 0,
            Self::Unknown | Self::Lost(_) => 1,
            Self::Cancelled => 2,
            Self::Stalled => 3,
            Self::TimedOut => 4,
            Self::Unmatched | Self::Failed => 5,
        }
    }
}

/// The code for several: that of the worst. `unread` is what kept lists from being read.
pub(super) fn of_all(outcomes: &[Outcome], unread: &[Failure], printed: bool) -> Exit {
    let lost: Vec<Failure> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Lost(failure) => Some(failure.clone()),
            _ => None,
        })
        .chain(unread.iter().cloned())
        .collect();
    let is_known = |outcome: &Outcome| !matches!(outcome, Outcome::Lost(_));
    let known = outcomes.iter().any(is_known);
    match outcomes.iter().max_by_key(|outcome| outcome.badness()) {
        // Nothing at all is known.
        _ if !known && !lost.is_empty() => Exit::of(printed, &lost),
        Some(worst) if worst.badness() > 1 => worst.exit(printed),
        Some(Outcome::Unknown | Outcome::Lost(_)) => Exit::Partial,
        _ if !lost.is_empty() => Exit::Partial,
        _ => Exit::Ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Trouble;

    fn lost() -> Failure {
        Failure::of("a", Trouble::TooLarge { limit: 1 })
    }

    #[test]
    fn the_worst_of_all_counts() {
        use Outcome::{
            Cancelled, Failed, Lost, Met, Stalled, Succeeded, TimedOut, Unknown, Unmatched,
        };
        for (outcomes, expected) in [
            (vec![Succeeded, Succeeded], Exit::Ok),
            (vec![Succeeded, Met], Exit::Ok),
            (vec![Succeeded, Unknown], Exit::Partial),
            (vec![Succeeded, Lost(lost())], Exit::Partial),
            (vec![Lost(lost()), Lost(lost())], Exit::Service),
            (vec![Lost(lost()), Cancelled, Succeeded], Exit::RunCancelled),
            (vec![Stalled, Cancelled], Exit::RunStalled),
            (vec![Stalled, TimedOut], Exit::Timeout),
            (vec![TimedOut, Failed, Succeeded], Exit::RunFailed),
            (vec![Unmatched, Stalled], Exit::RunFailed),
        ] {
            assert_eq!(of_all(&outcomes, &[], false), expected, "{outcomes:?}");
        }
        let ended = |outcome: Outcome| of_all(&[outcome], &[lost()], true);
        assert_eq!(ended(Succeeded), Exit::Partial, "a list was not read");
        assert_eq!(ended(Failed), Exit::RunFailed);
    }

    #[test]
    fn an_end_is_not_what_something_else_is_waited_for() {
        for (status, waits, expected) in [
            (RunStatus::Succeeded, false, Exit::Ok),
            (RunStatus::Succeeded, true, Exit::RunFailed),
            (RunStatus::Failed, true, Exit::RunFailed),
            (RunStatus::TimedOut, false, Exit::RunFailed),
            (RunStatus::Cancelled, true, Exit::RunCancelled),
            (RunStatus::Unknown, false, Exit::Partial),
            (RunStatus::Running, false, Exit::Partial),
        ] {
            let outcome = Outcome::of(status, waits);
            assert_eq!(outcome.exit(false), expected, "{status:?}");
        }
    }
}
