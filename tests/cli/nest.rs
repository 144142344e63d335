//! A service that has all that any service has, which no real one does: every reply means what its ask
//! asks for.

use bytes::Bytes;
use sortie::{
    model::{
        Ask, Batch, Caps, Content, Elsewhere, Event, Extra, Fact, Kind, Mission, Payload, Record,
        Reply, Request, Row, Run, RunStatus, Time,
    },
    provider::{Provider, ReadError, vectara::Vectara},
};

use super::*;

/// Speaks no dialect. `whole` is whether it has lists over all missions and picks events.
struct Nest {
    whole: bool,
}

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
        let at = |seconds: i64| Time::from_millis(seconds * 1_000);
        match ask {
            Ask::Missions { .. } => vec![Record::Mission(Mission {
                id: "m".to_owned(),
                name: "m".to_owned(),
                ..Mission::default()
            })],
            Ask::Mission { .. } => vec![Record::Mission(Mission {
                id: "m".to_owned(),
                facts: vec![Fact {
                    of: None,
                    label: "model",
                    value: "large".to_owned(),
                }],
                extras: vec![Extra {
                    label: "tools".to_owned(),
                    raw: payload(r#"[{"tool":"WebSearch"},{"api_key":"abc-def"}]"#),
                }],
                ..Mission::default()
            })],
            Ask::Runs { .. } | Ask::AllRuns { .. } => vec![Record::Run(run("parent"))],
            Ask::Run(_) => vec![
                Record::Event(Event {
                    id: "span".to_owned(),
                    kind: Kind::Span,
                    title: Some("the same".to_owned()),
                    summary: Some("the same".to_owned()),
                    raw: payload(r#"{"span":1}"#),
                    ..Event::default()
                }),
                Record::Run(Run {
                    extras: vec![Extra {
                        label: "states".to_owned(),
                        raw: payload(r#"[{"mood":"calm"},{"api_key":"abc-def"}]"#),
                    }],
                    ..run("parent")
                }),
            ],
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
            // What it picks is more than what was wanted.
            Ask::Picked { .. } => ["plan", "act"]
                .map(|step| {
                    Record::Event(Event {
                        step_id: Some(step.to_owned()),
                        ..event(step, 1)
                    })
                })
                .to_vec(),
            Ask::AllEvents { .. } => [("old", 1), ("new", 9), ("late", 5)]
                .map(|(id, time)| {
                    Record::Elsewhere(Box::new(Elsewhere {
                        mission: String::new(),
                        run: format!("run-of-{id}"),
                        event: Event {
                            time: at(time),
                            ..event(id, 1)
                        },
                    }))
                })
                .to_vec(),
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
        &["/one", "/runs", "/all-runs", "/picked", "/all-events"]
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        let path = match ask {
            Ask::Runs { .. } => "/runs",
            Ask::AllRuns { .. } => "/all-runs",
            Ask::Picked { .. } if self.whole => "/picked",
            Ask::AllEvents { .. } if self.whole => "/all-events",
            Ask::Picked { .. } | Ask::AllEvents { .. } => return None,
            _ => "/one",
        };
        Some(Request::get(path, &[]))
    }

    fn read(&self, ask: &Ask, _: &Reply<'_>) -> Result<Batch, ReadError> {
        if matches!(ask, Ask::AllRuns { .. }) && !self.whole {
            return Err(ReadError::Missing("no mission is called `runs`".to_owned()));
        }
        let rows = Self::rows(ask).into_iter().map(Row::Full);
        Ok(Batch {
            rows: rows.collect(),
            ..Batch::default()
        })
    }
}

/// One that has everything.
pub fn nest() -> Session {
    opened(&Nest { whole: true })
}

/// One that lists runs only by mission, and events only by run.
pub fn plain_nest() -> Session {
    opened(&Nest { whole: false })
}

fn opened(provider: &'static Nest) -> Session {
    let port = saying("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
    let connection = Connection {
        name: "nest".to_owned(),
        provider,
        base_url: format!("http://127.0.0.1:{port}").parse().unwrap(),
        auth: Auth::None,
        headers: Vec::new(),
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    };
    session(&[connection], None)
}
