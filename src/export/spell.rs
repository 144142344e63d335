//! Small things that rows say, in words that can be pasted anywhere: offsets, repeats, verdicts, silence.

use super::text::span;
use crate::{
    analysis::{Gap, Operation, Repeat, Verdict, axis::length},
    model::Time,
};

/// Verdicts that say nothing are blank.
pub(super) fn told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotReported => "",
        told => told.word(),
    }
}

/// `x23 loop`, `(a->b) x6`, `x4 with other results`.
pub(super) fn repeats(repeat: &Repeat) -> String {
    let count = repeat.count;
    let times = match repeat.cycle.as_slice() {
        [] | [_] => format!("x{count}"),
        cycle => format!("({}) x{count}", cycle.join("->")),
    };
    match (repeat.is_loop, repeat.differs) {
        (true, _) => format!("{times} loop"),
        (false, true) => format!("{times} with other results"),
        (false, false) => times,
    }
}

/// How long after the start: `0:58.2`, `1:02:03.4`, `-0:01.5`.
pub(super) fn offset(origin: Option<Time>, time: Option<Time>) -> String {
    let Some((origin, time)) = origin.zip(time) else {
        return String::new();
    };
    let (late, off) = match time.since(origin) {
        Some(off) => (true, off),
        None => (false, origin.since(time).unwrap_or_default()),
    };
    let tenths = off.as_millis() / 100;
    let sign = if late || tenths == 0 { "" } else { "-" };
    let (minutes, tenths) = (tenths / 600, tenths % 600);
    let seconds = format!("{:02}.{}", tenths / 10, tenths % 10);
    match minutes {
        0..60 => format!("{sign}{minutes}:{seconds}"),
        _ => format!("{sign}{}:{:02}:{seconds}", minutes / 60, minutes % 60),
    }
}

/// How long something goes on so far: `2m 03s+`.
pub(super) fn open_for(operation: &Operation, now: Option<Time>) -> String {
    let so_far = operation.started.zip(now);
    let so_far = so_far.and_then(|(start, now)| now.since(start));
    so_far.map_or_else(String::new, |so_far| format!("{}+", span(so_far)))
}

/// A line for a silence.
pub(super) fn silence(gap: &Gap) -> String {
    let quiet = gap.to.since(gap.from).unwrap_or_default();
    let nanos = u64::try_from(quiet.as_nanos()).unwrap_or(u64::MAX);
    format!("-- {} without events --", length(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;

    #[test]
    fn offsets_say_minutes_and_tenths() {
        let at = |millis| Time::from_millis(millis);
        for (millis, text) in [
            (0, "0:00.0"),
            (58_249, "0:58.2"),
            (65_200, "1:05.2"),
            (3_723_400, "1:02:03.4"),
            (-1_500, "-0:01.5"),
            (-99, "0:00.0"),
        ] {
            assert_eq!(offset(at(0), at(millis)), text);
        }
        assert_eq!(offset(None, at(5)), "");
    }

    #[test]
    fn repeats_say_how_often_and_whether_it_is_a_loop() {
        let repeat = |cycle: &[&str], count, is_loop, differs| Repeat {
            count,
            cycle: cycle.iter().map(|tool| (*tool).to_owned()).collect(),
            first: NodeId(0),
            is_loop,
            differs,
            took: None,
            tokens: 0,
        };
        assert_eq!(repeats(&repeat(&["a"], 23, true, false)), "x23 loop");
        assert_eq!(
            repeats(&repeat(&["a", "b"], 6, true, false)),
            "(a->b) x6 loop"
        );
        assert_eq!(
            repeats(&repeat(&["a"], 4, false, true)),
            "x4 with other results"
        );
        assert_eq!(repeats(&repeat(&["a"], 2, false, false)), "x2");
    }
}
