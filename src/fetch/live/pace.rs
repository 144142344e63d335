//! How long to wait between two looks at a followed run: short while something happens, longer when it
//! is quiet, nobody looks or the service has little left to give. Computes; nobody sleeps here.

use std::time::Duration;

use crate::fetch::wait;
use crate::model::{Attention, Budget, Time};

const FAST: Duration = Duration::from_secs(1);
const SLOW: Duration = Duration::from_secs(30);
/// Nobody looks: so much slower, and no slower than this.
const AWAY: u32 = 4;
const AWAY_SLOW: Duration = Duration::from_secs(60);
/// Beside a stream that brings news, for what it does not carry.
const BESIDE_FED: Duration = Duration::from_secs(15);
/// Beside a stream that has brought nothing yet: perhaps it never will.
const BESIDE_MUTE: Duration = Duration::from_secs(3);
/// The wait after the first failure; it doubles, and is drawn at random below that.
const FIRST_FAILURE: Duration = Duration::from_millis(500);
/// No wait after a failure is shorter: a service that asks for none would be asked without end.
const LEAST: Duration = Duration::from_millis(100);
/// However long a service wants to be left alone, it is asked again after this.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// However little the service has left, the run is looked at this often.
const SPARING: Duration = Duration::from_secs(5 * 60);

/// What carries the news, beside the looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing: the looks are all there is.
    Nothing,
    /// A stream that has not brought anything.
    Mute,
    /// A stream that brings news.
    Fed,
}

/// The present cadence.
#[derive(Debug)]
pub(super) struct Pace {
    every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { every: FAST }
    }
}

impl Pace {
    /// A look brought something.
    pub fn news(&mut self) {
        self.every = FAST;
    }

    /// A look brought nothing.
    pub fn quiet(&mut self) {
        self.every = self.every.mul_f64(1.5).min(SLOW);
    }

    /// Until the next look. The last looks at a run that has ended do not wait.
    pub fn next(&self, beside: Beside, ended: bool, attention: Attention) -> Duration {
        if ended {
            return FAST;
        }
        let every = match beside {
            Beside::Nothing => self.every,
            Beside::Mute => self.every.max(BESIDE_MUTE),
            Beside::Fed => BESIDE_FED,
        };
        match attention {
            Attention::Here => every,
            Attention::Away => every.saturating_mul(AWAY).min(AWAY_SLOW),
        }
    }
}

/// At least so long until the next look, lest following takes what is left of the budget: half of it
/// belongs to the person. `cost` is the number of requests in a look.
pub(super) fn sparing(budget: Option<Budget>, cost: u32, now: Time) -> Duration {
    let Some(budget) = budget else {
        return Duration::ZERO;
    };
    let looks = budget.left / 2 / u64::from(cost.max(1));
    match budget.resets {
        Some(resets) => {
            let nanos = resets.0.saturating_sub(now.0);
            let window = Duration::from_nanos(u64::try_from(nanos).unwrap_or(0));
            if looks == 0 {
                return window.min(SPARING);
            }
            window
                .checked_div(u32::try_from(looks).unwrap_or(u32::MAX))
                .unwrap_or_default()
                .min(SPARING)
        }
        None if budget.left == 0 => SLOW,
        None if budget.of.is_some_and(|of| budget.left < of / 10) => FAST.saturating_mul(AWAY),
        None => Duration::ZERO,
    }
}

/// The wait after so many failures in a row (from 1): anything up to a ceiling that doubles.
pub(super) fn backoff(failures: u32) -> Duration {
    let ceiling = FIRST_FAILURE
        .saturating_mul(1 << failures.saturating_sub(1).min(10))
        .min(SLOW);
    ceiling.mul_f64(wait::chance()).max(LEAST)
}

/// The wait after so many failures in a row where the service may have said how long: no shorter than
/// without its word, and never for ever.
pub(super) fn again(wish: Option<Duration>, failures: u32) -> Duration {
    wish.unwrap_or_default().min(LONGEST).max(backoff(failures))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn quiet_runs_are_looked_at_less_and_news_bring_the_pace_back() {
        let mut pace = Pace::default();
        let next = |pace: &Pace| pace.next(Beside::Nothing, false, Attention::Here);
        assert_eq!(next(&pace), secs(1));
        pace.quiet();
        assert_eq!(next(&pace), Duration::from_millis(1500));
        for _ in 0..20 {
            pace.quiet();
        }
        assert_eq!(next(&pace), secs(30));
        assert_eq!(
            pace.next(Beside::Nothing, false, Attention::Away),
            secs(60),
            "slower still, but not for ever"
        );
        assert_eq!(pace.next(Beside::Nothing, true, Attention::Away), secs(1));
        pace.news();
        assert_eq!(next(&pace), secs(1));
        assert_eq!(pace.next(Beside::Nothing, false, Attention::Away), secs(4));
        assert_eq!(pace.next(Beside::Mute, false, Attention::Here), secs(3));
        assert_eq!(pace.next(Beside::Fed, false, Attention::Here), secs(15));
    }

    #[test]
    fn half_of_what_is_left_is_not_for_looks() {
        let left = |left, resets: Option<i64>| Budget {
            left,
            of: Some(100),
            resets: resets.map(|s| Time(s * 1_000_000_000)),
        };
        let wait = |budget| sparing(Some(budget), 2, Time(0));
        assert_eq!(sparing(None, 2, Time(0)), Duration::ZERO);
        assert_eq!(wait(left(40, Some(60))), secs(6));
        assert_eq!(wait(left(1, Some(60))), secs(60));
        assert_eq!(wait(left(0, Some(6000))), SPARING);
        assert_eq!(wait(left(50, None)), Duration::ZERO);
        assert_eq!(wait(left(5, None)), secs(4));
        assert_eq!(wait(left(0, None)), secs(30));
    }

    #[test]
    fn failures_wait_longer_but_never_too_long() {
        assert!(backoff(1) <= FIRST_FAILURE);
        for failures in 1..100 {
            assert!((LEAST..=SLOW).contains(&backoff(failures)));
        }
    }

    #[test]
    fn no_wish_of_a_service_takes_the_wait_away_or_makes_it_endless() {
        for failures in 1..100 {
            assert!(again(Some(Duration::ZERO), failures) >= LEAST);
            assert!(again(None, failures) >= LEAST);
        }
        assert_eq!(again(Some(secs(40)), 1), secs(40));
        assert_eq!(again(Some(Duration::MAX), 1), LONGEST);
    }
}
