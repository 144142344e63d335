//! Every request that was sent, the newest thousand of them: what the API log shows. It knows paths
//! and figures, never a header, a body or a credential.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::model::Time;

const KEPT: usize = 1000;

/// One request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When it was sent.
    pub at: Time,
    /// The context's name.
    pub context: String,
    /// Always `GET`: what buys a token is no read and is not listed.
    pub method: &'static str,
    /// Path under the base URL, with the parameters that the dialect put there.
    pub path: String,
    /// HTTP status; none where no reply came.
    pub status: Option<u16>,
    /// Until the last byte of the body, or until it failed.
    pub took: Duration,
    /// Bytes of the body, decompressed.
    pub bytes: u64,
    /// How many times it had been sent before.
    pub retries: u32,
}

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
