//! The service's own examples, row by row.

use std::sync::Arc;
use std::time::Duration;

use sortie::model::{Ask, Kind, Record, RunStatus};
use sortie::provider::ReadError;
use sortie::provider::capture::{Sort, captured};

use super::{
    AGENT, TASK, body, event, events, missions, prose, read, read_status, run, run_ref, runs, time,
};

const AGENTS: &str = include_str!("../../fixtures/agentex/agents.json");
const TASKS: &str = include_str!("../../fixtures/agentex/tasks.json");
const ONE_TASK: &str = include_str!("../../fixtures/agentex/task.json");
const MESSAGES: &str = include_str!("../../fixtures/agentex/messages.json");
const PAGE: &str = include_str!("../../fixtures/agentex/page.json");
const EXPORT: &str = include_str!("../../fixtures/agentex/export.json");
const MESSAGE: &str = include_str!("../../fixtures/agentex/message.json");
const CONTENTS: &str = include_str!("../../fixtures/agentex/contents.json");

#[test]
fn agents_are_missions() {
    let batch = read(&missions(), AGENTS);
    assert_eq!((batch.rows.len(), batch.skipped, batch.next), (2, 0, None));
    let Record::Mission(weather) = batch.rows[0].record() else {
        panic!()
    };
    assert_eq!(weather.id, AGENT);
    assert_eq!(weather.name, "weather-async");
    assert_eq!(
        weather.description.as_deref(),
        Some("Weather helper (async)")
    );
    assert_eq!(weather.status.as_deref(), Some("Ready"));
    assert_eq!(weather.created_at, time("2026-11-20T09:21:55.020340Z"));
    let facts: Vec<(&str, &str)> = weather
        .facts
        .iter()
        .map(|f| (f.label, f.value.as_str()))
        .collect();
    let expected = [
        ("status reason", "Agent registered successfully."),
        ("type", "async"),
        ("input", "text"),
        ("registered", "2026-11-20 09:21:55 UTC"),
    ];
    assert_eq!(facts, expected);
    assert!(
        AGENTS
            .as_bytes()
            .windows(weather.raw.len())
            .any(|part| part == &weather.raw.bytes()[..])
    );
    let Record::Mission(built) = batch.rows[1].record() else {
        panic!()
    };
    assert_eq!(built.status.as_deref(), Some("BuildOnly"));
    assert_eq!(
        built.facts.last().unwrap().value,
        "main abc 2026-01-02T03:04:05Z"
    );
}

#[test]
fn tasks_are_runs() {
    let batch = read(&runs(), TASKS);
    assert_eq!((batch.rows.len(), batch.skipped, batch.next), (2, 0, None));
    let paris = run(&batch.rows[0]);
    assert_eq!(
        (paris.id.as_str(), paris.mission_id.as_str()),
        (TASK, AGENT)
    );
    assert_eq!(paris.title, "Weather in Paris?");
    assert_eq!(
        (paris.status, paris.status_sent.as_deref()),
        (RunStatus::Running, Some("RUNNING"))
    );
    assert_eq!(
        paris.status_reason.as_deref(),
        Some("Task created, forwarding to ACP server")
    );
    assert_eq!(paris.error, None);
    assert_eq!(paris.started_at, time("2026-11-20T09:34:16.265369Z"));
    assert_eq!(
        (paris.ended_at, paris.duration, paris.quiet_since),
        (None, None, None)
    );
    assert_eq!(paris.tokens, None);
    let failed = run(&batch.rows[1]);
    assert_eq!(
        (failed.title.as_str(), failed.status),
        ("", RunStatus::Failed)
    );
    assert_eq!(
        failed.error.as_deref(),
        Some("All connection attempts failed")
    );
    assert_eq!(failed.ended_at, time("2026-11-20T09:36:24.860111Z"));
    assert_eq!(failed.duration, Some(Duration::from_micros(26_445)));
}

