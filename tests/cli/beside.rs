//! What is kept beside a run: extras, child runs, content that is fetched only on demand. Against a
//! service that has all of them, which no single real one has.

use bytes::Bytes;
use sortie::{
    model::{
        Ask, Batch, Caps, Content, Event, Extra, Mission, Payload, Record, Reply, Request, Row,
        Run, RunStatus,
    },
    provider::{Provider, ReadError, vectara::Vectara},
};

use super::*;

/// Speaks no dialect: every reply means what the ask asks for.
struct Nest;

fn payload(json: &'static str) -> Payload {
    Payload::new(Bytes::from_static(json.as_bytes()))
}

fn run(id: &str) -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: id.to_owned(),
        status: RunStatus::Succeeded,
        ..Run::default()
    }
}

fn event(id: &str, size: u64) -> Event {
    Event {
        id: id.to_owned(),
        content: Some(Content { size: Some(size) }),
        raw: payload(r#"{"name":"report.pdf"}"#),
        ..Event::default()
    }
}

impl Nest {
    fn rows(ask: &Ask) -> Vec<Record> {
        match ask {
            Ask::Missions { .. } => vec![Record::Mission(Mission {
                id: "m".to_owned(),
                name: "m".to_owned(),
                ..Mission::default()
            })],
            Ask::Runs { .. } => vec![Record::Run(run("parent"))],
            Ask::Run(_) => vec![Record::Run(Run {
                extras: vec![Extra {
                    label: "states".to_owned(),
                    raw: payload(r#"[{"mood":"calm"},{"api_key":"abc-def"}]"#),
                }],
                ..run("parent")
            })],
            Ask::Events { .. } => vec![
                Record::Event(event("small", 12)),
                Record::Event(event("large", 3_000_000)),
                Record::Run(Run {
                    mission_id: "other/m".to_owned(),
                    parent_run_id: Some("parent".to_owned()),
                    parent_event_id: Some("small".to_owned()),
                    title: "The child".to_owned(),
                    ..run("child")
                }),
            ],
            Ask::Event { event, .. } => vec![Record::Event(Event {
                id: event.to_string(),
                raw: payload(r#"{"content":"whole at last"}"#),
                ..Event::default()
            })],
            _ => Vec::new(),
        }
    }
}

impl Provider for Nest {
    fn name(&self) -> &'static str {
        "vectara"
    }

    fn caps(&self) -> Caps {
        Vectara.caps()
    }

    fn routes(&self) -> &'static [&'static str] {
        &["/all"]
    }

    fn request(&self, _: &Ask) -> Option<Request> {
        Some(Request::get("/all", &[]))
    }

    fn read(&self, ask: &Ask, _: &Reply<'_>) -> Result<Batch, ReadError> {
        let rows = Self::rows(ask).into_iter().map(Row::Full);
        Ok(Batch {
            rows: rows.collect(),
            ..Batch::default()
        })
    }
}

fn nest() -> Session {
    let port = saying("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
    let connection = Connection {
        name: "nest".to_owned(),
        provider: &Nest,
        base_url: format!("http://127.0.0.1:{port}").parse().unwrap(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    };
    session(&[connection], None)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_beside_a_run_is_named_and_printed_on_demand() {
    let session = nest();
    let told = tell(&session, "show parent").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let named = told
        .out
        .lines()
        .any(|line| line.split_whitespace().eq(["states", "2", "39"]));
    assert!(named && !told.out.contains("calm"), "{}", told.out);
    let full = tell(&session, "show parent --extras").await.out;
    assert!(
        full.contains("\nstates\n[\n  {\n    \"mood\": \"calm\""),
        "{full}"
    );
    assert!(
        full.contains("‹api_key#1›") && !full.contains("abc-def"),
        "{full}"
    );
    let json = tell(&session, "show parent -o json").await.json();
    assert_eq!(json["run"]["extras"]["states"][0]["mood"], "calm");
}

#[tokio::test(flavor = "multi_thread")]
async fn child_runs_stand_with_the_run_that_started_them() {
    let session = nest();
    let text = tell(&session, "show parent").await.out;
    let (_, children) = text.split_once("\nchild runs\n").unwrap();
    let line = children.lines().nth(1).unwrap();
    assert!(
        line.contains("sortie:nest/other%2Fm/child  The child"),
        "{line}"
    );
    let json = tell(&session, "show parent -o json").await.json();
    let children = json["child_runs"].as_array().unwrap();
    assert_eq!(children.len(), 1);
    assert_eq!(
        (
            &children[0]["parent_run_id"],
            &children[0]["parent_event_id"]
        ),
        (&"parent".into(), &"small".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_fetched_when_its_event_is_shown_and_a_large_one_is_told_before() {
    let session = nest();
    let events = tell(&session, "events parent -o jsonl").await.lines();
    let sizes: Vec<&Value> = events.iter().map(|event| &event["content_bytes"]).collect();
    assert_eq!(sizes, [&Value::from(12), &Value::from(3_000_000)]);
    let small = tell(&session, "show parent#small").await;
    assert_eq!(small.err, "");
    assert!(small.out.contains("whole at last") && !small.out.contains("not fetched"));
    let large = tell(&session, "show parent#large").await;
    assert!(large.err.contains("3 MiB"), "{}", large.err);
    assert!(large.out.contains("whole at last"), "{}", large.out);
    let json = tell(&session, "show parent#large -o json").await.json();
    assert!(json["event"]["content_bytes"].is_null());
    assert_eq!(json["event"]["raw"]["content"], "whole at last");
}
