//! When to ask again: only where asking again can help, as the service wishes where it says so, else
//! after a random while that grows. The numbers are drawn here; nobody sleeps here.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::budget;

/// How often one request is sent at most.
pub(super) const TRIES: u32 = 3;
/// Longer waits than this are told to the person rather than sat out.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

const FIRST: Duration = Duration::from_millis(500);
/// No wait is shorter: a service that asks for none would be asked without a pause.
const LEAST: Duration = Duration::from_millis(100);
const CAP: Duration = Duration::from_secs(8);

/// Whether a reply with this status may be another one next time.
pub(super) fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

/// How long the service asks to be left alone, if it does. The end of a window is such a wish only
/// where the window is the reason.
pub(super) fn wish(status: u16, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if !may_pass(status) {
        return None;
    }
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name: &str| text(name)?.parse::<f64>().ok();
    // An instant is one of the service's own clock, which need not agree with this one.
    let theirs = text("date")
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or(now);
    if let Some(wait) = number("retry-after-ms").and_then(|ms| seconds(ms / 1000.0)) {
        return Some(wait);
    }
    if let Some(after) = text("retry-after") {
        let instant = || {
            let date = httpdate::parse_http_date(after).ok()?;
            Some(date.duration_since(theirs).unwrap_or_default())
        };
        let wait = after.parse::<f64>().ok().and_then(seconds);
        if let Some(wait) = wait.or_else(instant) {
            return Some(wait);
        }
    }
    budget::reset(headers, theirs).filter(|_| status == 429)
}

/// The wait before the try that follows try number `done` (from 1), where the service says nothing.
pub(super) fn jitter(done: u32) -> Duration {
    let ceiling = FIRST
        .saturating_mul(1 << done.saturating_sub(1).min(10))
        .min(CAP);
    ceiling.mul_f64(chance()).max(LEAST)
}

/// The wait before the try that follows try number `done`, where the service may have said how long: no
/// shorter than without its word.
pub(super) fn again(wish: Option<Duration>, done: u32) -> Duration {
    wish.unwrap_or_default().max(jitter(done))
}

fn seconds(n: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(n).ok()
}

/// A number in 0..1. The standard library's hasher is seeded at random, which is all it takes.
pub(super) fn chance() -> f64 {
    let bits = RandomState::new().hash_one(SystemTime::now());
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn wished(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        wish(429, &headers, now)
    }

    #[test]
    fn every_way_to_say_later_is_understood() {
        let ms = |n| Some(Duration::from_millis(n));
        assert_eq!(wished(&[("retry-after", "2")]), ms(2000));
        assert_eq!(wished(&[("retry-after", "0.25")]), ms(250));
        assert_eq!(
            wished(&[("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT")]),
            ms(30_000)
        );
        assert_eq!(
            wished(&[("retry-after", "Tue, 14 Nov 2023 22:00:00 GMT")]),
            ms(0)
        );
        assert_eq!(
            wished(&[("retry-after", "9"), ("retry-after-ms", "120")]),
            ms(120)
        );
        assert_eq!(wished(&[("x-ratelimit-reset", "7, 3600")]), ms(7000));
        assert_eq!(wished(&[("ratelimit-reset", "5")]), ms(5000));
        assert_eq!(wished(&[("x-ratelimit-reset", "1700000012")]), ms(12_000));
        for unreadable in ["soon", "-4", "1e40"] {
            let window = ("x-ratelimit-reset", "7");
            assert_eq!(wished(&[("retry-after", unreadable), window]), ms(7000));
        }
        assert_eq!(
            wished(&[
                ("x-ratelimit-remaining", "5, 0"),
                ("x-ratelimit-reset", "7, 3600")
            ]),
            ms(3_600_000),
            "the window that is used up"
        );
        assert_eq!(
            wished(&[("ratelimit", "\"minute\";r=5;t=7, \"hour\";r=0;t=3600")]),
            ms(3_600_000)
        );
        assert_eq!(wished(&[("retry-after", "soon")]), None);
        assert_eq!(wished(&[("retry-after", "-4")]), None);
        assert_eq!(wished(&[]), None);
    }

    #[test]
    fn waits_grow_and_stay_under_the_cap() {
        for done in 1..40 {
            assert!((LEAST..=CAP).contains(&jitter(done)));
            assert!(again(Some(Duration::ZERO), done) >= LEAST);
        }
        assert!(jitter(1) <= FIRST);
        let draws: std::collections::HashSet<_> = (0..20).map(|_| jitter(3)).collect();
        assert!(draws.len() > 1, "jitter that is always the same is none");
    }

    #[test]
    fn only_what_may_pass_is_asked_again() {
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(may_pass(status), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 409, 422] {
            assert!(!may_pass(status), "{status}");
        }
    }
}
