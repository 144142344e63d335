//! The Agentex dialect: agents are missions, tasks are runs, messages are events, and so are the inbox
//! and spans. The transcript is enough to show a run; all lists beside it may be missing. A plan is not
//! something that this service has, and messages do not say which agent of a task wrote them.

mod agent;
mod aside;
mod asks;
mod capture;
mod content;
mod events;
mod growing;
mod inbox;
mod looks;
mod message;
mod named;
mod paging;
mod roster;
mod said;
mod span;
mod stream;
mod task;

use std::sync::Arc;

use super::{Listener, Provider, ReadError, capture::Capture, refer::Place, wire};
use crate::model::{
    Ask, AuthScheme, Batch, CallMembers, Caps, Known, Page, Record, Reply, Request, Row, RunRef,
};
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
            call_ids: true,
            call_members: CallMembers::default(),
            resumes: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn locate(&self, path: &[&str], query: &[(String, String)]) -> Option<Place> {
        let asked = |name: &str| query.iter().find(|(known, _)| known == name);
        let run = match path {
            ["tasks", "name", ..] => return None,
            ["tasks", run, ..] => (*run).to_owned(),
            ["messages" | "events" | "spans" | "states" | "tracker", ..] => {
                let (_, run) = asked("task_id").or_else(|| asked("trace_id"))?;
                run.clone()
            }
            _ => return None,
        };
        let (mission, event) = (None, None);
        Some(Place {
            mission,
            run,
            event,
        })
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        asks::request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match ask {
            Ask::Events { run, page } => events::read(run, page, reply),
            Ask::Picked { run, only, page } => events::picked(run, only, page, reply),
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
            Ask::AllRuns { status, page } => {
                let rows = list(reply)?;
                let read = |raw: &Raw<'_>| task::run(reply, raw, "");
                let next = |page| Ask::AllRuns {
                    status: *status,
                    page,
                };
                Ok(numbered(&rows, page, asks::TASKS, read, next))
            }
            Ask::Mission { mission } => one_agent(mission, reply),
            Ask::Run(run) => one_task(run, reply),
            Ask::Event { event, .. } => {
                let told = message::Reader::new(reply).event(single(reply)?);
                let row = events::row(told, true);
                Ok(Batch {
                    rows: vec![events::with_id(row, event)],
                    ..Batch::default()
                })
            }
            Ask::Aside { of, what, page } => aside::read(of, what, page, reply),
            Ask::Named { id, way } => named::read(id, *way, reply),
            Ask::Check => list(reply).map(|_| Batch::default()),
            Ask::Steps(_) | Ask::Part { .. } | Ask::AllEvents { .. } => Ok(Batch::default()),
        }
    }

    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        aside::without(ask, why)
    }

    fn looks(&self, run: &RunRef, known: &Known) -> Vec<Ask> {
        looks::looks(run, known)
    }

    fn stream(&self, run: &RunRef) -> Option<(Request, Box<dyn Listener>)> {
        let listener = stream::Stream::new(run.clone());
        Some((asks::stream(run), Box::new(listener)))
    }

    fn captured<'a>(&self, whole: Raw<'a>) -> Option<Capture<'a>> {
        capture::captured(whole)
    }
}

/// An agent, and the lists beside it. People know agents by name, so that is tried too.
fn one_agent(mission: &Arc<str>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if is_name(mission, reply) {
        return Ok(elsewhere(aside::of_mission(mission, aside::NAMED)));
    }
    let (record, _) = roster::mission(reply, single(reply)?);
    let mut batch = alone(with_id(record, mission));
    batch.also = [aside::DEPLOYMENTS, aside::SCHEDULES]
        .map(|what| aside::of_mission(mission, what))
        .into();
    Ok(batch)
}

/// A task, and the lists beside it. The inbox of the agent that the task was asked for under comes
/// with the transcript.
fn one_task(run: &RunRef, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if is_name(&run.run, reply) {
        return Ok(elsewhere(aside::of_run(run, aside::NAMED)));
    }
    let raw = single(reply)?;
    let (record, _) = task::run(reply, raw, &run.mission);
    let mut batch = alone(with_id(record, &run.run));
    batch.also = [aside::STATES, aside::TRACKERS]
        .map(|what| aside::of_run(run, what))
        .into();
    for agent in task::listening(raw) {
        if agent != *run.mission {
            let of = RunRef {
                mission: Arc::from(agent),
                ..run.clone()
            };
            batch.also.push(aside::of_run(&of, aside::INBOX_OF_OTHER));
        }
    }
    Ok(batch)
}

/// Whether what was asked for by id is not there and may have been meant by name. Ids are UUIDs.
fn is_name(asked: &str, reply: &Reply<'_>) -> bool {
    let is_uuid = asked.len() == 36 && asked.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    reply.status == 404 && !is_uuid && !said::is_no_route(reply)
}

fn elsewhere(ask: Ask) -> Batch {
    Batch {
        next: Some(ask),
        ..Batch::default()
    }
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
