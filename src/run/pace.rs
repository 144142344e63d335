//! When the next frame is due: at once after a key and for the first thing that comes of it, but not for
//! every piece of mail, so that a flood of data does not become a flood of escape codes. It knows no
//! clock; the time is handed in.

use std::time::{Duration, Instant};

use super::line::Line;
use crate::term::{Sent, Shown};

/// The shortest time between two frames that only mail asked for.
const BETWEEN: Duration = Duration::from_millis(33);

/// When the last frame was and when the next one is due.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    due: Option<Instant>,
    answer: Answer,
    line: Line,
}

/// How far what somebody asked for is on the screen. Whoever started sortie asked for something, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Answer {
    /// Nothing is painted since.
    #[default]
    Asked,
    /// A frame is painted; the first news are likely to be what was asked for.
    Taken,
    Given,
}

impl Pace {
    /// For a terminal that takes so long to answer; none where it is not to be asked.
    pub fn new(trip: Option<Duration>) -> Self {
        Self {
            line: Line::new(trip),
            ..Self::default()
        }
    }

    /// Whether the terminal is to be asked what it has shown.
    pub fn asks(&mut self) -> bool {
        self.line.asks()
    }

    /// It answered, or did not.
    pub fn shown(&mut self, shown: Shown) {
        self.line.shown(shown.asked, shown.answered);
    }

    /// A key was typed.
    pub fn answer(&mut self, now: Instant) {
        self.answer = Answer::Asked;
        self.at_once(now);
    }

    /// Somebody waits for it.
    pub fn at_once(&mut self, now: Instant) {
        self.due = Some(now);
    }

    /// There is something new to show.
    pub fn soon(&mut self, now: Instant) {
        let waits = self.last.filter(|_| self.answer != Answer::Taken);
        let at = waits.map_or(now, |last| now.max(last + BETWEEN));
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// When the next frame is due.
    pub fn due(&self) -> Option<Instant> {
        let due = self.due?;
        Some(self.line.free().map_or(due, |free| free.max(due)))
    }

    /// Whether it is due now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// What there is to show is painted now, in one frame or more.
    pub fn answered(&mut self) {
        self.answer = match self.answer {
            Answer::Asked => Answer::Taken,
            Answer::Taken | Answer::Given => Answer::Given,
        };
    }

    /// A frame was written.
    pub fn wrote(&mut self, sent: Sent) {
        self.line.wrote(sent.bytes, sent.begun, sent.ended);
    }

    /// A frame was painted.
    pub fn painted(&mut self, now: Instant) {
        self.last = Some(now);
        self.due = None;
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
        let painted = |pace: &mut Pace, ms| {
            pace.answered();
            pace.painted(at(ms));
        };
        pace.soon(at(0));
        assert!(pace.is_due(at(0)), "the first news is shown at once");
        painted(&mut pace, 0);
        assert_eq!(pace.due(), None);
        pace.soon(at(1));
        assert!(pace.is_due(at(1)), "what comes first of the start is, too");
        painted(&mut pace, 1);
        pace.soon(at(5));
        pace.soon(at(20));
        assert_eq!(pace.due(), Some(at(34)), "later news do not put it off");
        pace.answer(at(21));
        pace.soon(at(22));
        assert!(pace.is_due(at(22)));
        painted(&mut pace, 22);
        pace.soon(at(23));
        assert!(pace.is_due(at(23)), "what a key asked for is not put off");
        painted(&mut pace, 23);
        pace.soon(at(24));
        assert_eq!(pace.due(), Some(at(56)), "what comes after that is");
        painted(&mut pace, 56);
        pace.at_once(at(60));
        painted(&mut pace, 60);
        pace.soon(at(61));
        assert_eq!(pace.due(), Some(at(93)), "a deadline asks for nothing");
        painted(&mut pace, 93);
        pace.soon(at(130));
        assert!(pace.is_due(at(130)), "after a pause there is no wait");
    }
}
