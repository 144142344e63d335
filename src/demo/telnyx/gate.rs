//! What stands before every route: the key, and the rate-limit headers the service puts on every
//! answer. The limit is a made-up figure; the service publishes none for missions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answers;
use crate::demo::clock::Clock;

const LIMIT: u64 = 6_000;
const WINDOW: u64 = 60;

/// The key that opens the server, and how many calls the current minute has seen.
pub(super) struct Gate {
    clock: Clock,
    bearer: String,
    window: AtomicU64,
    calls: AtomicU64,
}

impl Gate {
    pub(super) fn new(clock: Clock, key: &str) -> Self {
        Self {
            clock,
            bearer: format!("Bearer {key}"),
            window: AtomicU64::new(0),
            calls: AtomicU64::new(0),
        }
    }

    fn opens_for(&self, headers: &HeaderMap) -> bool {
        headers
            .get(header::AUTHORIZATION)
            .is_some_and(|sent| sent.as_bytes() == self.bearer.as_bytes())
    }

    /// Counts a call: calls left in this window, and seconds until it ends.
    fn count(&self) -> (Option<u64>, u64) {
        let now = Duration::try_from_secs_f64(self.clock.elapsed()).map_or(0, |d| d.as_secs());
        let window = now / WINDOW;
        if self.window.swap(window, Ordering::Relaxed) != window {
            self.calls.store(0, Ordering::Relaxed);
        }
        let calls = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        (LIMIT.checked_sub(calls), WINDOW - now % WINDOW)
    }
}

/// Refuses what has no key or comes too often; dresses every answer with the limit's headers.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (left, reset) = gate.count();
    let mut answer = if left.is_none() {
        answers::too_many()
    } else if gate.opens_for(request.headers()) {
        next.run(request).await
    } else {
        answers::refused()
    };
    let headers = answer.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(LIMIT));
    headers.insert(
        "x-ratelimit-remaining",
        HeaderValue::from(left.unwrap_or(0)),
    );
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
    answer
}
