//! A service whose runs can be followed: `{"status": …}` of a run, `{"events": [{"id", "at", "text"}]}`
//! of its list, `{"next": …}` where a page follows, and a stream of `{"open"}`, `{"id", "at", "text"}`, `{"grow": …}`, `{"ask": …}`,
//! `{"over"}`.

use bytes::Bytes;
use serde_json::Value;
use sortie::fetch::Connection;
use sortie::model::{
    Ask, AuthScheme, Batch, Caps, Event, Kind, Order, Page, Payload, Record, Reply, Request, Row,
    Run, RunRef, RunStatus, Time,
};
use sortie::provider::{Heard, Listener, Provider, ReadError, wire};
use url::Url;

/// With a stream.
pub struct Lively;

/// Without one.
pub struct Silent;

const ROUTES: &[&str] = &[
    "/runs/{}",
    "/runs/{}/events",
    "/runs/{}/stream",
    "/events/{}",
];

impl Provider for Lively {
    fn name(&self) -> &'static str {
        "lively"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "",
            auth: AuthScheme::Bearer,
            open: true,
            steps: false,
            call_ids: true,
            call_members: sortie::model::CallMembers::default(),
            resumes: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        ROUTES
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        match ask {
            Ask::Run(run) => Some(Request::get("/runs/{}", &[&run.run])),
            Ask::Events { run, page } => {
                let mut request = Request::get("/runs/{}/events", &[&run.run]);
                if let Some(after) = page.after {
                    request = request.with("after", after);
                }
                if let Some(cursor) = &page.cursor {
                    request = request.with("cursor", cursor);
                }
                Some(request)
            }
            Ask::Event { event, .. } => Some(Request::get("/events/{}", &[event])),
            _ => None,
        }
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        let whole = wire::body(reply)?;
        let value: Value = serde_json::from_str(whole.get())
            .map_err(|error| ReadError::Foreign(error.to_string()))?;
        if let Some(words) = value["error"].as_str() {
            return Err(ReadError::Said(words.to_owned()));
        }
        let rows = match ask {
            Ask::Run(run) => vec![Row::Full(Record::Run(Run {
                id: run.run.to_string(),
                mission_id: run.mission.to_string(),
                status: RunStatus::of_word(value["status"].as_str().unwrap_or_default())
                    .unwrap_or_default(),
                raw: payload(&value),
                ..Run::default()
            }))],
            _ => value["events"]
                .as_array()
                .into_iter()
                .flatten()
                .map(event)
                .collect(),
        };
        let unreadable = |row: &&Row| match row.record() {
            Record::Event(event) => event.kind == Kind::Unknown,
            _ => false,
        };
        Ok(Batch {
            skipped: u32::try_from(rows.iter().filter(unreadable).count()).unwrap(),
            rows,
            next: next(ask, &value),
            ..Batch::default()
        })
    }

    fn stream(&self, run: &RunRef) -> Option<(Request, Box<dyn Listener>)> {
        let request = Request::get("/runs/{}/stream", &[&run.run]);
        let run = run.clone();
        Some((request, Box::new(Ear { run, grown: None })))
    }
}

impl Provider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    fn caps(&self) -> Caps {
        Lively.caps()
    }

    fn routes(&self) -> &'static [&'static str] {
        ROUTES
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        Lively.request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        Lively.read(ask, reply)
    }
}

fn next(ask: &Ask, value: &Value) -> Option<Ask> {
    let (Ask::Events { run, page }, Some(cursor)) = (ask, value["next"].as_str()) else {
        return None;
    };
    Some(Ask::Events {
        run: run.clone(),
        page: Page {
            cursor: Some(cursor.into()),
            index: page.index + 1,
            ..page.clone()
        },
    })
}

fn payload(value: &Value) -> Payload {
    Payload::new(value.to_string().into_bytes().into())
}

fn event(value: &Value) -> Row {
    Row::Full(Record::Event(Event {
        id: value["id"].as_str().unwrap_or_default().to_owned(),
        order: Order {
            at: value["at"].as_i64().unwrap_or_default(),
            tie: 0,
        },
        kind: match value["text"] {
            Value::Null => Kind::Unknown,
            _ => Kind::Message,
        },
        summary: value["text"].as_str().map(str::to_owned),
        raw: payload(value),
        ..Event::default()
    }))
}

struct Ear {
    run: RunRef,
    /// All that grew, and whether it was told.
    grown: Option<(String, bool)>,
}

impl Listener for Ear {
    fn hear(&mut self, data: &Bytes, _received: Time) -> Heard {
        let mut heard = Heard::default();
        let Ok(value) = serde_json::from_slice::<Value>(data) else {
            heard.skipped = 1;
            return heard;
        };
        assert!(value["break"].is_null(), "break the listener");
        heard.open = !value["open"].is_null();
        heard.over = !value["over"].is_null();
        heard.said = value["said"].as_str().map(str::to_owned);
        if value["id"].is_string() {
            heard.rows = vec![event(&value)];
        }
        if let Some(piece) = value["grow"].as_str() {
            let mut text = self.grown.take().map(|grown| grown.0).unwrap_or_default();
            text.push_str(piece);
            self.grown = Some((text, false));
        }
        if let Some(id) = value["ask"].as_str() {
            heard.asks = vec![Ask::Event {
                run: self.run.clone(),
                event: id.into(),
            }];
        }
        heard
    }

    fn grown(&mut self) -> Vec<Row> {
        let Some((text, told)) = &mut self.grown else {
            return Vec::new();
        };
        if std::mem::replace(told, true) {
            return Vec::new();
        }
        vec![event(
            &serde_json::json!({ "id": "growing", "at": 50, "text": text }),
        )]
    }
}

pub fn connection(url: &Url, provider: &'static dyn Provider) -> Connection {
    let mut connection = crate::plain::connection(url);
    connection.provider = provider;
    connection
}

pub fn run() -> RunRef {
    RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    }
}
