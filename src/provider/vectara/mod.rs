//! Vectara's agent API: agents are missions, sessions are runs. A session's own status says no more
//! than that it is idle, so whether it ended well is read from its newest event. The list of events
//! comes newest first, hides what a compaction hid unless asked, and may never end by itself.
//! Traces, artifacts and schedules are read beside the core and need not be readable. Calls that wait
//! for the caller hold secrets in clear text: they are asked for only where a session waits, and
//! nothing but their names is kept.

mod agent;
mod artifact;
mod aside;
mod asks;
mod capture;
mod child;
mod cursor;
mod event;
mod events;
mod look;
mod schedule;
mod session;
mod span;
mod trace;

use super::capture::Capture;
use super::wire::{self, Object, Raw};
use super::{Provider, ReadError, refer::Place};
use bytes::Bytes;

use crate::model::{
    Ask, AuthScheme, Batch, CallMembers, Caps, Known, Reply, Request, Row, RunRef, Time,
};

/// Vectara, seen from outside.
pub struct Vectara;

impl Provider for Vectara {
    fn name(&self) -> &'static str {
        "vectara"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "https://api.vectara.io/v2",
            auth: AuthScheme::XApiKey,
            open: false,
            steps: false,
            call_ids: true,
            call_members: CallMembers::default(),
            resumes: true,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn locate(&self, path: &[&str], _query: &[(String, String)]) -> Option<Place> {
        let ["agents", mission, "sessions", run, rest @ ..] = path else {
            return None;
        };
        let event = match rest {
            ["events", event, ..] => Some((*event).to_owned()),
            _ => None,
        };
        Some(Place {
            mission: Some((*mission).to_owned()),
            run: (*run).to_owned(),
            event,
        })
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        asks::request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        if !reply.is_ok() {
            return refused(ask, reply);
        }
        let whole = wire::body(reply)?;
        match ask {
            Ask::Missions { page } => agent::list(whole, reply, page),
            Ask::Mission { .. } => agent::one(whole, reply),
            Ask::Runs { mission, page, .. } => session::list(ask, mission, whole, reply, page),
            Ask::Run(run) => session::one(run, whole, reply),
            Ask::Events { run, page } => match session::Peek::of(page) {
                Some(peek) => session::peeked(run, &peek, whole, reply),
                None => events::list(run, whole, reply, page),
            },
            Ask::Event { event, .. } => {
                if artifact::named(event).is_some() {
                    artifact::one(event, whole, reply)
                } else if span::named(event).is_some() {
                    span::one(event, whole, reply)
                } else {
                    events::one(whole, reply)
                }
            }
            Ask::Aside { of, what, page } => aside::read(of, what, page, whole, reply),
            Ask::Check => agent::proof(whole),
            Ask::Steps(_)
            | Ask::Part { .. }
            | Ask::Picked { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Named { .. } => Ok(Batch::default()),
        }
    }

    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        match ask {
            Ask::Events { run, page } => {
                session::Peek::of(page)?;
                Some(session::unread(run, why))
            }
            Ask::Aside { of, what, .. } => aside::without(of, what, &format!("not read: {why}")),
            _ => None,
        }
    }

    fn looks(&self, run: &RunRef, known: &Known) -> Vec<Ask> {
        look::looks(run, known)
    }

    /// The newest event of a session tells how it ended.
    fn recall(&self, ask: &Ask, records: &[Bytes], received: Time) -> Vec<Row> {
        let (Ask::Events { .. }, [newest]) = (ask, records) else {
            return Vec::new();
        };
        let body = [b"{\"events\":[", &newest[..], b"]}"].concat().into();
        let reply = Reply {
            status: 200,
            body: &body,
            received,
        };
        self.read(ask, &reply)
            .map_or_else(|_| Vec::new(), |batch| batch.rows)
    }

    fn captured<'a>(&self, whole: Raw<'a>) -> Option<Capture<'a>> {
        capture::captured(whole)
    }
}

/// A reply that is no success. An expired page key starts the list again, once; a session whose
/// newest event cannot be had keeps the status it has.
fn refused(ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let words = words(reply);
    if let Ask::Events { run, page } = ask
        && session::Peek::of(page).is_some()
    {
        let why = format!("{}, {words}", reply.status);
        return Ok(session::unread(run, &why));
    }
    if let Ask::Aside { of, what, page } = ask
        && (reply.status != 400 || page.index == 0)
        && let Some(noted) = aside::refused(of, what, reply.status)
    {
        return Ok(noted);
    }
    let again = match reply.status {
        400 => asks::from_the_start(ask),
        _ => None,
    };
    match again {
        // Not `next`: a page without rows ends its chain.
        Some(again) => Ok(Batch {
            also: vec![again],
            ..Batch::default()
        }),
        // A key with the role agent_user lists agents, and is then refused everywhere.
        None if reply.status == 403 => Err(ReadError::Said(format!(
            "{words}; reading needs the role agent_viewer or a higher one"
        ))),
        None if reply.status == 404 && is_session(ask) => Err(ReadError::Said(format!(
            "{words}; the service itself deletes sessions that idle too long"
        ))),
        None => Err(ReadError::Said(words)),
    }
}

fn is_session(ask: &Ask) -> bool {
    matches!(ask, Ask::Run(_) | Ask::Events { .. })
}

/// What the service says went wrong, and the request id that its support asks for.
fn words(reply: &Reply<'_>) -> String {
    let Some(said) = wire::body(reply).ok().and_then(Object::read) else {
        let text = wire::one_line(&String::from_utf8_lossy(reply.body), 200);
        return if text.is_empty() {
            "an empty body".to_owned()
        } else {
            text
        };
    };
    said_in(&said)
}

/// The same of a body that is an object.
fn said_in(said: &Object<'_>) -> String {
    let mut words: Vec<String> = texts(said.raw("messages"));
    if let Some(fields) = said.object("field_errors") {
        for (name, why) in fields.members() {
            words.push(format!("{name} {}", wire::text(why).unwrap_or_default()));
        }
    }
    if words.is_empty() {
        words.push(wire::one_line(said.text(), 200));
    }
    let words = words.join("; ");
    match said.some_text("request_id") {
        Some(id) => format!("{words} (request {id})"),
        None => words,
    }
}

/// The texts of an array of texts, or the one text that stands in its place.
fn texts(raw: Option<Raw<'_>>) -> Vec<String> {
    let Some(raw) = raw else { return Vec::new() };
    match wire::array(raw) {
        Some(items) => items.into_iter().filter_map(wire::text).collect(),
        None => wire::text(raw).into_iter().collect(),
    }
}

/// The rows of a list reply. Null is an empty list; a reply without the list is not this service's.
fn rows<'a>(whole: &Object<'a>, name: &str) -> Result<Vec<Raw<'a>>, ReadError> {
    if let Some(rows) = whole.array(name) {
        return Ok(rows);
    }
    let null = whole
        .members()
        .iter()
        .any(|(key, value)| key == name && value.get() == "null");
    if null {
        return Ok(Vec::new());
    }
    Err(ReadError::Foreign(format!("no list named {name}")))
}

/// What the service calls the next page.
fn page_key(whole: &Object<'_>) -> Option<String> {
    whole.object("metadata")?.text_of("page_key")
}

fn object(whole: Raw<'_>) -> Result<Object<'_>, ReadError> {
    Object::read(whole).ok_or_else(|| ReadError::Foreign("not a JSON object".to_owned()))
}

/// An id for a record that came without one: the same bytes give the same id.
fn made_id(raw: Raw<'_>) -> String {
    format!("~{:016x}", cursor::hash(raw.get()))
}
