//! Times as people write them: spans back from now (`24h`), days by name, dates and instants, each with as
//! much or as little as is known. Every spelling is a part of time with a beginning and an end.

use std::ops::RangeInclusive;

use jiff::{
    Timestamp, ToSpan as _, Zoned,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{Terms, number};

/// A part of time in nanoseconds since 1970: its first, and the first behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub begin: i128,
    pub end: i128,
}

/// How times are written, for those who wrote something else.
pub(super) const SPELLINGS: &str =
    "a time: 24h, today, yesterday, 2026-08-21, 2026-08-21T02:00Z, or a..b";

impl Stretch {
    fn instant(at: i128) -> Self {
        Self {
            begin: at,
            end: at + 1,
        }
    }

    /// From its beginning on.
    pub fn since(self) -> RangeInclusive<i128> {
        self.begin..=i128::MAX
    }

    /// Up to its end.
    pub fn until(self) -> RangeInclusive<i128> {
        i128::MIN..=self.end - 1
    }
}

/// One time. `with` is the day that a time of day is on.
pub(super) fn time(text: &str, terms: &Terms, with: Option<Date>) -> Option<Stretch> {
    let now = i128::from(terms.now.0);
    match text {
        "now" => return Some(Stretch::instant(now)),
        "today" => return day(today(terms)?, terms),
        "yesterday" => return day(today(terms)?.yesterday().ok()?, terms),
        _ => {}
    }
    if let Some(ago) = number::span(text) {
        return Some(Stretch::instant(now.checked_sub(ago.value)?));
    }
    if let Ok(date) = text.parse::<Date>()
        && !text.contains([':', 'T', 't', ' '])
    {
        return day(date, terms);
    }
    let with_day = match with {
        Some(day) if is_time_of_day(text) => format!("{day}T{text}"),
        _ => text.replacen(' ', "T", 1),
    };
    moment(&with_day, terms)
}

/// The day that a time was written for.
pub(super) fn day_of(text: &str, terms: &Terms) -> Option<Date> {
    match text {
        "today" => return today(terms),
        "yesterday" => return today(terms)?.yesterday().ok(),
        _ => {}
    }
    text.get(..10)?.parse().ok()
}

fn is_time_of_day(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_digit()) && text.find(':').is_some_and(|at| at <= 2)
}

fn today(terms: &Terms) -> Option<Date> {
    let now = Timestamp::from_nanosecond(i128::from(terms.now.0)).ok()?;
    Some(now.to_zoned(terms.zone.clone()).date())
}

fn day(date: Date, terms: &Terms) -> Option<Stretch> {
    let begin = date.to_zoned(terms.zone.clone()).ok()?;
    stretch(&begin, 1.day())
}

/// `2026-08-21T02:00` with seconds and a zone or without.
fn moment(text: &str, terms: &Terms) -> Option<Stretch> {
    let (local, zone) = zone_of(text, terms)?;
    let clock = local.split_once(['T', 't'])?.1;
    let unit = match (clock.matches(':').count(), clock.contains('.')) {
        (_, true) => 1.nanosecond(),
        (0, _) => 1.hour(),
        (1, _) => 1.minute(),
        _ => 1.second(),
    };
    let begin: DateTime = local.parse().ok()?;
    stretch(&begin.to_zoned(zone).ok()?, unit)
}

/// Parts `Z` or an offset from a time.
fn zone_of<'a>(text: &'a str, terms: &Terms) -> Option<(&'a str, TimeZone)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local, TimeZone::UTC));
    }
    let clock = text.find(['T', 't'])?;
    let Some(sign) = text.get(clock..)?.find(['+', '-']) else {
        return Some((text, terms.zone.clone()));
    };
    let (local, offset) = text.split_at_checked(clock + sign)?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes: i32 = if minutes.is_empty() {
        0
    } else {
        minutes.parse().ok()?
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes * 60;
    let seconds = if offset.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    let offset = jiff::tz::Offset::from_seconds(seconds).ok()?;
    Some((local, offset.to_time_zone()))
}

fn stretch(begin: &Zoned, long: jiff::Span) -> Option<Stretch> {
    let end = begin.checked_add(long).ok()?;
    Some(Stretch {
        begin: begin.timestamp().as_nanosecond(),
        end: end.timestamp().as_nanosecond(),
    })
}
