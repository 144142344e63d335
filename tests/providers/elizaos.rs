//! elizaos: what its replies become in the model.

mod asides;
mod demo;
mod detail;
mod follow;
mod lists;
mod requests;
mod spoilt;

use std::sync::Arc;

use bytes::Bytes;
use sortie::model::merge;
use sortie::model::{
    Ask, Batch, Event, Kind, Known, Mission, Of, Only, Page, Record, Reply, Row, Run, RunRef,
    RunStatus, Step, StepStatus, Time, Tokens,
};
use sortie::provider::elizaos::ElizaOs;
use sortie::provider::{Provider, ReadError};

/// Shortly after the fixtures' moments.
const NOW: i64 = 1_795_166_800_000;
const ADA: &str = "5c3cb098-d52d-0b3f-a7e9-7b7fba960c4c";
const ROOM: &str = "bd45f194-a83c-031d-b17e-581fb32b2029";

fn fixture(name: &str) -> Bytes {
    let path = format!(
        "{}/tests/fixtures/elizaos/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    Bytes::from(std::fs::read(path).unwrap())
}

fn read_at(ask: &Ask, status: u16, body: &Bytes, now: i64) -> Result<Batch, ReadError> {
    let received = Time::from_millis(now).unwrap();
    ElizaOs.read(
        ask,
        &Reply {
            status,
            body,
            received,
        },
    )
}

fn read(ask: &Ask, body: &Bytes) -> Result<Batch, ReadError> {
    read_at(ask, 200, body, NOW)
}

fn run_ref(id: &str, room: Option<&str>) -> RunRef {
    RunRef {
        mission: ADA.into(),
        run: id.into(),
        room: room.map(Arc::from),
    }
}

fn runs_ask() -> Ask {
    Ask::Runs {
        mission: ADA.into(),
        status: None,
        page: Page::default(),
    }
}

fn events_ask(id: &str) -> Ask {
    Ask::Events {
        run: run_ref(id, None),
        page: Page::default(),
    }
}

fn runs(batch: &Batch) -> Vec<&Run> {
    let run = |row: &'_ Row| match row.record() {
        Record::Run(_) => true,
        Record::Mission(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => false,
    };
    let rows = batch.rows.iter().filter(|row| run(row));
    rows.map(|row| match row.record() {
        Record::Run(run) => run,
        other => panic!("{other:?}"),
    })
    .collect()
}

fn events(batch: &Batch) -> Vec<&Event> {
    let event = |row: &'_ Row| matches!(row.record(), Record::Event(_));
    let rows = batch.rows.iter().filter(|row| event(row));
    rows.map(|row| match row.record() {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    })
    .collect()
}

fn steps(batch: &Batch) -> Vec<&Step> {
    let step = |row: &Row| matches!(row.record(), Record::Step(_));
    let rows = batch.rows.iter().filter(|row| step(row));
    rows.map(|row| match row.record() {
        Record::Step(step) => step,
        other => panic!("{other:?}"),
    })
    .collect()
}

fn at(millis: i64) -> Option<Time> {
    Time::from_millis(millis)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
