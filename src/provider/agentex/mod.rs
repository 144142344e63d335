//! The Agentex dialect: agents are missions, tasks are runs, messages are events. Works from the
//! transcript alone; the inbox, spans, states and trackers are no part of this reading. A plan is
//! not something that this service has.

mod asks;
mod capture;
mod message;
mod paging;
mod roster;
mod said;
mod task;

use super::{Provider, ReadError, wire};
use crate::model::{Ask, AuthScheme, Batch, Caps, Page, Record, Reply, Request, Row, RunRef};
use wire::{Object, Raw};

/// agentex, seen from outside.
pub struct Agentex;

impl Provider for Agentex {
    fn name(&self) -> &'static str {
        "agentex"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "http://localhost:5003",
            auth: AuthScheme::Bearer,
            open: true,
            steps: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        asks::request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match ask {
            Ask::Events { run, page } => events(run, page, reply),
            Ask::Missions { page } => {
                let rows = list(reply)?;
                let read = |raw: &Raw<'_>| roster::mission(reply, raw);
                let next = |page| Ask::Missions { page };
                Ok(numbered(&rows, page, asks::AGENTS, read, next))
            }
            Ask::Runs {
                mission,
                status,
                page,
            } => {
                let rows = list(reply)?;
                let read = |raw: &Raw<'_>| task::run(reply, raw, mission);
                let next = |page| Ask::Runs {
                    mission: mission.clone(),
                    status: *status,
                    page,
                };
                Ok(numbered(&rows, page, asks::TASKS, read, next))
            }
            Ask::Mission { mission } => {
                let (record, _) = roster::mission(reply, single(reply)?);
                Ok(alone(with_id(record, mission)))
            }
            Ask::Run(run) => {
                let (record, _) = task::run(reply, single(reply)?, &run.mission);
                Ok(alone(with_id(record, &run.run)))
            }
            Ask::Event { event, .. } => {
                let (record, _) = message::Reader::new(reply).event(single(reply)?);
                Ok(alone(with_id(Record::Event(record), event)))
            }
            Ask::Steps(_)
            | Ask::Picked { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Aside { .. }
            | Ask::Check => Ok(Batch::default()),
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Option<Ask> {
        capture::sniff(bytes)
    }
}

/// A page of the transcript: the service's cursor page, or a bare array where that route is
/// missing, or what a whole export holds.
fn events(run: &RunRef, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if !reply.is_ok() {
        if paging::has_no_cursors(reply, run, page) {
            return Ok(Batch {
                next: Some(paging::without_cursors(run, page)),
                ..Batch::default()
            });
        }
        return Err(said::refusal(reply));
    }
    let whole = wire::body(reply)?;
    let object = Object::read(whole);
    let rows = match &object {
        None => wire::array(whole),
        Some(object) => object.array("data").or_else(|| object.array("messages")),
    };
    let Some(rows) = rows else {
        return Err(said::foreign(whole, "a list of messages"));
    };
    let mut reader = message::Reader::new(reply);
    let mut batch = Batch::default();
    let mut ids = Vec::new();
    for raw in &rows {
        let (event, readable) = reader.event(raw);
        batch.skipped += u32::from(!readable);
        ids.push(event.id.clone());
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    let going_on = match &object {
        Some(object) => paging::by_cursor(page, object, rows.len(), &reader),
        None if paging::is_numbered(page) => paging::by_number(page, asks::MESSAGES, &ids),
        None => None,
    };
    batch.next = going_on.map(|page| Ask::Events {
        run: run.clone(),
        page,
    });
    Ok(batch)
}

/// The rows of a list that is paged by number.
fn numbered<'a>(
    rows: &[Raw<'a>],
    page: &Page,
    limit: usize,
    read: impl Fn(&Raw<'a>) -> (Record, bool),
    next: impl Fn(Page) -> Ask,
) -> Batch {
    let mut batch = Batch::default();
    let mut ids = Vec::new();
    for raw in rows {
        let (record, readable) = read(raw);
        batch.skipped += u32::from(!readable);
        ids.push(record.id().to_owned());
        batch.rows.push(Row::Full(record));
    }
    batch.next = paging::by_number(page, limit, &ids).map(next);
    batch
}

fn list<'a>(reply: &'a Reply<'_>) -> Result<Vec<Raw<'a>>, ReadError> {
    if !reply.is_ok() {
        return Err(said::refusal(reply));
    }
    let whole = wire::body(reply)?;
    wire::array(whole).ok_or_else(|| said::foreign(whole, "a list"))
}

fn single<'a>(reply: &'a Reply<'_>) -> Result<Raw<'a>, ReadError> {
    if !reply.is_ok() {
        return Err(said::refusal(reply));
    }
    let whole = wire::body(reply)?;
    match Object::read(whole) {
        Some(object) if !said::is_refusal(&object) => Ok(whole),
        _ => Err(said::foreign(whole, "one object")),
    }
}

fn alone(record: Record) -> Batch {
    Batch {
        rows: vec![Row::Full(record)],
        ..Batch::default()
    }
}

/// What was asked for by id has that id, whatever the record says or leaves out.
fn with_id(mut record: Record, asked: &str) -> Record {
    let id = match &mut record {
        Record::Mission(mission) => &mut mission.id,
        Record::Run(run) => &mut run.id,
        Record::Step(step) => &mut step.id,
        Record::Event(event) => &mut event.id,
        Record::Elsewhere(elsewhere) => &mut elsewhere.event.id,
    };
    asked.clone_into(id);
    record
}

/// A stand-in for an id that is missing: the same record always gets the same one.
fn derived_id(text: &str) -> String {
    format!("no-id-{:016x}", fingerprint(text.bytes()))
}

/// FNV-1a, to tell texts apart, not to protect anything.
fn fingerprint(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
