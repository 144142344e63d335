//! Every member of every fixture removed, nulled and given a wrong type in turn: nothing panics and
//! no record is lost.

use serde_json::{Value, json};

use super::*;
use crate::spoil;

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

/// The asides of a page of runs, of a run and of an agent, each with a fixture that answers it.
fn asides() -> Vec<(Ask, Bytes)> {
    let named = |batch: Batch, name: &str| {
        let of = |ask: &Ask| matches!(ask, Ask::Aside { what, .. } if *what == name);
        batch.also.into_iter().find(of).unwrap()
    };
    let version = Bytes::from_static(
        br#"{"version":"1.7.2","source":"server","timestamp":"2026-11-20T09:25:59.252Z","uptime":191.25}"#,
    );
    let embedding = Bytes::from_static(
        br#"{"success":true,"data":[{"id":"x","createdAt":"2026-11-20T09:25:20.492Z","type":"embedding_event","roomId":"r",
        "body":{"runId":"cccccccc-0000-4000-8000-000000000001","memoryId":"aaaaaaaa-4444-4000-8000-000000000001","status":"failed","error":"too long"}}]}"#,
    );
    let begun = Bytes::from(format!(
        r#"{{"success":true,"data":[{{"id":"x","createdAt":"2026-11-20T09:23:18.400Z","type":"action_event","roomId":"{ROOM}",
        "body":{{"runId":"g","actionId":"a","actionName":"SLOW_WORK","planStep":"1/2"}}}}]}}"#,
    ));
    let page = || read(&runs_ask(), &fixture("runs.json")).unwrap();
    let run = Ask::Events {
        run: run_ref("ec5f45c3-d406-43e8-8f24-055d9925baaa", Some(ROOM)),
        page: Page::default(),
    };
    let live = text(&fixture("run.json"))
        .replace("\"completed\"", "\"started\"")
        .replace("\"endedAt\":1795166598139,", "");
    let opened = || read(&run, &fixture("run.json")).unwrap();
    let going = || read(&run, &live.clone().into()).unwrap();
    let agent = || {
        let ask = Ask::Mission {
            mission: ADA.into(),
        };
        read(&ask, &fixture("agent.json")).unwrap()
    };
    let failed = events_ask("cccccccc-0000-4000-8000-000000000001");
    let failed = read(&failed, &fixture("events.json")).unwrap();
    let room = named(page(), "room");
    let titles = named(read(&room, &fixture("room.json")).unwrap(), "titles");
    let place = named(opened(), "room");
    let messages = named(read(&place, &fixture("room.json")).unwrap(), "messages");
    vec![
        (named(page(), "run ends"), fixture("logs.json")),
        (named(page(), "server"), version.clone()),
        (room, fixture("room.json")),
        (titles, fixture("memories.json")),
        (place, fixture("room.json")),
        (messages, fixture("memories.json")),
        (named(going(), "actions begun"), begun),
        (named(going(), "newer runs"), fixture("runs.json")),
        (named(failed, "embeddings"), embedding),
        (named(agent(), "server"), version),
        (named(agent(), "rooms"), fixture("room.json")),
    ]
}

/// Every row says what it is about, and what is new has its bytes.
fn assert_sound(did: &str, batch: &Batch) {
    for row in &batch.rows {
        assert!(!row.record().id().is_empty(), "{did}: {row:?}");
        if let Row::Full(Record::Event(event)) = row {
            assert!(!event.raw.is_empty(), "{did}: {event:?}");
        }
    }
}

#[test]
fn spoilt_side_lists_tell_less_and_break_nothing() {
    for (ask, body) in asides() {
        spoil::each_spoilt(&body, |did, body| {
            // One that is refused is left out, and may say so.
            match read(&ask, &Bytes::copy_from_slice(body)) {
                Ok(batch) => assert_sound(&format!("{ask:?} {did}"), &batch),
                Err(_) => assert!(
                    did.contains("success") || did.starts_with(' '),
                    "{ask:?} {did}"
                ),
            }
        });
        spoil::mutated(&body, 60, |body| {
            if let Ok(batch) = read(&ask, &Bytes::copy_from_slice(body)) {
                assert_sound("mutated", &batch);
            }
        });
    }
}

#[test]
fn random_faults_never_break_the_readers_nor_lose_a_record() {
    for (ask, name, list) in [
        (
            Ask::Missions {
                page: Page::default(),
            },
            "agents.json",
            "/data/agents",
        ),
        (runs_ask(), "runs.json", "/data/runs"),
        (runs_ask(), "runs_documented.json", "/runs"),
        (events_ask("r"), "run.json", "/data/events"),
        (events_ask("r"), "run_documented.json", "/events"),
        (events_ask("r"), "events.json", "/data/events"),
    ] {
        spoil::each_spoilt(&fixture(name), |did, body| {
            if let Ok(batch) = read(&ask, &Bytes::copy_from_slice(body)) {
                spoil::assert_nothing_lost(&format!("{name}{did}"), body, list, &batch);
                assert_sound(did, &batch);
            }
        });
        spoil::mutated(&fixture(name), 100, |body| {
            if let Ok(batch) = read(&ask, &Bytes::copy_from_slice(body)) {
                assert_sound(name, &batch);
            }
        });
    }
}

#[test]
fn no_spelling_of_an_agent_lets_a_secret_through() {
    let whole = text(&fixture("agent.json")).to_owned();
    for settings in [
        r#"{"secrets":{"K":"hush-hush"}}"#,
        r#"{"Secrets":"hush-hush"}"#,
        r#"{"deep":[[{"\u0073ecrets":["hush-hush"]}]]}"#,
        r#""{\"secrets\":{\"K\":\"hush-hush\"}}""#,
        r#"[{"secrets":"hush-hush"}]"#,
    ] {
        let body = whole.replace(r#"{"secrets":{}}"#, settings);
        let ask = Ask::Mission {
            mission: ADA.into(),
        };
        let batch = read(&ask, &body.into()).unwrap();
        let Record::Mission(agent) = batch.rows[0].record() else {
            panic!("{batch:?}");
        };
        let raw = text(agent.raw.bytes());
        assert!(!raw.contains("hush-hush"), "{raw}");
        assert!(raw.contains("You are Ada."), "{raw}");
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
