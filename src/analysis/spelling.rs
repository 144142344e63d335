//! How durations, offsets, pairs, verdicts and times of operations are told, on the screen and in text alike: one
//! function for each, so that what a person reads here is what he finds there. Decides nothing about a run.

use std::time::Duration;

use super::{Confidence, OpKind, Operation, Verdict, Why, axis::Extent};
use crate::model::Time;

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

/// The sign of a pair of call and result, with how sure it is: `⇄`, `⇄?`, in ASCII `=`, `=?`; empty where
/// there is no pair.
pub fn pair(why: Why, ascii: bool) -> &'static str {
    match (why.confidence(), ascii) {
        (Confidence::Certain, false) => "⇄",
        (Confidence::Certain, true) => "=",
        (Confidence::Inferred, false) => "⇄?",
        (Confidence::Inferred, true) => "=?",
        (Confidence::None, _) => "",
    }
}

/// Whether a verdict is worth a sign or a word on the row of an operation. That all is well is said of what
/// was asked of a tool; of everything else only what is not well.
pub fn is_told(kind: OpKind, verdict: Verdict) -> bool {
    match verdict {
        Verdict::NotReported => false,
        Verdict::Ok => kind == OpKind::Tool,
        _ => true,
    }
}

impl Operation {
    /// When its row says that it was: its beginning, or its end where only that is known.
    pub fn at(&self) -> Option<Time> {
        self.started.or(self.ended)
    }

    /// What is known of when it was, as an axis takes it; what is open goes on until `now`.
    pub fn extent(&self, now: Time) -> Option<Extent> {
        Some(match (self.started, self.ended) {
            (Some(start), None) if self.verdict == Verdict::Running => Extent::Open { start, now },
            (Some(start), Some(end)) if end > start || self.skewed => Extent::Done { start, end },
            (Some(at), _) => Extent::At(at),
            (None, Some(end)) => Extent::Ended { end },
            (None, None) => return None,
        })
    }
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
    fn offsets_say_minutes_and_tenths() {
        for (millis, text) in [
            (0, "0:00.0"),
            (58_249, "0:58.2"),
            (65_200, "1:05.2"),
            (3_723_400, "1:02:03"),
            (-1_500, "-0:01.5"),
            (-99, "0:00.0"),
        ] {
            assert_eq!(offset(Time(0), Time(millis * 1_000_000)), text);
        }
    }

    #[test]
    fn a_pair_has_its_sign_in_either_alphabet() {
        assert_eq!(pair(Why::NoCall, false), "");
        for why in [Why::CallId, Why::Adjacent] {
            let (sign, twin) = (pair(why, false), pair(why, true));
            assert_eq!(crate::text::ascii::plain(sign), twin);
        }
    }
}
