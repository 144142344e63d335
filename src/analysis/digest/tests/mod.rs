//! Runs written in one line each: what is paired, what became of it, what is folded.

mod pairing;
mod repeats;

use bytes::Bytes;

use super::*;
use crate::{
    analysis::Confidence,
    model::{Kind, Order, Payload, Span, Time},
};

const SECOND: i64 = 1_000_000_000;

/// An event at that second.
fn event(kind: Kind, at: i64, tool: &str, call_id: &str, body: &str) -> Event {
    Event {
        id: format!("{kind:?}-{at}-{tool}-{call_id}"),
        kind,
        order: Order {
            at: at * SECOND,
            tie: 0,
        },
        time: Some(Time(at * SECOND)),
        tool: (!tool.is_empty()).then(|| tool.to_owned()),
        call_id: (!call_id.is_empty()).then(|| call_id.to_owned()),
        body: Span::new(0, body.len()),
        raw: Payload::new(Bytes::copy_from_slice(body.as_bytes())),
        ..Event::default()
    }
}

fn call(at: i64, tool: &str, id: &str) -> Event {
    event(Kind::ToolCall, at, tool, id, r#"{"q":1}"#)
}

fn result(at: i64, tool: &str, id: &str) -> Event {
    event(Kind::ToolResult, at, tool, id, r#"{"found":1}"#)
}

fn failed(at: i64, tool: &str, id: &str) -> Event {
    Event {
        is_error: Some(true),
        ..result(at, tool, id)
    }
}

fn read_on(terms: Terms, events: &[Event]) -> Digest {
    let mut digest = Digest::new(terms);
    for (at, event) in (0u32..).zip(events) {
        digest.push(NodeId(at), event);
    }
    digest.settle();
    digest.finish(true);
    digest
}

fn with_ids() -> Terms {
    Terms {
        call_ids: true,
        ..Terms::default()
    }
}

/// The pairs as `call-result`, and lone ones as `call-` and `-result`, by node.
fn pairs(digest: &Digest) -> String {
    let mut said: Vec<String> = digest
        .operations()
        .filter_map(|node| digest.operation(node))
        .map(|op| match op.answer {
            Some(answer) => format!("{}-{}", op.node.0, answer.0),
            None if op.why == Why::NoResult => format!("{}-", op.node.0),
            None => format!("-{}", op.node.0),
        })
        .collect();
    said.sort();
    said.join(" ")
}

fn verdicts(digest: &Digest) -> Vec<&'static str> {
    digest
        .operations()
        .filter_map(|node| digest.operation(node))
        .map(|op| match op.recovered_by {
            Some(_) => "recovered",
            None => op.verdict.word(),
        })
        .collect()
}

#[test]
fn a_failure_is_recovered_by_a_later_success_of_the_same_tool() {
    let events = [
        call(1, "a", "1"),
        failed(2, "a", "1"),
        call(3, "b", "2"),
        failed(4, "b", "2"),
        call(5, "a", "3"),
        result(6, "a", "3"),
    ];
    let digest = read_on(with_ids(), &events);
    assert_eq!(verdicts(&digest), ["recovered", "failed", "ok"]);
    assert_eq!(digest.first_failure(), Some(NodeId(2)));
    let header = digest.header();
    assert_eq!((header.failed, header.counts.recovered), (1, 1));
    let op = digest.operation(NodeId(1)).unwrap();
    assert_eq!(op.recovered_by, Some(NodeId(4)));
    assert_eq!(op.node, NodeId(0));
}

#[test]
fn of_two_at_once_the_later_one_recovers_although_it_ended_first() {
    let events = [
        call(1, "a", "1"),
        call(2, "a", "2"),
        result(3, "a", "2"),
        failed(4, "a", "1"),
    ];
    assert_eq!(verdicts(&read_on(with_ids(), &events)), ["recovered", "ok"]);
}

#[test]
fn an_open_call_runs_while_the_run_does_and_is_unanswered_then() {
    let events = [call(1, "a", "1"), result(2, "a", "1"), call(3, "b", "2")];
    let mut digest = Digest::new(with_ids());
    for (at, event) in (0u32..).zip(&events) {
        digest.push(NodeId(at), event);
    }
    assert_eq!(verdicts(&digest), ["ok", "running"]);
    digest.finish(true);
    assert_eq!(verdicts(&digest), ["ok", "unanswered"]);
    assert_eq!(digest.header().unanswered, 1);
    digest.finish(false);
    assert_eq!(verdicts(&digest), ["ok", "running"]);
    assert_eq!(digest.header().unanswered, 0);
}

#[test]
fn where_nobody_assigns_ids_only_a_tool_that_was_answered_elsewhere_is_unanswered() {
    let events = [
        call(1, "a", ""),
        call(2, "b", ""),
        result(3, "b", ""),
        call(4, "b", ""),
    ];
    let digest = read_on(Terms::default(), &events);
    assert_eq!(verdicts(&digest), ["not_reported", "ok", "unanswered"]);
}

#[test]
fn silence_is_a_gap_and_waiting_is_none() {
    let events = [
        call(0, "a", "1"),
        result(60, "a", "1"),
        event(Kind::Message, 61, "", "", "1"),
        event(Kind::Message, 120, "", "", "2"),
    ];
    let digest = read_on(with_ids(), &events);
    let gaps = digest.gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].from.0 / SECOND, gaps[0].before), (61, NodeId(3)));
    assert_eq!(digest.extent(), Some((Time(0), Time(120 * SECOND))));
}