#[test]
fn one_task_has_its_params_in_its_bytes_only() {
    let batch = read(&Ask::Run(run_ref()), ONE_TASK);
    let done = run(&batch.rows[0]);
    assert_eq!(
        (done.status, done.status_reason.as_deref()),
        (RunStatus::Succeeded, Some("all answered"))
    );
    assert_eq!(done.duration, Some(Duration::from_micros(26_613_487)));
    assert_eq!(done.raw.bytes(), ONE_TASK.trim_end());
    assert!(done.facts.is_empty(), "{:?}", done.facts);
    let mut lost = run_ref();
    lost.mission = Arc::from("");
    let found = read(&Ask::Run(lost), ONE_TASK);
    assert_eq!(run(&found.rows[0]).mission_id, AGENT);
}

#[test]
fn every_status_has_a_word() {
    let of = |status: &str| {
        let batch = read(
            &runs(),
            &format!(r#"[{{"id":"t","status":{status},"updated_at":"2026-11-20T09:36:24Z"}}]"#),
        );
        let run = run(&batch.rows[0]).clone();
        (run.status, run.ended_at.is_some())
    };
    assert_eq!(of("\"INTERRUPTED\""), (RunStatus::Paused, false));
    assert_eq!(of("\"CANCELED\""), (RunStatus::Cancelled, true));
    assert_eq!(of("\"TERMINATED\""), (RunStatus::Cancelled, true));
    assert_eq!(of("\"TIMED_OUT\""), (RunStatus::TimedOut, true));
    assert_eq!(of("\"DELETED\""), (RunStatus::Unknown, true));
    assert_eq!(of("null"), (RunStatus::Unknown, false));
    assert_eq!(of("\"HIBERNATING\""), (RunStatus::Unknown, false));
}

#[test]
fn retention_schedules_and_several_agents_are_facts() {
    let text = r#"[{"id":"t","cleaned_at":"2026-11-01T00:00:00Z","task_metadata":{"schedule_id":"s-1"},
        "agents":[{"id":"a","name":"one"},{"id":"b","name":"two"}]}]"#;
    let batch = read(&runs(), text);
    let facts: Vec<(&str, &str)> = run(&batch.rows[0])
        .facts
        .iter()
        .map(|f| (f.label, f.value.as_str()))
        .collect();
    let removed = ("content", "removed by retention on 2026-11-01T00:00:00Z");
    assert_eq!(
        facts,
        [removed, ("schedule", "s-1"), ("agents", "one, two")]
    );
}

