//! Telnyx's quirks, one by one: what may be absent or null, what means something else than it seems.

use serde_json::Value;
use sortie::model::{Ask, Event, Kind, Mission, Run, RunStatus, Step};

use super::{
    events, events_of, fixture, missions, missions_of, read, run_ref, runs, runs_of, steps_of,
};

/// The document with every member that may be left out nulled, and with it left out.
fn bare(name: &str, optional: &[&str]) -> [String; 2] {
    let whole: Value = serde_json::from_str(&fixture(name)).unwrap();
    let spoil = |keep: bool| {
        let mut whole = whole.clone();
        for row in whole["data"].as_array_mut().unwrap() {
            let row = row.as_object_mut().unwrap();
            for member in optional {
                row.remove(*member);
                if keep {
                    row.insert((*member).to_owned(), Value::Null);
                }
            }
        }
        whole.to_string()
    };
    [spoil(true), spoil(false)]
}

#[test]
fn null_and_absent_say_the_same_everywhere() {
    let [nulled, absent] = bare(
        "missions",
        &["description", "model", "instructions", "metadata"],
    );
    let told = |body: &str| -> Vec<Mission> {
        let found = missions_of(&read(&missions(), body)).into_iter();
        found
            .map(|m| Mission {
                raw: sortie::model::Payload::default(),
                ..m
            })
            .collect()
    };
    assert_eq!(told(&nulled), told(&absent));
    assert_eq!(
        told(&nulled)[0].facts.len(),
        1,
        "the execution mode is always there"
    );

    let optional = [
        "finished_at",
        "input",
        "result_summary",
        "result_payload",
        "error",
        "metadata",
    ];
    let [nulled, absent] = bare("runs", &optional);
    let told = |body: &str| -> Vec<Run> {
        let found = runs_of(&read(&runs(None), body)).into_iter();
        found
            .map(|r| Run {
                raw: sortie::model::Payload::default(),
                ..r
            })
            .collect()
    };
    assert_eq!(told(&nulled), told(&absent));
    let failed = &told(&nulled)[2];
    assert_eq!(
        (failed.status, failed.title.as_str(), &failed.error),
        (RunStatus::Failed, "", &None)
    );

    let [nulled, absent] = bare(
        "plan",
        &["parent_step_id", "started_at", "completed_at", "metadata"],
    );
    let told = |body: &str| -> Vec<Step> {
        let found = steps_of(&read(&Ask::Steps(run_ref()), body)).into_iter();
        found
            .map(|s| Step {
                raw: sortie::model::Payload::default(),
                ..s
            })
            .collect()
    };
    assert_eq!(told(&nulled), told(&absent));

    let [nulled, absent] = bare(
        "every_type",
        &["step_id", "agent_id", "payload", "idempotency_key"],
    );
    let told = |body: &str| -> Vec<Event> {
        let found = events_of(&read(&events(), body)).into_iter();
        // Where prose lies depends on the bytes before it.
        found
            .map(|e| Event {
                raw: sortie::model::Payload::default(),
                prose: Vec::new(),
                ..e
            })
            .collect()
    };
    assert_eq!(told(&nulled), told(&absent));
    assert!(
        told(&nulled)
            .iter()
            .all(|e| e.step_id.is_none() && e.tool.is_none())
    );
}

#[test]
fn a_pending_run_has_started_nothing() {
    let body = fixture("runs").replace("\"running\"", "\"pending\"");
    let pending = &runs_of(&read(&runs(None), &body))[0];
    assert_eq!(
        (pending.status, pending.duration, pending.quiet_since),
        (RunStatus::Pending, None, None)
    );
    let paused = fixture("runs").replace("\"running\"", "\"paused\"");
    assert_eq!(runs_of(&read(&runs(None), &paused))[0].quiet_since, None);
}

#[test]
fn ids_in_payloads_are_not_the_events() {
    let body = r#"{"data":[{"event_id":"e","run_id":"r","type":"custom","summary":"planned a call",
        "payload":{"event_id":"scheduled-1","step_id":"s","agent_id":"a","timestamp":"2020-01-01","type":"error"}}]}"#;
    let found = &events_of(&read(&events(), body))[0];
    assert_eq!(
        (
            found.id.as_str(),
            found.kind,
            &found.step_id,
            &found.agent,
            found.time
        ),
        ("e", Kind::Data, &None, &None, None)
    );
}

#[test]
fn a_dash_is_no_step() {
    let body = r#"{"data":[{"event_id":"e","type":"custom","summary":"s","step_id":"-"}]}"#;
    assert_eq!(events_of(&read(&events(), body))[0].step_id, None);
}

#[test]
fn a_summary_alone_is_enough_and_a_large_payload_is_kept() {
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(1 << 20));
    for payload in ["null", "{}", &large, "[]", "\"text\"", "7"] {
        let body = format!(
            r#"{{"data":[{{"event_id":"e","type":"tool_result","summary":"One number found","payload":{payload}}}]}}"#
        );
        let batch = read(&events(), &body);
        let found = &events_of(&batch)[0];
        assert_eq!(
            (batch.skipped, found.prose.len(), found.is_error),
            (0, 1, None)
        );
        assert_eq!(found.raw.len(), body.len() - r#"{"data":[]}"#.len());
        assert_eq!(found.body.is_some(), payload != "null");
    }
}

#[test]
fn the_plan_and_its_events_may_disagree_and_both_stay() {
    let steps = steps_of(&read(&Ask::Steps(run_ref()), &fixture("plan")));
    let calls = steps.iter().find(|step| step.id == "calls").unwrap();
    let body = r#"{"data":[{"event_id":"e","type":"step_completed","summary":"All called","step_id":"calls"}]}"#;
    let batch = read(&events(), body);
    assert_eq!(calls.status_sent.as_deref(), Some("in_progress"));
    assert_eq!(batch.rows.len(), 1, "the event changes no step");
}

#[test]
fn steps_nest_deeply_and_share_numbers() {
    let step = |id: &str, parent: Option<&str>| {
        let parent = parent.map_or("null".to_owned(), |parent| format!("\"{parent}\""));
        format!(
            r#"{{"step_id":"{id}","parent_step_id":{parent},"sequence":1,"description":"{id}","status":"pending"}}"#
        )
    };
    let rows = [
        step("b/2 é", None),
        step("a", None),
        step("a.1", Some("a")),
        step("a.1.1", Some("a.1")),
        step("a.1.1.1", Some("a.1.1")),
    ];
    let steps = steps_of(&read(
        &Ask::Steps(run_ref()),
        &format!("{{\"data\":[{}]}}", rows.join(",")),
    ));
    let told: Vec<_> = steps
        .iter()
        .map(|s| (s.id.as_str(), s.parent_id.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("b/2 é", None),
            ("a", None),
            ("a.1", Some("a")),
            ("a.1.1", Some("a.1")),
            ("a.1.1.1", Some("a.1.1")),
        ]
    );
    assert!(steps.iter().all(|step| step.sequence == 1));
}
