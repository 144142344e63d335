//! What state a run is truly in. The service's word is not enough: a crash says completed and tells
//! only in its last event, a timeout may be followed by a late completion, and a run that was
//! superseded never ends.

use std::time::Duration;

use super::plan;
use crate::model::{RunStatus, Time};
use crate::provider::wire::Object;

/// Longest that a stock run may take; one without an end that is older hangs.
pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// One word that ended a run, oldest first in a list of them.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    pub status: Option<String>,
    pub error: Option<String>,
}

/// What is known of how a run stands.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The summary's word.
    pub word: Option<String>,
    pub ends: Vec<End>,
    /// The documented form's list of errors.
    pub errors: Vec<String>,
    /// Actions that say themselves that they failed.
    pub failed_actions: usize,
    /// The last moment of which anything is known.
    pub heard: Option<Time>,
    /// When the reply came.
    pub now: Option<Time>,
}

/// The verdict.
#[derive(Debug, Default)]
pub(super) struct State {
    pub status: RunStatus,
    pub reason: Option<String>,
    pub error: Option<String>,
    pub quiet_since: Option<Time>,
}

impl Evidence {
    pub fn state(&self) -> State {
        let word = self.word.as_deref().unwrap_or("started").trim();
        if !self.errors.is_empty() || word.eq_ignore_ascii_case("failed") {
            let error = (!self.errors.is_empty()).then(|| self.errors.join("; "));
            return failed(error.or_else(|| self.error()));
        }
        if let Some(state) = self.timed_out(word) {
            return state;
        }
        if let Some(error) = self.error() {
            let mut state = failed(Some(error));
            state.reason = word
                .eq_ignore_ascii_case("completed")
                .then(|| "said completed, but ended with an error".to_owned());
            return state;
        }
        self.by_word(word)
    }

    fn timed_out(&self, word: &str) -> Option<State> {
        let is_timeout = |end: &End| end.status.as_deref() == Some("timeout");
        let at = self.ends.iter().position(is_timeout);
        if at.is_none() && !word.eq_ignore_ascii_case("timeout") {
            return None;
        }
        let late = at.is_some_and(|at| {
            let mut later = self.ends.iter().skip(at + 1);
            later.any(|end| end.status.as_deref() == Some("completed"))
        });
        Some(State {
            status: RunStatus::TimedOut,
            reason: late.then(|| "finished late, after its timeout".to_owned()),
            error: self.error(),
            quiet_since: None,
        })
    }

    fn error(&self) -> Option<String> {
        self.ends.iter().find_map(|end| end.error.clone())
    }

    fn by_word(&self, word: &str) -> State {
        let skipped = |why: &str| State {
            status: RunStatus::Cancelled,
            reason: Some(why.to_owned()),
            ..State::default()
        };
        match word.to_ascii_lowercase().as_str() {
            "completed" => State {
                status: RunStatus::Succeeded,
                reason: match self.failed_actions {
                    0 => None,
                    n => Some(plan::with_failed(n)),
                },
                ..State::default()
            },
            "error" => failed(None),
            "cancelled" | "canceled" => State {
                status: RunStatus::Cancelled,
                ..State::default()
            },
            "off" => skipped("skipped: the agent answers only when called"),
            "muted" => skipped("skipped: the room is muted"),
            "self" => skipped("skipped: the agent's own message"),
            "replaced" => skipped("skipped: a newer message came in"),
            "superseded" => skipped("superseded by a newer message"),
            "nomessageid" => skipped("skipped: the message had no id"),
            "started" | "running" | "" => self.unended(),
            _ => State {
                reason: Some(format!("a word of its own: {word}")),
                ..State::default()
            },
        }
    }

    fn unended(&self) -> State {
        let quiet = match (self.now, self.heard) {
            (Some(now), Some(heard)) => now.since(heard).is_some_and(|silence| silence > HOUR),
            _ => false,
        };
        if !quiet {
            return State {
                status: RunStatus::Running,
                ..State::default()
            };
        }
        State {
            status: RunStatus::Unknown,
            reason: Some("never ended, and quiet for over an hour".to_owned()),
            error: None,
            quiet_since: self.heard,
        }
    }
}

fn failed(error: Option<String>) -> State {
    State {
        status: RunStatus::Failed,
        error,
        ..State::default()
    }
}

/// An error as text: a string, or an object's message with its code.
pub(super) fn error_text(object: &Object<'_>, name: &str) -> Option<String> {
    let raw = object.raw(name)?;
    if let Some(inner) = Object::read(raw) {
        let said = [inner.some_text("message"), inner.some_text("code")];
        let said: Vec<String> = said.into_iter().flatten().collect();
        return Some(if said.is_empty() {
            raw.get().to_owned()
        } else {
            said.join(" ")
        });
    }
    let text = object.some_text(name)?;
    (text != "false").then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(word: &str, ends: &[(&str, &str)]) -> State {
        let end = |(status, error): &(&str, &str)| End {
            status: Some((*status).to_owned()),
            error: Some((*error).to_owned()).filter(|error| !error.is_empty()),
        };
        Evidence {
            word: Some(word.to_owned()),
            ends: ends.iter().map(end).collect(),
            ..Evidence::default()
        }
        .state()
    }

    #[test]
    fn the_first_evidence_that_fits_decides() {
        use RunStatus::{Cancelled, Failed, Running, Succeeded, TimedOut, Unknown};
        for (word, ends, expected) in [
            ("completed", &[("completed", "")][..], Succeeded),
            ("completed", &[("completed", "boom")], Failed),
            (
                "completed",
                &[("timeout", "late"), ("completed", "")],
                TimedOut,
            ),
            ("timeout", &[], TimedOut),
            ("error", &[], Failed),
            ("failed", &[], Failed),
            ("cancelled", &[], Cancelled),
            ("muted", &[("muted", "")], Cancelled),
            ("noMessageId", &[], Cancelled),
            ("started", &[], Running),
            ("deferred", &[("deferred", "")], Unknown),
        ] {
            assert_eq!(state(word, ends).status, expected, "{word} {ends:?}");
        }
    }

    #[test]
    fn a_run_without_an_end_is_unknown_after_a_silent_hour_and_not_before() {
        for (now, status) in [(3_600, RunStatus::Running), (3_601, RunStatus::Unknown)] {
            let state = Evidence {
                heard: Some(Time(0)),
                now: Some(Time(now * 1_000_000_000)),
                ..Evidence::default()
            }
            .state();
            assert_eq!(state.status, status);
            assert_eq!(state.quiet_since.is_some(), status == RunStatus::Unknown);
        }
    }
}
