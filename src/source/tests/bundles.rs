//! Files that sortie wrote come back as what they were made of, whole or cut.

use std::io::Write as _;

use ::bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::{
    export::{
        bundle::{self, Part},
        record::{self, Home},
    },
    guard::Redactor,
    model::{
        Content, Extra, Fact, Look, Order, Payload, Remark, RunStatus, Span, StepStatus, Tokens,
    },
};

const HOME: Home<'_> = Home {
    context: "prod",
    provider: "telnyx",
};

fn payload(text: &str) -> Payload {
    Payload::new(Bytes::copy_from_slice(text.as_bytes()))
}

fn mission() -> Mission {
    Mission {
        id: "m".to_owned(),
        name: "Refunds".to_owned(),
        description: Some("says \"no\"".to_owned()),
        created_at: Some(Time(1_763_625_600_120_000_001)),
        facts: vec![Fact {
            label: "model",
            value: "m-1".to_owned(),
            of: Some("a".to_owned()),
        }],
        extras: vec![Extra {
            label: "tools".to_owned(),
            raw: payload("[1]"),
        }],
        raw: payload(r#"{"mission_id":"m"}"#),
        ..Mission::default()
    }
}

fn run() -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: "r".to_owned(),
        title: "Where is it?".to_owned(),
        status: RunStatus::Failed,
        status_sent: Some("error".to_owned()),
        hearsay: true,
        started_at: Time::from_millis(1_763_625_600_000),
        ended_at: Time::from_millis(1_763_625_612_345),
        updated_at: Time::from_millis(1_763_625_612_346),
        duration: Some(std::time::Duration::from_nanos(12_345_678_901)),
        tokens: Some(Tokens {
            input: Some(3),
            ..Tokens::default()
        }),
        error: Some("no funds".to_owned()),
        room: Some("room".to_owned()),
        facts: mission().facts,
        extras: vec![
            Extra {
                label: "state".to_owned(),
                raw: payload(r#"{"a":1}"#),
            },
            Extra {
                label: "notes".to_owned(),
                raw: payload("no json"),
            },
        ],
        raw: payload(r#"{"run_id":"r"}"#),
        ..Run::default()
    }
}

fn steps() -> Vec<Step> {
    let step = |id: &str, sequence, parent: Option<&str>| Step {
        id: id.to_owned(),
        parent_id: parent.map(str::to_owned),
        sequence,
        title: "Look".to_owned(),
        status: StepStatus::Failed,
        status_sent: Some("broken".to_owned()),
        started_at: Time::from_millis(1_763_625_600_000),
        ended_at: None,
        raw: payload(r#"{"step_id":"s"}"#),
    };
    vec![step("s1", 3, None), step("s2", 7, Some("s1"))]
}

fn events() -> Vec<Event> {
    let raw = r#"{"event_id":"e1","payload":{"text":"one","text":"two"},"n":1.50}"#;
    let at = |part: &str| {
        let start = raw.rfind(part).unwrap();
        Span::new(start, start + part.len()).unwrap()
    };
    let first = Event {
        id: "e1".to_owned(),
        kind: Kind::Message,
        type_sent: "message".to_owned(),
        order: Order { at: 99, tie: 3 },
        time: Some(Time(1_763_625_600_000_000_007)),
        duration: Some(std::time::Duration::from_micros(1_500)),
        at_end: true,
        parent_id: Some("p".to_owned()),
        step_id: Some("s1".to_owned()),
        agent: Some("a".to_owned()),
        tokens: run().tokens,
        title: Some("user".to_owned()),
        prose: vec![at("\"two\""), at("\"one\"")],
        body: Some(at(r#"{"text":"one","text":"two"}"#)),
        raw: payload(raw),
        ..Event::default()
    };
    let second = Event {
        id: "e2".to_owned(),
        kind: Kind::ToolResult,
        order: Order { at: 100, tie: 0 },
        tool: Some("pay".to_owned()),
        call_id: Some("c".to_owned()),
        is_error: Some(false),
        summary: Some("ok".to_owned()),
        content: Some(Content { size: None }),
        raw: payload("<html>no json</html>"),
        body: Span::new(0, 20),
        ..Event::default()
    };
    vec![first, second]
}

fn child() -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: "child".to_owned(),
        parent_run_id: Some("r".to_owned()),
        parent_event_id: Some("e2".to_owned()),
        ..Run::default()
    }
}

fn offline() -> Offline {
    let remark = Remark {
        mission: "m".to_owned(),
        run: "r".to_owned(),
        event: Some("e1".to_owned()),
        title: "user".to_owned(),
        at: Time::from_millis(1_763_625_613_000),
        note: Some("look here".to_owned()),
    };
    let bookmark = Remark {
        note: None,
        ..remark.clone()
    };
    Offline {
        context: "prod".to_owned(),
        provider: "telnyx".to_owned(),
        base_url: Some("https://api.example".to_owned()),
        made_at: Time::from_millis(1_763_625_614_000),
        masked: Some(0),
        look: Look {
            mission: Some("m".to_owned()),
            run: Some("r".to_owned()),
            cursor: Some("e2".to_owned()),
            folded: vec!["s1".to_owned()],
            unfolded: vec!["e1".to_owned()],
            remarks: vec![bookmark, remark],
        },
    }
}

fn bundle_with(left: Option<&Left>) -> Vec<u8> {
    let (mission, run, steps, children, events) = (mission(), run(), steps(), [child()], events());
    let part = Part {
        mission: Some(&mission),
        run: &run,
        steps: &steps,
        children: &children,
        events: &events,
        numbered: true,
        left,
    };
    let mut lines = Vec::new();
    let masking = &mut Redactor::default().masking();
    bundle::write_lines(&mut lines, &offline(), &[part], masking).unwrap();
    lines
}

fn gz(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn open(name: &str, content: &[u8]) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    Opened::open(&[path]).unwrap()
}

fn at() -> RunRef {
    RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    }
}

fn records(source: &Source, ask: &Ask) -> Vec<Record> {
    let batch = source.answer(ask).unwrap();
    batch.rows.iter().map(|row| row.record().clone()).collect()
}

fn all_events(source: &Source) -> Vec<Event> {
    let ask = Ask::Events {
        run: at(),
        page: Page::default(),
    };
    let records = records(source, &ask).into_iter();
    let events = records.map(|record| match record {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    });
    events.collect()
}

#[test]
fn a_bundle_comes_back_as_what_it_was_made_of() {
    let opened = open("a.sortie", &gz(&bundle_with(None)));
    assert_eq!(opened.notes, Vec::<String>::new());
    let [source] = opened.sources.as_slice() else {
        panic!("one context")
    };
    assert_eq!(source.offline(), &offline());
    let page = Page::default();
    let missions = records(source, &Ask::Missions { page });
    assert_eq!(missions, [Record::Mission(mission())]);
    let runs = records(
        source,
        &Ask::Runs {
            mission: "m".into(),
            status: None,
            page: Page::default(),
        },
    );
    assert_eq!(runs, [Record::Run(run())]);
    let told = records(source, &Ask::Run(at()));
    assert_eq!(told, [Record::Run(run()), Record::Run(child())]);
    let plan = records(source, &Ask::Steps(at()));
    assert_eq!(
        plan,
        steps().into_iter().map(Record::Step).collect::<Vec<_>>()
    );
    assert_eq!(all_events(source), events());
    let of_child = RunRef {
        run: "child".into(),
        ..at()
    };
    assert_eq!(
        records(source, &Ask::Run(of_child.clone())),
        [Record::Run(child())]
    );
    assert_eq!(records(source, &Ask::Steps(of_child)), []);
}

#[test]
fn what_a_newer_sortie_wrote_is_kept_for_the_next_writing() {
    let left = Left {
        members: [
            (("event", "e1".to_owned()), r#"{"mood":[1,2]}"#.to_owned()),
            (("run", "r".to_owned()), r#"{"cost":1.50}"#.to_owned()),
        ]
        .into(),
        records: vec![r#"{"record":"smell","of":"r"}"#.to_owned()],
    };
    let written = bundle_with(Some(&left));
    let opened = open("a.sortie", &written);
    assert_eq!(opened.notes, Vec::<String>::new());
    let source = only(opened);
    assert_eq!(source.left("r"), Some(&left));
    assert_eq!(all_events(&source), events(), "and is not shown");
    assert_eq!(bundle_with(source.left("r")), written);
    let newer = String::from_utf8(written).unwrap();
    let newer = newer.replace("sortie.bundle/1", "sortie.bundle/2");
    let opened = open("a.sortie", newer.as_bytes());
    assert!(
        opened.notes[0].contains("a newer sortie"),
        "{:?}",
        opened.notes
    );
    assert_eq!(all_events(&opened.sources[0]).len(), 2);
}

#[test]
fn a_cut_bundle_shows_what_is_whole_and_where_it_broke() {
    let lines = bundle_with(None);
    let cut = lines.len() - 150;
    let opened = open("a.sortie", &lines[..cut]);
    let [note] = opened.notes.as_slice() else {
        panic!("{:?}", opened.notes)
    };
    assert!(
        note.starts_with("a.sortie: the bundle breaks off"),
        "{note}"
    );
    let (source, name) = (only(opened), "e1");
    let events = all_events(&source);
    assert_eq!(events[0].id, name);
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].title.as_deref(), Some("record 8 is not JSON"));
    let packed = gz(&lines);
    let opened = open("a.sortie", &packed[..packed.len() - 40]);
    assert_eq!(opened.notes.len(), 2, "{:?}", opened.notes);
    assert!(opened.notes[0].contains("gzip data is cut off at byte"));
    assert!(!all_events(&only(opened)).is_empty());
}

fn document() -> String {
    let mut masking = Redactor::default().masking();
    let run = run();
    let one = |record: String| record.trim_end().to_owned();
    let mut told = format!(
        "{{\"schema\":\"sortie.run/1\",\n\"run\":{},\n\"steps\":[\n",
        one(record::line(&record::run(HOME, &run, &mut masking)).unwrap())
    );
    let steps: Vec<_> = steps()
        .iter()
        .map(|step| one(record::line(&record::step("r", step, &mut masking)).unwrap()))
        .collect();
    let events: Vec<_> = events()
        .iter()
        .enumerate()
        .map(|(i, event)| {
            let told = record::event(HOME, &run, Some(i + 1), event, &mut masking);
            one(record::line(&told).unwrap())
        })
        .collect();
    told.push_str(&steps.join(",\n"));
    told.push_str("\n],\n\"operations\":[{\"id\":\"e1\"}],\n\"events\":[\n");
    told.push_str(&events.join(",\n"));
    told + "\n],\n\"errors\":[]}\n"
}

/// As records say it: without what only a bundle keeps.
fn lines(source: &Source) -> Vec<String> {
    let mut masking = Redactor::default().masking();
    let (told, of) = (all_events(source), run());
    let mut lines: Vec<String> = told
        .iter()
        .enumerate()
        .map(|(i, event)| {
            let record = record::event(HOME, &of, Some(i + 1), event, &mut masking);
            record::line(&record).unwrap()
        })
        .collect();
    for record in records(source, &Ask::Run(at())) {
        if let Record::Run(run) = record {
            lines.push(record::line(&record::run(HOME, &run, &mut masking)).unwrap());
        }
    }
    for record in records(source, &Ask::Steps(at())) {
        if let Record::Step(step) = record {
            lines.push(record::line(&record::step("r", &step, &mut masking)).unwrap());
        }
    }
    lines
}

#[test]
fn documents_and_lines_of_records_say_the_same_again() {
    let document = document();
    let source = only(open("run.json", document.as_bytes()));
    assert_eq!((source.name(), source.provider()), ("prod", "telnyx"));
    let told = lines(&source);
    assert_eq!(told.len(), 5);
    for line in &told {
        assert!(document.contains(line.trim_end()), "{line}");
    }
    let bare = told.concat();
    let again = only(open("run.jsonl", bare.as_bytes()));
    assert_eq!(lines(&again), told);
    let listed = format!("[{document},{document}]");
    assert_eq!(lines(&only(open("run.json", listed.as_bytes()))), told);
}

#[test]
fn a_cut_document_shows_its_whole_records() {
    let document = document();
    let cut = document.find("\"errors\"").unwrap() - 60;
    let opened = open("run.json", &document.as_bytes()[..cut]);
    let note = opened.notes.concat();
    assert_eq!(
        note,
        format!(
            "run.json: the JSON breaks off at byte {cut} (line 10); 4 records before that are whole"
        )
    );
    assert_eq!(all_events(&only(opened)).len(), 1);
}

#[test]
fn bundles_of_one_context_are_one_context() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.sortie", "b.sortie", "c.jsonl"].map(|name| folder.path().join(name));
    let other = String::from_utf8(bundle_with(None)).unwrap();
    let other = other.replace("\"id\":\"r\"", "\"id\":\"r2\"");
    let other = other.replace("\"run_id\":\"r\"", "\"run_id\":\"r2\"");
    let other = other.replace("\"parent_run_id\":\"r\"", "\"parent_run_id\":\"r2\"");
    fs::write(&paths[0], bundle_with(None)).unwrap();
    fs::write(&paths[1], other).unwrap();
    fs::write(&paths[2], "{\"id\":\"x\"}\n").unwrap();
    let opened = Opened::open(&paths).unwrap();
    let names: Vec<_> = opened.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["prod", "file"]);
    let ask = Ask::Runs {
        mission: "m".into(),
        status: None,
        page: Page::default(),
    };
    let ids: Vec<_> = records(&opened.sources[0], &ask)
        .iter()
        .map(|record| record.id().to_owned())
        .collect();
    assert_eq!(ids, ["r", "r2"]);
}

#[test]
fn bundles_one_behind_the_other_are_one() {
    let one = bundle_with(None);
    let other = String::from_utf8(one.clone()).unwrap();
    let other = other.replace("\"prod\"", "\"test\"").into_bytes();
    let opened = open("a.sortie", &[gz(&one), gz(&other)].concat());
    assert_eq!(opened.notes, Vec::<String>::new());
    let names: Vec<_> = opened.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["prod", "test"]);
    let opened = open(
        "a.sortie",
        &[one.as_slice(), &other[..other.len() / 2]].concat(),
    );
    assert!(opened.is_damaged);
}
