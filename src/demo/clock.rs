//! The demo's time. Every time in the demo's data is an offset in seconds from the moment the demo
//! started: negative ones are history, positive ones have not happened yet. A server shows only
//! what has happened, which is what makes its live runs grow.

use jiff::{SignedDuration, Timestamp};

/// When the demo started, and how far it has come since.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Timestamp,
    /// Where it stands still, if it does.
    stopped: Option<f64>,
}

impl Clock {
    /// A clock whose offset 0 is `start`.
    pub fn starting(start: Timestamp) -> Self {
        Self {
            start,
            stopped: None,
        }
    }

    /// The same, standing still `offset` seconds after the start: the demo is then the same whenever
    /// one looks at it.
    #[must_use]
    pub fn stopped(self, offset: f64) -> Self {
        Self {
            stopped: Some(offset),
            ..self
        }
    }

    /// A clock whose offset 0 is now.
    pub fn starting_now() -> Self {
        Self::starting(Timestamp::now())
    }

    /// The instant `offset` seconds after the start.
    pub fn at(&self, offset: f64) -> Timestamp {
        self.start
            .saturating_add(SignedDuration::from_secs_f64(offset))
            .unwrap_or(self.start)
    }

    /// Seconds since the start.
    pub fn elapsed(&self) -> f64 {
        self.stopped
            .unwrap_or_else(|| Timestamp::now().duration_since(self.start).as_secs_f64())
    }

    /// Whether the instant `offset` seconds after the start is past.
    pub fn has_happened(&self, offset: f64) -> bool {
        offset <= self.elapsed()
    }
}
