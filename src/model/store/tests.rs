//! Pages, repeats, changes and owners: what the store makes of them.

use super::*;
use crate::model::{Content, Kind, Payload, RunStatus};
use crate::model::{Record, Row};

fn event(id: &str, at: i64, kind: Kind) -> Row {
    Row::Full(Record::Event(Event {
        id: id.to_owned(),
        kind,
        order: Order { at, tie: 0 },
        ..Event::default()
    }))
}

fn store_with_run() -> (Store, NodeId) {
    let mut store = Store::default();
    let context = store.add_context();
    let mission = Mission {
        id: "m".to_owned(),
        ..Mission::default()
    };
    let (mission, _) = store.put(context, Row::Full(Record::Mission(mission)));
    let run = Run {
        id: "r".to_owned(),
        status: RunStatus::Running,
        ..Run::default()
    };
    let (run, change) = store.put(mission, Row::Full(Record::Run(run)));
    assert_eq!(change, Change::New);
    (store, run)
}

#[test]
fn pages_in_any_order_and_twice_give_one_run_in_order() {
    let (mut store, run) = store_with_run();
    for (id, at) in [
        ("e", 5),
        ("d", 4),
        ("c", 3),
        ("b", 2),
        ("a", 1),
        ("c", 3),
        ("e", 5),
    ] {
        store.put(run, event(id, at, Kind::Message));
    }
    let ids: Vec<_> = store
        .events_of(run)
        .map(|node| store.event(node).unwrap().id)
        .collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    let numbers: Vec<_> = store
        .events_of(run)
        .map(|node| store.number(node).unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_told_of_an_event_waits_for_it_and_stays() {
    let (mut store, run) = store_with_run();
    let told = || {
        Row::Patch(Record::Event(Event {
            id: "a".to_owned(),
            duration: Some(std::time::Duration::from_secs(2)),
            ..Event::default()
        }))
    };
    assert_eq!(store.put(run, told()), (run, Change::Same));
    assert_eq!(store.events_of(run).count(), 0, "it is no row of its own");
    let (node, _) = store.put(run, event("a", 1, Kind::ToolResult));
    for _ in 0..2 {
        let known = store.event(node).unwrap();
        assert_eq!(known.kind, Kind::ToolResult);
        assert_eq!(known.duration.map(|took| took.as_secs()), Some(2));
        store.put(run, told());
        store.put(run, event("a", 1, Kind::ToolResult));
    }
}

#[test]
fn content_that_was_fetched_outlives_the_list_that_lacks_it() {
    let (mut store, run) = store_with_run();
    let artifact = |text: &'static str, content| Event {
        id: "a".to_owned(),
        kind: Kind::Artifact,
        summary: Some(text.to_owned()),
        raw: Payload::new(text.as_bytes().into()),
        content,
        ..Event::default()
    };
    let listed = || artifact("listed", Some(Content { size: Some(3) }));
    let (node, _) = store.put(run, Row::Full(Record::Event(listed())));
    let fetched = Event {
        step_id: Some("s".to_owned()),
        ..artifact("fetched", None)
    };
    store.put(run, Row::Patch(Record::Event(fetched)));
    for _ in 0..2 {
        store.put(run, Row::Full(Record::Event(listed())));
        let known = store.event(node).unwrap();
        assert_eq!(known.raw.bytes().as_ref(), b"fetched");
        assert_eq!(known.summary.as_deref(), Some("fetched"));
        assert_eq!(known.content, None);
        assert_eq!(known.step_id.as_deref(), Some("s"));
    }
    let whole = Row::Full(Record::Event(artifact("whole", None)));
    store.put(run, whole);
    assert_eq!(
        store.event(node).unwrap().raw.bytes().as_ref(),
        b"whole",
        "what lacks nothing is taken"
    );
}

#[test]
fn failures_are_counted_once_and_follow_changes() {
    let (mut store, run) = store_with_run();
    store.put(run, event("a", 1, Kind::Error));
    store.put(run, event("b", 2, Kind::ToolResult));
    assert_eq!(store.counts(run), (2, 1));
    assert_eq!(store.put(run, event("a", 1, Kind::Error)).1, Change::Same);
    assert_eq!(
        store.put(run, event("b", 2, Kind::Error)).1,
        Change::Changed
    );
    assert_eq!(store.counts(run), (2, 2));
    store.put(run, event("a", 1, Kind::Data));
    assert_eq!(store.counts(run), (2, 1));
}

#[test]
fn the_same_id_under_another_owner_is_another_thing() {
    let (mut store, run) = store_with_run();
    let other = store
        .put(
            store.owner(run),
            Row::Full(Record::Run(Run {
                id: "s".to_owned(),
                ..Run::default()
            })),
        )
        .0;
    let a = store.put(run, event("1", 1, Kind::Data)).0;
    let b = store.put(other, event("1", 1, Kind::Data)).0;
    assert_ne!(a, b);
    assert_eq!(store.find(other, Sort::Event, "1"), Some(b));
    assert_eq!(store.find(other, Sort::Event, "2"), None);
}

#[test]
fn failed_runs_are_counted_as_they_come_and_change() {
    let (mut store, run) = store_with_run();
    let mission = store.owner(run);
    let mut put = |id: &str, status| {
        let run = Run {
            id: id.to_owned(),
            status,
            ..Run::default()
        };
        store.put(mission, Row::Full(Record::Run(run)));
        store.failed_runs(mission)
    };
    assert_eq!(put("s", RunStatus::Failed), 1);
    assert_eq!(put("s", RunStatus::Failed), 1);
    assert_eq!(put("r", RunStatus::TimedOut), 2, "it was running");
    assert_eq!(put("s", RunStatus::Cancelled), 1);
}

#[test]
fn where_a_time_stands_goes_with_how_long_it_took() {
    let told = |duration: Option<u64>, at_end: bool, raw: &'static [u8]| Event {
        id: "e".to_owned(),
        duration: duration.map(std::time::Duration::from_millis),
        at_end,
        raw: Payload::new(bytes::Bytes::from_static(raw)),
        ..Event::default()
    };
    let end_of = |first: Event, second: Event| {
        let (mut store, run) = store_with_run();
        let is_patch = first.raw.is_empty();
        let first = Record::Event(first);
        store.put(
            run,
            if is_patch {
                Row::Patch(first)
            } else {
                Row::Full(first)
            },
        );
        let (node, _) = store.put(run, Row::Full(Record::Event(second)));
        store.event(node).unwrap().at_end
    };
    // A span that came before the event that it times, and an event that comes again without it.
    assert!(end_of(told(Some(5), true, b""), told(None, false, b"{}")));
    assert!(end_of(told(Some(5), true, b"{}"), told(None, false, b"{}")));
    // What has a start by now ends at its end no more.
    assert!(!end_of(
        told(None, true, b"{}"),
        told(Some(5), false, b"{}")
    ));
}
