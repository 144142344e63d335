//! Times and durations in words, always in the zone that is shown.

use jiff::{Timestamp, tz::TimeZone};

pub use crate::analysis::spelling::{offset, span};
use crate::model::Time;

/// Date and time to the millisecond with the zone's name or offset: `2026-08-21 02:14:07.120 UTC`.
pub fn full(time: Time, zone: &TimeZone) -> String {
    stamp(time).map_or_else(
        || "a time out of range".to_owned(),
        |stamp| {
            stamp
                .to_zoned(zone.clone())
                .strftime("%Y-%m-%d %H:%M:%S.%3f %Z")
                .to_string()
        },
    )
}

/// The beginning of the day in which a time lies.
pub fn midnight(time: Time, zone: &TimeZone) -> Time {
    let day = stamp(time).map(|stamp| stamp.to_zoned(zone.clone()));
    let start = day.and_then(|day| day.start_of_day().ok());
    let nanos = start.and_then(|start| i64::try_from(start.timestamp().as_nanosecond()).ok());
    nanos.map_or(time, Time)
}

/// The time of day: `02:14:07`.
pub fn clock(time: Time, zone: &TimeZone) -> String {
    stamp(time).map_or_else(String::new, |stamp| {
        stamp
            .to_zoned(zone.clone())
            .strftime("%H:%M:%S")
            .to_string()
    })
}

/// How long after the one above: `+0.4s`, `+1m02s`; `-0.4s` where clocks disagree.
pub fn delta(before: Time, time: Time) -> String {
    match time.since(before) {
        Some(after) => format!("+{}", span(after)),
        None => format!("-{}", span(before.since(time).unwrap_or_default())),
    }
}

/// A time on an axis whose marks lie that many nanoseconds apart: with its fraction below a second, with
/// its date from a day on.
pub fn tick(time: Time, step: u64, zone: &TimeZone) -> String {
    let form = match step {
        0..1_000_000_000 => "%H:%M:%S.%3f",
        1_000_000_000..86_400_000_000_000 => "%H:%M:%S",
        _ => "%m-%d",
    };
    stamp(time).map_or_else(String::new, |stamp| {
        stamp.to_zoned(zone.clone()).strftime(form).to_string()
    })
}

/// How long ago in one unit: `4s`, `12m`, `3h`, `5d`; `soon` for what lies ahead.
pub fn age(now: Time, time: Time) -> String {
    let Some(ago) = now.since(time) else {
        return "soon".to_owned();
    };
    match ago.as_secs() {
        s @ 0..=59 => format!("{s}s"),
        s @ 60..=3599 => format!("{}m", s / 60),
        s @ 3600..=172_799 => format!("{}h", s / 3600),
        s => format!("{}d", s / 86_400),
    }
}

/// A count in at most five characters: `912`, `41.2k`, `1.3M`.
pub fn count(n: u64) -> String {
    match n {
        0..=999 => n.to_string(),
        1_000..=999_949 => format!("{:.1}k", n as f64 / 1.0e3),
        _ => format!("{:.1}M", n as f64 / 1.0e6),
    }
}

/// So many of a thing: `1 run`, `12 runs`.
pub fn many(n: usize, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{s}")
}

fn stamp(time: Time) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(time.0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_sizes_and_counts() {
        let hour = 3_600_000_000_000;
        assert_eq!(age(Time(hour), Time(0)), "1h");
        assert_eq!(age(Time(0), Time(hour)), "soon");
        assert_eq!(age(Time(72 * hour), Time(0)), "3d");
        assert_eq!(count(41_234), "41.2k");
        assert_eq!(count(1_300_000), "1.3M");
    }

    #[test]
    fn times_carry_their_zone() {
        let time = Time(1_795_166_597_761_000_000);
        assert_eq!(full(time, &TimeZone::UTC), "2026-11-20 09:23:17.761 UTC");
        assert_eq!(
            clock(time, &TimeZone::fixed(jiff::tz::offset(2))),
            "11:23:17"
        );
        assert_eq!(full(Time(i64::MAX), &TimeZone::UTC).len(), 27);
    }
}
