//! The lists beside an agent and a task: what they add, and what it costs when they are missing.

use std::sync::Arc;
use std::time::Duration;

use sortie::model::{Ask, Kind, Of, Page, Record, Row, RunRef};
use sortie::provider::Provider;
use sortie::provider::agentex::Agentex;

use super::{
    AGENT, TASK, aside, aside_at, body, event, events, line, mission, of_agent, page_of, prose,
    read, read_status, run, run_ref, time, told, what,
};

const ONE_TASK: &str = include_str!("../../fixtures/agentex/task.json");
const PAGE: &str = include_str!("../../fixtures/agentex/page.json");
const SPANS: &str = include_str!("../../fixtures/agentex/spans.json");
const STATE: &str = include_str!("../../fixtures/agentex/state.json");
const TRACKER: &str = include_str!("../../fixtures/agentex/tracker.json");
const DEPLOYMENTS: &str = include_str!("../../fixtures/agentex/deployments.json");
const SCHEDULES: &str = include_str!("../../fixtures/agentex/schedules.json");

const NO_ROUTE: &str = r#"{"detail":"Not Found"}"#;

#[test]
fn a_task_and_an_agent_and_a_transcript_each_ask_for_what_lies_beside_them() {
    let names = |asks: &[Ask]| asks.iter().map(what).collect::<Vec<_>>();
    let task = read(&Ask::Run(run_ref()), ONE_TASK);
    assert_eq!(names(&task.also), ["states", "trackers"]);
    let agent = Ask::Mission {
        mission: Arc::from(AGENT),
    };
    let agent = read(&agent, r#"{"id":"x","name":"n"}"#);
    assert_eq!(names(&agent.also), ["deployments", "schedules"]);
    let first = read(&events(), PAGE);
    assert_eq!(names(&first.also), ["inbox", "spans"]);
    let second = read(&first.next.unwrap(), PAGE);
    assert_eq!(names(&second.also), [""; 0]);
    // Nothing is asked twice where the transcript has to be asked for another way.
    let turned = read_status(&events(), 404, NO_ROUTE).unwrap();
    assert_eq!(names(&turned.also), ["inbox", "spans"]);
    assert_eq!(names(&read(&turned.next.unwrap(), "[]").also), [""; 0]);
}

#[test]
fn every_further_agent_of_a_task_that_listens_has_an_inbox_of_its_own() {
    let task = format!(
        r#"{{"id":"{TASK}","agents":[{{"id":"{AGENT}","acp_type":"async"}},{{"id":"b","acp_type":"agentic"}},
        {{"id":"c","acp_type":"sync"}},{{"name":"no id"}}]}}"#
    );
    let inboxes = |run: RunRef| {
        let asks = read(&Ask::Run(run), &task).also;
        let of = asks
            .iter()
            .filter(|ask| what(ask) == "inbox of another agent");
        of.map(|ask| ask.run().unwrap().mission.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(inboxes(run_ref()), ["b"]);
    let nobodys = RunRef {
        mission: Arc::from(""),
        ..run_ref()
    };
    assert_eq!(inboxes(nobodys), [AGENT, "b"]);
}

#[test]
fn spans_are_events_with_their_durations_tokens_and_failures() {
    let batch = read(&aside("spans"), &SPANS.replace("\"trace-1\"", "null"));
    assert_eq!((batch.rows.len(), batch.skipped, batch.next), (5, 0, None));
    let turn = event(&batch.rows[0]);
    assert_eq!((turn.kind, turn.type_sent.as_str()), (Kind::Span, "span"));
    assert_eq!(turn.tool.as_deref(), Some("Turn 1"));
    assert_eq!(turn.time, time("2026-11-20T09:34:17.460728Z"));
    assert_eq!(turn.duration, Some(Duration::from_micros(1_740_704)));
    assert_eq!((turn.is_error, turn.tokens), (None, None));
    assert_eq!(body(turn), Some(r#"{"turn":1}"#));
    let failed = event(&batch.rows[2]);
    assert_eq!(failed.is_error, Some(true));
    assert_eq!(failed.summary.as_deref(), Some("error: upstream 503"));
    assert!(body(failed).unwrap().contains("__error__"));
    let open = event(&batch.rows[3]);
    assert_eq!(
        (open.duration, body(open)),
        (None, Some(r#"[{"role":"user"}]"#))
    );
    assert_eq!(told(&run(&batch.rows[4]).facts), [("spans", "4")]);
}

#[test]
fn a_span_lies_behind_what_it_times_and_behind_the_spans_in_it() {
    let spans = SPANS.replace("19.201432", "18.465194");
    let batch = read(&aside("spans"), &spans.replace("\"trace-1\"", "null"));
    let mut spans: Vec<_> = batch.rows[..4].iter().map(event).collect();
    spans.sort_by_key(|span| span.order);
    let names: Vec<_> = spans
        .iter()
        .filter_map(|span| span.tool.as_deref())
        .collect();
    assert_eq!(names, ["open", "get_weather", "search_web", "Turn 1"]);
    let inner = spans[2];
    assert_eq!(
        Some(inner.order.at),
        time("2026-11-20T09:34:18.465194Z").map(|end| end.0)
    );
    let of_that_moment = read(
        &aside("inbox"),
        r#"[{"id":"x","sequence_id":9223372036854775807,"created_at":"2026-11-20T09:34:18.465194Z","content":null}]"#,
    );
    assert!(event(&of_that_moment.rows[0]).order < inner.order);
}

#[test]
fn a_span_names_the_one_it_lies_in_and_says_where_only_its_end_is_known() {
    let spans = r#"[
        {"id":"turn","parent_id":null,"name":"turn","start_time":"2026-11-20T09:34:17Z","end_time":"2026-11-20T09:34:19Z"},
        {"id":"call","parent_id":"turn","name":"call","start_time":"2026-11-20T09:34:17Z"},
        {"id":"late","parent_id":"late","name":"late","end_time":"2026-11-20T09:34:18Z"}
    ]"#;
    let batch = read(&aside("spans"), spans);
    let told: Vec<_> = batch.rows[..3]
        .iter()
        .map(event)
        .map(|span| (span.id.as_str(), span.parent_id.as_deref(), span.at_end))
        .collect();
    assert_eq!(
        told,
        [
            ("turn", None, false),
            ("call", Some("turn"), false),
            ("late", None, true)
        ]
    );
}

#[test]
fn a_span_tells_its_model_its_tokens_and_what_was_thought() {
    let spans = format!(
        r#"[{{"id":"a","trace_id":"{TASK}","name":"chat_completion","start_time":"2026-11-20T09:34:18Z","end_time":null,
        "output":{{"usage":{{"model":"gpt-5-mini","prompt_tokens":"10","completion_tokens":4}}}},"data":[{{"x":1}}]}},
        {{"id":"b","trace_id":"{TASK}","name":"reasoning","start_time":"2026-11-20T09:34:18Z","output":{{"output":"Think first."}},"data":{{"is_error":false}}}}]"#
    );
    let batch = read(&aside("spans"), &spans);
    let call = event(&batch.rows[0]);
    let tokens = call.tokens.unwrap();
    assert_eq!(
        (tokens.input, tokens.output, tokens.total),
        (Some(10), Some(4), None)
    );
    assert_eq!(call.summary.as_deref(), Some("gpt-5-mini"));
    let thought = event(&batch.rows[1]);
    assert_eq!(prose(thought), ["\"Think first.\""]);
    assert_eq!(thought.is_error, Some(false));
}

#[test]
fn what_a_turn_reports_is_not_counted_again_in_the_calls_within_it() {
    let span = |id: &str, parent: &str, part: &str, input: u32| {
        format!(
            r#"{{"id":"{id}","trace_id":"{TASK}","parent_id":{parent},"name":"n","{part}":{{"usage":{{"input_tokens":{input},"output_tokens":1}}}}}}"#
        )
    };
    let bare = format!(r#"{{"id":"step","trace_id":"{TASK}","parent_id":"turn","name":"n"}}"#);
    let rows = [
        span("turn", "null", "data", 100),
        bare,
        span("call", "\"step\"", "output", 60),
        span("other", "\"gone\"", "data", 7),
    ];
    let batch = read(&aside("spans"), &format!("[{}]", rows.join(",")));
    let total = run(&batch.rows[4]).tokens.unwrap();
    assert_eq!((total.input, total.output), (Some(107), Some(2)));
    // Parents that lead in a circle end.
    let circle = [span("a", "\"b\"", "data", 1), span("b", "\"a\"", "data", 2)];
    let batch = read(&aside("spans"), &format!("[{}]", circle.join(",")));
    assert_eq!(batch.rows.len(), 3);
}

#[test]
fn spans_of_everybody_are_asked_for_by_trace_instead() {
    let batch = read(&aside("spans"), SPANS);
    assert!(batch.rows.is_empty());
    let again = batch.next.unwrap();
    let expected = format!("/spans?limit=1000&page_number=1&trace_id={TASK}&order_direction=asc");
    assert_eq!(line(&again), expected);
    assert_eq!(read(&again, SPANS).rows.len(), 5);
    assert_eq!(read(&again, SPANS).next, None);
}

#[test]
fn no_spans_and_no_path_for_them_are_silence() {
    for name in ["spans", "traces", "states", "trackers", "inbox"] {
        let none = read(&aside(name), "[]");
        assert_eq!((none.rows.len(), none.next), (0, None), "{name}");
        let missing = read_status(&aside(name), 404, NO_ROUTE).unwrap();
        assert_eq!((missing.rows.len(), missing.next), (0, None), "{name}");
    }
    for name in ["deployments", "schedules"] {
        let missing = read_status(&of_agent(name), 404, NO_ROUTE).unwrap();
        assert!(missing.rows.is_empty(), "{name}");
    }
    assert!(
        read(&of_agent("schedules"), r#"{"run_schedules":[],"total":0}"#)
            .rows
            .is_empty()
    );
}

#[test]
fn states_and_trackers_are_extras_of_the_task() {
    let batch = read(&aside("states"), &format!("[{STATE}]"));
    let [state] = run(&batch.rows[0]).extras.as_slice() else {
        panic!()
    };
    assert_eq!(state.label, "state");
    assert_eq!(state.raw.bytes(), STATE.trim_end());
    assert!(run(&batch.rows[0]).mission_id.is_empty());
    let two = read(&aside("states"), &format!("[{STATE},{STATE}]"));
    assert!(run(&two.rows[0]).extras[0].raw.bytes().starts_with(b"[{"));
    let batch = read(&aside("trackers"), &format!("[{TRACKER}]"));
    let tracked = run(&batch.rows[0]);
    assert_eq!(
        told(&tracked.facts),
        [("tracker", "COMPLETED: turn 2 done")]
    );
    assert_eq!(tracked.extras[0].label, "tracker");
    let untouched = r#"[{"id":"t","agent_id":"a","status":null,"last_processed_event_id":null}]"#;
    assert!(read(&aside("trackers"), untouched).rows.is_empty());
}

#[test]
fn deployments_and_schedules_are_extras_of_the_agent() {
    let batch = read(&of_agent("deployments"), DEPLOYMENTS);
    let agent = mission(&batch.rows[0]);
    assert_eq!(
        told(&agent.facts),
        [("deployed", "registry.example.com/weather:8c1f2ab Ready")]
    );
    assert_eq!(agent.extras[0].raw.bytes(), DEPLOYMENTS.trim_end());
    let batch = read(&of_agent("schedules"), SCHEDULES);
    let agent = mission(&batch.rows[0]);
    assert_eq!(
        told(&agent.facts),
        [(
            "schedules",
            "morning-report  0 6 * * *  ACTIVE  next 2026-11-21 05:00:00 UTC"
        )]
    );
    let kept = std::str::from_utf8(agent.extras[0].raw.bytes()).unwrap();
    serde_json::from_str::<serde_json::Value>(kept).unwrap();
    assert!(kept.contains("initial_input") && !kept.contains("wk-1234567890"));
}

#[test]
fn a_list_that_cannot_be_read_is_a_line_and_fails_nothing() {
    let noted = Agentex.without(&aside("states"), "403, no").unwrap();
    let of = run(&noted.rows[0]);
    assert_eq!((of.id.as_str(), of.mission_id.as_str()), (TASK, ""));
    assert_eq!(told(&of.facts), [("state", "not read: 403, no")]);
    let noted = Agentex.without(&of_agent("schedules"), "500").unwrap();
    assert_eq!(
        told(&mission(&noted.rows[0]).facts),
        [("schedules", "not read: 500")]
    );
    for needed in [aside("task"), aside("named"), events(), Ask::Check] {
        assert_eq!(Agentex.without(&needed, "no"), None, "{needed:?}");
    }
}

#[test]
fn what_is_called_by_name_is_found_by_name() {
    let body = r#"{"message":"Item with id 'paris-1' does not exist.","code":404,"data":null}"#;
    let called = RunRef {
        run: Arc::from("paris-1"),
        ..run_ref()
    };
    let by_name = read_status(&Ask::Run(called), 404, body)
        .unwrap()
        .next
        .unwrap();
    assert_eq!(line(&by_name), "/tasks/name/paris-1?relationships=agents");
    assert_eq!(run(&read(&by_name, ONE_TASK).rows[0]).id, TASK);
    assert!(read_status(&by_name, 404, body).is_err());
    let ask = Ask::Mission {
        mission: Arc::from("weather-async"),
    };
    let by_name = read_status(&ask, 404, body).unwrap().next.unwrap();
    assert_eq!(line(&by_name), "/agents/name/weather-async");
    assert!(read_status(&Ask::Run(run_ref()), 404, body).is_err());
}

#[test]
fn states_beyond_a_page_go_on() {
    let rows: Vec<String> = (0..200).map(|n| format!(r#"{{"id":"s{n}"}}"#)).collect();
    let next = read(&aside("states"), &format!("[{}]", rows.join(",")))
        .next
        .unwrap();
    assert!(line(&next).contains("page_number=2"));
    let second = read(&next, r#"[{"id":"s200"}]"#);
    assert_eq!(run(&second.rows[0]).extras[0].label, "state, page 2");
    assert_eq!(page_of(&next).index, 1);
    let odd = Ask::Aside {
        of: Of::Run(run_ref()),
        what: "nothing",
        page: Page::default(),
    };
    assert!(read(&odd, "[]").rows.is_empty());
    let sideways = aside_at("schedules", Page::default());
    assert!(read(&sideways, "[]").rows.is_empty());
}

#[test]
fn an_id_alone_is_looked_up_among_messages_then_events_then_spans() {
    let id = "1d737596-8ca5-4180-b846-99f01155f98e";
    let way = |way: u8| Ask::Named { id: id.into(), way };
    let paths = ["messages", "events", "spans"].map(|list| format!("/{list}/{id}"));
    for (at, path) in (0u8..).zip(&paths) {
        assert_eq!(Agentex.request(&way(at)).unwrap().path, *path);
    }
    assert_eq!(Agentex.request(&way(3)), None);
    let message = Ask::Named {
        id: "6b0014208671337726c35880".into(),
        way: 1,
    };
    assert_eq!(
        Agentex.request(&message),
        None,
        "it can be no event of an inbox"
    );
    let none = "{\"detail\":\"Item not found\"}";
    assert_eq!(read_status(&way(0), 404, none).unwrap().next, Some(way(1)));
    assert_eq!(read_status(&way(2), 404, none).unwrap().next, None);
    let found = read_status(
        &way(1),
        200,
        &format!("{{\"id\":\"{id}\",\"task_id\":\"t\"}}"),
    )
    .unwrap();
    let [Row::Full(Record::Elsewhere(found))] = found.rows.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((found.run.as_str(), found.event.id.as_str()), ("t", id));
    // A span of no task names no run.
    let loose = format!("{{\"id\":\"{id}\",\"task_id\":null}}");
    assert!(read(&way(2), &loose).rows.is_empty());
}
