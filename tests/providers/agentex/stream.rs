//! The live stream: frames in, rows out, and the same rows that the lists bring.

use bytes::Bytes;
use serde_json::{Value, json};
use sortie::model::{Ask, Event, Kind, RunStatus, Time};
use sortie::provider::agentex::Agentex;
use sortie::provider::{Heard, Listener, Provider};

use super::{TASK, body, event, events, prose, read, run, run_ref, time};

const MESSAGE: &str = "6b00141a867133772c3587e0";

/// Hears a stream.
struct Ear {
    listener: Box<dyn Listener>,
}

impl Ear {
    fn new() -> Self {
        let (_, listener) = Agentex.stream(&run_ref()).unwrap();
        Self { listener }
    }

    fn bytes(&mut self, data: &str) -> Heard {
        let data = Bytes::copy_from_slice(data.as_bytes());
        self.listener.hear(&data, Time(0))
    }

    fn hear(&mut self, frame: &Value) -> Heard {
        let heard = self.bytes(&frame.to_string());
        assert_eq!(heard.skipped, 0, "{frame}");
        heard
    }

    /// The only thing that has grown.
    fn grown(&mut self) -> Event {
        let rows = self.listener.grown();
        assert_eq!(rows.len(), 1);
        event(&rows[0]).clone()
    }
}

fn parent(content: &Value) -> Value {
    json!({"id": MESSAGE, "task_id": TASK, "content": content, "streaming_status": "IN_PROGRESS",
        "created_at": "2026-11-20T09:34:18.055675Z", "updated_at": "2026-11-20T09:34:18.055675Z"})
}

fn text() -> Value {
    json!({"type": "text", "author": "agent", "style": "active", "format": "markdown", "content": "", "attachments": null})
}

fn start(content: &Value) -> Value {
    json!({"type": "start", "index": null, "parent_task_message": parent(content), "content": content})
}

fn delta(content: &Value, delta: &Value) -> Value {
    json!({"type": "delta", "index": null, "parent_task_message": parent(content), "delta": delta})
}

fn say(words: &str) -> Value {
    delta(&text(), &json!({"type": "text", "text_delta": words}))
}

fn full(content: &Value) -> Value {
    json!({"type": "full", "index": null, "parent_task_message": parent(&text()), "content": content})
}

fn done(content: &Value) -> Value {
    json!({"type": "done", "index": null, "parent_task_message": parent(content)})
}

#[test]
fn the_stream_is_open_when_it_says_so() {
    let heard = Ear::new().hear(&json!({"type": "connected", "taskId": TASK}));
    assert!(heard.open && !heard.over && heard.rows.is_empty());
}

#[test]
fn a_message_grows_piece_by_piece_and_is_then_whole() {
    let mut ear = Ear::new();
    let begun = ear.hear(&start(&text()));
    let empty = event(&begun.rows[0]);
    assert_eq!(empty.summary.as_deref(), Some("(still being written)"));
    assert!(ear.hear(&say("It is **18 C** ")).rows.is_empty());
    ear.hear(&say("and \"over\ncast\"."));
    let half = ear.grown();
    assert_eq!(prose(&half), [r#""It is **18 C** and \"over\ncast\".""#]);
    assert_eq!(
        (half.id.as_str(), half.kind, half.summary),
        (MESSAGE, Kind::Message, None)
    );
    assert!(ear.listener.grown().is_empty(), "told once");
    ear.hear(&say(" Bye."));
    let heard = ear.hear(&done(&text()));
    let whole = event(&heard.rows[0]);
    assert!(
        prose(whole)[0].ends_with("Bye.\""),
        "done carries the first content, not the last"
    );
    assert!(ear.listener.grown().is_empty());
    let record: Value = serde_json::from_slice(whole.raw.bytes()).unwrap();
    assert_eq!(record["content"]["format"], "markdown");
    assert_eq!(
        (&record["streaming_status"], &record["task_id"]),
        (&json!("DONE"), &json!(TASK))
    );
}

#[test]
fn a_streamed_message_is_the_same_row_as_the_stored_one() {
    let mut ear = Ear::new();
    let heard = ear.hear(&full(
        &json!({"type": "text", "author": "agent", "content": "Hello"}),
    ));
    let stored = read(
        &events(),
        &format!(
            r#"[{{"id":"{MESSAGE}","content":{{"type":"text","author":"agent","content":"Hello"}},"streaming_status":"DONE",
            "created_at":"2026-11-20T09:34:18.055000","updated_at":"2026-11-20T09:34:19"}}]"#
        ),
    );
    let (live, stored) = (event(&heard.rows[0]), event(&stored.rows[0]));
    assert_eq!(
        (&live.id, live.order, live.kind, live.time, &live.title),
        (
            &stored.id,
            stored.order,
            stored.kind,
            stored.time,
            &stored.title
        )
    );
    assert_eq!(live.time, time("2026-11-20T09:34:18.055Z"));
    assert_eq!(live.duration, None, "how long it took is not known yet");
}

