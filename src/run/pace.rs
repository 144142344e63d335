//! When the next frame is due: at once after a key, but not for every piece of mail, so that a flood
//! of data does not become a flood of escape codes. It knows no clock; the time is handed in.

use std::time::{Duration, Instant};

/// The shortest time between two frames that only mail asked for.
const BETWEEN: Duration = Duration::from_millis(33);

/// When the last frame was and when the next one is due.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Pace {
    /// Somebody waits for it.
    pub fn at_once(&mut self, now: Instant) {
        self.due = Some(now);
    }

    /// There is something new to show.
    pub fn soon(&mut self, now: Instant) {
        let at = self.last.map_or(now, |last| now.max(last + BETWEEN));
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// When the next frame is due.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether it is due now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// A frame was painted.
    pub fn painted(&mut self, now: Instant) {
        *self = Self {
            last: Some(now),
            due: None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_answered_at_once_and_mail_at_most_thirty_times_a_second() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        pace.soon(at(0));
        assert!(pace.is_due(at(0)), "the first news is shown at once");
        pace.painted(at(0));
        assert_eq!(pace.due(), None);
        pace.soon(at(5));
        pace.soon(at(20));
        assert_eq!(pace.due(), Some(at(33)), "later news do not put it off");
        pace.at_once(at(21));
        pace.soon(at(22));
        assert!(pace.is_due(at(22)));
        pace.painted(at(22));
        pace.soon(at(100));
        assert!(pace.is_due(at(100)), "after a pause there is no wait");
    }
}
