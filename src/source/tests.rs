//! What files say, through the asks that a screen or a command would send.

mod broken;
mod bundles;
mod captured;
mod grown;
mod lines;
mod spilled;

use std::{fs, path::PathBuf};

use super::*;
use crate::model::{Kind, Limit, Time};

fn opened(content: &[u8]) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, content).unwrap();
    let source = only(Opened::open(&[path]).unwrap());
    (folder, source)
}

fn only(opened: Opened) -> Source {
    let [source] = <[Source; 1]>::try_from(opened.sources).ok().unwrap();
    source
}

fn run_ref(run: &str) -> RunRef {
    RunRef {
        mission: "trace.jsonl".into(),
        run: run.into(),
        room: None,
    }
}

fn told(source: &Source, run: &str) -> (Vec<Event>, u32) {
    let ask = Ask::Events {
        run: run_ref(run),
        page: Page::default(),
    };
    let batch = source.answer(&ask).unwrap();
    let events = batch.rows.iter().map(|row| match row.record() {
        Record::Event(event) => event.clone(),
        other => panic!("{other:?}"),
    });
    (events.collect(), batch.skipped)
}

fn runs(source: &Source) -> Vec<Run> {
    let ask = Ask::Runs {
        mission: "trace.jsonl".into(),
        status: None,
        page: Page::default(),
    };
    let batch = source.answer(&ask).unwrap();
    let runs = batch.rows.iter().map(|row| match row.record() {
        Record::Run(run) => run.clone(),
        other => panic!("{other:?}"),
    });
    runs.collect()
}

#[test]
fn each_meaning_has_its_ladder_of_names() {
    let (_folder, source) = opened(
        br#"{"event_id":"e1","run_id":"r","timestamp":"2026-11-20T09:00:00Z","kind":"tool_call","data":{"tool":"search","call_id":"c1","q":1},"agent_id":"a","step":"s1"}
{"id":"e2","task_id":"r","ts":1795166597,"type":"tool-result","payload":{"tool":"search"},"tool_call_id":"c1","data":{"ok":false},"label":"gone","message":"x"}
{"run_id":"r","event":"message","message":"hello there","content":"hi\nyou","error":null}
"#,
    );
    let (events, skipped) = told(&source, "r");
    assert_eq!((events.len(), skipped), (3, 0));
    let (call, result, message) = (&events[0], &events[1], &events[2]);
    assert_eq!(call.id, "e1");
    assert_eq!(call.kind, Kind::ToolCall);
    assert_eq!(call.tool.as_deref(), Some("search"));
    assert_eq!(call.call_id.as_deref(), Some("c1"));
    assert_eq!(call.agent.as_deref(), Some("a"));
    assert_eq!(call.step_id.as_deref(), Some("s1"));
    assert_eq!(call.is_error, None);
    let body = call.raw.part(call.body.unwrap());
    assert_eq!(body, br#"{"tool":"search","call_id":"c1","q":1}"#);
    assert_eq!(result.kind, Kind::ToolResult);
    assert_eq!(result.tool.as_deref(), Some("search"));
    assert_eq!(result.call_id.as_deref(), Some("c1"));
    assert_eq!(result.is_error, Some(true));
    assert_eq!(result.title.as_deref(), Some("gone"));
    assert_eq!(message.id, "line-3");
    assert_eq!(message.title.as_deref(), Some("hello there"));
    assert_eq!(message.raw.part(message.prose[0]), br#""hi\nyou""#);
    assert_eq!(message.is_error, None);
    let run = &runs(&source)[0];
    assert_eq!(run.started_at, call.time);
    assert_eq!(run.updated_at, Some(Time(1_795_166_597_000_000_000)));
}

#[test]
fn order_is_the_order_of_the_file_and_runs_are_told_apart() {
    let (_folder, source) = opened(
        br#"{"session_id":"b","ts":9,"id":"1"}
{"trace_id":"a","ts":8,"id":"1"}
{"session_id":"b","ts":1,"id":"1"}
{"ts":1,"id":"lonely"}
"#,
    );
    let ids: Vec<_> = runs(&source).into_iter().map(|run| run.id).collect();
    assert_eq!(ids, ["b", "a", "trace.jsonl"]);
    let (events, _) = told(&source, "b");
    let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["1", "1@3"], "a repeated id hides no record");
    assert!(events[0].order < events[1].order);
    assert_eq!(told(&source, "trace.jsonl").0[0].id, "lonely");
}

#[test]
fn a_broken_line_is_one_unknown_event_with_its_bytes() {
    let (_folder, source) =
        opened(b"\xef\xbb\xbf{\"id\":\"a\"}\r\n\n{\"id\": broken\r\n  \xff\xfe \n[1,2]\n");
    let (events, skipped) = told(&source, "trace.jsonl");
    let bytes: Vec<&[u8]> = events.iter().map(|event| &event.raw.bytes()[..]).collect();
    assert_eq!(
        bytes,
        [
            &b"{\"id\":\"a\"}"[..],
            b"{\"id\": broken",
            b"\xff\xfe",
            b"[1,2]"
        ]
    );
    assert_eq!(skipped, 2);
    assert!(events.iter().all(|event| event.kind == Kind::Unknown));
}

#[test]
fn what_names_no_run_belongs_to_the_run_around_it() {
    let (_folder, source) = opened(
        b"broken\n{\"run_id\":\"a\"}\n{\"run_id\":\"a\n{\"run_id\":\"b\"}\n[1]\nnot JSON\n{\"run_id\":\"a\"}\n{\"run_id\":\"a\"}\n",
    );
    let ids: Vec<_> = runs(&source).into_iter().map(|run| run.id).collect();
    assert_eq!(ids, ["a", "b"]);
    let (first, second) = (told(&source, "a"), told(&source, "b"));
    assert_eq!((first.0.len(), first.1), (5, 2));
    assert_eq!((second.0.len(), second.1), (3, 1));
    assert!(first.0.is_sorted_by_key(|event| event.order));
}

#[test]
fn a_file_whose_lines_are_no_records_is_one_document() {
    for (text, sort, broken) in [
        ("{\n \"a\": 1,\n \"b\": [1, nope]\n}\n", "broken JSON", 1),
        ("2026-11-21 INFO begun\n[INFO] {\"a\":1}\n", "text", 0),
        ("a\u{0}b\nc\n", "binary", 0),
    ] {
        let (_folder, source) = opened(format!("\u{FEFF}{text}").as_bytes());
        let (events, skipped) = told(&source, "trace.jsonl");
        assert_eq!((events.len(), skipped), (1, broken), "{text}");
        assert_eq!(events[0].type_sent, sort);
        assert_eq!(events[0].raw.bytes(), text.as_bytes(), "all of it");
        assert_eq!(events[0].time, None);
    }
    let (_folder, _, source) = browsed("notes.MD", b"plain words\n");
    let page = Page::default();
    let mut run = run_ref("notes.MD");
    run.mission = "notes.MD".into();
    let batch = source.answer(&Ask::Events { run, page }).unwrap();
    let Record::Event(event) = batch.rows[0].record() else {
        panic!("no event");
    };
    assert_eq!(event.type_sent, "markdown");
}

#[test]
fn an_array_is_a_list_of_records_and_a_document_is_one() {
    let (_folder, source) = opened(b"[\n {\"id\":\"a\",\"type\":\"error\"},\n {\"id\":\"b\"}\n]\n");
    let (events, _) = told(&source, "trace.jsonl");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].kind, Kind::Error);
    let (_folder, source) = opened(b"{\n \"id\": \"whole\",\n \"x\": [1,\n2]\n}\n");
    let (events, skipped) = told(&source, "trace.jsonl");
    assert_eq!((events.len(), skipped), (1, 0));
    assert_eq!(events[0].id, "whole");
}

