//! Telnyx replies that nobody would send: nothing panics, nothing is dropped, what was sent is kept.

use serde_json::Value;
use sortie::model::{Ask, Kind, Of, Page, Record};

use crate::spoil;

use super::{
    answer, event, events, events_of, fixture, missions, part, read, run_ref, runs, runs_of,
};
use sortie::provider::ReadError;

/// Every fixture that holds a list or one record of this service, and the ask that it answers.
fn all() -> Vec<(Ask, &'static str)> {
    let mission = Ask::Mission {
        mission: super::MISSION.into(),
    };
    let aside = |of, what| Ask::Aside {
        of,
        what,
        page: Page::default(),
    };
    let all_runs = Ask::AllRuns {
        status: None,
        page: Page::default(),
    };
    let all_events = Ask::AllEvents {
        kind: None,
        page: Page::default(),
    };
    let news = Ask::Events {
        run: run_ref(),
        page: Page {
            after: Some(0),
            seen: 2,
            ..Page::default()
        },
    };
    let owner = Of::Mission(super::MISSION.into());
    vec![
        (all_runs, "runs"),
        (all_events, "all_events"),
        (news, "every_type"),
        (aside(owner, "tools"), "tools"),
        (aside(Of::Run(run_ref()), "linked agents"), "linked_agents"),
        (missions(), "missions"),
        (mission, "mission"),
        (runs(None), "runs"),
        (Ask::Run(run_ref()), "run"),
        (Ask::Run(run_ref()), "cancelled"),
        (Ask::Steps(run_ref()), "plan"),
        (Ask::Steps(run_ref()), "step"),
        (events(), "events"),
        (events(), "every_type"),
        (event("e"), "event"),
    ]
}

/// Whether `data` is still what it has to be: without it, a reply is none of this service.
fn has_data(body: &[u8]) -> bool {
    let whole: Value = serde_json::from_slice(body).unwrap();
    let data = whole.get("data");
    data.is_some_and(|data| data.is_object() || data.as_array().is_some_and(|all| !all.is_empty()))
}

#[test]
fn a_spoilt_reply_costs_no_record() {
    for (ask, name) in all() {
        spoil::each_spoilt(fixture(name).as_bytes(), |did, body| {
            let text = std::str::from_utf8(body).unwrap();
            let did = format!("{name}{did}");
            match answer(&ask, 200, text) {
                Ok(batch) => {
                    spoil::assert_nothing_lost(&did, body, "/data", &batch);
                    let named = batch.rows.iter().all(|row| !row.record().id().is_empty());
                    assert!(named, "{did}: a row without an id");
                }
                Err(error) => assert!(!has_data(body), "{did}: {error}"),
            }
        });
    }
}

#[test]
fn random_faults_never_break_the_reader() {
    for (ask, name) in all() {
        spoil::mutated(fixture(name).as_bytes(), 100, |body| {
            if let Ok(batch) = answer(&ask, 200, &String::from_utf8_lossy(body)) {
                assert!(batch.next.is_none_or(|next| next.page_index() == 1));
            }
        });
    }
}

#[test]
fn what_is_no_record_is_an_unknown_event_with_its_bytes() {
    let odd = ["7", "null", "[1, 2]", r#"{"other": true}"#, "null"];
    for ask in [missions(), runs(None), Ask::Steps(run_ref()), events()] {
        let batch = read(&ask, &format!("{{\"data\":[{}]}}", odd.join(",")));
        assert_eq!(batch.skipped, 5);
        let kept: Vec<_> = events_of(&batch);
        for (event, sent) in kept.iter().zip(odd) {
            assert_eq!(event.kind, Kind::Unknown);
            assert_eq!(event.raw.bytes(), sent);
        }
        let mut ids: Vec<_> = kept.iter().map(|event| &event.id).collect();
        ids.dedup();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 5);
    }
}

#[test]
fn a_new_event_type_is_shown_as_sent() {
    let body = fixture("event").replace("tool_call", "human_approval");
    let batch = read(&event("e"), &body);
    let found = &events_of(&batch)[0];
    assert_eq!(
        (found.kind, found.type_sent.as_str()),
        (Kind::Unknown, "human_approval")
    );
    assert_eq!(
        (batch.skipped, found.prose.len(), found.tool.as_deref()),
        (0, 1, Some("WebSearch"))
    );
}