#[test]
fn messages_are_events_with_their_times_in_utc() {
    let batch = read(&events(), MESSAGES);
    assert_eq!((batch.rows.len(), batch.skipped, batch.next), (4, 0, None));
    let result = event(&batch.rows[0]);
    assert_eq!(
        (result.id.as_str(), result.kind),
        ("6b00141a867133772c3587e1", Kind::ToolResult)
    );
    assert_eq!(result.type_sent, "tool_response");
    assert_eq!(result.time, time("2026-11-20T09:34:18.339Z"));
    assert_eq!(result.duration, Some(Duration::from_millis(67)));
    assert_eq!(
        (result.tool.as_deref(), result.call_id.as_deref()),
        (Some("get_weather"), Some("call_1a"))
    );
    assert_eq!(result.is_error, Some(false));
    assert_eq!(
        body(result),
        Some(r#"{"temperature_c":18,"sky":"overcast"}"#)
    );
    let call = event(&batch.rows[1]);
    assert_eq!(
        (call.kind, body(call)),
        (Kind::ToolCall, Some(r#"{"location":"Paris"}"#))
    );
    assert_eq!(
        (call.is_error, call.agent.as_deref(), call.tokens),
        (None, None, None)
    );
    let thought = event(&batch.rows[2]);
    assert_eq!(thought.kind, Kind::Reasoning);
    assert_eq!(
        prose(thought),
        [r#""The user asks about Paris. I should call get_weather.""#]
    );
    let user = event(&batch.rows[3]);
    assert_eq!(
        (user.kind, user.title.as_deref()),
        (Kind::Message, Some("user"))
    );
    assert_eq!(user.summary.as_deref(), Some("Weather in Paris? +1 file"));
    assert_eq!(
        (prose(user), user.duration),
        (vec![r#""Weather in Paris?""#], None)
    );
    assert!(
        batch
            .rows
            .windows(2)
            .all(|pair| event(&pair[0]).order > event(&pair[1]).order)
    );
}

#[test]
fn a_page_an_export_and_a_single_message_say_the_same() {
    let plain = read(&events(), MESSAGES).rows;
    let page = read(&events(), PAGE);
    assert_eq!(page.rows, plain);
    assert!(page.next.is_some());
    let export = read(&events(), EXPORT).rows;
    assert_eq!(export[..4], plain);
    // An export holds what the agents remember, too.
    let memory = &run(&export[4]).extras[0];
    assert_eq!(memory.label, "state");
    assert!(memory.raw.bytes().starts_with(b"{\"task_id\""));
    let ask = Ask::Event {
        run: run_ref(),
        event: Arc::from("6b00141a867133772c3587e1"),
    };
    assert_eq!(read(&ask, MESSAGE).rows, plain[..1]);
}

#[test]
fn every_form_of_content_is_read() {
    let batch = read(&events(), CONTENTS);
    let all: Vec<_> = batch.rows.iter().map(event).collect();
    let kinds: Vec<Kind> = all.iter().map(|event| event.kind).collect();
    let (call, result) = (Kind::ToolCall, Kind::ToolResult);
    let expected = [
        Kind::Message,
        Kind::Message,
        Kind::Reasoning,
        Kind::Reasoning,
        Kind::Data,
        call,
        result,
        result,
        result,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(all[1].title.as_deref(), Some("assistant"));
    assert_eq!(
        prose(all[1]),
        [r#""It is **18 C** and overcast in Paris.""#]
    );
    assert_eq!(
        (prose(all[3]).len(), all[3].summary.as_deref()),
        (0, Some("(no text)"))
    );
    assert_eq!(
        (all[4].summary.as_deref(), body(all[4])),
        (
            Some("forecast"),
            Some(r#"{"type":"forecast","days":[18,19,17]}"#)
        )
    );
    assert_eq!(
        (all[7].is_error, body(all[7])),
        (Some(true), Some("\"upstream 503\""))
    );
    assert_eq!((all[8].is_error, body(all[8])), (None, Some("3")));
}

/// The event of one content.
fn of_content(content: &str) -> sortie::model::Event {
    event(&read(&events(), &format!(r#"[{{"id":"x","content":{content}}}]"#)).rows[0]).clone()
}

#[test]
fn a_result_whose_status_is_error_failed_whatever_the_flag_says() {
    let result = |rest: &str| {
        of_content(&format!(r#"{{"type":"tool_response","name":"n",{rest}}}"#)).is_error
    };
    assert_eq!(
        result(r#""content":{"status":"Error"},"is_error":null"#),
        Some(true)
    );
    assert_eq!(
        result(r#""content":"{\"status\":\"ERROR\"}","is_error":false"#),
        Some(true)
    );
    assert_eq!(
        result(r#""content":{"status":"done"},"is_error":null"#),
        None
    );
    assert_eq!(result(r#""content":"status error""#), None);
    assert_eq!(
        result(r#""content":[{"status":"error"}],"is_error":"true""#),
        Some(true)
    );
}

#[test]
fn an_answer_of_null_is_an_answer() {
    assert_eq!(
        body(&of_content(r#"{"type":"tool_response","content":null}"#)),
        Some("null")
    );
    assert_eq!(body(&of_content(r#"{"type":"tool_response"}"#)), None);
}

#[test]
fn reasoning_falls_back_to_its_summary() {
    let thought = of_content(r#"{"type":"reasoning","summary":["a","b"],"content":null}"#);
    assert_eq!(prose(&thought), ["\"a\"", "\"b\""]);
    let whole = of_content(r#"{"type":"reasoning","summary":["a"],"content":["x","","y"]}"#);
    assert_eq!(prose(&whole), ["\"x\"", "\"y\""]);
}

#[test]
fn data_without_a_type_is_told_by_its_keys() {
    let data = of_content(r#"{"type":"data","data":{"n":1,"button":"approve"}}"#);
    assert_eq!(data.summary.as_deref(), Some("n, button"));
}

#[test]
fn a_new_type_keeps_its_word_and_its_bytes() {
    let odd = of_content(r#"{"type":"citation","source":"s"}"#);
    assert_eq!(
        (odd.kind, odd.type_sent.as_str()),
        (Kind::Unknown, "citation")
    );
    assert_eq!(body(&odd), Some(r#"{"type":"citation","source":"s"}"#));
    assert_eq!(
        read(&events(), r#"[{"content":{"type":"citation"}}]"#).skipped,
        0
    );
}

#[test]
fn a_message_that_is_being_written_says_so() {
    let text = r#"[{"id":"x","content":{"type":"text","author":"agent","content":""},"streaming_status":"IN_PROGRESS",
        "created_at":"2026-11-20T09:34:24","updated_at":"2026-11-20T09:34:24"}]"#;
    let batch = read(&events(), text);
    let unfinished = event(&batch.rows[0]);
    assert_eq!(unfinished.summary.as_deref(), Some("(still being written)"));
    assert_eq!(
        (unfinished.duration, unfinished.time),
        (None, time("2026-11-20T09:34:24Z"))
    );
}

#[test]
fn refusals_say_what_the_service_says() {
    let said = |status, body: &str| match read_status(&runs(), status, body) {
        Err(ReadError::Said(words)) => words,
        other => panic!("{other:?}"),
    };
    let object = include_str!("../../fixtures/agentex/error-object.json");
    assert_eq!(said(404, object), "Item with id 'nope' does not exist.");
    assert_eq!(
        said(
            401,
            include_str!("../../fixtures/agentex/error-credential.json")
        ),
        "Unauthorized"
    );
    let route = include_str!("../../fixtures/agentex/error-route.json");
    assert_eq!(said(404, route), "Not Found: this server has no such path");
    let parameter = include_str!("../../fixtures/agentex/error-parameter.json");
    assert!(said(422, parameter).contains("'msg': 'Field required'"));
    assert_eq!(
        said(
            422,
            r#"{"detail":[{"loc":["query"],"msg":"bad limit"},{"msg":"bad page"}]}"#
        ),
        "bad limit; bad page"
    );
    assert_eq!(
        said(200, r#"{"message":"asleep","code":503,"data":null}"#),
        "asleep"
    );
    assert_eq!(said(502, "upstream is away"), "upstream is away");
    assert!(said(502, "<html><body>Bad gateway</body></html>").contains("HTML"));
    assert!(matches!(
        read_status(&runs(), 200, "<html>"),
        Err(ReadError::Foreign(_))
    ));
    assert!(matches!(
        read_status(&runs(), 200, "{}"),
        Err(ReadError::Foreign(_))
    ));
    assert!(matches!(
        read_status(&Ask::Run(run_ref()), 200, "[]"),
        Err(ReadError::Foreign(_))
    ));
}

#[test]
fn captured_transcripts_are_recognised() {
    let asked = |text: &str| {
        let found = captured(text.as_bytes())?;
        let Sort::Answer(answer) = found.capture.pieces.first()?.sort.clone() else {
            return None;
        };
        (found.provider.name() == "agentex").then_some(answer.ask)
    };
    for capture in [MESSAGES, PAGE, EXPORT, CONTENTS] {
        let Some(Ask::Events { run, .. }) = asked(capture) else {
            panic!("{capture}")
        };
        assert_eq!(&*run.run, TASK);
    }
    let inbox = r#"[{"id":"e","sequence_id":7,"task_id":"t","content":{"type":"text"}}]"#;
    assert_eq!(asked(AGENTS), Some(missions()));
    for tasks in [TASKS, ONE_TASK] {
        assert!(matches!(asked(tasks), Some(Ask::Runs { .. })));
    }
    for other in [inbox, "[]", "{}", "3", "", "not json", r#"{"data":[]}"#] {
        assert_eq!(asked(other), None, "{other}");
    }
}
