//! What the files of these tests are made of: one mission, its run, and all that a run can say.

use std::{fs, io::Write as _};

use ::bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::super::*;
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

pub(super) const HOME: Home<'_> = Home {
    context: "prod",
    provider: "telnyx",
};

pub(super) fn payload(text: &str) -> Payload {
    Payload::new(Bytes::copy_from_slice(text.as_bytes()))
}

pub(super) fn mission() -> Mission {
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

pub(super) fn run() -> Run {
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

pub(super) fn steps() -> Vec<Step> {
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

pub(super) fn events() -> Vec<Event> {
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

pub(super) fn child() -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: "child".to_owned(),
        parent_run_id: Some("r".to_owned()),
        parent_event_id: Some("e2".to_owned()),
        ..Run::default()
    }
}

pub(super) fn offline() -> Offline {
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
        looks: vec![Look {
            mission: Some("m".to_owned()),
            run: Some("r".to_owned()),
            cursor: Some("e2".to_owned()),
            filter: Some("kind:tool".to_owned()),
            only_failures: true,
            folded: vec!["s1".to_owned()],
            unfolded: vec!["e1".to_owned()],
            remarks: vec![bookmark, remark],
            ..Look::default()
        }],
    }
}

pub(super) fn bundle_with(left: Option<&Left>) -> Vec<u8> {
    bundle_of(&offline(), left)
}

pub(super) fn bundle_of(origin: &Offline, left: Option<&Left>) -> Vec<u8> {
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
    bundle::write_lines(&mut lines, origin, &[part], masking).unwrap();
    lines
}

pub(super) fn gz(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

pub(super) fn open(name: &str, content: &[u8]) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    Opened::open(&[path]).unwrap()
}

pub(super) fn document() -> String {
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
