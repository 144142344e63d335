//! Times and durations in words, always in the zone that is shown.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

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

/// How long after the beginning, to the tenth of a second: `0:00.3`, `1:05.2`, `1:02:03`, `-0:01.5`.
pub fn offset(origin: Time, time: Time) -> String {
    let nanos = time.0.saturating_sub(origin.0);
    let tenths = nanos.unsigned_abs() / 100_000_000;
    let sign = if nanos < 0 && tenths > 0 { "-" } else { "" };
    let (secs, tenth) = (tenths / 10, tenths % 10);
    match secs {
        0..3600 => format!("{sign}{}:{:02}.{tenth}", secs / 60, secs % 60),
        3600..360_000 => format!(
            "{sign}{}:{:02}:{:02}",
            secs / 3600,
            secs / 60 % 60,
            secs % 60
        ),
        _ => format!("{sign}{}d{:02}h", secs / 86_400, secs % 86_400 / 3600),
    }
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

/// A duration in at most six characters: `35ms`, `0.4s`, `31s`, `5m18s`, `1h02m`, `2d03h`.
pub fn span(duration: Duration) -> String {
    let millis = duration.as_millis();
    let secs = duration.as_secs();
    match millis {
        0..=99 => format!("{millis}ms"),
        100..=9_949 => format!("{:.1}s", duration.as_secs_f64()),
        9_950..=59_499 => format!("{}s", (millis + 500) / 1000),
        59_500..=59_999 => "1m00s".to_owned(),
        60_000..=3_599_999 => format!("{}m{:02}s", secs / 60, secs % 60),
        3_600_000..=172_799_999 => format!("{}h{:02}m", secs / 3600, secs % 3600 / 60),
        _ => format!("{}d{:02}h", secs / 86_400, secs % 86_400 / 3600),
    }
}

/// A size in bytes in at most seven characters: `412 B`, `2.1 KB`, `3.0 MB`.
pub fn size(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        b if b < 1000.0 => format!("{b} B"),
        b if b < 1.0e6 => format!("{:.1} KB", b / 1.0e3),
        b => format!("{:.1} MB", b / 1.0e6),
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
    fn durations_are_short_at_every_size() {
        let table = [
            (0, "0ms"),
            (35, "35ms"),
            (400, "0.4s"),
            (9_949, "9.9s"),
            (9_950, "10s"),
            (31_400, "31s"),
            (59_999, "1m00s"),
            (318_000, "5m18s"),
            (3_720_000, "1h02m"),
            (183_600_000, "2d03h"),
        ];
        for (millis, expected) in table {
            assert_eq!(span(Duration::from_millis(millis)), expected, "{millis} ms");
        }
    }

    #[test]
    fn ages_sizes_and_counts() {
        let hour = 3_600_000_000_000;
        assert_eq!(age(Time(hour), Time(0)), "1h");
        assert_eq!(age(Time(0), Time(hour)), "soon");
        assert_eq!(age(Time(72 * hour), Time(0)), "3d");
        assert_eq!(size(412), "412 B");
        assert_eq!(size(3_000_000), "3.0 MB");
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
