//! Which values are instants: spelled as RFC 3339 or the headers of mails and HTTP have it, or counted since 1970 under a key that is named
//! like a time. Only what names its zone is one. It knows no zone and no clock.

use crate::model::Time;

/// 2001-01-01 and 2100-01-01 in seconds: outside of this a count is taken for something else.
const FROM: i64 = 978_307_200;
const TO: i64 = 4_102_444_800;

/// The instant that a literal means, string or number, under a key literal.
pub(super) fn meant(key: Option<&[u8]>, value: &[u8]) -> Option<Time> {
    let inside = value
        .strip_prefix(b"\"")
        .and_then(|v| v.strip_suffix(b"\""));
    match inside {
        Some(text) => spelled(text)
            .or_else(|| posted(text))
            .or_else(|| counted(key?, text)),
        None => counted(key?, value),
    }
}

/// A whole number since 1970 in seconds, or thousandths, millionths, billionths of one.
fn counted(key: &[u8], digits: &[u8]) -> Option<Time> {
    if let Some(point) = digits.iter().position(|b| *b == b'.') {
        // Only seconds have a fraction.
        let (whole, rest) = digits.split_at_checked(point)?;
        let (nanos, rest) = fraction(rest)?;
        let whole = counted(key, whole).filter(|_| rest.is_empty() && whole.len() == 10)?;
        return whole.0.checked_add(nanos).map(Time);
    }
    if !(10..=19).contains(&digits.len()) || !is_time(key) {
        return None;
    }
    let n: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    [1, 1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .find(|part| (FROM..TO).contains(&(n / part)))
        .and_then(|part| n.checked_mul(1_000_000_000 / part))
        .map(Time)
}

/// Whether a key is named like a time.
fn is_time(key: &[u8]) -> bool {
    const ENDS: [&str; 17] = [
        "at",
        "time",
        "timestamp",
        "ts",
        "date",
        "on",
        "until",
        "ms",
        "us",
        "ns",
        "millis",
        "micros",
        "nanos",
        "created",
        "updated",
        "expires",
        "expiry",
    ];
    const WHOLE: [&str; 12] = [
        "iat", "exp", "nbf", "start", "end", "started", "ended", "finished", "modified", "since",
        "from", "to",
    ];
    let Ok(key) = std::str::from_utf8(key) else {
        return false;
    };
    let key = key.trim_matches('"');
    // `createdAt` and `created_at` end in the same word
    let small = key.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let word = match small.chars().next_back() {
        Some(c) if c.is_ascii_uppercase() => key.get(small.len() - 1..),
        _ => key.get(small.len()..),
    };
    let word = match word {
        Some("") | None => key.rsplit(['_', '-', '.']).next().unwrap_or(key),
        Some(word) => word,
    };
    let is = |list: &[&str], word: &str| list.iter().any(|end| end.eq_ignore_ascii_case(word));
    is(&ENDS, word) || is(&WHOLE, key) || is(&["start", "end"], word)
}

/// `2026-08-21T02:00:00.5Z`, with a blank for the `T` or an offset for the `Z`.
fn spelled(text: &[u8]) -> Option<Time> {
    if !(20..=40).contains(&text.len()) {
        return None;
    }
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = match date {
        [y @ .., b'-', m1, m2, b'-', d1, d2] => {
            (number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
        }
        _ => return None,
    };
    let (sep, rest) = rest.split_first()?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let (h, m, s) = match clock {
        [h1, h2, b':', m1, m2, b':', s1, s2] => (
            number(&[*h1, *h2])?,
            number(&[*m1, *m2])?,
            number(&[*s1, *s2])?,
        ),
        _ => return None,
    };
    if !matches!(sep, b'T' | b't' | b' ') {
        return None;
    }
    let (nanos, zone) = fraction(rest)?;
    let time = instant((year, month, day), (h, m, s), offset(zone)?)?;
    time.0.checked_add(nanos).map(Time)
}

/// `Fri, 21 Aug 2026 02:00:00 GMT`, as mails and HTTP write it; the weekday is not looked at.
fn posted(text: &[u8]) -> Option<Time> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    if !(20..=40).contains(&text.len()) {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let date = text.split_once(", ").map_or(text, |(_, date)| date);
    let mut words = date.split(' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let (clock, zone) = (words.next()?, words.next()?);
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let fine = (1..=2).contains(&day.len()) && year.len() == 4 && words.next().is_none();
    let mut clock = clock.split(':').map(|part| {
        let digits = Some(part.as_bytes()).filter(|part| part.len() == 2);
        digits.and_then(number)
    });
    let clock = (clock.next()??, clock.next()??, clock.next()??);
    let ahead = match zone {
        "GMT" | "UTC" | "UT" | "Z" => 0,
        zone => offset(zone.as_bytes())?,
    };
    let date = (number(year.as_bytes())?, month, number(day.as_bytes())?);
    instant(date, clock, ahead).filter(|_| fine)
}

/// The instant of a date and a time of day in a zone that is so many seconds ahead of UTC.
fn instant(date: (i64, i64, i64), clock: (i64, i64, i64), ahead: i64) -> Option<Time> {
    let ((year, month, day), (h, m, s)) = (date, clock);
    let fine = (1678..2262).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && h < 24
        && m < 60
        && s <= 60;
    let seconds = days(year, month, day) * 86_400 + h * 3600 + m * 60 + s - ahead;
    let nanos = seconds.checked_mul(1_000_000_000).filter(|_| fine)?;
    Some(Time(nanos))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |n, digit| {
        digit
            .is_ascii_digit()
            .then(|| n * 10 + i64::from(digit - b'0'))
    })
}

fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some(fraction) = rest.strip_prefix(b".") else {
        return Some((0, rest));
    };
    let len = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, zone) = fraction.split_at_checked(len)?;
    let nanos = digits.iter().chain(b"000000000").take(9).copied();
    let nanos = number(&nanos.collect::<Vec<u8>>())?;
    (len > 0).then_some((nanos, zone))
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, digits) = match zone {
        b"Z" | b"z" | b" UTC" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (h, m) = match digits {
        [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (number(&[*h1, *h2])?, number(&[*m1, *m2])?),
        [h1, h2] => (number(&[*h1, *h2])?, 0),
        _ => return None,
    };
    (h < 24 && m < 60).then_some(sign * (h * 3600 + m * 60))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; years are counted from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(key: &str, value: &str) -> Option<i64> {
        meant(Some(key.as_bytes()), value.as_bytes()).map(Time::millis)
    }

    #[test]
    fn instants_are_known() {
        for (key, value, millis) in [
            ("\"x\"", "\"1970-01-01T00:00:00Z\"", 0),
            ("\"x\"", "\"2026-08-21T02:00:00.25Z\"", 1_787_277_600_250),
            ("\"x\"", "\"2026-08-21 04:00:00+02:00\"", 1_787_277_600_000),
            ("\"x\"", "\"2000-02-29T12:00:00-0130\"", 951_831_000_000),
            ("\"createdAt\"", "1787277600000", 1_787_277_600_000),
            ("\"created_at\"", "1787277600", 1_787_277_600_000),
            ("\"ts\"", "1787277600000000", 1_787_277_600_000),
            (
                "\"startTime\"",
                "\"1787277600000000000\"",
                1_787_277_600_000,
            ),
            ("\"exp\"", "1787277600", 1_787_277_600_000),
            ("\"us\"", "1787277600000500", 1_787_277_600_000),
            ("\"time\"", "1787277600.5", 1_787_277_600_500),
            ("\"ts\"", "\"1787277600.25\"", 1_787_277_600_250),
            (
                "\"x\"",
                "\"Fri, 21 Aug 2026 02:00:00 GMT\"",
                1_787_277_600_000,
            ),
            ("\"x\"", "\"21 Aug 2026 04:00:00 +0200\"", 1_787_277_600_000),
        ] {
            assert_eq!(at(key, value), Some(millis), "{key} {value}");
        }
    }

    #[test]
    fn other_numbers_and_texts_are_none() {
        for (key, value) in [
            ("\"id\"", "1787277600"),
            ("\"created_at\"", "12345"),
            ("\"created_at\"", "99999999999"),
            ("\"count\"", "1787277600000"),
            ("\"chat\"", "1787277600000"),
            ("\"x\"", "\"2026-08-21\""),
            ("\"x\"", "\"2026-13-21T02:00:00Z\""),
            ("\"x\"", "\"2026-08-21T02:00:00\""),
            ("\"x\"", "\"2026-08-21T02:00:00 or later\""),
            ("\"x\"", "\"Fri, 21 Aug 2026 02:00:00\""),
            ("\"x\"", "\"Fri, 21 August 2026 02:00:00 GMT\""),
            ("\"x\"", "\"we met, 21 Aug 2026 25:00:00 GMT\""),
        ] {
            assert_eq!(at(key, value), None, "{key} {value}");
        }
    }
}
