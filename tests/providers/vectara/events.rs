//! Every type of event the service lists, and its older spellings.

use super::*;
use sortie::model::Kind;

/// What a row shows: kind, title, summary, texts, tool, call id, error flag.
type Shown<'a> = (
    Kind,
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<bool>,
);

fn assert_shown(name: &str, wanted: Shown<'_>) -> Event {
    let event = event_of(name);
    let texts = prose(&event);
    let shown: Shown<'_> = (
        event.kind,
        event.title.as_deref(),
        event.summary.as_deref(),
        &texts,
        event.tool.as_deref(),
        event.call_id.as_deref(),
        event.is_error,
    );
    assert_eq!(shown, wanted, "{name}");
    assert_eq!(
        event.raw.bytes(),
        &fixture(name).trim_ascii_end().to_vec(),
        "{name}: bytes as sent"
    );
    assert_eq!(event.tokens, None, "{name}: events report no tokens");
    event
}

#[test]
fn messages_and_thoughts() {
    let asked = assert_shown(
        "input_message",
        (
            Kind::Message,
            Some("user"),
            None,
            "Checkout p95 jumped to 4 s at 07:50 UTC. What changed and what should I do first?",
            None,
            None,
            None,
        ),
    );
    assert_eq!(asked.id, "aev_00000001-5c1d-4e7a-9b02-7f30c2d40001");
    assert_eq!(asked.time, Some(time("2026-07-02T08:14:55.120Z")));
    assert_eq!(asked.type_sent, "input_message");
    assert_shown(
        "input_with_skill",
        (
            Kind::Message,
            Some("user"),
            Some("/severity_guide Draft the closing note."),
            "Draft the closing note.",
            None,
            None,
            None,
        ),
    );
    let thought = event_of("thinking");
    assert_eq!(
        (thought.kind, thought.title, thought.summary),
        (Kind::Reasoning, None, None)
    );
    assert!(thought.prose.len() == 1 && thought.body.is_none());
    let answer = event_of("agent_output");
    assert_eq!(
        (answer.kind, answer.title.as_deref()),
        (Kind::Message, Some("assistant"))
    );
    assert!(prose(&answer).starts_with("**SEV-2.** Release 2.31 raised"));
    let verdict = assert_shown(
        "structured_output",
        (
            Kind::Message,
            Some("assistant"),
            Some(
                r#"severity_verdict: {"severity": "SEV-2", "confidence": 0.82, "areas": ["checkout", "payments"]}"#,
            ),
            "",
            None,
            None,
            None,
        ),
    );
    assert_eq!(
        body(&verdict).unwrap(),
        r#"{"severity": "SEV-2", "confidence": 0.82, "areas": ["checkout", "payments"]}"#
    );
}

#[test]
fn calls_and_their_results() {
    let call = assert_shown(
        "tool_input",
        (
            Kind::ToolCall,
            None,
            None,
            "",
            Some("runbook_search"),
            Some("call_aV3kQ9mTz0LrYw1Hc2"),
            None,
        ),
    );
    assert_eq!(
        body(&call).unwrap(),
        r#"{"query": "checkout latency spike first steps"}"#
    );
    let result = assert_shown(
        "tool_output",
        (
            Kind::ToolResult,
            None,
            Some("Check the payment provider status, then the last deploy."),
            "",
            Some("runbook_search"),
            Some("call_aV3kQ9mTz0LrYw1Hc2"),
            Some(false),
        ),
    );
    assert!(body(&result).unwrap().contains("\"search_results\""));
    let failed = assert_shown(
        "failed_tool_output",
        (
            Kind::ToolResult,
            None,
            Some("Execution timed out after 1 seconds"),
            "",
            Some("log_stats"),
            Some("call_b81Pn5sWqE7uXo4Jd9"),
            Some(true),
        ),
    );
    assert_eq!(
        body(&failed).unwrap(),
        r#"{"error": "Execution timed out after 1 seconds"}"#
    );
    assert_eq!(
        event_of("skill_input").tool.as_deref(),
        Some("invoke_skill")
    );
    assert_eq!(
        event_of("sub_agent_input").tool.as_deref(),
        Some("ask_docs")
    );
}

