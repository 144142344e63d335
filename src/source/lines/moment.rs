//! When records were, as far as it takes to know the first and the last of them: of a million times that
//! are spelled alike, which is earlier shows without reading them.

use serde_json::value::RawValue;

use crate::{model::Time, provider::wire};

/// The longest spelling that is kept to be compared.
const LONG: usize = 48;

/// When a record was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Moment<'a> {
    #[default]
    Never,
    Known(Time),
    /// An RFC 3339 time in UTC in its quotes, not read yet.
    Spelled(&'a [u8]),
}

impl<'a> Moment<'a> {
    /// Of a JSON value; none where it is no time.
    pub fn spelled(value: &'a [u8]) -> Option<Self> {
        if is_usual(value) {
            return Some(Self::Spelled(value));
        }
        read(value).map(Self::Known)
    }

    pub fn read(self) -> Option<Time> {
        match self {
            Self::Never => None,
            Self::Known(time) => Some(time),
            Self::Spelled(value) => read(value),
        }
    }
}

/// `"2026-03-01T00:00:00.274Z"`: among those of one length the order of the bytes is that of the times. The
/// length and the places of the marks are looked at, and that numbers are between them that a date may have.
fn is_usual(value: &[u8]) -> bool {
    let marks = [
        (0, b'"'),
        (5, b'-'),
        (8, b'-'),
        (11, b'T'),
        (14, b':'),
        (17, b':'),
    ];
    let within =
        |at: usize, most: &[u8; 2]| value.get(at..at + 2).is_some_and(|two| *two <= most[..]);
    (22..=LONG).contains(&value.len())
        && within(6, b"12")
        && within(9, b"31")
        && within(12, b"23")
        && within(15, b"59")
        && within(18, b"59")
        && value.ends_with(b"Z\"")
        && marks.iter().all(|(at, mark)| value.get(*at) == Some(mark))
        && value.iter().filter(|byte| byte.is_ascii_digit()).count()
            + 8
            + usize::from(value.get(20) == Some(&b'.'))
            == value.len()
}

fn read(value: &[u8]) -> Option<Time> {
    let text = std::str::from_utf8(value).ok()?;
    wire::time(serde_json::from_str::<&RawValue>(text).ok()?)
}

/// The first and the last of several moments.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    known: Option<(Time, Time)>,
    /// The earliest and the latest of those of one length that were not read.
    low: Vec<u8>,
    high: Vec<u8>,
}

impl Stretch {
    pub fn take(&mut self, moment: Moment<'_>) {
        let Moment::Spelled(value) = moment else {
            self.widen(moment.read());
            return;
        };
        if self.high.len() != value.len() {
            let (low, high) = (
                std::mem::take(&mut self.low),
                std::mem::take(&mut self.high),
            );
            self.widen(read(&low));
            self.widen(read(&high));
            (self.low, self.high) = (value.to_vec(), value.to_vec());
        } else if *value > *self.high {
            self.high.copy_from_slice(value);
        } else if *value < *self.low {
            self.low.copy_from_slice(value);
        }
    }

    fn widen(&mut self, time: Option<Time>) {
        if let Some(time) = time {
            let (first, last) = self.known.unwrap_or((time, time));
            self.known = Some((first.min(time), last.max(time)));
        }
    }

    /// The first and the last.
    pub fn ends(&self) -> Option<(Time, Time)> {
        let mut all = Self {
            known: self.known,
            ..Self::default()
        };
        all.widen(read(&self.low));
        all.widen(read(&self.high));
        all.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_those_of_all_moments_however_they_are_spelled() {
        let all = [
            r#""2026-03-01T00:00:00.274Z""#,
            r#""2026-03-01T00:00:01.000Z""#,
            r#""2026-03-01T02:00:00+02:00""#,
            r#""2026-02-28T23:59:59Z""#,
            r#""2026-03-01T00:00:00.9999999Z""#,
            "1772323199.5",
            r#""1772323205000""#,
            r#""2026-03-01T00:00:02.000Z""#,
            r#""2026-03-01T00:00:00.1Z""#,
        ];
        let mut stretch = Stretch::default();
        let mut times = Vec::new();
        for value in all {
            let moment = Moment::spelled(value.as_bytes()).unwrap();
            times.push(moment.read().unwrap());
            stretch.take(moment);
            let ends = (*times.iter().min().unwrap(), *times.iter().max().unwrap());
            assert_eq!(stretch.ends(), Some(ends), "{value}");
        }
    }

    #[test]
    fn what_only_looks_like_a_time_is_none() {
        for value in [
            r#""2026-03-01T00:00:00.2-4Z""#,
            r#""2026-03-01T00:00:0xZ""#,
            r#""soon""#,
            r#""2026-13-01T00:00:00Z""#,
            "{}",
        ] {
            assert_eq!(Moment::spelled(value.as_bytes()), None, "{value}");
        }
        // It has the look and is not in any calendar: it counts for nothing.
        let never = Moment::spelled(br#""2026-02-30T00:00:00.274Z""#).unwrap();
        assert_eq!(never.read(), None);
        let mut stretch = Stretch::default();
        stretch.take(never);
        assert_eq!(stretch.ends(), None);
    }
}
