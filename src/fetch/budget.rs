//! What a service says of the requests that it still allows, in each of the spellings in use: one
//! header a figure (`x-ratelimit-*`, `ratelimit-*`), or all of them in one (`ratelimit`).

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::http::time;
use crate::model::Budget;

const FAMILIES: [&str; 3] = ["x-ratelimit", "ratelimit", "x-rate-limit"];

/// The budget, where the headers tell one. Of several windows, the one with least left.
pub(super) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Budget> {
    let (left, of, reset) = figures(headers)?;
    Some(Budget {
        left: whole(left)?,
        of: of.and_then(whole),
        resets: reset
            .and_then(|reset| until_reset(reset, now))
            .and_then(|wait| now.checked_add(wait))
            .map(time),
    })
}

/// How long until the window with least left ends; the nearest, where nothing says what is left.
pub(super) fn reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let nearest = || {
        FAMILIES.iter().find_map(|family| {
            let resets = numbers(headers, &format!("{family}-reset"));
            resets.first().copied()
        })
    };
    let told = figures(headers).and_then(|figures| figures.2);
    until_reset(told.or_else(nearest)?, now)
}

/// Left, of how many, seconds until it begins anew.
type Figures = (f64, Option<f64>, Option<f64>);

/// Of the window with least left; of several that are used up, the one that lasts longest.
fn figures(headers: &HeaderMap) -> Option<Figures> {
    let separate = FAMILIES.iter().find_map(|family| {
        let list = |name: &str| numbers(headers, &format!("{family}-{name}"));
        let (left, of, reset) = (list("remaining"), list("limit"), list("reset"));
        let windows = left.len();
        let figures = left.into_iter().enumerate().map(|(at, left)| {
            let (of, reset) = (beside(&of, at, windows), beside(&reset, at, windows));
            (left, of, reset)
        });
        least(figures)
    });
    separate.or_else(|| structured(headers))
}

/// `ratelimit: "default";r=50;t=30` (several windows divided by commas) with `ratelimit-policy: "default";q=100;w=60`, and the older
/// `ratelimit: limit=100, remaining=50, reset=30`.
fn structured(headers: &HeaderMap) -> Option<Figures> {
    let text = text(headers, "ratelimit")?;
    let policy = self::text(headers, "ratelimit-policy").unwrap_or_default();
    let windows: Vec<&str> = text.split(',').collect();
    let policies: Vec<&str> = policy.split(',').collect();
    let figures = windows.iter().enumerate().filter_map(|(at, window)| {
        let left = figure(window, &["r"])?;
        let name = name(window);
        let named = policies.iter().find(|policy| self::name(policy) == name);
        let alike = policies.get(at).filter(|_| policies.len() == windows.len());
        let of = named.or(alike).or(policies.first());
        let of = of.and_then(|policy| figure(policy, &["q", "limit"]));
        Some((left, of, figure(window, &["t", "reset"])))
    });
    least(figures).or_else(|| {
        let left = figure(&text, &["r", "remaining"])?;
        let of = figure(&text, &["limit", "q"]).or_else(|| figure(&policy, &["q", "limit"]));
        Some((left, of, figure(&text, &["t", "reset"])))
    })
}

/// The first figure of one of these names.
fn figure(text: &str, names: &[&str]) -> Option<f64> {
    text.split([';', ',']).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let named = names.contains(&name.trim().to_ascii_lowercase().as_str());
        named.then(|| number(value)).flatten()
    })
}

/// What a window is called.
fn name(window: &str) -> &str {
    window.split(';').next().unwrap_or_default().trim()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The numbers of a list, each without its parameters.
fn numbers(headers: &HeaderMap, name: &str) -> Vec<f64> {
    let text = text(headers, name).unwrap_or_default();
    let items = text.split(',');
    items
        .filter_map(|item| number(item.split(';').next()?))
        .collect()
}

fn number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().trim_matches('"').parse().ok()?;
    number.is_finite().then_some(number)
}

fn least(windows: impl Iterator<Item = Figures>) -> Option<Figures> {
    windows.min_by(|a, b| {
        let lasts = |figures: &Figures| figures.2.unwrap_or_default();
        a.0.total_cmp(&b.0).then(lasts(b).total_cmp(&lasts(a)))
    })
}

/// The figure of the same window, where there are as many; else the first, which is the nearest.
fn beside(list: &[f64], at: usize, windows: usize) -> Option<f64> {
    let at = if list.len() == windows { at } else { 0 };
    list.get(at).copied()
}

fn whole(n: f64) -> Option<u64> {
    // Halves and negative numbers are nobody's budget; what is too large is as good as endless.
    let seconds = Duration::try_from_secs_f64(n.max(0.0)).ok()?;
    Some(seconds.as_secs())
}

/// Seconds from now, or an instant where the number is too large for that.
fn until_reset(n: f64, now: SystemTime) -> Option<Duration> {
    let wait = Duration::try_from_secs_f64(n).ok()?;
    if n < 1.0e9 {
        return Some(wait);
    }
    // Some count milliseconds.
    let since = if n < 1.0e11 { wait } else { wait / 1000 };
    let reset = SystemTime::UNIX_EPOCH.checked_add(since)?;
    Some(reset.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::model::Time;

    fn told(pairs: &[(&'static str, &str)]) -> Option<(u64, Option<u64>, Option<i64>)> {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_str(value).unwrap();
                (HeaderName::from_static(name), value)
            })
            .collect();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let budget = read(&headers, now)?;
        let resets = budget
            .resets
            .map(|Time(n)| n / 1_000_000_000 - 1_700_000_000);
        Some((budget.left, budget.of, resets))
    }

    #[test]
    fn every_way_to_tell_a_budget_is_understood() {
        for pairs in [
            &[
                ("x-ratelimit-remaining", "58"),
                ("x-ratelimit-limit", "60"),
                ("x-ratelimit-reset", "12"),
            ][..],
            &[
                ("ratelimit-remaining", "58"),
                ("ratelimit-limit", "60, 60;w=60"),
                ("ratelimit-reset", "1700000012"),
            ],
            &[
                ("x-ratelimit-remaining", "900, 58"),
                ("x-ratelimit-limit", "1000, 60"),
                ("x-ratelimit-reset", "3000, 12"),
            ],
            &[("ratelimit", "limit=60, remaining=58, reset=12")],
            &[
                ("ratelimit", "\"default\";r=58;t=12"),
                ("ratelimit-policy", "\"default\";q=60;w=60"),
            ],
            &[
                ("ratelimit", "\"hour\";r=900;t=3000, \"minute\";r=58;t=12"),
                (
                    "ratelimit-policy",
                    "\"minute\";q=60;w=60, \"hour\";q=1000;w=3600",
                ),
            ],
            &[
                ("x-ratelimit-remaining", "58, 58"),
                ("x-ratelimit-limit", "100, 60"),
                ("x-ratelimit-reset", "5, 12"),
            ],
            &[
                ("x-rate-limit-remaining", "58"),
                ("x-rate-limit-limit", "60"),
                ("x-rate-limit-reset", "1700000012000"),
            ],
        ] {
            assert_eq!(told(pairs), Some((58, Some(60), Some(12))), "{pairs:?}");
        }
        assert_eq!(
            told(&[("x-ratelimit-remaining", "0")]),
            Some((0, None, None))
        );
        for nonsense in ["", "many", "NaN", "-"] {
            assert_eq!(told(&[("x-ratelimit-remaining", nonsense)]), None);
        }
        assert_eq!(told(&[("x-ratelimit-limit", "60")]), None);
    }
}
