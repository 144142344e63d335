//! Replies with members removed, nulled or of the wrong type: nothing panics and no record is lost.

use serde_json::{Map, Value, json};
use sortie::model::{Ask, Kind, Only, Page};

use sortie::provider::agentex::Agentex;
use sortie::provider::{Heard, Provider};

use super::{
    aside, event, events, events_at, missions, of_agent, read, read_status, run_ref, runs,
};
use crate::spoil;

const ODD: [&str; 9] = [
    "null",
    "true",
    "-1",
    "1e400",
    "\"\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[{}]]",
];

/// Every way to spoil one member of `object`, at every depth.
fn spoilt(object: &Map<String, Value>) -> Vec<String> {
    let mut out = Vec::new();
    for (key, value) in object {
        let mut less = object.clone();
        less.remove(key);
        out.push(Value::Object(less).to_string());
        let mut marked = object.clone();
        marked.insert(key.clone(), json!("MARK"));
        let marked = Value::Object(marked).to_string();
        out.extend(ODD.iter().map(|odd| marked.replace("\"MARK\"", odd)));
        if let Value::Object(inner) = value {
            out.extend(
                spoilt(inner)
                    .iter()
                    .map(|inner| marked.replace("\"MARK\"", inner)),
            );
        }
    }
    out
}

/// Reads each row of a fixture in each spoilt form, beside a sound one.
fn survives(ask: &Ask, fixture: &str) -> usize {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(fixture).unwrap();
    let mut tried = 0;
    for row in &rows {
        for bad in spoilt(row) {
            let sound = Value::Object(row.clone()).to_string();
            let batch = read(ask, &format!("[{bad},{sound}]"));
            assert_eq!(batch.rows.len(), 2, "{bad}");
            assert!(
                batch.rows.iter().all(|row| !row.record().id().is_empty()),
                "{bad}"
            );
            tried += 1;
        }
    }
    tried
}

#[test]
fn spoilt_members_cost_no_record() {
    assert!(
        survives(
            &events(),
            include_str!("../../fixtures/agentex/messages.json")
        ) > 300
    );
    assert!(
        survives(
            &events(),
            include_str!("../../fixtures/agentex/contents.json")
        ) > 600
    );
    assert!(survives(&runs(), include_str!("../../fixtures/agentex/tasks.json")) > 100);
    assert!(
        survives(
            &missions(),
            include_str!("../../fixtures/agentex/agents.json")
        ) > 200
    );
}

/// Every fixture that holds a list or one record, the ask that it answers, and where its list lies.
fn all() -> Vec<(Ask, String, &'static str)> {
    let page = Page::default;
    let all_runs = Ask::AllRuns {
        status: None,
        page: page(),
    };
    let picked = Ask::Picked {
        run: run_ref(),
        only: Only {
            kind: Some(Kind::Data),
            ..Only::default()
        },
        page: page(),
    };
    let news = events_at(Page {
        after: Some(0),
        ..page()
    });
    let one = |kind: &str| Ask::Event {
        run: run_ref(),
        event: kind.into(),
    };
    let agent = Ask::Mission {
        mission: super::AGENT.into(),
    };
    let text = |name: &str| {
        let path = format!(
            "{}/tests/fixtures/agentex/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(path).unwrap()
    };
    let list = |name: &str| format!("[{}]", text(name));
    let first = |name: &str| {
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text(name)).unwrap();
        rows[0].to_string()
    };
    vec![
        (missions(), text("agents"), ""),
        (Ask::Check, text("agents"), "/none"),
        (agent, first("agents"), "/none"),
        (runs(), text("tasks"), ""),
        (all_runs, text("tasks"), ""),
        (Ask::Run(run_ref()), text("task"), "/none"),
        (aside("task"), text("task"), "/none"),
        (aside("named"), text("task"), "/none"),
        (events(), text("messages"), ""),
        (events(), text("page"), "/data"),
        (events(), text("export"), "/messages"),
        (events(), text("contents"), ""),
        (news, text("page"), "/data"),
        (picked, text("contents"), ""),
        (one("6b00141a867133772c3587e1"), text("message"), "/none"),
        (aside("inbox"), text("events"), ""),
        (aside("traces"), text("spans"), ""),
        (aside("states"), list("state"), ""),
        (aside("trackers"), list("tracker"), ""),
        (of_agent("deployments"), text("deployments"), ""),
        // What their tasks are started with is left out, so their bytes are not those sent.
        (of_agent("schedules"), text("schedules"), "/none"),
    ]
}

/// Whether a reply still has the shape that it must have.
fn has_shape(sound: &str, body: &str) -> bool {
    let list = |whole: &Value| {
        let names = ["data", "messages", "run_schedules"];
        let within = names.iter().find_map(|name| whole.get(name));
        within.cloned().unwrap_or_else(|| whole.clone()).is_array()
    };
    let (sound, body): (Value, Value) = (
        serde_json::from_str(sound).unwrap(),
        serde_json::from_str(body).unwrap(),
    );
    list(&sound) == list(&body) && sound.is_array() == body.is_array()
}

