//! Whatever a member holds, nothing panics and no record is lost.

use super::*;
use serde_json::{Value, json};

/// What stands in for every member in turn; none means that it is left out.
fn replacements() -> Vec<Option<Value>> {
    vec![
        None,
        Some(Value::Null),
        Some(json!("")),
        Some(json!("\u{1b}[2J\u{202e}\u{0}")),
        Some(json!(-1)),
        Some(json!(1.0e300)),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([null, 1, [], {}])),
        Some(json!({})),
        Some(json!({"a": null})),
    ]
}

/// The same value with each member of each object replaced in turn, `depth` levels down.
fn variants(value: &Value, depth: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let names: Vec<String> = value
        .as_object()
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default();
    for name in names {
        for replacement in replacements() {
            let mut changed = value.clone();
            let fields = changed.as_object_mut().unwrap();
            match replacement {
                Some(new) => drop(fields.insert(name.clone(), new)),
                None => drop(fields.remove(&name)),
            }
            all.push(changed);
        }
        if depth > 0 {
            for inner in variants(&value[&name], depth - 1) {
                let mut changed = value.clone();
                changed[&name] = inner;
                all.push(changed);
            }
        }
    }
    if depth > 0
        && let Some(items) = value.as_array()
    {
        for (index, item) in items.iter().enumerate() {
            for inner in variants(item, depth - 1) {
                let mut changed = value.clone();
                changed[index] = inner;
                all.push(changed);
            }
        }
    }
    all
}

fn json_of(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).unwrap()
}

#[test]
fn no_event_is_lost_whatever_its_members_hold() {
    let names = "input_message input_with_skill artifact_upload thinking tool_input tool_output \
        failed_tool_output sub_agent_input sub_agent_output skill_load image_read step_transition \
        structured_output agent_output compaction error session_interrupted context_limit_exceeded \
        step_transition_limit_exceeded client_tool_pending";
    let mut tried = 0;
    for name in names.split_whitespace() {
        for variant in variants(&json_of(name), 2) {
            let sent = variant.to_string();
            let body = format!(r#"{{"events":[{sent}, {{"id":"after","type":"thinking"}}]}}"#);
            let batch = read(&events(), 200, body).unwrap();
            let events = events_in(&batch);
            assert!(events.len() >= 2, "{sent}");
            assert_eq!(events[0].raw.bytes(), sent.as_bytes());
            assert_eq!(events.last().unwrap().id, "after");
            for event in &events {
                let inside = |span: &Span| span.end as usize <= event.raw.len();
                assert!(event.prose.iter().all(inside) && event.body.iter().all(inside));
                assert!(!event.id.is_empty());
            }
            let whole = [&batch.next.is_none(), &(batch.skipped == 0)];
            assert_eq!(whole, [&true, &true]);
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
}

#[test]
fn no_session_and_no_agent_is_lost() {
    for name in ["session", "child_session"] {
        for variant in variants(&json_of(name), 2) {
            let body = json!({"sessions": [variant, {"key": "after"}], "metadata": 5}).to_string();
            let batch = read(&runs(), 200, body).unwrap();
            let runs = runs_in(&batch);
            assert_eq!(runs.len(), 2);
            assert!(
                runs.iter()
                    .all(|run| !run.id.is_empty() && run.mission_id == AGENT)
            );
            for look in &batch.also {
                assert!(Vectara.request(look).is_some());
            }
        }
    }
    for name in ["agent", "smallest_agent"] {
        for variant in variants(&json_of(name), 2) {
            let body = json!({"agents": [variant, {"key": "after"}]}).to_string();
            let missions = missions_in(&read(&missions(), 200, body).unwrap());
            assert_eq!(missions.len(), 2);
            assert!(missions.iter().all(|mission| !mission.id.is_empty()));
        }
    }
}

#[test]
fn rows_that_are_no_objects_are_kept_and_counted() {
    let body = r#"{"sessions":[1,"x",null,[]],"metadata":{}}"#;
    let batch = read(&runs(), 200, body).unwrap();
    assert_eq!((batch.rows.len(), batch.skipped), (4, 4));
    let body = r#"{"events":[1,"x",null,[1]],"metadata":{}}"#;
    let batch = read(&events(), 200, body).unwrap();
    assert_eq!(
        (batch.rows.len(), batch.skipped),
        (5, 4),
        "and what was heard of the run"
    );
    assert_eq!(events_in(&batch)[3].raw.bytes().as_ref(), b"[1]");
}

#[test]
fn a_thousand_levels_and_megabytes_are_one_event() {
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let large = "x".repeat(4_000_000);
    let body = format!(
        r#"{{"events":[{{"id":"a","type":"tool_output","tool_output":{deep}}},{{"id":"b","type":"tool_output","tool_output":{{"content":"{large}"}}}}]}}"#
    );
    let events = events_in(&read(&events(), 200, body).unwrap());
    assert_eq!(super::body(&events[0]).unwrap(), deep);
    assert_eq!(super::body(&events[1]).unwrap().len(), large.len() + 14);
    assert!(events[1].summary.as_ref().unwrap().chars().count() <= 100);
}
