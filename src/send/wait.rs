//! When a request is sent again: only after the four answers that say that later is better, as long after as
//! the receiver wishes, else after a while that grows.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::{Duration, SystemTime},
};

use reqwest::header::{HeaderMap, RETRY_AFTER};

const FIRST: Duration = Duration::from_millis(400);
const LONGEST: Duration = Duration::from_secs(10);

/// How long to wait before the try that follows try number `done`; none where it is not to be tried again.
pub(super) fn before_next(
    status: u16,
    headers: &HeaderMap,
    done: u32,
    now: SystemTime,
) -> Option<Duration> {
    if !matches!(status, 429 | 502 | 503 | 504) {
        return None;
    }
    Some(wish(headers, now).unwrap_or_else(|| growing(done)))
}

fn wish(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

/// Between half of it and all of it, so that many who were sent away do not come back together.
fn growing(done: u32) -> Duration {
    let whole = FIRST.saturating_mul(1 << done.saturating_sub(1).min(10));
    let whole = whole.min(LONGEST);
    let part = RandomState::new().hash_one(done) % 1_000;
    let half = whole / 2;
    half + half.mul_f64(f64::from(u16::try_from(part).unwrap_or(0)) / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again_and_as_late_as_is_wished() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let mut headers = HeaderMap::new();
        for status in [429, 502, 503, 504] {
            let wait = before_next(status, &headers, 1, now).unwrap();
            assert!(wait <= FIRST && wait >= FIRST / 2, "{wait:?}");
        }
        for status in [400, 401, 408, 413, 415, 500, 501] {
            assert_eq!(before_next(status, &headers, 1, now), None, "{status}");
        }
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(
            before_next(503, &headers, 1, now),
            Some(Duration::from_secs(7))
        );
        headers.insert(
            RETRY_AFTER,
            "Tue, 14 Nov 2023 22:13:50 GMT".parse().unwrap(),
        );
        assert_eq!(
            before_next(503, &headers, 1, now),
            Some(Duration::from_secs(30))
        );
        assert!(growing(30) <= LONGEST);
    }
}