#[test]
fn a_spoilt_reply_costs_no_record() {
    for (ask, sound, at) in all() {
        spoil::each_spoilt(sound.as_bytes(), |did, body| {
            let text = std::str::from_utf8(body).unwrap();
            match read_status(&ask, 200, text) {
                Ok(batch) => {
                    spoil::assert_nothing_lost(did, body, at, &batch);
                    let named = batch.rows.iter().all(|row| !row.record().id().is_empty());
                    assert!(named, "{ask:?} {did}: a row without an id");
                }
                Err(error) => assert!(!has_shape(&sound, text), "{ask:?} {did}: {error}"),
            }
        });
    }
}

#[test]
fn random_faults_never_break_the_reader() {
    for (ask, sound, _) in all() {
        spoil::mutated(sound.as_bytes(), 60, |body| {
            let text = String::from_utf8_lossy(body);
            if let Ok(batch) = read_status(&ask, 200, &text) {
                assert!(
                    batch.next.is_none_or(|next| next.page_index() == 1),
                    "{ask:?}"
                );
            }
        });
    }
}

#[test]
fn a_spoilt_frame_is_a_row_a_count_or_nothing() {
    let text = include_str!("../../fixtures/agentex/frames.jsonl");
    for sound in text.lines() {
        let hear = |body: &[u8]| {
            let (_, mut listener) = Agentex.stream(&run_ref()).unwrap();
            // Alone, and behind the frame that it may belong to.
            for begin in ["", text.lines().nth(1).unwrap()] {
                let mut heard = Heard::default();
                for frame in [begin.as_bytes(), body] {
                    let frame = bytes::Bytes::copy_from_slice(frame);
                    heard = listener.hear(&frame, sortie::model::Time(0));
                }
                assert!(heard.skipped <= 1);
                for row in heard.rows.iter().chain(&listener.grown()) {
                    assert!(!row.record().id().is_empty());
                }
            }
        };
        spoil::each_spoilt(sound.as_bytes(), |_, body| hear(body));
        spoil::mutated(sound.as_bytes(), 60, hear);
    }
}

#[test]
fn what_is_no_record_is_kept_and_counted() {
    let batch = read(
        &events(),
        r#"[7,null,"text",[],{"id":"x","content":"bare"},{"content":{"type":"text"}}]"#,
    );
    assert_eq!((batch.rows.len(), batch.skipped), (6, 5));
    let all: Vec<_> = batch.rows.iter().map(event).collect();
    assert_eq!(
        (all[0].kind, &all[0].raw.bytes()[..]),
        (Kind::Unknown, &b"7"[..])
    );
    assert_eq!(all[4].raw.part(all[4].body.unwrap()), b"\"bare\"");
    assert_eq!(all[5].kind, Kind::Message);
    let ids: std::collections::BTreeSet<&str> = all.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids.len(), 6);
    for ask in [missions(), runs()] {
        let batch = read(&ask, r#"[7,{"id":"a"}]"#);
        assert_eq!((batch.rows.len(), batch.skipped), (2, 1));
    }
}

#[test]
fn equal_records_without_ids_stay_two_and_keep_their_ids_over_a_reload() {
    let text = r#"[{"content":{"type":"text"}},{"content":{"type":"text"}}]"#;
    let (first, second) = (read(&events(), text), read(&events(), text));
    assert_ne!(first.rows[0].record().id(), first.rows[1].record().id());
    assert_eq!(first.rows, second.rows);
}

#[test]
fn duplicate_keys_long_numbers_and_deep_nesting_are_kept_as_sent() {
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let content = format!(
        r#"{{"type":"tool_response","name":"n","content":{{"a":1,"a":12345678901234567890123,"deep":{deep}}}}}"#
    );
    let batch = read(&events(), &format!(r#"[{{"id":"x","content":{content}}}]"#));
    let only = event(&batch.rows[0]);
    let kept = std::str::from_utf8(only.raw.part(only.body.unwrap())).unwrap();
    assert!(kept.starts_with(r#"{"a":1,"a":12345678901234567890123,"deep":[[["#));
    assert_eq!(only.kind, Kind::ToolResult);
}

#[test]
fn one_thing_asked_for_by_id_keeps_that_id() {
    let ask = Ask::Event {
        run: run_ref(),
        event: "asked".into(),
    };
    assert_eq!(
        read(&ask, r#"{"content":{"type":"text"}}"#).rows[0]
            .record()
            .id(),
        "asked"
    );
    assert_eq!(
        read(&Ask::Run(run_ref()), "{}").rows[0].record().id(),
        super::TASK
    );
}
