//! Lists that lie: pages that repeat for ever, cursors that go round, ids that come again with other
//! content, and rows in no order. Each ends, and shows each thing once.

use std::collections::HashSet;

use sortie::fetch::collect;
use sortie::model::{Ask, Limit, Page, Record, RunRef};
use sortie::provider::{Provider, named};

use super::{patient, suffer, suffer_for};
use crate::plain::items;
use crate::server::{Server, reply};

fn fixture(service: &str, name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/tests/fixtures/{service}/{name}.json");
    std::fs::read_to_string(path).unwrap()
}

fn run() -> RunRef {
    RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    }
}

fn events() -> Ask {
    Ask::Events {
        run: run(),
        page: Page::default(),
    }
}

fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

fn runs() -> Ask {
    Ask::Runs {
        mission: "m".into(),
        status: None,
        page: Page::default(),
    }
}

/// The ids of what comes where every request is answered with this body, and how many were sent.
async fn for_ever(service: &str, ask: Ask, body: String) -> (Vec<String>, usize) {
    let server = Server::saying(move |asked| {
        // Each page names another next one.
        let nth = asked.nth.to_string();
        reply(200, "", body.replace("NEXT", &format!("key-{nth}")))
    })
    .await;
    let mut faulty = patient(&server.url);
    faulty.provider = named(service).unwrap();
    let suffered = suffer_for(faulty, ask, Limit::NONE).await;
    assert_eq!(suffered.trouble, None, "{service}");
    let ids = suffered.records.iter().map(|record| record.id().to_owned());
    (ids.collect(), server.log.count())
}

#[tokio::test]
async fn pages_that_repeat_for_ever() {
    let telnyx = |name| {
        let body = fixture("telnyx", name);
        assert!(body.contains("\"total_pages\": 1"));
        body.replace("\"total_pages\": 1", "\"total_pages\": 99999999")
    };
    let many = |row: &str, n: usize| {
        let rows: Vec<String> = (0..n).map(|i| row.replace("NTH", &i.to_string())).collect();
        format!("[{}]", rows.join(","))
    };
    let agent = r#"{"id":"agent-NTH","name":"a","description":"","status":"Ready"}"#;
    let task = r#"{"id":"task-NTH","name":"t","status":"RUNNING"}"#;
    let keyed = |name, key| fixture("vectara", name).replace(key, "NEXT");
    let page = fixture("agentex", "page");
    for (service, ask, body, most) in [
        ("telnyx", missions(), telnyx("missions"), 4),
        ("telnyx", events(), telnyx("events"), 4),
        (
            "vectara",
            missions(),
            keyed("agents", "cGFnZS0yLW9mLWxpc3Q"),
            4,
        ),
        (
            "vectara",
            events(),
            keyed("events", "Qk1wYWdlLTJ-event-cursor_Zx81"),
            4,
        ),
        ("agentex", missions(), many(agent, 200), 4),
        ("agentex", runs(), many(task, 100), 4),
        ("agentex", events(), page, 4),
        ("elizaos", runs(), fixture("elizaos", "runs"), 16),
    ] {
        let (ids, requests) = for_ever(service, ask.clone(), body).await;
        assert!(!ids.is_empty(), "{service} {ask:?}");
        assert!(requests <= most, "{service} {ask:?}: {requests} requests");
    }
}

#[tokio::test]
async fn a_cursor_that_loops() {
    // a → b → c → a …
    let server = Server::saying(|asked| {
        let (ids, next) = match asked.line.rsplit('=').next().unwrap() {
            "b" => (["3", "4"], "c"),
            "c" => (["5", "6"], "a"),
            _ => (["1", "2"], "b"),
        };
        reply(200, "", items(ids.map(str::to_owned), Some(next)))
    })
    .await;
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(suffered.trouble, None);
    let ids: HashSet<&str> = suffered.ids().into_iter().collect();
    assert_eq!(ids.len(), 6);
    assert_eq!(
        server.log.count(),
        4,
        "one round, and the page that says so"
    );
}

#[tokio::test]
async fn a_list_that_makes_up_new_rows_for_ever_stops_at_the_limit() {
    let server = Server::saying(|asked| {
        let rows = (0..100).map(|i| format!("{}-{i}", asked.nth));
        reply(200, "", items(rows, Some(&asked.nth.to_string())))
    })
    .await;
    let limit = Limit {
        rows: 1_000,
        ..Limit::NONE
    };
    let suffered = suffer_for(patient(&server.url), crate::plain::missions(), limit).await;
    assert_eq!(suffered.records.len(), 1_000);
    assert!(suffered.more.is_some(), "the rest is not denied");
    assert_eq!(server.log.count(), 10);
}

fn telnyx_events(rows: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(id, time, words)| {
            format!(
                r#"{{"event_id":"{id}","type":"custom","summary":"{words}","timestamp":"{time}"}}"#
            )
        })
        .collect();
    format!("{{\"data\":[{}]}}", rows.join(","))
}

async fn collected(body: String) -> Vec<Record> {
    let server = Server::saying(move |_| reply(200, "", &body)).await;
    let mut faulty = patient(&server.url);
    faulty.provider = named("telnyx").unwrap() as &dyn Provider;
    let collected = collect(&faulty, events(), Limit::NONE).await;
    assert_eq!(collected.trouble, None);
    let mut records = collected.records;
    // What the events say of their run is a row of its own.
    records.retain(|record| matches!(record, Record::Event(_)));
    records
}

#[tokio::test]
async fn an_id_that_comes_again_with_other_content_is_one_row() {
    let records = collected(telnyx_events(&[
        ("e", "2026-08-03T21:00:00Z", "first"),
        ("f", "2026-08-03T21:00:01Z", "other"),
        ("e", "2026-08-03T21:00:02Z", "second"),
    ]))
    .await;
    let ids: Vec<&str> = records.iter().map(Record::id).collect();
    assert_eq!(ids, ["e", "f"]);
}

#[tokio::test]
async fn events_out_of_order_are_put_in_order_by_their_times() {
    let records = collected(telnyx_events(&[
        ("c", "2026-08-03T21:00:03Z", "third"),
        ("a", "2026-08-03T21:00:01Z", "first"),
        ("d", "2100-01-01T00:00:00Z", "of a clock far ahead"),
        ("b", "2026-08-03T21:00:02Z", "second"),
        ("0", "1970-01-01T00:00:00Z", "of a clock that was never set"),
    ]))
    .await;
    let mut events: Vec<_> = records
        .iter()
        .map(|record| match record {
            Record::Event(event) => event,
            other => panic!("{other:?}"),
        })
        .collect();
    events.sort_by_key(|event| (event.order.at, event.order.tie));
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    // A clock that was never set tells nothing: the event stays behind the one it came after.
    assert_eq!(ids, ["a", "b", "0", "c", "d"]);
    let raw = String::from_utf8_lossy(events[2].raw.bytes());
    assert!(raw.contains("1970-01-01T00:00:00Z"), "its own time is kept");
}
