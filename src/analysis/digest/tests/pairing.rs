//! Which result belongs to which call: by ids, without them, and where one stands before the other.

use super::*;

#[test]
fn calls_with_ids_are_paired_however_they_lie() {
    let table: [(&str, Vec<Event>, &str); 7] = [
        (
            "interleaved",
            vec![
                call(1, "a", "x"),
                call(2, "b", "y"),
                result(3, "a", "x"),
                result(4, "b", "y"),
            ],
            "0-2 1-3",
        ),
        (
            "crossed",
            vec![
                call(1, "a", "x"),
                call(2, "a", "y"),
                result(3, "a", "y"),
                result(4, "a", "x"),
            ],
            "0-3 1-2",
        ),
        (
            "an id used twice: the latest unanswered call",
            vec![
                call(1, "a", "x"),
                result(2, "a", "x"),
                call(3, "a", "x"),
                result(4, "a", "x"),
            ],
            "0-1 2-3",
        ),
        (
            "twice at once",
            vec![
                call(1, "a", "x"),
                call(2, "b", "x"),
                result(3, "a", "x"),
                result(4, "b", "x"),
            ],
            "0-2 1-3",
        ),
        (
            "no result, no call",
            vec![call(1, "a", "x"), result(2, "b", "y")],
            "-1 0-",
        ),
        (
            "one result too many",
            vec![call(1, "a", "x"), result(2, "a", "x"), result(3, "a", "x")],
            "-2 0-1",
        ),
        (
            "the result first",
            vec![
                result(1, "a", "x"),
                call(2, "a", "x"),
                call(3, "b", "y"),
                result(4, "b", "y"),
            ],
            "1-0 2-3",
        ),
    ];
    for (what, events, expected) in table {
        assert_eq!(pairs(&read_on(with_ids(), &events)), expected, "{what}");
        let mut digest = Digest::new(with_ids());
        for (at, event) in events.iter().enumerate().rev() {
            let at = u32::try_from(at).unwrap();
            digest.push(NodeId(at), event);
            digest.settle();
        }
        assert_eq!(pairs(&digest), expected, "{what}, newest first");
    }
}

#[test]
fn a_result_before_a_call_goes_back_when_the_calls_own_comes() {
    let events = [
        result(1, "a", "x"),
        call(2, "a", "x"),
        result(3, "a", "x"),
        call(4, "a", "z"),
    ];
    let digest = read_on(with_ids(), &events);
    assert_eq!(pairs(&digest), "-0 1-2 3-");
    assert_eq!(digest.header().counts.operations, 3);
}

#[test]
fn without_ids_the_ladder_says_how_sure_it_is() {
    let why = |events: &[Event]| {
        let digest = read_on(Terms::default(), events);
        let op = digest.operation(NodeId(0)).unwrap();
        (pairs(&digest), op.why, op.why.confidence())
    };
    let same = why(&[
        call(1, "a", ""),
        call(2, "a", ""),
        result(3, "a", ""),
        result(4, "a", ""),
    ]);
    assert_eq!(
        same,
        ("0-2 1-3".to_owned(), Why::SameTool, Confidence::Inferred)
    );
    let near = why(&[call(1, "a", ""), result(2, "", "")]);
    assert_eq!(
        near,
        ("0-1".to_owned(), Why::Adjacent, Confidence::Inferred)
    );
    let other = why(&[call(1, "a", ""), result(2, "b", "")]);
    assert_eq!(other.0, "-1 0-");
    let named = why(&[
        call(1, "a", "x"),
        call(2, "a", "y"),
        result(3, "a", "y"),
        result(4, "a", "x"),
    ]);
    assert_eq!(named.0, "0-3 1-2");
    assert_eq!(named.2, Confidence::Inferred, "an id that the writer chose");
    let step = |event: Event, step: &str| Event {
        step_id: Some(step.to_owned()),
        ..event
    };
    let steps = why(&[
        step(call(1, "a", ""), "s1"),
        step(call(2, "a", ""), "s2"),
        step(result(3, "a", ""), "s2"),
        step(result(4, "a", ""), "s1"),
    ]);
    assert_eq!(steps.0, "0-3 1-2");
}

#[test]
fn a_result_that_stands_before_its_call_says_so() {
    let events = [
        result(1, "a", "x"),
        call(2, "a", "x"),
        call(3, "a", "y"),
        result(4, "a", "y"),
    ];
    let digest = read_on(with_ids(), &events);
    let early: Vec<bool> = digest
        .operations()
        .filter_map(|node| digest.operation(node))
        .map(|operation| operation.early)
        .collect();
    assert_eq!(early, [true, false]);
}
