//! What stands before the routes: the request budget of a quarter of an hour, and the run lists that
//! the service serves again for 15 seconds. Both count in the demo's seconds, never in the clock's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Asked;
use super::wire::{Answer, Query};

/// Requests in a window.
const LIMIT: u32 = 1000;
/// Seconds of a window.
const WINDOW: f64 = 900.0;
/// How long a list without `from` and `to` is served again.
const REUSE: f64 = 15.0;

/// The budget of requests, for all clients together: they all come from one machine.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<Option<(f64, u32)>>);

/// What is left of the budget after a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    requests: u32,
    seconds: f64,
}

impl Budget {
    /// Spends one request, or says that there is none left.
    pub fn take(&self, now: f64) -> Result<Left, Answer> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, used) = match *window {
            Some((start, used)) if now < start + WINDOW => (start, used),
            _ => (now, 0),
        };
        *window = Some((start, used.saturating_add(1)));
        let left = Left {
            requests: LIMIT.saturating_sub(used.saturating_add(1)),
            seconds: (start + WINDOW - now).ceil(),
        };
        if used < LIMIT {
            return Ok(left);
        }
        let mut spent = left.mark(Answer::error(
            429,
            "RATE_LIMIT_EXCEEDED",
            "Too many requests. Please try again later.",
        ));
        spent
            .headers
            .push(("retry-after", left.seconds.to_string()));
        Err(spent)
    }
}

impl Left {
    /// The answer with the headers that say what is left.
    pub fn mark(self, mut answer: Answer) -> Answer {
        answer.headers.extend([
            ("ratelimit-policy", format!("{LIMIT};w={WINDOW}")),
            ("ratelimit-limit", LIMIT.to_string()),
            ("ratelimit-remaining", self.requests.to_string()),
            ("ratelimit-reset", self.seconds.to_string()),
        ]);
        answer
    }
}

/// Run lists lately served, by what they depend on.
#[derive(Debug, Default)]
pub(super) struct Lists(Mutex<HashMap<String, (f64, Answer)>>);

impl Lists {
    /// The list served lately for the same question, unless the question has `from` or `to`.
    pub fn reuse(
        &self,
        asked: &Asked,
        query: &Query,
        now: f64,
        make: impl FnOnce() -> Answer,
    ) -> Answer {
        if query.word("from").is_some() || query.word("to").is_some() {
            return make();
        }
        let key = format!(
            "{} {:?} {:?} {:?}",
            asked.path,
            query.word("roomId"),
            query.word("status"),
            query.int("limit")
        );
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, answer)) = lists.get(&key)
            && now - made < REUSE
        {
            return answer.clone();
        }
        let answer = make();
        lists.insert(key, (now, answer.clone()));
        answer
    }
}
