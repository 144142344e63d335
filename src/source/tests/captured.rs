//! Captured replies of every service are recognised, one, listed and line by line, and those of one run
//! come together whichever file has them.

mod replies;
mod several;

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use super::*;
use replies::{MORE, REPLIES};

fn fixture(path: &str) -> Vec<u8> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read(root.join("tests/fixtures").join(path)).unwrap()
}

/// How many missions, runs, steps and events there are, and what is said of the file.
#[derive(Debug, PartialEq)]
struct Told {
    counts: [usize; 4],
    said: Vec<String>,
}

fn all(source: &Source) -> impl Iterator<Item = &Kept> {
    source.files.iter().flat_map(|file| &file.runs)
}

/// None where the file is plain records to sortie.
fn told(opened: &Opened) -> Option<Told> {
    let source = &opened.sources[0];
    let is_plain = |kept: &Kept| !matches!(kept.told, super::super::kept::Told::Read { .. });
    if all(source).any(is_plain) || source.is_document() {
        return None;
    }
    let steps = all(source).map(|kept| kept.steps.len()).sum();
    let events = all(source).map(Kept::len).sum();
    let said = opened.told.iter().map(|said| {
        let (_, text) = said.text.split_once(": ").unwrap_or(("", &said.text));
        text.to_owned()
    });
    Some(Told {
        counts: [source.files.len(), all(source).count(), steps, events],
        said: said.collect(),
    })
}

fn open_as(name: &str, content: &[u8]) -> Option<Told> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    told(&Opened::open(&[path]).unwrap())
}

fn gz(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

/// The records of a reply that is a list, without what is around them.
fn records(reply: &[u8]) -> Option<Vec<Value>> {
    let lists = [
        "events",
        "sessions",
        "agents",
        "artifacts",
        "traces",
        "spans",
        "schedules",
        "executions",
        "client_tool_calls",
        "aliases",
        "tools",
        "run_schedules",
        "runs",
        "memories",
        "rooms",
    ];
    let whole: Value = serde_json::from_slice(reply).unwrap();
    let data = whole.get("data").unwrap_or(&whole).clone();
    match data {
        Value::Array(rows) => Some(rows),
        Value::Object(object) if object.len() <= 3 => {
            let list = lists.iter().find_map(|name| object.get(*name)?.as_array());
            list.cloned()
        }
        _ => None,
    }
}

#[test]
fn every_captured_reply_becomes_what_it_is() {
    for (path, counts, said) in REPLIES.into_iter().chain(MORE) {
        let said = Vec::from_iter((!said.is_empty()).then(|| said.to_owned()));
        let whole = Some(Told { counts, said });
        let reply = fixture(path);
        assert_eq!(open_as("reply.json", &reply), whole, "{path}");
        assert_eq!(
            open_as("reply.json.gz", &gz(&reply)),
            whole,
            "{path}, packed"
        );
    }
}

/// Without what is around them these could be of anybody.
const NAMELESS: [&str; 3] = [
    "telnyx/tools.json",
    "telnyx/conversations.json",
    "telnyx/missions_empty.json",
];

#[test]
fn records_of_a_list_say_the_same_without_it_and_line_by_line() {
    for (path, ..) in REPLIES {
        let reply = fixture(path);
        let whole = open_as("reply.json", &reply);
        let Some(records) = records(&reply).filter(|_| !NAMELESS.contains(&path)) else {
            continue;
        };
        if records.is_empty() {
            continue;
        }
        let bare = Value::from(records.clone()).to_string();
        assert_eq!(
            open_as("reply.json", bare.as_bytes()),
            whole,
            "{path}, bare"
        );
        let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
        let lines = lines.join("\n");
        assert_eq!(
            open_as("reply.jsonl", lines.as_bytes()),
            whole,
            "{path}, lines"
        );
        for record in records {
            let alone = open_as("reply.json", record.to_string().as_bytes());
            let alone = alone.unwrap_or_else(|| panic!("{path}: {record}"));
            let kinds = |told: &Told| told.counts.map(|count| count.min(1));
            assert_eq!(
                kinds(&alone),
                kinds(whole.as_ref().unwrap()),
                "{path}: {record}"
            );
        }
    }
}

/// The events of the only run that has any, the run, and the missions.
fn together(paths: &[&str]) -> (Vec<String>, Run, Vec<String>) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    let source = only(Opened::open(&paths).unwrap());
    let mut runs = all(&source);
    let (Some(kept), None) = (runs.next(), runs.next()) else {
        let ids: Vec<_> = all(&source).map(|kept| &kept.run.id).collect();
        panic!("{paths:?}: {ids:?}");
    };
    let (events, _) = kept.events(0, usize::MAX);
    let mut ids: Vec<String> = events.into_iter().map(|event| event.id).collect();
    ids.sort();
    let missions = source.files.iter().map(|file| file.mission.id.clone());
    let mut missions: Vec<String> = missions.collect();
    missions.sort();
    (ids, kept.run.clone(), missions)
}