#[test]
fn a_captured_agentex_transcript_is_read_as_one() {
    let (_folder, source) = opened(
        br#"[{"id":"m1","task_id":"t1","created_at":"2026-11-20T09:00:00","streaming_status":"DONE",
"content":{"type":"text","author":"user","content":"Where is my order?"}},
{"id":"m2","task_id":"t1","created_at":"2026-11-20T09:00:01","streaming_status":"DONE",
"content":{"type":"tool_request","author":"agent","tool_call_id":"c","name":"lookup","arguments":{}}}]"#,
    );
    let run = &runs(&source)[0];
    assert_eq!(
        (run.id.as_str(), run.mission_id.as_str()),
        ("t1", "trace.jsonl")
    );
    let (events, _) = told(&source, "t1");
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::Message, Kind::ToolCall]);
    assert_eq!(events[1].tool.as_deref(), Some("lookup"));
}

#[tokio::test]
async fn the_fetcher_reads_all_pages_of_a_file() {
    let mut content = String::new();
    for i in 0..4500 {
        use std::fmt::Write as _;
        let _ = writeln!(
            content,
            r#"{{"id":"e{i}","run_id":"r","data":{{"n":{i}}}}}"#
        );
    }
    let (_folder, source) = opened(content.as_bytes());
    let source = Arc::new(source);
    let ask = Ask::Events {
        run: run_ref("r"),
        page: Page::default(),
    };
    let all = crate::fetch::collect(Arc::clone(&source), ask.clone(), Limit::NONE).await;
    assert_eq!(all.records.len(), 4500);
    assert_eq!(all.records.last().map(Record::id), Some("e4499"));
    let limit = Limit {
        rows: 100,
        ..Limit::NONE
    };
    let some = crate::fetch::collect(source, ask, limit).await;
    assert_eq!(some.records.len(), PAGE);
    assert!(some.more.is_some());
}

