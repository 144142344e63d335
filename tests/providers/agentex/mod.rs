//! agentex: what its replies become in the model.

mod beside;
mod demo;
mod follow;
mod hostile;
mod inbox;
mod paging;
mod requests;
mod rows;
mod stream;

use std::sync::Arc;

use bytes::Bytes;
use sortie::model::{Ask, Batch, Event, Mission, Of, Page, Record, Reply, Row, Run, RunRef, Time};
use sortie::provider::agentex::Agentex;
use sortie::provider::{Provider, ReadError};

const TASK: &str = "178a8cc7-54f4-4038-8993-71f74cf8fa63";
const AGENT: &str = "d413614c-fb5a-47c1-a066-efc17ab34dc0";

fn read_status(ask: &Ask, status: u16, body: &str) -> Result<Batch, ReadError> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let reply = Reply {
        status,
        body: &body,
        received: Time(0),
    };
    Agentex.read(ask, &reply)
}

fn read(ask: &Ask, body: &str) -> Batch {
    read_status(ask, 200, body).unwrap()
}

fn run_ref() -> RunRef {
    RunRef {
        mission: Arc::from(AGENT),
        run: Arc::from(TASK),
        room: None,
    }
}

fn events_at(page: Page) -> Ask {
    Ask::Events {
        run: run_ref(),
        page,
    }
}

fn events() -> Ask {
    events_at(Page::default())
}

fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

fn runs() -> Ask {
    Ask::Runs {
        mission: Arc::from(AGENT),
        status: None,
        page: Page::default(),
    }
}

fn aside(what: &'static str) -> Ask {
    aside_at(what, Page::default())
}

fn aside_at(what: &'static str, page: Page) -> Ask {
    Ask::Aside {
        of: Of::Run(run_ref()),
        what,
        page,
    }
}

fn of_agent(what: &'static str) -> Ask {
    Ask::Aside {
        of: Of::Mission(Arc::from(AGENT)),
        what,
        page: Page::default(),
    }
}

/// The name of a list beside a mission or a run.
fn what(ask: &Ask) -> &'static str {
    match ask {
        Ask::Aside { what, .. } => what,
        other => panic!("{other:?}"),
    }
}

/// A request in one line, its query unencoded.
fn line(ask: &Ask) -> String {
    let sortie::model::Request { path, query, .. } = Agentex.request(ask).unwrap();
    let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let query = query.join("&");
    if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    }
}

fn page_of(ask: &Ask) -> &Page {
    match ask {
        Ask::Missions { page }
        | Ask::Runs { page, .. }
        | Ask::AllRuns { page, .. }
        | Ask::Events { page, .. }
        | Ask::Picked { page, .. }
        | Ask::Aside { page, .. } => page,
        other => panic!("{other:?} has no page"),
    }
}

fn event(row: &Row) -> &Event {
    match row.record() {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn run(row: &Row) -> &Run {
    match row.record() {
        Record::Run(run) => run,
        other => panic!("{other:?}"),
    }
}

fn mission(row: &Row) -> &Mission {
    match row.record() {
        Record::Mission(mission) => mission,
        other => panic!("{other:?}"),
    }
}

/// Labels and values.
fn told(facts: &[sortie::model::Fact]) -> Vec<(&str, &str)> {
    facts.iter().map(|f| (f.label, f.value.as_str())).collect()
}

/// The bytes of what there is to read in an event.
fn prose(event: &Event) -> Vec<&str> {
    let parts = event.prose.iter().map(|span| event.raw.part(*span));
    parts
        .map(|part| std::str::from_utf8(part).unwrap())
        .collect()
}

/// The bytes of an event's payload.
fn body(event: &Event) -> Option<&str> {
    let span = event.body?;
    Some(std::str::from_utf8(event.raw.part(span)).unwrap())
}

fn time(spelled: &str) -> Option<Time> {
    sortie::provider::wire::iso(spelled)
}
