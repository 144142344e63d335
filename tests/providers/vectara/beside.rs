//! What lies beside agents and sessions: files, traces and spans, schedules, children, waiting calls.

use super::*;
use sortie::model::{Content, Extra, Fact, Kind, RunStatus, Tokens};
use std::time::Duration;

/// The asks that follow from opening a thing, by what their paths end with.
pub(super) fn beside(batch: &Batch, end: &str) -> Ask {
    let ends = |ask: &&Ask| Vectara.request(ask).unwrap().path.ends_with(end);
    let found = batch.also.iter().find(ends);
    found
        .unwrap_or_else(|| panic!("nothing asks for {end}"))
        .clone()
}

pub(super) fn opened() -> Batch {
    read(&Ask::Run(run_ref()), 200, fixture("session")).unwrap()
}

pub(super) fn opened_agent() -> Batch {
    let ask = Ask::Mission {
        mission: arc(AGENT),
    };
    read(&ask, 200, fixture("agent")).unwrap()
}

fn sent(ask: &Ask) -> String {
    let request = Vectara.request(ask).unwrap();
    let listed = Vectara.routes().contains(&request.template());
    assert!(listed, "{} is no route", request.template());
    let pairs = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    format!("{}?{}", request.path, pairs.collect::<Vec<_>>().join("&"))
}

fn fact(facts: &[Fact], label: &str) -> Option<String> {
    let fact = facts.iter().find(|fact| fact.label == label)?;
    Some(fact.value.clone())
}

fn extra(extras: &[Extra], label: &str) -> Option<String> {
    let extra = extras.iter().find(|extra| extra.label == label)?;
    Some(String::from_utf8(extra.raw.bytes().to_vec()).unwrap())
}

#[test]
fn opening_asks_for_what_lies_beside_and_listing_does_not() {
    let run = opened();
    let session = format!("/agents/{AGENT}/sessions/{SESSION}");
    let asked: Vec<String> = run.also.iter().map(sent).collect();
    assert_eq!(
        asked,
        [
            format!("{session}/events?limit=1&include_hidden=true"),
            format!("{session}/artifacts?limit=100"),
            format!("/agent_analytics/traces?agent_key={AGENT}&session_key={SESSION}&limit=100"),
        ]
    );
    let agent = opened_agent();
    let asked: Vec<String> = agent.also.iter().map(sent).collect();
    assert_eq!(asked, [format!("/agents/{AGENT}/schedules?limit=100")]);
    assert!(
        read(&missions(), 200, fixture("agents"))
            .unwrap()
            .also
            .is_empty()
    );
    let unstarted = r#"{"key":"s","status":"unstarted"}"#;
    assert!(
        read(&Ask::Run(run_ref()), 200, unstarted)
            .unwrap()
            .also
            .is_empty()
    );
}

#[test]
fn files_are_events_whose_content_is_fetched_when_opened() {
    let ask = beside(&opened(), "/artifacts");
    let batch = read(&ask, 200, fixture("artifacts")).unwrap();
    let files = events_in(&batch);
    let note = &files[0];
    assert_eq!((files.len(), note.kind), (2, Kind::Artifact));
    assert_eq!(note.id, "artifact:art_brisk_copper_harbor");
    assert_eq!(note.content, Some(Content { size: Some(13) }));
    assert_eq!(note.time, Some(time("2026-07-02T08:25:00.000Z")));
    assert_eq!(
        note.summary.as_deref(),
        Some("note.md (text/markdown, 13 B): Closing note")
    );
    assert!(batch.next.is_some(), "a page key even on the last page");
    let open = event("artifact:art_brisk_copper_harbor");
    let path = format!("/agents/{AGENT}/sessions/{SESSION}/artifacts/art_brisk_copper_harbor?");
    assert_eq!(sent(&open), path);
    let fetched = read(&open, 200, fixture("artifact")).unwrap();
    assert!(matches!(fetched.rows[0], Row::Patch(_)));
    let note = &events_in(&fetched)[0];
    assert_eq!(
        (note.id.as_str(), note.content),
        ("artifact:art_brisk_copper_harbor", None)
    );
    assert_eq!(prose(note), "# Closing note");
    let raw: serde_json::Value = serde_json::from_slice(note.raw.bytes()).unwrap();
    assert_eq!(raw["data"], "IyBDbG9zaW5nIG5vdGU=");
    let image = r#"{"artifact_id":"a","mime_type":"image/png","data":"IyBDbG9zaW5nIG5vdGU="}"#;
    let image = &events_in(&read(&open, 200, image).unwrap())[0];
    assert!(image.prose.is_empty() && image.content.is_none());
    assert_eq!(body(image).unwrap().len(), image.raw.len(), "shown as sent");
}