#[test]
fn what_is_not_there_is_said() {
    let missing = Opened::open(&[PathBuf::from("/nonexistent/trace.jsonl")]);
    let words = missing.err().unwrap().to_string();
    assert_eq!(
        words,
        "cannot read /nonexistent/trace.jsonl: there is no such file"
    );
    let (folder, source) = opened(b"{}");
    assert!(Opened::open(&[folder.path().to_path_buf()]).is_err());
    let unknown = source.answer(&Ask::Run(run_ref("nobody")));
    assert!(matches!(unknown, Err(Trouble::NotFound { .. })));
}

/// A document of some MiB, so large that it stays in its file.
fn large() -> String {
    let rows: Vec<_> = (0..90_000)
        .map(|n| format!(r#"{{"id": {n}, "path": "a/b/c"}}"#))
        .collect();
    let rows = rows.join(",\n");
    format!("{{\"type\":\"tool_result\",\"label\":\"found\",\"data\":[\n{rows}\n]}}")
}

fn browsed(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf, Source) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let source = only(Opened::browse(std::slice::from_ref(&path)).unwrap());
    (folder, path, source)
}

#[test]
fn a_large_document_stays_in_its_file_and_says_what_it_is() {
    let text = large();
    let (_folder, _, source) = browsed("trace.jsonl", text.as_bytes());
    assert!(source.is_document());
    let (events, skipped) = told(&source, "trace.jsonl");
    assert_eq!((events.len(), skipped), (1, 0));
    assert_eq!(events[0].kind, Kind::ToolResult);
    assert_eq!(events[0].title.as_deref(), Some("found"));
    assert!(events[0].raw.len() < 2048 && events[0].body.is_none());
    let far = &source.documents()["trace.jsonl"];
    let all = text.as_bytes();
    assert_eq!(far.len(), all.len());
    // Within a block, over the end of one, over several, at the end.
    for range in [
        0..10,
        65_530..65_545,
        60_000..300_000,
        all.len() - 3..all.len(),
        7..7,
    ] {
        assert_eq!(far.read(range.clone()).unwrap(), &all[range]);
    }
    assert_eq!(far.read(0..all.len() + 1), None);
}

#[test]
fn a_file_that_was_changed_gives_nothing_more() {
    let (_folder, path, source) = browsed("trace.jsonl", large().as_bytes());
    let far = &source.documents()["trace.jsonl"];
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(100_000).unwrap();
    assert_eq!(far.read(1_000_000..1_000_010), None);
    assert_eq!(far.read(0..200_000), None);
    let (_folder, path, source) = browsed("trace.jsonl", large().as_bytes());
    let far = &source.documents()["trace.jsonl"];
    fs::remove_file(path).unwrap();
    assert!(
        far.read(1_000_000..1_000_010).is_some(),
        "what is open can be read after its name is gone"
    );
}

#[test]
fn large_files_that_are_more_than_one_document_are_read() {
    let filler = "x".repeat(900_000);
    let line = format!(r#"{{"run_id":"r","text":"{filler}"}}"#);
    let lines = [line.as_str(); 4].join("\n");
    let listed = format!("[{}]", [line.as_str(); 4].join(",\n"));
    let reply = format!(
        r#"{{"events":[{{"id":"e1","session_key":"s1"}},{{"id":"e2","session_key":"s1","text":"{}"}}]}}"#,
        filler.repeat(4)
    );
    for (text, run, count) in [(lines, "r", 4), (listed, "r", 4), (reply, "s1", 2)] {
        let (_folder, _, source) = browsed("trace.jsonl", text.as_bytes());
        assert!(source.documents().is_empty() && !source.is_document());
        assert_eq!(told(&source, run).0.len(), count);
    }
}

#[test]
fn small_documents_are_documents_too() {
    for (text, is_document) in [
        (r#"{"a":1}"#, true),
        ("{\"a\":\n1}\n", true),
        ("{\"a\":1}\n{\"a\":2}\n", false),
        ("no JSON", true),
        ("# notes\n\nof several\nlines\n", true),
        ("{\n \"a\": 1,\n \"b\": [1, nope],\n \"c\": {}\n}\n", true),
        ("[\n {\"a\": 1},\n {\"a\": 2}\n", false),
        ("{\"a\":1}\n{\"a\":", false),
        ("{\"a\n{\"a\":1}", false),
        ("", false),
    ] {
        let (_folder, _, source) = browsed("trace.jsonl", text.as_bytes());
        assert_eq!(source.is_document(), is_document, "{text}");
        assert!(source.documents().is_empty());
    }
}
