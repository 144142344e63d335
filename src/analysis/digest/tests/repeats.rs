//! Calls that repeat, alone and in cycles.

use super::*;

#[test]
fn the_same_call_again_and_again_is_one_row() {
    let mut events = Vec::new();
    for at in 0..6 {
        events.push(call(at * 10, "a", &at.to_string()));
        events.push(result(at * 10 + 1, "a", &at.to_string()));
    }
    let digest = read_on(with_ids(), &events);
    let op = digest.operation(NodeId(4)).unwrap();
    let repeat = op.repeat.unwrap();
    assert_eq!(
        (repeat.count, repeat.first, repeat.is_loop),
        (6, NodeId(0), true)
    );
    assert_eq!(repeat.took.unwrap().as_secs(), 51);
    assert_eq!(digest.repeats_of(NodeId(0)).len(), 5);
    let role = digest.role(NodeId(0)).unwrap();
    assert_eq!((role.count, role.is_loop), (6, true));
    assert_eq!(digest.role(NodeId(2)).unwrap().repeats, Some(NodeId(0)));
    assert_eq!(digest.header().loops, 1);
}

#[test]
fn changing_results_are_polling_and_no_loop() {
    let mut events = Vec::new();
    for at in 0..6 {
        events.push(call(at * 10, "a", &at.to_string()));
        let body = format!(r#"{{"progress":{at}}}"#);
        events.push(event(
            Kind::ToolResult,
            at * 10 + 1,
            "a",
            &at.to_string(),
            &body,
        ));
    }
    let digest = read_on(with_ids(), &events);
    let repeat = digest.operation(NodeId(0)).unwrap().repeat.unwrap();
    assert_eq!(
        (repeat.count, repeat.differs, repeat.is_loop),
        (6, true, false)
    );
    assert_eq!(digest.header().loops, 0);
}

#[test]
fn cycles_fold_when_they_are_whole() {
    let mut events = Vec::new();
    for at in 0..7 {
        let tool = ["a", "b"][at % 2];
        let (at, id) = (i64::try_from(at).unwrap(), at.to_string());
        events.push(call(at * 10, tool, &id));
        events.push(result(at * 10 + 1, tool, &id));
    }
    let digest = read_on(with_ids(), &events);
    let repeat = digest.operation(NodeId(0)).unwrap().repeat.unwrap();
    assert_eq!(
        (repeat.count, repeat.cycle),
        (3, vec!["a".to_owned(), "b".to_owned()])
    );
    assert!(repeat.is_loop);
    let last = digest.role(NodeId(12)).unwrap();
    assert_eq!(
        last.repeats, None,
        "the seventh begins a round that is not whole"
    );
}

#[test]
fn a_fold_shows_the_worst_of_what_it_holds() {
    let events = [
        call(1, "a", "1"),
        failed(2, "a", "1"),
        call(3, "a", "2"),
        failed(4, "a", "2"),
        call(5, "a", "3"),
        failed(6, "a", "3"),
        event(Kind::Status, 7, "", "", r#"{"to":"failed"}"#),
    ];
    let digest = read_on(with_ids(), &events);
    let role = digest.role(NodeId(0)).unwrap();
    assert_eq!(
        (role.verdict, role.fails, role.count),
        (Verdict::Failed, true, 3)
    );
    let header = digest.header();
    assert_eq!((header.failed, header.counts.of(Verdict::Failed)), (1, 3));
    assert_eq!(digest.failures().collect::<Vec<_>>(), [NodeId(0)]);
}

#[test]
fn repeats_side_by_side_are_one_failure_each() {
    let mut events = Vec::new();
    for round in 0..3i64 {
        for (lane, name) in [(0i64, "a"), (1, "b")] {
            let at = round * 10 + lane * 2;
            let id = format!("{name}{round}");
            for event in [call(at, name, &id), failed(at + 1, name, &id)] {
                events.push(Event {
                    step_id: Some(name.to_owned()),
                    ..event
                });
            }
        }
    }
    let digest = read_on(with_ids(), &events);
    assert_eq!(digest.header().failed, 2);
    assert_eq!(digest.failures().count(), 2);
}

#[test]
fn what_a_model_does_between_the_same_calls_makes_no_cycle_and_leaves_none_out() {
    let mut events = Vec::new();
    for at in 0..20i64 {
        let id = at.to_string();
        events.push(call(at * 10, "df", &id));
        events.push(result(at * 10 + 1, "df", &id));
        // Now one span, now one with a thought; behind the last call nothing.
        if at < 19 {
            events.push(event(Kind::Span, at * 10 + 2, "gpt-4o", "", "{}"));
        }
        if at % 3 == 0 && at < 19 {
            events.push(event(Kind::Reasoning, at * 10 + 3, "", "", r#"{"so":1}"#));
        }
    }
    events.push(event(Kind::Error, 300, "", "", r#"{"message":"stopped"}"#));
    let digest = read_on(with_ids(), &events);
    let repeat = digest.operation(NodeId(0)).unwrap().repeat.unwrap();
    assert_eq!((repeat.count, repeat.is_loop), (20, true));
    assert_eq!(repeat.cycle, ["df"]);
    let rows: Vec<_> = digest
        .operations()
        .filter(|node| digest.role(*node).unwrap().repeats.is_none())
        .collect();
    assert_eq!(rows.len(), 2, "the calls in one row, and the error");
}

#[test]
fn what_is_tried_once_more_after_a_thought_is_two_rows() {
    let events = [
        call(1, "replay", "1"),
        failed(2, "replay", "1"),
        event(Kind::Reasoning, 3, "", "", r#"{"so":1}"#),
        call(4, "replay", "2"),
        result(5, "replay", "2"),
    ];
    let digest = read_on(with_ids(), &events);
    assert_eq!(digest.role(NodeId(3)).unwrap().repeats, None);
    assert_eq!(verdicts(&digest), ["recovered", "not_reported", "ok"]);
}
