//! How long nothing has happened in a run: whether that is longer than somebody wants to wait, and
//! whether it is unusual for what the run is at. Reads no clock.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    analysis::usual::{self, Unusual},
    model::Event,
};

/// What is to be said of a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nothing.
    Fine,
    /// It is longer than usual; told once.
    Unusual {
        /// So long so far.
        silent: Duration,
        /// Nine of ten silences were no longer.
        usual: Duration,
        /// Whether that is so in this step; else in the run.
        in_step: bool,
    },
    /// It is as long as it may be.
    Stalled(Duration),
}

/// The silence in one run.
#[derive(Debug)]
pub(super) struct Quiet {
    /// When something happened last, or the service was to be asked again.
    since: Instant,
    /// As long as it may be.
    most: Option<Duration>,
    told: bool,
    known: usual::Quiet,
}

impl Quiet {
    /// From now on.
    pub fn new(most: Option<Duration>, now: Instant) -> Self {
        Self {
            since: now,
            most,
            told: false,
            known: usual::Quiet::default(),
        }
    }

    /// Learns from an event, whenever it came, what is usual.
    pub fn learn(&mut self, event: &Event) {
        self.known.learn(event.time, event.step_id.as_deref());
    }

    /// Something happened.
    pub fn ended(&mut self, now: Instant) {
        self.since = now;
        self.told = false;
    }

    /// The service cannot be asked before so long has passed: nobody knows what happens until then.
    pub fn interrupted(&mut self, now: Instant, wait: Duration) {
        self.since = self.since.max(now + wait);
    }

    /// When something is to be said if nothing happens.
    pub fn due(&self) -> Option<Instant> {
        let stalled = self.most.map(|most| self.since + most);
        let unusual = self.unusual().map(|unusual| self.since + unusual.from);
        [stalled, unusual].into_iter().flatten().min()
    }

    /// What is to be said now.
    pub fn judge(&mut self, now: Instant) -> Silence {
        let silent = now.saturating_duration_since(self.since);
        if self.most.is_some_and(|most| silent >= most) {
            return Silence::Stalled(silent);
        }
        match self.unusual() {
            Some(unusual) if silent >= unusual.from => {
                self.told = true;
                Silence::Unusual {
                    silent,
                    usual: unusual.usual,
                    in_step: unusual.in_step,
                }
            }
            _ => Silence::Fine,
        }
    }

    /// From where on silence is unusual; none once that was told.
    fn unusual(&self) -> Option<Unusual> {
        (!self.told).then(|| self.known.unusual()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    fn event(secs: i64, step: &str) -> Event {
        Event {
            time: Some(Time(secs * 1_000_000_000)),
            step_id: Some(step.to_owned()),
            ..Event::default()
        }
    }

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn a_run_stalls_when_nothing_happens_for_as_long_as_may_be() {
        let begin = Instant::now();
        let mut quiet = Quiet::new(Some(secs(90)), begin);
        assert_eq!(quiet.due(), Some(begin + secs(90)));
        assert_eq!(quiet.judge(begin + secs(89)), Silence::Fine);
        quiet.ended(begin + secs(80));
        assert_eq!(quiet.judge(begin + secs(169)), Silence::Fine);
        assert_eq!(quiet.judge(begin + secs(170)), Silence::Stalled(secs(90)));
    }

    #[test]
    fn time_in_which_nobody_could_ask_does_not_count() {
        let begin = Instant::now();
        let mut quiet = Quiet::new(Some(secs(90)), begin);
        quiet.interrupted(begin + secs(60), secs(50));
        assert_eq!(quiet.judge(begin + secs(190)), Silence::Fine);
        assert_eq!(quiet.judge(begin + secs(200)), Silence::Stalled(secs(90)));
    }

    #[test]
    fn what_is_unusual_for_the_step_is_told_once() {
        let begin = Instant::now();
        let mut quiet = Quiet::new(None, begin);
        for at in 0..20 {
            quiet.learn(&event(at * 2, "fast"));
        }
        for at in 0..6 {
            quiet.learn(&event(100 + at * 40, "slow"));
        }
        assert_eq!(quiet.due(), Some(begin + secs(160)));
        assert_eq!(quiet.judge(begin + secs(159)), Silence::Fine);
        let unusual = Silence::Unusual {
            silent: secs(250),
            usual: secs(40),
            in_step: true,
        };
        assert_eq!(quiet.judge(begin + secs(250)), unusual);
        assert_eq!(
            (quiet.due(), quiet.judge(begin + secs(900))),
            (None, Silence::Fine)
        );
        quiet.ended(begin + secs(901));
        assert!(
            quiet.due().is_some(),
            "of the next silence it is told again"
        );
    }

    #[test]
    fn from_little_nothing_is_concluded() {
        let begin = Instant::now();
        let mut quiet = Quiet::new(None, begin);
        for at in 0..4 {
            quiet.learn(&event(at, "s"));
        }
        assert_eq!(quiet.due(), None);
        assert_eq!(quiet.judge(begin + secs(100_000)), Silence::Fine);
    }
}