#[test]
fn replies_of_one_run_come_together_whatever_their_order() {
    for (paths, events, title) in [
        (
            &[
                "vectara/session.json",
                "vectara/events.json",
                "vectara/traces.json",
                "vectara/spans.json",
                "vectara/artifacts.json",
            ][..],
            12,
            "Checkout latency caused by release 2.31",
        ),
        (
            &[
                "agentex/task.json",
                "agentex/messages.json",
                "agentex/events.json",
                "agentex/state.json",
                "agentex/tracker.json",
            ],
            10,
            "Weather in Paris?",
        ),
        (
            &[
                "elizaos/run.json",
                "elizaos/memories.json",
                "elizaos/logs_of_a_run.json",
            ],
            8,
            "weather and then book",
        ),
    ] {
        let (ids, run, missions) = together(paths);
        assert_eq!((ids.len(), run.title.as_str()), (events, title), "{ids:?}");
        assert!(run.status.is_final(), "{run:?}");
        for turn in 1..paths.len() {
            let mut other = paths.to_vec();
            other.rotate_left(turn);
            assert_eq!(
                together(&other),
                (ids.clone(), run.clone(), missions.clone()),
                "{other:?}"
            );
            other.reverse();
            assert_eq!(
                together(&other),
                (ids.clone(), run.clone(), missions.clone()),
                "{other:?}"
            );
        }
    }
}

#[test]
fn a_run_stands_under_its_mission_where_that_was_captured_too() {
    let (_, run, missions) = together(&["telnyx/run.json", "telnyx/missions.json"]);
    assert_eq!(run.mission_id, "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4");
    assert_eq!(missions.len(), 2, "{missions:?}");
    let (_, run, missions) = together(&[
        "agentex/agents.json",
        "agentex/task.json",
        "agentex/page.json",
    ]);
    assert_eq!(run.mission_id, "d413614c-fb5a-47c1-a066-efc17ab34dc0");
    assert_eq!(missions.len(), 2, "{missions:?}");
}

#[test]
fn spans_tell_of_the_events_that_are_there_and_stand_for_those_that_are_not() {
    let spans = fixture("vectara/spans.json");
    let (_folder, source) = opened(&spans);
    let kept = all(&source).next().unwrap();
    let (events, _) = kept.events(0, usize::MAX);
    assert!(
        events.iter().all(|event| event.kind == Kind::Span),
        "{events:?}"
    );
    let call = fixture("vectara/tool_output.json");
    let folder = tempfile::tempdir().unwrap();
    let paths = [("spans.json", spans), ("call.json", call)].map(|(name, content)| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    });
    let source = only(Opened::open(&paths).unwrap());
    let kept = all(&source).next().unwrap();
    let result = kept
        .event("aev_00000005-5c1d-4e7a-9b02-7f30c2d40005")
        .unwrap();
    assert_eq!(result.duration.unwrap().as_millis(), 708);
}

fn one_line(path: &str) -> String {
    let value: Value = serde_json::from_slice(&fixture(path)).unwrap();
    value.to_string() + "\n"
}

