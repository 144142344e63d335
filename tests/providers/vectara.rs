//! vectara: what its replies become in the model.

mod beside;
mod demo;
mod events;
mod follow;
mod hostile;
mod lists;
mod paging;
mod places;
mod spans;
mod spoilt;

use std::sync::Arc;

use bytes::Bytes;
use sortie::model::{
    Ask, Batch, Event, Mission, Page, Record, Reply, Row, Run, RunRef, Span, Step, Time,
};
use sortie::provider::{Provider, ReadError, vectara::Vectara};

const AGENT: &str = "agt_incident_triage_4c1e";
const SESSION: &str = "ase_checkout_latency_20260702-081455_7d3e";

/// One hour after the newest event of the fixtures.
const RECEIVED: &str = "2026-07-02T09:43:05Z";

fn fixture(name: &str) -> Bytes {
    let path = format!(
        "{}/tests/fixtures/vectara/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).unwrap().into()
}

fn read(ask: &Ask, status: u16, body: impl Into<Bytes>) -> Result<Batch, ReadError> {
    let body = body.into();
    let reply = Reply {
        status,
        body: &body,
        received: time(RECEIVED),
    };
    Vectara.read(ask, &reply)
}

fn time(spelled: &str) -> Time {
    sortie::provider::wire::iso(spelled).unwrap()
}

fn run_ref() -> RunRef {
    RunRef {
        mission: AGENT.into(),
        run: SESSION.into(),
        room: None,
    }
}

fn missions() -> Ask {
    Ask::Missions {
        page: Page::default(),
    }
}

fn runs() -> Ask {
    Ask::Runs {
        mission: AGENT.into(),
        status: None,
        page: Page::default(),
    }
}

fn events() -> Ask {
    Ask::Events {
        run: run_ref(),
        page: Page::default(),
    }
}

fn event(id: &str) -> Ask {
    Ask::Event {
        run: run_ref(),
        event: id.into(),
    }
}

fn list_of(items: &[&str]) -> Batch {
    let body = format!("{{\"events\":[{}],\"metadata\":{{}}}}", items.join(","));
    read(&events(), 200, body).unwrap()
}

/// The one event of a fixture, as the detail ask reads it.
fn event_of(name: &str) -> Event {
    let batch = read(&event("any"), 200, fixture(name)).unwrap();
    let mut events = events_in(&batch);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn events_in(batch: &Batch) -> Vec<Event> {
    collect(batch, |record| match record {
        Record::Event(event) => Some(event.clone()),
        _ => None,
    })
}

fn runs_in(batch: &Batch) -> Vec<Run> {
    collect(batch, |record| match record {
        Record::Run(run) => Some(run.clone()),
        _ => None,
    })
}

fn steps_in(batch: &Batch) -> Vec<Step> {
    collect(batch, |record| match record {
        Record::Step(step) => Some(step.clone()),
        _ => None,
    })
}

fn missions_in(batch: &Batch) -> Vec<Mission> {
    collect(batch, |record| match record {
        Record::Mission(mission) => Some(mission.clone()),
        _ => None,
    })
}

fn collect<T>(batch: &Batch, pick: impl Fn(&Record) -> Option<T>) -> Vec<T> {
    batch
        .rows
        .iter()
        .map(Row::record)
        .filter_map(pick)
        .collect()
}

fn part(event: &Event, span: Span) -> String {
    String::from_utf8(event.raw.part(span).to_vec()).unwrap()
}

/// The texts to read, escapes undone, joined by a bar.
fn prose(event: &Event) -> String {
    let texts: Vec<String> = event
        .prose
        .iter()
        .map(|span| serde_json::from_slice(event.raw.part(*span)).unwrap())
        .collect();
    texts.join("|")
}

fn body(event: &Event) -> Option<String> {
    event.body.map(|span| part(event, span))
}

fn arc(text: &str) -> Arc<str> {
    text.into()
}