#[test]
fn traces_sum_up_what_a_session_cost() {
    let ask = beside(&opened(), "/traces");
    let batch = read(&ask, 200, fixture("traces")).unwrap();
    let run = &runs_in(&batch)[0];
    let tokens = Tokens {
        input: Some(21_877),
        output: Some(904),
        ..Tokens::default()
    };
    assert_eq!(run.tokens, Some(tokens));
    assert_eq!(
        fact(&run.facts, "traces").as_deref(),
        Some("2 turns, 1 failed, 31.9 s of work")
    );
    assert!(
        extra(&run.extras, "traces")
            .unwrap()
            .contains("4bf92f3577b34da6a3ce929d0e0e4736")
    );
    let spans: Vec<String> = batch.also.iter().map(sent).collect();
    assert_eq!(
        spans[0],
        "/agent_analytics/traces/4bf92f3577b34da6a3ce929d0e0e4736/spans?exclude_subagents=true&limit=500"
    );
    let none = read(&ask, 200, r#"{"traces":[]}"#).unwrap();
    let run = &runs_in(&none)[0];
    assert_eq!(
        (run.tokens, run.facts.len(), run.extras.len()),
        (None, 0, 0)
    );
}

#[test]
fn sums_go_through_the_pages_and_count_no_trace_twice() {
    let trace = |n: u32| {
        format!(
            r#"{{"trace_id":"t{n}","started_at":"2026-07-02T08:00:00Z","status":"ok","input_tokens":"10","output_tokens":1}}"#
        )
    };
    let page = |ids: [u32; 2], key: &str| {
        let rows = ids.map(trace).join(",");
        format!(r#"{{"traces":[{rows}],"metadata":{{"page_key":"{key}"}}}}"#)
    };
    let first = read(&beside(&opened(), "/traces"), 200, page([4, 3], "k")).unwrap();
    let onward = first.next.unwrap();
    // A new turn pushed the third trace onto this page.
    let second = read(&onward, 200, page([3, 2], "")).unwrap();
    assert_eq!(runs_in(&second)[0].tokens.unwrap().input, Some(30));
    assert_eq!(second.also.len(), 1);
    let refused = read(&onward, 400, fixture("malformed")).unwrap();
    let again = read(&refused.also[0], 200, page([4, 3], "")).unwrap();
    assert_eq!(
        runs_in(&again)[0].tokens.unwrap().input,
        Some(20),
        "from the start"
    );
}

#[test]
fn spans_tell_of_the_events_that_they_name() {
    let traces = read(&beside(&opened(), "/traces"), 200, fixture("traces")).unwrap();
    let batch = read(&traces.also[1], 200, fixture("spans")).unwrap();
    let told = |id: &str| {
        let row = batch
            .rows
            .iter()
            .find(|row| row.record().id() == id)
            .unwrap();
        let Record::Event(event) = row.record().clone() else {
            panic!("{id} is no event");
        };
        (matches!(row, Row::Patch(_)), event)
    };
    for (id, millis, input) in [
        (
            "aev_0000000d-5c1d-4e7a-9b02-7f30c2d4000d",
            None,
            Some(21_877),
        ),
        ("aev_00000005-5c1d-4e7a-9b02-7f30c2d40005", Some(708), None),
        ("aev_00000008-5c1d-4e7a-9b02-7f30c2d40008", Some(12), None),
    ] {
        let (patch, event) = told(id);
        assert!(patch && event.raw.is_empty(), "{id}");
        assert_eq!(event.duration, millis.map(Duration::from_millis));
        assert_eq!(event.tokens.and_then(|tokens| tokens.input), input);
    }
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let (patch, chat) = told(&format!("span:{trace}/b7ad6b7169203302"));
    assert!(!patch);
    assert_eq!(
        (chat.kind, chat.tool.as_deref()),
        (Kind::Span, Some("gpt-4o"))
    );
    assert_eq!(chat.tokens.unwrap().cached, Some(2048));
    assert_eq!(
        chat.summary.as_deref(),
        Some("gpt-4o, ended with tool_calls")
    );
    assert_eq!(chat.step_id.as_deref(), Some("classify"));
    let (_, guardrail) = told(&format!("span:{trace}/b7ad6b7169203305"));
    assert_eq!(guardrail.is_error, Some(true));
    assert_eq!(
        guardrail.summary.as_deref(),
        Some("The answer names a customer., not passed")
    );
    assert!(guardrail.content.is_some());
    let run = &runs_in(&batch)[0];
    assert_eq!(fact(&run.facts, "model").as_deref(), Some("gpt-4o"));
    assert!(extra(&run.extras, &format!("spans of {trace}")).is_some());
}

#[test]
fn the_texts_of_a_span_are_fetched_when_it_is_opened() {
    let id = "span:0af7651916cd43dd8448eb211c80319c/b7ad6b7169203304";
    assert_eq!(
        sent(&event(id)),
        "/agent_analytics/traces/0af7651916cd43dd8448eb211c80319c/spans/b7ad6b7169203304?include_content=true"
    );
    let batch = read(&event(id), 200, fixture("span")).unwrap();
    let span = &events_in(&batch)[0];
    assert_eq!((span.id.as_str(), span.content), (id, None));
    assert!(prose(span).starts_with(r#"{"query": "checkout latency spike first steps"}|"#));
}

#[test]
fn what_this_key_may_not_read_is_said_once_and_costs_nothing() {
    let run = opened();
    for (end, label) in [("/traces", "traces"), ("/artifacts", "artifacts")] {
        let noted = read(&beside(&run, end), 403, fixture("forbidden")).unwrap();
        let noted = &runs_in(&noted)[0];
        let said = fact(&noted.facts, label).unwrap();
        assert_eq!(said, "not readable with this key (403)");
    }
    let schedules = beside(&opened_agent(), "/schedules");
    let noted = read(&schedules, 404, "<html>").unwrap();
    let noted = &missions_in(&noted)[0];
    assert_eq!(
        fact(&noted.facts, "schedules").as_deref(),
        Some("none here (404)")
    );
    // What may pass is tried again, and then done without.
    let traces = beside(&run, "/traces");
    assert!(read(&traces, 503, "").is_err());
    let noted = Vectara.without(&traces, "503 from it").unwrap();
    let said = fact(&runs_in(&noted)[0].facts, "traces").unwrap();
    assert_eq!(said, "not read: 503 from it");
}

#[test]
fn schedules_are_read_one_by_one_because_their_list_is_wrong() {
    let ask = beside(&opened_agent(), "/schedules");
    let batch = read(&ask, 200, fixture("schedules")).unwrap();
    let mission = &missions_in(&batch)[0];
    assert_eq!(mission.id, AGENT);
    assert_eq!(
        fact(&mission.facts, "schedules").as_deref(),
        Some("Daily digest, last run 2026-07-02T09:00:00Z\nasc_periodic_check_c53e, disabled")
    );
    let asked: Vec<String> = batch.also.iter().map(sent).collect();
    let one = format!("/agents/{AGENT}/schedules/asc_daily_digest_a99e");
    assert_eq!(asked[0], format!("{one}?"));
    assert_eq!(asked[1], format!("{one}/executions?limit=100"));
    assert_eq!(asked.len(), 4);
    let one = r#"{"key":"asc_daily_digest_a99e","schedule":{"type":"cron"}}"#;
    let single = missions_in(&read(&batch.also[0], 200, one).unwrap());
    assert_eq!(
        extra(&single[0].extras, "schedule asc_daily_digest_a99e").as_deref(),
        Some(one)
    );
    assert_eq!(single[0].facts, []);
    let said = |schedule: &str| {
        let one = format!(r#"{{"name":"Daily digest","schedule":{schedule}}}"#);
        let single = read(&batch.also[0], 200, one).unwrap();
        fact(&missions_in(&single)[0].facts, "schedule")
    };
    assert_eq!(
        said(r#"{"type":"cron","cron_expression":"0 9 * * 1-5"}"#).as_deref(),
        Some("Daily digest: cron 0 9 * * 1-5 (UTC)")
    );
    assert_eq!(
        said(r#"{"type":"interval","interval":"PT6H"}"#).as_deref(),
        Some("Daily digest: every PT6H")
    );
    let ran = missions_in(&read(&batch.also[1], 200, fixture("executions")).unwrap());
    let ran = extra(&ran[0].extras, "executions of asc_daily_digest_a99e").unwrap();
    assert!(ran.starts_with('[') && ran.contains("Agent is disabled"));
}

#[test]
fn a_child_session_is_a_run_of_the_agent_that_its_tool_names() {
    let one = String::from_utf8(fixture("sub_agent_output").to_vec()).unwrap();
    let batch = list_of(&[&one]);
    let ask = &batch.also[0];
    assert_eq!(sent(ask), format!("/agents/{AGENT}?"));
    let told = read(ask, 200, fixture("agent")).unwrap();
    let child = &runs_in(&told)[0];
    assert_eq!(child.mission_id, "agt_docs_expert_9b20");
    assert_eq!(child.id, "ase_sub_checkout_timeouts_20260702-081511_2a90");
    assert_eq!(child.parent_run_id.as_deref(), Some(SESSION));
    let event = "aev_0000000c-5c1d-4e7a-9b02-7f30c2d4000c/child";
    assert_eq!(child.parent_event_id.as_deref(), Some(event));
    assert_eq!(child.status, RunStatus::Unknown);
    assert!(events_in(&batch).iter().any(|known| known.id == event));
    let child_path = format!("/agents/{}/sessions/{}", child.mission_id, child.id);
    let session = &told.also[0];
    assert_eq!(sent(session), format!("{child_path}?"));
    let sent_session = format!(
        r#"{{"key":"{}","status":"stopped","description":"Checkout timeouts","created_at":"2026-07-02T08:15:12Z","created_by_session_key":"{SESSION}"}}"#,
        child.id
    );
    let opened = read(session, 200, sent_session).unwrap();
    let newest = &opened.also[0];
    assert_eq!(
        opened.also.len(),
        1,
        "what lies beside it waits until it is opened"
    );
    assert_eq!(
        sent(newest),
        format!("{child_path}/events?limit=1&include_hidden=true")
    );
    let answer =
        r#"{"events":[{"id":"a","type":"agent_output","created_at":"2026-07-02T08:15:19Z"}]}"#;
    let peeked = read(newest, 200, answer).unwrap();
    for batch in [&opened, &peeked] {
        let run = &runs_in(batch)[0];
        assert_eq!((&run.id, &run.mission_id), (&child.id, &child.mission_id));
        assert_eq!(run.parent_run_id.as_deref(), Some(SESSION));
        assert_eq!(run.parent_event_id.as_deref(), Some(event));
    }
    assert_eq!(runs_in(&opened)[0].title, "Checkout timeouts");
    let ended = &runs_in(&peeked)[0];
    assert_eq!(
        (ended.status, ended.duration),
        (RunStatus::Succeeded, Some(Duration::from_secs(7)))
    );
    // A child may be deleted: what its parent says of it stays.
    assert_eq!(
        read(session, 404, fixture("forbidden")).unwrap(),
        Batch::default()
    );
    assert_eq!(Vectara.without(newest, "503"), Some(Batch::default()));
    // Without the agent's tools nobody knows whose it is: its result stays.
    assert!(
        read(ask, 200, fixture("smallest_agent"))
            .unwrap()
            .rows
            .is_empty()
    );
    assert!(
        read(ask, 403, fixture("forbidden"))
            .unwrap()
            .rows
            .is_empty()
    );
    assert!(list_of(&[]).also.is_empty());
}

#[test]
fn calls_that_wait_are_asked_for_only_where_a_session_waits_and_only_named() {
    let running = r#"{"key":"s","status":"running","created_at":"2026-07-02T08:14:54Z"}"#;
    let batch = read(&Ask::Run(run_ref()), 200, running).unwrap();
    let peek = beside(&batch, "/events");
    let looked = |newest: &str| {
        let body = format!(r#"{{"events":[{newest}]}}"#);
        read(&peek, 200, body).unwrap()
    };
    let call = |kind: &str| {
        format!(
            r#"{{"id":"a","type":"tool_input","tool_type":"{kind}","created_at":"2026-07-02T09:43:00Z"}}"#
        )
    };
    assert!(looked(&call("lambda")).also.is_empty(), "it works");
    assert!(
        looked(&call("lambda").replace("09:43", "09:13")).also.len() == 1,
        "or does it"
    );
    let ask = &looked(&call("client")).also[0];
    assert!(sent(ask).ends_with("/outstanding_client_tool_calls?"));
    let waits = read(ask, 200, fixture("outstanding")).unwrap();
    assert!(
        !format!("{waits:?}").contains("SEV-2"),
        "their arguments are secrets"
    );
    let run = &runs_in(&waits)[0];
    assert_eq!(
        run.status_reason.as_deref(),
        Some("waits for: notify_slack")
    );
    assert!(run.extras.is_empty() && run.raw.is_empty());
    // A key that may not read them sees the session all the same.
    assert!(
        read(ask, 403, fixture("forbidden"))
            .unwrap()
            .rows
            .is_empty()
    );
}

#[test]
fn a_check_proves_that_sessions_may_be_read() {
    assert_eq!(sent(&Ask::Check), "/agents?limit=1");
    let batch = read(&Ask::Check, 200, fixture("agents")).unwrap();
    assert!(batch.rows.is_empty());
    let proof = &batch.also[0];
    assert_eq!(sent(proof), "/agents/agt_docs_expert_9b20/sessions?limit=1");
    assert_eq!(
        read(proof, 200, fixture("sessions")).unwrap(),
        Batch::default()
    );
    let ReadError::Said(words) = read(proof, 403, fixture("forbidden")).unwrap_err() else {
        panic!("not said");
    };
    assert!(words.ends_with("needs the role agent_viewer or a higher one"));
    assert_eq!(Vectara.without(proof, "403"), None);
    let none = read(&Ask::Check, 200, r#"{"agents":[]}"#).unwrap();
    assert!(none.also.is_empty());
    assert!(read(&Ask::Check, 200, "{}").is_err());
}

#[test]
fn no_more_than_ten_children_of_a_page_are_asked_for() {
    let one = String::from_utf8(fixture("sub_agent_output").to_vec()).unwrap();
    let many: Vec<String> = (10..24)
        .map(|n| one.replace("081511_2a90", &format!("0815{n}_2a90")))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let batch = list_of(&many);
    let told = read(&batch.also[0], 200, fixture("agent")).unwrap();
    assert_eq!((told.rows.len(), told.also.len()), (14, 10));
}
