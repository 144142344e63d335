//! The detail of a run: its events, its true state, its plan.

use super::*;

#[test]
fn the_detail_becomes_a_run_and_its_events_in_order() {
    let body = fixture("run.json");
    let batch = read(&events_ask("ec5f45c3-d406-43e8-8f24-055d9925baaa"), &body).unwrap();
    let run = runs(&batch)[0];
    assert_eq!(
        (run.status, run.status_sent.as_deref()),
        (RunStatus::Succeeded, Some("completed"))
    );
    assert_eq!(run.started_at, at(1_795_166_597_761));
    assert_eq!(run.ended_at, at(1_795_166_598_139));
    assert_eq!(run.duration.unwrap().as_millis(), 378);
    assert_eq!(run.room.as_deref(), Some(ROOM));
    assert_eq!(run.tokens, None);
    let fact = |label: &str| {
        run.facts
            .iter()
            .find(|fact| fact.label == label)
            .map(|fact| fact.value.as_str())
    };
    // Calls inside actions are counted twice by the server: it says 7 models where there is one row.
    assert_eq!(
        (fact("actions"), fact("model calls")),
        (Some("2"), Some("1"))
    );

    let rows: Vec<(&str, Kind, Option<&str>, Option<bool>)> = events(&batch)
        .into_iter()
        .map(|event| {
            (
                event.id.as_str(),
                event.kind,
                event.tool.as_deref(),
                event.is_error,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("RUN_STARTED-1795166597761-0", Kind::Status, None, None),
            (
                "MODEL_USED-1795166597857-0",
                Kind::ModelCall,
                Some("TEXT_LARGE"),
                None
            ),
            (
                "ACTION_STARTED-1795166597873-26c666be-8e3e-4b75-9e1b-ce60e6096ecb",
                Kind::ToolCall,
                Some("LOOKUP_WEATHER"),
                None
            ),
            (
                "ACTION_COMPLETED-1795166597954-26c666be-8e3e-4b75-9e1b-ce60e6096ecb",
                Kind::ToolResult,
                Some("LOOKUP_WEATHER"),
                None
            ),
            (
                "EVALUATOR_COMPLETED-1795166598122-0",
                Kind::Data,
                None,
                Some(false)
            ),
            ("RUN_ENDED-1795166598139-0", Kind::Status, None, Some(false)),
        ]
    );
    let events = events(&batch);
    assert!(events.windows(2).all(|pair| pair[0].order < pair[1].order));
    let model = events[1];
    assert_eq!(model.time, at(1_795_166_597_857));
    assert_eq!(model.duration.unwrap().as_micros(), 30_220);
    assert_eq!(
        text(model.raw.part(model.prose[0])),
        "\"<response><thought>…\""
    );
    assert!(text(model.raw.part(model.body.unwrap())).starts_with("{\"modelType\""));
    assert_eq!(
        events[3].call_id.as_deref(),
        Some("26c666be-8e3e-4b75-9e1b-ce60e6096ecb")
    );
    assert_eq!(batch.skipped, 0);
    for event in &events {
        assert!(text(&body).contains(text(event.raw.bytes())));
    }
}

#[test]
fn every_documented_event_is_mapped() {
    let batch = read(
        &events_ask("cccccccc-0000-4000-8000-000000000001"),
        &fixture("events.json"),
    )
    .unwrap();
    let rows: Vec<(Kind, Option<bool>, Option<&str>)> = events(&batch)
        .into_iter()
        .map(|event| (event.kind, event.is_error, event.summary.as_deref()))
        .collect();
    assert_eq!(
        rows,
        [
            (Kind::Status, None, Some("by messageHandler")),
            (
                Kind::Status,
                Some(true),
                Some("completed: provider: 503 upstream overloaded")
            ),
            (
                Kind::Status,
                Some(true),
                Some("timeout: Run exceeded timeout")
            ),
            (Kind::Status, Some(false), Some("off")),
            (Kind::ToolCall, None, None),
            (
                Kind::ToolResult,
                Some(true),
                Some("Booking failed: card declined")
            ),
            (Kind::ModelCall, None, Some("via openai")),
            (Kind::ModelCall, None, Some("via openai")),
            (Kind::Data, Some(false), None),
            (Kind::ModelCall, Some(false), Some("completed")),
            // Why it failed is in the log.
            (Kind::ModelCall, Some(true), None),
        ]
    );
    let events = events(&batch);
    let tokens = Tokens {
        input: Some(150),
        output: Some(50),
        total: Some(200),
        ..Tokens::default()
    };
    assert_eq!(events[6].tokens, Some(tokens));
    assert_eq!(events[7].tokens, None);
    assert!(events[7].prose.is_empty());
    assert_eq!(events[8].title.as_deref(), Some("REFLECTION"));
    assert_eq!(runs(&batch)[0].tokens, Some(tokens));
    assert_eq!(runs(&batch)[0].status, RunStatus::TimedOut);
    // The plan is known from the action's start; its end and failure belong to the same step.
    assert_eq!(events[5].step_id.as_deref(), Some("1/2"));
    let step = steps(&batch)[0];
    assert_eq!(
        (step.id.as_str(), step.sequence, step.status),
        ("1/2", 1, StepStatus::Failed)
    );
    assert_eq!(step.title, "BOOK_TRIP");
    assert_eq!(step.ended_at, at(1_795_166_720_441));
}

#[test]
fn the_documented_form_is_read_like_the_sent_one() {
    let batch = read(
        &events_ask("550e8400-e29b-41d4-a716-446655440001"),
        &fixture("run_documented.json"),
    )
    .unwrap();
    let run = runs(&batch)[0];
    assert_eq!(
        (run.status, run.error.as_deref()),
        (RunStatus::Succeeded, None)
    );
    assert_eq!(run.duration.unwrap().as_millis(), 1323);
    assert_eq!(run.tokens.unwrap().total, Some(200));
    let rows: Vec<(&str, Kind, Option<&str>, Option<bool>)> = events(&batch)
        .into_iter()
        .map(|event| {
            (
                event.type_sent.as_str(),
                event.kind,
                event.tool.as_deref(),
                event.is_error,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("action:started", Kind::ToolCall, Some("REPLY"), None),
            ("model:used", Kind::ModelCall, Some("text:large"), None),
            (
                "action:completed",
                Kind::ToolResult,
                Some("REPLY"),
                Some(false)
            ),
        ]
    );
    assert_eq!(events(&batch)[1].tokens.unwrap().sum(), Some(200));
    let failed = text(&fixture("run_documented.json"))
        .replace("\"errors\":[]", "\"errors\":[\"out of credit\"]");
    let batch = read(
        &events_ask("550e8400-e29b-41d4-a716-446655440001"),
        &failed.into(),
    )
    .unwrap();
    assert_eq!(runs(&batch)[0].status, RunStatus::Failed);
    assert_eq!(runs(&batch)[0].error.as_deref(), Some("out of credit"));
}

#[test]
fn a_crash_that_says_completed_is_a_failure() {
    let body = text(&fixture("run.json")).replace(
        r#""data":{"status":"completed","durationMs":379}"#,
        r#""data":{"status":"completed","error":"provider: 503 upstream overloaded","durationMs":379}"#,
    );
    let ask = Ask::Run(run_ref("ec5f45c3-d406-43e8-8f24-055d9925baaa", None));
    let batch = read(&ask, &body.into()).unwrap();
    assert_eq!(runs(&batch)[0].status, RunStatus::Failed);
    assert_eq!(runs(&batch)[0].status_sent.as_deref(), Some("completed"));
    assert_eq!(
        runs(&batch)[0].error.as_deref(),
        Some("provider: 503 upstream overloaded")
    );
}

#[test]
fn an_unknown_run_that_answers_200_is_missing() {
    let id = "99999999-9999-4999-8999-999999999999";
    let body = fixture("run_unknown.json");
    for ask in [Ask::Run(run_ref(id, None)), events_ask(id)] {
        assert!(
            matches!(read(&ask, &body), Err(ReadError::Missing(_))),
            "{ask:?}"
        );
    }
    // With a room it may only have been looked for in the wrong place.
    let batch = read(&Ask::Run(run_ref(id, Some(ROOM))), &body).unwrap();
    assert_eq!(batch.also, [Ask::Run(run_ref(id, None))]);
    assert!(batch.rows.is_empty());
}

#[test]
fn a_run_without_model_calls_is_read_again_without_its_room() {
    let body = text(&fixture("run.json")).replace("MODEL_USED", "OTHER");
    let id = "ec5f45c3-d406-43e8-8f24-055d9925baaa";
    let ask = Ask::Events {
        run: run_ref(id, Some(ROOM)),
        page: Page::default(),
    };
    let first = read(&ask, &body.clone().into()).unwrap();
    assert!(matches!(&first.also[0], Ask::Events { run, .. } if run.room.is_none()));
    let second = read(&first.also[0], &body.into()).unwrap();
    assert_eq!((second.also.len(), second.next), (0, None));
    // A skipped message calls no model, and that is no gap.
    let muted = text(&fixture("run.json"))
        .replace("MODEL_USED", "OTHER")
        .replace("\"completed\"", "\"muted\"");
    let muted = read(&ask, &muted.into()).unwrap();
    assert!(
        !muted
            .also
            .iter()
            .any(|ask| matches!(ask, Ask::Events { .. }))
    );
}

#[test]
fn one_event_is_found_by_its_id() {
    let run = run_ref("ec5f45c3-d406-43e8-8f24-055d9925baaa", None);
    let ask = |event: &str| Ask::Event {
        run: run.clone(),
        event: event.into(),
    };
    let body = fixture("run.json");
    let batch = read(&ask("RUN_ENDED-1795166598139-0"), &body).unwrap();
    assert_eq!(events(&batch).len(), 1);
    assert_eq!(events(&batch)[0].type_sent, "RUN_ENDED");
    let missing = read(&ask("RUN_ENDED-1-0"), &body).unwrap_err();
    assert!(missing.to_string().contains("RUN_ENDED-1-0"), "{missing}");
}

#[test]
fn the_yes_of_an_action_counts_only_with_its_result() {
    let action = |data: &str| {
        let body = format!(
            r#"{{"success":true,"data":{{"summary":{{"runId":"r","status":"completed","startedAt":1795166597761}},
            "events":[{{"type":"ACTION_COMPLETED","timestamp":1795166597954,"data":{data}}}]}}}}"#
        );
        let batch = read(&events_ask("r"), &body.into()).unwrap();
        let event = events(&batch)[0].clone();
        (event.is_error, event.summary)
    };
    let error = |data: &str| action(data).0;
    assert_eq!(error(r#"{"success":true,"result":null}"#), None);
    assert_eq!(
        error(r#"{"success":true,"result":{"legacy":true}}"#),
        Some(false)
    );
    assert_eq!(
        error(r#"{"success":true,"result":{"success":true,"text":"ok"}}"#),
        Some(false)
    );
    assert_eq!(
        error(r#"{"success":true,"result":{"success":false}}"#),
        Some(true)
    );
    assert_eq!(error(r#"{"success":false,"result":null}"#), Some(true));
    let coded = action(r#"{"success":true,"result":{"error":{"code":"E7","message":"no funds"}}}"#);
    assert_eq!(coded, (Some(true), Some("no funds E7".to_owned())));
}

/// A run of two actions, with calls of a model that name one of them.
const NESTED: &str = r#"{"success":true,"data":{"summary":{"runId":"r","status":"completed","startedAt":1000,"endedAt":9000},"events":[
    {"type":"RUN_STARTED","timestamp":1000,"data":{}},
    {"type":"ACTION_STARTED","timestamp":2000,"data":{"actionId":"a","actionName":"BOOK","planStep":"1/2"}},
    {"type":"MODEL_USED","timestamp":2500,"data":{"modelType":"TEXT_SMALL","executionTime":300,"actionContext":{"actionId":"a","actionName":"BOOK"}}},
    {"type":"ACTION_COMPLETED","timestamp":3000,"data":{"actionId":"a","actionName":"BOOK","success":true}},
    {"type":"MODEL_USED","timestamp":4000,"data":{"modelType":"TEXT_LARGE","actionContext":{"actionId":"a","actionName":"BOOK"}}},
    {"type":"MODEL_USED","timestamp":5000,"data":{"modelType":"TEXT_LARGE","actionContext":{"actionId":"of-another-run","actionName":"BOOK"}}},
    {"type":"EMBEDDING_EVENT","timestamp":6000,"data":{"status":"completed","durationMs":5}},
    {"type":"EVALUATOR_COMPLETED","timestamp":7000,"data":{"evaluatorName":"REFLECTION"}},
    {"type":"RUN_ENDED","timestamp":9000,"data":{"status":"completed","durationMs":8000}}]}}"#;

#[test]
fn a_model_is_called_inside_an_action_only_while_that_goes_on() {
    let batch = read(&events_ask("r"), &Bytes::from_static(NESTED.as_bytes())).unwrap();
    let parents: Vec<_> = events(&batch)
        .into_iter()
        .filter(|event| event.kind == Kind::ModelCall)
        .map(|event| {
            (
                event.time.unwrap().millis() / 1_000,
                event.parent_id.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        parents,
        [(2500, Some("a")), (4000, None), (5000, None), (6000, None)]
    );
    let others = events(&batch).into_iter();
    let others = others.filter(|event| event.kind != Kind::ModelCall);
    assert!(others.clone().count() > 3 && others.clone().all(|event| event.parent_id.is_none()));
}

#[test]
fn what_is_told_when_it_is_over_is_dated_by_its_end() {
    let batch = read(&events_ask("r"), &Bytes::from_static(NESTED.as_bytes())).unwrap();
    let begins: Vec<&str> = events(&batch)
        .into_iter()
        .filter(|event| !event.at_end)
        .map(|event| event.type_sent.as_str())
        .collect();
    assert_eq!(begins, ["RUN_STARTED", "ACTION_STARTED"]);
}
