//! Replies with members removed, nulled or of the wrong type: nothing panics and no record is lost.

use serde_json::{Map, Value, json};
use sortie::model::{Ask, Kind};

use super::{event, events, missions, read, run_ref, runs};

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
