//! Every member of every fixture removed, nulled and given a wrong type in turn: nothing panics and
//! no record is lost.

use serde_json::{Value, json};

use super::*;

/// All values that a spoilt member may have; `None` removes it.
fn spoils() -> Vec<Option<Value>> {
    vec![
        None,
        Some(Value::Null),
        Some(json!("12")),
        Some(json!(-1.5e300)),
        Some(json!(true)),
        Some(json!([[]])),
        Some(json!({"a": {"b": []}})),
    ]
}

/// Paths to all members and elements.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    let mut below = |key: String, inner: &Value| {
        let path = format!("{at}/{key}");
        out.push(path.clone());
        paths(inner, &path, out);
    };
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                below(key.replace('~', "~0").replace('/', "~1"), inner);
            }
        }
        Value::Array(items) => {
            for (n, inner) in items.iter().enumerate() {
                below(n.to_string(), inner);
            }
        }
        _ => {}
    }
}

fn spoilt(whole: &Value, path: &str, by: Option<Value>) -> Bytes {
    let mut whole = whole.clone();
    if let Some(value) = by {
        *whole.pointer_mut(path).unwrap() = value;
        return Bytes::from(whole.to_string());
    }
    let (parent, key) = path.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.shift_remove(key);
        }
        Value::Array(items) => {
            items.remove(key.parse().unwrap());
        }
        _ => {}
    }
    Bytes::from(whole.to_string())
}

/// How many records a list holds once spoilt, when it still is a list.
fn records(body: &Bytes, list: &str) -> Option<usize> {
    let whole: Value = serde_json::from_slice(body).unwrap();
    let inner = if whole["success"] == true && !whole["data"].is_null() {
        &whole["data"]
    } else {
        &whole
    };
    inner[list].as_array().map(Vec::len)
}

#[test]
fn no_member_is_needed_so_much_that_a_record_is_lost() {
    for (name, ask, list, base) in [
        (
            "agents.json",
            Ask::Missions {
                page: Page::default(),
            },
            "agents",
            0,
        ),
        ("runs.json", runs_ask(), "runs", 0),
        ("runs_documented.json", runs_ask(), "runs", 0),
        (
            "run.json",
            events_ask("ec5f45c3-d406-43e8-8f24-055d9925baaa"),
            "events",
            1,
        ),
        (
            "run_documented.json",
            events_ask("550e8400-e29b-41d4-a716-446655440001"),
            "events",
            1,
        ),
        (
            "events.json",
            events_ask("cccccccc-0000-4000-8000-000000000001"),
            "events",
            1,
        ),
    ] {
        let whole: Value = serde_json::from_slice(&fixture(name)).unwrap();
        let mut all = Vec::new();
        paths(&whole, "", &mut all);
        for path in &all {
            for by in spoils() {
                let body = spoilt(&whole, path, by.clone());
                let Ok(batch) = read(&ask, &body) else {
                    let depth = path.matches('/').count();
                    assert!(depth <= 2, "{name} {path} {by:?}: refused as a whole");
                    continue;
                };
                let Some(expected) = records(&body, list) else {
                    continue;
                };
                let steps = steps(&batch).len();
                assert_eq!(
                    batch.rows.len(),
                    expected + base + steps,
                    "{name} {path} {by:?}"
                );
            }
        }
    }
}

#[test]
fn an_unreadable_event_is_kept_with_its_bytes_and_counted() {
    let whole = fixture("run.json");
    let body = text(&whole).replace(r#"{"type":"EVALUATOR_COMPLETED","timestamp":1795166598122,"data":{"evaluatorName":"REFLECTION","success":true}}"#, r#""a torn  row""#);
    let batch = read(
        &events_ask("ec5f45c3-d406-43e8-8f24-055d9925baaa"),
        &body.into(),
    )
    .unwrap();
    let torn = events(&batch)[4];
    assert_eq!(
        (torn.kind, text(torn.raw.bytes()), batch.skipped),
        (Kind::Unknown, "\"a torn  row\"", 1)
    );
    assert_eq!(events(&batch).len(), 6);
}

#[test]
fn a_type_nobody_knows_is_kept_and_is_no_loss() {
    let body = text(&fixture("run.json")).replace("EVALUATOR_COMPLETED", "GUARDRAIL_TRIPPED");
    let batch = read(
        &events_ask("ec5f45c3-d406-43e8-8f24-055d9925baaa"),
        &body.into(),
    )
    .unwrap();
    let strange = events(&batch)[4];
    assert_eq!(
        (strange.kind, strange.title.as_deref()),
        (Kind::Unknown, Some("GUARDRAIL_TRIPPED"))
    );
    assert_eq!(
        (strange.type_sent.as_str(), batch.skipped),
        ("GUARDRAIL_TRIPPED", 0)
    );
}

#[test]
fn times_and_counts_in_other_spellings_are_read() {
    let body = text(&fixture("runs.json"))
        .replace(
            "\"startedAt\":1795166597761",
            "\"startedAt\":\"2026-11-20T09:23:17.761Z\"",
        )
        .replace("\"endedAt\":1795166598139", "\"endedAt\":\"1795166598139\"")
        .replace("\"modelCalls\":6", "\"modelCalls\":\"6\"");
    let batch = read(&runs_ask(), &body.into()).unwrap();
    let run = runs(&batch)[1];
    assert_eq!(
        (run.started_at, run.ended_at),
        (at(1_795_166_597_761), at(1_795_166_598_139))
    );
    assert!(
        run.facts
            .iter()
            .any(|fact| fact.label == "model calls" && fact.value == "6")
    );
}