#[test]
fn files_skills_images_and_steps() {
    let upload = assert_shown(
        "artifact_upload",
        (
            Kind::Artifact,
            Some("upload"),
            Some("1 file: p95.png (20.6 KB); listed as a file of its own"),
            "",
            None,
            None,
            None,
        ),
    );
    assert!(body(&upload).unwrap().starts_with("[{\"artifact_id\""));
    assert_shown(
        "skill_load",
        (
            Kind::Data,
            Some("skill"),
            Some("severity_guide loaded"),
            "## SEV-2\nPage the on-call of the owning team. Post one update every 30 minutes.",
            None,
            None,
            None,
        ),
    );
    assert_shown(
        "image_read",
        (
            Kind::Data,
            Some("image"),
            Some("image art_quiet_maple_lantern (high)"),
            "",
            None,
            None,
            None,
        ),
    );
    let step = assert_shown(
        "step_transition",
        (
            Kind::Step,
            None,
            Some("classify → investigate"),
            "Severity SEV-2, areas checkout and payments.",
            None,
            None,
            None,
        ),
    );
    assert_eq!(step.step_id.as_deref(), Some("investigate"));
}

#[test]
fn what_happens_to_the_session_and_what_fails() {
    assert_shown(
        "compaction",
        (
            Kind::Status,
            Some("compaction"),
            Some("1 turns, 13 events compacted"),
            "SEV-2 checkout latency caused by release 2.31; rolled back.",
            None,
            None,
            None,
        ),
    );
    assert_shown(
        "session_interrupted",
        (
            Kind::Status,
            Some("interrupted"),
            None,
            "",
            None,
            None,
            None,
        ),
    );
    let waits = assert_shown(
        "client_tool_pending",
        (
            Kind::Status,
            None,
            Some("waits for: notify_slack"),
            "",
            None,
            None,
            None,
        ),
    );
    assert!(body(&waits).unwrap().contains("\"SEV-2 closed\""));
    assert_shown(
        "error",
        (
            Kind::Error,
            None,
            None,
            "LLM request failed after 4 attempts: upstream returned 503.",
            None,
            None,
            Some(true),
        ),
    );
    assert_shown(
        "context_limit_exceeded",
        (
            Kind::Error,
            None,
            None,
            "The request needs 131904 tokens but the model accepts 128000.",
            None,
            None,
            Some(true),
        ),
    );
    assert_shown(
        "step_transition_limit_exceeded",
        (
            Kind::Error,
            None,
            None,
            "Too many step transitions (500).",
            None,
            None,
            Some(true),
        ),
    );
}

#[test]
fn older_spellings_and_odd_shapes_are_read() {
    let batch = list_of(&[
        r#"{"id":"a","session_id":"s","created_at":"2025-11-02T08:00:02Z","type":"tool_output","tool_key":"docs","tool_output":"plain text","tool_call_id":"c"}"#,
        r#"{"id":"b","session_id":"s","created_at":"2025-11-02T08:00:01Z","type":"tool_input","tool_configuration":"docs","tool_input":[1,2],"tool_call_id":"c"}"#,
        r#"{"id":"c","type":"tool_output","tool_config_name":"w","output_wrapped":true,"tool_output":{"content":[1]},"error":true}"#,
        r#"{"id":"d","type":"thinking"}"#,
        r#"{"id":"e","type":"structured_output","schema_name":"s","content":null}"#,
        r#"{"type":"error","messages":["one","two"]}"#,
        r#"{"id":"g","type":"agent_handover","to":"x"}"#,
        r#""not an event""#,
    ]);
    let events = events_in(&batch);
    assert_eq!((events.len(), batch.skipped), (8, 1));
    assert_eq!(
        (events[0].tool.as_deref(), events[0].is_error),
        (Some("docs"), Some(false))
    );
    assert_eq!(body(&events[0]).unwrap(), "\"plain text\"");
    assert_eq!(
        (events[1].tool.as_deref(), body(&events[1])),
        (Some("docs"), Some("[1,2]".to_owned()))
    );
    assert_eq!(
        (body(&events[2]).as_deref(), events[2].is_error),
        (Some("[1]"), Some(true))
    );
    assert!(events[3].prose.is_empty());
    assert_eq!(events[4].summary.as_deref(), Some("s: null"));
    assert_eq!(prose(&events[5]), "one|two");
    assert!(events[5].id.starts_with('~'), "an id of our own");
    assert_eq!(
        (events[6].kind, events[6].type_sent.as_str()),
        (Kind::Unknown, "agent_handover")
    );
    assert_eq!(
        (events[7].kind, events[7].raw.bytes().as_ref()),
        (Kind::Unknown, b"\"not an event\"".as_ref())
    );
}
