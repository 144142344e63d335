//! Every request that was sent, the newest thousand of them: what the API log shows. It knows paths
//! and figures, never a header, a body or a credential.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::model::Sent;

const KEPT: usize = 1000;

/// The newest requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<VecDeque<Sent>>);

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
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(sent);
    }

    pub fn all(&self) -> Vec<Sent> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}