#[test]
fn replies_line_by_line_are_one_run() {
    let lines = ["tool_input", "tool_output", "thinking"]
        .map(|name| one_line(&format!("vectara/{name}.json")))
        .concat();
    assert_eq!(
        open_as("t.jsonl", lines.as_bytes()).unwrap().counts,
        [1, 1, 0, 3]
    );
    let (_folder, source) = opened((lines + "{\"id\":\"aev_cut").as_bytes());
    let (events, skipped) = super::told(&source, &source.files[0].runs[0].run.id);
    assert_eq!((events.len(), skipped), (4, 1));
    let title = events[3].title.as_deref().unwrap();
    assert!(
        title.starts_with("record 4 is not JSON: it ends in the middle at byte "),
        "{title}"
    );
    // A cut line is shown also where no events stand before it.
    let cut = one_line("telnyx/runs.json") + "{\"data\":[{\"run_";
    assert_eq!(
        open_as("t.jsonl", cut.as_bytes()).unwrap().counts,
        [1, 4, 0, 1]
    );
    let both = one_line("telnyx/runs.json") + &one_line("telnyx/every_type.json");
    assert_eq!(
        open_as("t.jsonl", both.as_bytes()).unwrap().counts,
        [1, 3, 0, 10]
    );
}

#[test]
fn what_only_looks_like_a_reply_stays_what_it_is() {
    for plain in [
        "{\"detail\":\"Not Found\",\"id\":7}",
        "{\"error\":\"disk full\",\"message\":\"no space\",\"ts\":1}",
        "[{\"detail\":\"Not Found\"}]",
        "{\"error\":\"a\",\"message\":\"b\"}\n{\"error\":\"c\",\"message\":\"d\"}\n",
        "{\"data\":[{\"id\":1,\"name\":\"x\"}]}",
        "{\"tools\":[{\"name\":\"x\"}]}",
        r#"[{"event_id":"1","run_id":"r","type":"tool_call","timestamp":1,"payload":{},"tool":"x"}]"#,
        r#"{"id":"1","type":"text","session_id":"s","created_at":1}"#,
        r#"{"runId":"r","status":"done","startedAt":1}"#,
        r#"[{"id":"1","trace_id":"t","name":"n","start_time":1,"end_time":2,"inputs":{}}]"#,
        r#"[{"trace_id":"t","span_id":"s","operation":"query"}]"#,
        "{\"runs\":[],\"total\":0}",
    ] {
        assert_eq!(open_as("plain.json", plain.as_bytes()), None, "{plain}");
    }
}

#[test]
fn a_page_of_a_gateway_is_said_to_be_one() {
    let page = |title: &str| {
        format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head><body></body></html>")
    };
    for (content, is_said) in [
        (page("502 Bad Gateway"), true),
        (
            "<html><body><h1>Error 404</h1></body></html>".to_owned(),
            true,
        ),
        (page("The year 1404"), false),
        (page("Handbook"), false),
        ("a text of 502 Bad Gateway".to_owned(), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        fs::write(&path, &content).unwrap();
        let opened = Opened::open(&[path]).unwrap();
        assert_eq!(
            opened.told.first().map(|said| said.is_refusal),
            is_said.then_some(true),
            "{content}"
        );
        assert!(opened.is_document(), "{content}");
    }
}

#[test]
fn nothing_secret_of_a_captured_list_is_kept() {
    let secret = |path: &str, secret: &str| {
        let (_folder, source) = opened(&fixture(path));
        let runs = all(&source).flat_map(|kept| kept.events(0, usize::MAX).0);
        let texts = runs.map(|event| event.raw.bytes().clone());
        let extras = source.files.iter().flat_map(|file| &file.mission.extras);
        let mut texts = texts.chain(extras.map(|extra| extra.raw.bytes().clone()));
        assert!(
            !texts.any(|text| String::from_utf8_lossy(&text).contains(secret)),
            "{path}"
        );
    };
    secret("vectara/outstanding.json", "SEV-2 closed");
    secret("agentex/schedules.json", "wk-1234567890");
}

#[test]
fn a_cut_reply_shows_its_whole_records() {
    let whole = fixture("vectara/events.json");
    let count = open_as("events.json", &whole).unwrap().counts[3];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.json");
    fs::write(&path, &whole[..whole.len() - 200]).unwrap();
    let opened = Opened::open(&[path]).unwrap();
    assert!(
        opened.notes[0].contains("the JSON breaks off at byte"),
        "{:?}",
        opened.notes
    );
    let events = opened.sources[0].files[0].runs[0].len();
    assert!((1..count).contains(&events), "{events}");
}