#[test]
fn payloads_say_what_writers_put_there() {
    let of = |kind: &str, payload: &str| {
        let body =
            format!(r#"{{"event_id":"e","type":"{kind}","summary":"","payload":{payload}}}"#);
        events_of(&read(&event("e"), &format!("{{\"data\":{body}}}"))).remove(0)
    };
    let call = of("tool_call", r#"{"name":"crm","id":"C-7","tool_call_id":9}"#);
    assert_eq!(
        (call.tool.as_deref(), call.call_id.as_deref()),
        (Some("crm"), Some("9"))
    );
    assert_eq!(
        of("tool_call", r#"{"tool":"crm","id":"C-7"}"#).call_id,
        None
    );
    assert_eq!(
        of("custom", r#"{"name":"R. Osei","call_id":"x"}"#).tool,
        None
    );
    for (payload, error) in [
        (r#"{"error":{"code":"card_declined"}}"#, Some(true)),
        (r#"{"error":"declined"}"#, Some(true)),
        (r#"{"error":null}"#, None),
        (r#"{"error":""}"#, None),
        (r#"{"error":{}}"#, None),
        (r#"{"error":"none"}"#, None),
        (r#"{"error":" OK "}"#, None),
        (r#"{"error":"No error"}"#, None),
        (r#"{"error":"null"}"#, None),
        (r#"{"is_error":false,"error":"none"}"#, Some(false)),
        (r#"{"is_error":"true"}"#, Some(true)),
        (r#"{"success":false}"#, None),
        ("[1]", None),
    ] {
        assert_eq!(of("tool_result", payload).is_error, error, "{payload}");
    }
    let change = of(
        "status_change",
        r#"{"old_status":"running","new_status":"failed"}"#,
    );
    assert_eq!(
        (change.summary.as_deref(), change.is_error),
        (Some("running → failed"), Some(true))
    );
    let said = of("custom", r#"{"message":"rang twice","tool":"phone"}"#);
    assert_eq!(part(&said, said.prose[0]), "\"rang twice\"");
    assert_eq!(
        of("custom", r#"{"tool":"phone"}"#).summary.as_deref(),
        Some("phone")
    );
}

#[test]
fn numbers_keys_and_depth_survive_as_sent() {
    let payload = format!(
        r#"{{"n":123456789012345678901234567890, "n":1.10,"deep":{}{}}}"#,
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let body = format!(
        r#"{{"data":[{{"event_id":"e","type":"custom","summary":"s","payload":{payload}}}]}}"#
    );
    let found = &events_of(&read(&events(), &body))[0];
    assert_eq!(part(found, found.body.unwrap()), payload);
}

#[test]
fn times_come_in_every_spelling() {
    let spelled = [
        "2026-08-03T21:00:00",
        "2026-08-03T23:00:00.000000000+02:00",
        "2026-08-03 21:00:00.0Z",
    ];
    for time in spelled {
        let body =
            format!(r#"{{"data":{{"run_id":"r","status":"pending","started_at":"{time}"}}}}"#);
        let run = &runs_of(&read(&Ask::Run(run_ref()), &body))[0];
        assert_eq!(run.started_at, super::at("2026-08-03T21:00:00Z"), "{time}");
        assert_eq!(
            (run.mission_id.as_str(), run.quiet_since),
            (super::MISSION, None)
        );
    }
}

#[test]
fn what_is_no_reply_of_this_service_is_named() {
    for (body, words) in [
        ("<!doctype html>", "HTML"),
        ("", "empty"),
        ("{\"data\":[", "broken JSON"),
        ("\"soon\"", "a JSON string"),
        ("{\"items\":[]}", "without `data`"),
    ] {
        let ReadError::Foreign(told) = answer(&events(), 200, body).unwrap_err() else {
            panic!("{body} is not foreign");
        };
        assert!(told.contains(words), "{told}");
    }
    let refused = answer(&events(), 200, &fixture("error_gateway")).unwrap_err();
    assert!(matches!(refused, ReadError::Said(_)));
    assert!(matches!(
        answer(&event("e"), 200, "{\"data\":[]}"),
        Err(ReadError::Missing(_))
    ));
    let bare = read(
        &event("e"),
        r#"{"event_id":"e","type":"error","summary":"s"}"#,
    );
    assert!(matches!(bare.rows[0].record(), Record::Event(e) if e.kind == Kind::Error));
}
