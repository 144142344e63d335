//! Small things that rows say, in words that can be pasted anywhere: offsets, repeats, verdicts, silence.

use crate::{
    analysis::{
        Gap, OpKind, Operation, Repeat, Verdict,
        spelling::{self, is_told, span},
    },
    model::Time,
};

/// Verdicts that say nothing of such an operation are blank.
pub(super) fn told(kind: OpKind, verdict: Verdict) -> &'static str {
    if is_told(kind, verdict) {
        verdict.word()
    } else {
        ""
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

/// How long after the start; empty where one of them is not known.
pub(super) fn offset(origin: Option<Time>, time: Option<Time>) -> String {
    let known = origin.zip(time);
    known.map_or_else(String::new, |(origin, time)| spelling::offset(origin, time))
}

/// Why a loop is one, where nothing in it failed.
pub(super) fn round(repeat: &Repeat) -> String {
    let count = repeat.count;
    let what = match repeat.cycle.as_slice() {
        [] | [_] => format!("the same call with the same result {count} times"),
        cycle => format!("the same {} calls in turn {count} times", cycle.len()),
    };
    match repeat.took {
        Some(took) => format!("{what} in {}", span(took)),
        None => what,
    }
}

/// How long something goes on so far: `2m03s+`.
pub(super) fn open_for(operation: &Operation, now: Option<Time>) -> String {
    let so_far = operation.started.zip(now);
    let so_far = so_far.and_then(|(start, now)| now.since(start));
    so_far.map_or_else(String::new, |so_far| format!("{}+", span(so_far)))
}

/// A line for a silence.
pub(super) fn silence(gap: &Gap) -> String {
    let quiet = gap.to.since(gap.from).unwrap_or_default();
    format!("-- {} without events --", span(quiet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeId;

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
        assert_eq!(
            round(&repeat(&["a", "b"], 6, true, false)),
            "the same 2 calls in turn 6 times"
        );
    }
}
