//! A beginning of time as it is written on the command line. It knows neither clock nor zone: what needs
//! them is resolved by whoever has them.

use std::time::Duration;

use jiff::{Timestamp, civil};

use crate::config::parse_duration;

/// A beginning of time that needs a clock or a zone to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So long before now.
    Ago(Duration),
    /// An instant.
    At(Timestamp),
    /// On a calendar, in the configured zone.
    Civil(civil::DateTime),
}

pub(super) fn since(text: &str) -> Result<Since, String> {
    if let Ok(ago) = parse_duration(text) {
        return Ok(Since::Ago(ago));
    }
    if let Ok(at) = text.parse() {
        return Ok(Since::At(at));
    }
    text.parse()
        .map(Since::Civil)
        .map_err(|_| "write it like 24h, 7d, 2026-11-20 or 2026-11-20T08:00:00Z".to_owned())
}

/// Reads `--timeout`: without any time nothing could be answered.
pub(super) fn patience(text: &str) -> Result<Duration, String> {
    let time = parse_duration(text)?;
    if time.is_zero() {
        return Err("it must be longer than nothing, like 30s or 5m".to_owned());
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_span_an_instant_or_a_date() {
        assert_eq!(since("24h"), Ok(Since::Ago(Duration::from_hours(24))));
        let at = Timestamp::from_second(1_763_625_600).unwrap();
        assert_eq!(since("2025-11-20T08:00:00Z"), Ok(Since::At(at)));
        let day = civil::date(2026, 11, 20).at(0, 0, 0, 0);
        assert_eq!(since("2026-11-20"), Ok(Since::Civil(day)));
    }
}