#[test]
fn a_tool_that_gives_rows_elsewhere_gives_nothing_oddly_also_before() {
    let empty = |at, id: &str| event(Kind::ToolResult, at, "a", id, "[]");
    let mut events = vec![call(1, "a", "1"), empty(2, "1")];
    assert_eq!(verdicts(&read_on(with_ids(), &events)), ["ok"]);
    events.push(call(3, "a", "2"));
    events.push(event(Kind::ToolResult, 4, "a", "2", r#"[{"id":1}]"#));
    let digest = read_on(with_ids(), &events);
    assert_eq!(verdicts(&digest), ["recovered", "ok"]);
    assert_eq!(digest.operation(NodeId(0)).unwrap().rule, Some(Rule::Empty));
}

#[test]
fn a_search_that_finds_nothing_is_odd_only_where_the_same_search_found_something() {
    let ask = |at, id: &str, words: &str| {
        let asked = format!(r#"{{"query":"{words}"}}"#);
        event(Kind::ToolCall, at, "a", id, &asked)
    };
    let answer = |at, id: &str, rows: &str| event(Kind::ToolResult, at, "a", id, rows);
    let mut events = vec![
        ask(1, "1", "red"),
        answer(2, "1", "[]"),
        ask(3, "2", "blue"),
        answer(4, "2", r#"[{"id":1}]"#),
    ];
    assert_eq!(verdicts(&read_on(with_ids(), &events)), ["ok", "ok"]);
    events.extend([ask(5, "3", "red"), answer(6, "3", r#"[{"id":2}]"#)]);
    let digest = read_on(with_ids(), &events);
    assert_eq!(verdicts(&digest), ["recovered", "ok", "ok"]);
}

#[test]
fn any_order_of_arrival_gives_the_same_reading() {
    let mut events = Vec::new();
    for at in 0..200i64 {
        let tool = ["a", "b", "c"][usize::try_from(at * 7 % 3).unwrap()];
        let id = (at % 50).to_string();
        events.push(match at % 5 {
            0 | 1 => call(at, tool, &id),
            2 | 3 => result(at, tool, &id),
            _ => failed(at, tool, &id),
        });
    }
    let mut forward = read_on(with_ids(), &events);
    let mut mixed = Digest::new(with_ids());
    let mut order: Vec<u32> = (0..200).collect();
    order.sort_by_key(|at| (at * 83) % 199);
    for (n, at) in order.into_iter().enumerate() {
        mixed.push(NodeId(at), &events[at as usize]);
        if n % 17 == 0 {
            mixed.settle();
        }
    }
    let (mut beside, _) = mixed.settled();
    mixed.settle();
    mixed.finish(true);
    beside.finish(true);
    assert_eq!(pairs(&mixed), pairs(&beside));
    assert_eq!(verdicts(&mixed), verdicts(&beside));
    assert_eq!(pairs(&forward), pairs(&mixed));
    assert_eq!(verdicts(&forward), verdicts(&mixed));
    assert_eq!(forward.header(), mixed.header());
    // Read in its order it was read as another walk reads it.
    forward.take_changed();
    let (_, changed) = forward.settled();
    assert_eq!(changed, []);
}

#[test]
fn what_is_no_success_after_all_makes_nothing_good() {
    let step = |event: Event, step: &str| Event {
        step_id: Some(step.to_owned()),
        ..event
    };
    let events = [
        step(call(1, "a", "1"), "s1"),
        step(failed(2, "a", "1"), "s1"),
        step(call(3, "a", "2"), "s1"),
        step(event(Kind::ToolResult, 4, "a", "2", "[]"), "s1"),
        step(call(5, "a", "3"), "s2"),
        step(event(Kind::ToolResult, 6, "a", "3", r#"[{"id":1}]"#), "s2"),
    ];
    let mut digest = read_on(with_ids(), &events);
    assert_eq!(verdicts(&digest), ["failed", "soft_failure", "ok"]);
    assert_eq!(digest.unsettled(), None);
    digest.finish(true);
    assert_eq!(digest.unsettled(), None);
}

#[test]
fn open_calls_are_counted_without_results_that_answer_nothing() {
    let events = [
        call(1, "a", "1"),
        result(2, "a", "1"),
        result(3, "a", "1"),
        call(4, "b", "2"),
    ];
    let digest = read_on(with_ids(), &events);
    assert_eq!(digest.as_of(NodeId(3)).1, 1);
    assert_eq!(digest.as_of(NodeId(1)).1, 0);
}

#[test]
fn tokens_of_spans_count_once_whatever_comes_first() {
    let span = |id: &str, at: i64, parent: Option<&str>, total: Option<u64>| Event {
        id: id.to_owned(),
        parent_id: parent.map(str::to_owned),
        tokens: total.map(|total| crate::model::Tokens {
            total: Some(total),
            ..crate::model::Tokens::default()
        }),
        ..event(Kind::Span, at, id, "", "{}")
    };
    let total = |digest: &Digest| digest.tokens().and_then(|tokens| tokens.sum());
    let all = [
        span("turn", 1, None, Some(30)),
        span("inner", 2, Some("turn"), Some(10)),
        span("bare", 3, Some("turn"), None),
        span("deep", 4, Some("bare"), Some(20)),
        // Nothing in it tells of tokens: its own count.
        span("lone", 5, None, Some(5)),
        span("part", 6, Some("lone"), None),
    ];
    let first = read_on(with_ids(), &all);
    assert_eq!(total(&first), Some(35), "parents first");
    let mut last: Vec<Event> = all.to_vec();
    last.reverse();
    for (at, event) in (0..).zip(&mut last) {
        event.order.at = at;
    }
    assert_eq!(total(&read_on(with_ids(), &last)), Some(35), "parents last");
    let only = [
        span("turn", 1, None, Some(30)),
        span("part", 2, Some("turn"), None),
    ];
    assert_eq!(total(&read_on(with_ids(), &only)), Some(30));
    let many: Vec<Event> = (0..1000)
        .flat_map(|at| {
            let (outer, inner) = (format!("o{at}"), format!("i{at}"));
            [
                span(&outer, at * 2, None, Some(3)),
                span(&inner, at * 2 + 1, Some(&outer), Some(3)),
            ]
        })
        .collect();
    let digest = read_on(with_ids(), &many);
    assert_eq!(total(&digest), Some(3000));
    let half = digest.as_of(NodeId(999)).0.and_then(|tokens| tokens.sum());
    assert_eq!(half, Some(1500), "as of a row in the middle too");
}

#[test]
fn what_nobody_timed_has_no_time() {
    let untimed = |event: Event| Event {
        time: None,
        ..event
    };
    let alone = read_on(
        with_ids(),
        &[untimed(call(1, "t", "a")), untimed(result(90, "t", "a"))],
    );
    let told = alone.operation(NodeId(0)).unwrap();
    assert_eq!((told.started, told.ended, told.took), (None, None, None));
    assert_eq!((alone.extent(), alone.slowest()), (None, None));
    assert!(alone.gaps().is_empty(), "places are no times");
    let mixed = read_on(
        with_ids(),
        &[call(10, "t", "a"), untimed(result(90, "t", "a"))],
    );
    let told = mixed.operation(NodeId(0)).unwrap();
    let at = Time(10 * SECOND);
    assert_eq!(
        (told.started, told.ended, told.took),
        (Some(at), None, None)
    );
    assert_eq!(mixed.extent(), Some((at, at)));
}
