//! Every request that was sent, the newest thousand of them: what the API log shows. It knows paths
//! and figures, never a header, a body or a credential.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Sent;

const KEPT: usize = 1000;

/// The newest requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    newest: VecDeque<Sent>,
    /// How many there were in all.
    count: usize,
}

impl Log {
    pub fn add(&self, sent: Sent) {
        let path = sent.path.split('?').next().unwrap_or_default();
        tracing::debug!(
            context = sent.context,
            method = sent.method,
            path,
            status = sent.status,
            ms = sent.took.as_millis(),
            bytes = sent.bytes,
            retries = sent.retries,
            "request"
        );
        let mut kept = self.kept();
        if kept.newest.len() >= KEPT {
            kept.newest.pop_front();
        }
        kept.newest.push_back(sent);
        kept.count += 1;
    }

    pub fn all(&self) -> Vec<Sent> {
        self.kept().newest.iter().cloned().collect()
    }

    /// Those after the first `seen`, as far as they are kept, and how many there were in all.
    pub fn since(&self, seen: usize) -> (Vec<Sent>, usize) {
        let kept = self.kept();
        let dropped = kept.count - kept.newest.len();
        let skip = seen.saturating_sub(dropped);
        (kept.newest.iter().skip(skip).cloned().collect(), kept.count)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