/// The content of a message that began so and got these pieces.
fn sum(content: &Value, pieces: &[Value]) -> (Event, Value) {
    let mut ear = Ear::new();
    ear.hear(&start(content));
    for piece in pieces {
        ear.hear(&delta(content, piece));
    }
    let grown = ear.grown();
    let record: Value = serde_json::from_slice(grown.raw.bytes()).unwrap();
    (grown, record["content"].clone())
}

#[test]
fn arguments_are_a_text_until_they_are_json() {
    let call = json!({"type": "tool_request", "author": "agent", "tool_call_id": "call_1a", "name": "get_weather", "arguments": {}});
    let piece = |text: &str| json!({"type": "tool_request", "tool_call_id": "call_1a", "name": "get_weather", "arguments_delta": text});
    let (half, _) = sum(&call, &[piece("{\"location\": ")]);
    assert_eq!(
        (half.kind, half.tool.as_deref()),
        (Kind::ToolCall, Some("get_weather"))
    );
    assert_eq!(body(&half), Some(r#""{\"location\": ""#));
    let (whole, _) = sum(
        &call,
        &[
            piece("{\"location\": "),
            piece("\"Paris\", \"n\": 12345678901234567890}"),
        ],
    );
    assert_eq!(
        body(&whole),
        Some(r#"{"location": "Paris", "n": 12345678901234567890}"#)
    );
    assert_eq!(whole.call_id.as_deref(), Some("call_1a"));
}

#[test]
fn data_results_and_thoughts_are_summed_too() {
    let data = json!({"type": "data", "author": "agent", "data": {}});
    let piece = |text: &str| json!({"type": "data", "data_delta": text});
    let (whole, _) = sum(&data, &[piece("{\"type\": \"fore"), piece("cast\"}")]);
    assert_eq!(
        (body(&whole), whole.summary.as_deref()),
        (Some("{\"type\": \"forecast\"}"), Some("forecast"))
    );
    let result = json!({"type": "tool_response", "author": "agent", "tool_call_id": "c", "name": "run", "content": "", "is_error": null});
    let piece = |text: &str| json!({"type": "tool_response", "tool_call_id": "c", "name": "run", "content_delta": text});
    let (whole, _) = sum(&result, &[piece("one "), piece("two")]);
    assert_eq!(body(&whole), Some("\"one two\""));
    let thought = json!({"type": "reasoning", "author": "agent", "style": "active", "summary": [], "content": []});
    let (_, content) = sum(
        &thought,
        &[
            json!({"type": "reasoning_summary", "summary_index": 0, "summary_delta": "Check "}),
            json!({"type": "reasoning_content", "content_index": 1, "content_delta": "second"}),
            json!({"type": "reasoning_content", "content_index": 0, "content_delta": "fir"}),
            json!({"type": "reasoning_summary", "summary_index": 0, "summary_delta": "it"}),
            json!({"type": "reasoning_content", "content_index": 0, "content_delta": "st"}),
            json!({"type": "reasoning_content", "content_index": 9_000_000_000_u64, "content_delta": "far"}),
            json!({"type": "reasoning_content", "content_index": 0, "content_delta": null}),
        ],
    );
    assert_eq!(content["summary"], json!(["Check it"]));
    assert_eq!(content["content"], json!(["first", "second", "far"]));
}

#[test]
fn what_a_message_began_with_stays() {
    let mut begun = text();
    begun["content"] = json!("Hello ");
    let (_, content) = sum(&begun, &[json!({"type": "text", "text_delta": "there"})]);
    assert_eq!(content["content"], "Hello there");
    let mut ear = Ear::new();
    ear.hear(&start(&begun));
    let heard = ear.hear(&done(&begun));
    assert_eq!(
        prose(event(&heard.rows[0])),
        ["\"Hello \""],
        "no piece came at all"
    );
}

#[test]
fn pieces_of_another_type_than_the_content_decide() {
    let piece = json!({"type": "tool_request", "tool_call_id": "c", "name": "run", "arguments_delta": "{}"});
    let (event, content) = sum(&text(), &[piece]);
    assert_eq!(
        (event.kind, event.tool.as_deref()),
        (Kind::ToolCall, Some("run"))
    );
    assert_eq!(content["author"], "agent");
}

#[test]
fn full_needs_no_start_and_ends_without_done() {
    let mut ear = Ear::new();
    let result = json!({"type": "tool_response", "author": "agent", "tool_call_id": "c", "name": "run", "content": {"n": 1}, "is_error": true});
    let heard = ear.hear(&full(&result));
    let alone = event(&heard.rows[0]);
    assert_eq!(
        (alone.kind, alone.is_error, body(alone)),
        (Kind::ToolResult, Some(true), Some("{\"n\":1}"))
    );
    let mut ear = Ear::new();
    ear.hear(&start(&text()));
    ear.hear(&say("half"));
    ear.hear(&full(
        &json!({"type": "text", "author": "agent", "content": "whole"}),
    ));
    assert!(
        ear.listener.grown().is_empty(),
        "the half is not told any more"
    );
    assert!(
        ear.hear(&say("late")).rows.is_empty(),
        "a late piece changes nothing"
    );
    assert!(ear.listener.grown().is_empty());
}

#[test]
fn joined_midway_nothing_is_appended_and_the_message_is_asked_for() {
    let mut ear = Ear::new();
    let heard = ear.hear(&say("of Paris."));
    let partial = event(&heard.rows[0]);
    assert_eq!(partial.id, MESSAGE);
    assert_eq!(
        partial.summary.as_deref(),
        Some("(being written, its beginning was missed)")
    );
    assert_eq!(prose(partial), ["\"\""]);
    assert!(ear.hear(&say(" Bye.")).rows.is_empty(), "said once");
    assert!(ear.listener.grown().is_empty());
    let heard = ear.hear(&done(&text()));
    assert!(heard.rows.is_empty());
    let asked = Ask::Event {
        run: run_ref(),
        event: MESSAGE.into(),
    };
    assert_eq!(heard.asks, [asked]);
    let heard = Ear::new().hear(&done(&text()));
    assert_eq!(heard.asks.len(), 1, "nothing of it was heard at all");
}

#[test]
fn what_was_summed_is_asked_for_once_and_what_came_at_once_is_not() {
    let mut ear = Ear::new();
    ear.hear(&start(&text()));
    ear.hear(&say("Hello"));
    let heard = ear.hear(&done(&text()));
    assert_eq!((heard.rows.len(), heard.asks.len()), (1, 1));
    let again = ear.hear(&done(&text()));
    assert_eq!((again.rows.len(), again.asks.len()), (0, 0));
    assert!(Ear::new().hear(&full(&text())).asks.is_empty());
}

/// Of a task that has ended the service replays its oldest frames, whose messages were read long ago.
#[test]
fn frames_of_old_messages_change_nothing_but_are_asked_about_once_whole() {
    let (_, mut listener) = Agentex.stream(&run_ref()).unwrap();
    let later = time("2026-11-20T10:34:18Z").unwrap();
    let mut asked = Vec::new();
    for frame in [start(&text()), say("half"), done(&text()), full(&text())] {
        let heard = listener.hear(&Bytes::from(frame.to_string()), later);
        asked.push(heard.asks.clone());
        let asks = Vec::new();
        assert_eq!(Heard { asks, ..heard }, Heard::default());
    }
    let event = Ask::Event {
        run: run_ref(),
        event: MESSAGE.into(),
    };
    assert_eq!(asked, [vec![], vec![], vec![event], vec![]]);
    assert!(listener.grown().is_empty());
}

/// Asked too early, the answer still is what was stored at the beginning.
#[test]
fn an_answer_from_before_it_was_stored_takes_nothing_away() {
    let ask = Ask::Event {
        run: run_ref(),
        event: MESSAGE.into(),
    };
    let early = parent(&text()).to_string();
    let row = &read(&ask, &early).rows[0];
    assert!(matches!(row, sortie::model::Row::Patch(_)));
    assert!(event(row).raw.is_empty() && event(row).summary.is_none());
}

#[test]
fn the_task_changes_and_ends() {
    let mut ear = Ear::new();
    let task = |status: &str| {
        json!({"type": "task_updated", "task": {"id": TASK, "name": "paris", "status": status, "status_reason": "why",
            "created_at": "2026-11-20T09:34:16.265369Z", "updated_at": "2026-11-20T09:34:42Z", "params": {"k": "v"}}})
    };
    let paused = ear.hear(&task("INTERRUPTED"));
    assert_eq!(
        (run(&paused.rows[0]).status, paused.over),
        (RunStatus::Paused, false)
    );
    let ended = ear.hear(&task("FAILED"));
    let failed = run(&ended.rows[0]);
    assert_eq!((failed.status, ended.over), (RunStatus::Failed, true));
    assert_eq!(
        (failed.id.as_str(), failed.error.as_deref()),
        (TASK, Some("why"))
    );
    assert!(ear.hear(&task("DELETED")).over);
    assert!(!ear.hear(&task("HIBERNATING")).over);
}

#[test]
fn errors_are_told_and_the_stream_goes_on() {
    let mut ear = Ear::new();
    let heard = ear.hear(&json!({"type": "error", "message": "Item with id 'x' does not exist."}));
    assert_eq!(
        heard.said.as_deref(),
        Some("Item with id 'x' does not exist.")
    );
    assert!(!heard.over);
    assert!(
        ear.hear(&json!({"type": "error", "message": null}))
            .said
            .is_some()
    );
}

#[test]
fn what_cannot_be_placed_or_read_is_counted() {
    let mut ear = Ear::new();
    for frame in [
        r#"{"type":"delta","parent_task_message":null,"delta":{"type":"text","text_delta":"x"}}"#,
        r#"{"type":"done"}"#,
        r#"{"type":"start","parent_task_message":{"id":null},"content":{}}"#,
        r#"{"type":"pirouette"}"#,
        r#"{"type":"task_updated","task":null}"#,
        r#"{"type":7}"#,
        "[]",
        "",
        "{\"type\":",
        "7",
    ] {
        let heard = ear.bytes(frame);
        assert_eq!((heard.skipped, heard.rows.len()), (1, 0), "{frame}");
    }
    let strange = delta(&text(), &json!({"type": "smell"}));
    ear.hear(&start(&text()));
    assert_eq!(ear.bytes(&strange.to_string()).skipped, 1);
    let mixed = delta(&text(), &json!({"type": "data", "data_delta": "{}"}));
    ear.hear(&say("a"));
    assert_eq!(ear.bytes(&mixed.to_string()).skipped, 1);
    assert_eq!(
        ear.hear(&done(&text())).asks.len(),
        1,
        "its sum means nothing now"
    );
}

/// Ten thousand pieces cost ten thousand appends and one message.
#[test]
fn many_pieces_are_one_row() {
    let mut ear = Ear::new();
    ear.hear(&start(&text()));
    for _ in 0..10_000 {
        ear.hear(&say("word "));
    }
    assert_eq!(prose(&ear.grown())[0].len(), 50_002);
}

#[test]
fn a_message_without_end_is_not_kept_in_memory() {
    let mut ear = Ear::new();
    ear.hear(&start(&text()));
    let megabyte = "x".repeat(1024 * 1024);
    for _ in 0..9 {
        ear.hear(&say(&megabyte));
    }
    assert!(ear.listener.grown().is_empty());
    let heard = ear.hear(&done(&text()));
    assert_eq!((heard.rows.len(), heard.asks.len()), (0, 1));
}

#[test]
fn messages_that_nobody_finishes_are_forgotten_one_day() {
    let mut ear = Ear::new();
    for n in 0..300 {
        let mut frame = start(&text());
        frame["parent_task_message"]["id"] = json!(format!("m{n}"));
        ear.hear(&frame);
    }
    let mut piece = say("x");
    piece["parent_task_message"]["id"] = json!("m0");
    let heard = ear.hear(&piece);
    assert!(
        event(&heard.rows[0])
            .summary
            .as_deref()
            .unwrap()
            .contains("missed")
    );
}
