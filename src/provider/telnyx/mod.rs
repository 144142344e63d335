//! Telnyx AI missions: missions, runs, plans and event logs, read from the published contract and
//! from what its writers put into the parts that the contract leaves open. The service pages by
//! number, documents no order, and reports neither tokens nor call ids; what a writer adds to a
//! payload is read where it is unmistakable and left alone where it is not.

mod asides;
mod asks;
mod capture;
mod event;
mod follow;
mod mission;
mod page;
mod reply;
mod run;
mod step;

use super::capture::Capture;
use super::wire::Raw;
use super::{Ahead, Provider, ReadError, refer::Place};
use crate::model::{
    Ask, AuthScheme, Batch, CallMembers, Caps, Elsewhere, Known, Page, Record, Reply, Request, Row,
    RunRef, Time,
};

/// Telnyx, seen from outside.
pub struct Telnyx;

/// The arguments of a call lie flat beside the name of the tool (`tool`), and its id where a writer gives one;
/// no schema says so. What else writers call these may be an argument as well.
const CALL: CallMembers = CallMembers {
    own: &[&["tool", "tool_name"], &["tool_call_id", "call_id"]],
    doubtful: &[
        "tool_name",
        "call_id",
        "name",
        "id",
        "arguments",
        "args",
        "input",
        "parameters",
    ],
};

impl Provider for Telnyx {
    fn name(&self) -> &'static str {
        "telnyx"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "https://api.telnyx.com/v2",
            auth: AuthScheme::Bearer,
            open: false,
            steps: true,
            call_ids: false,
            call_members: CALL,
            resumes: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn locate(&self, path: &[&str], _query: &[(String, String)]) -> Option<Place> {
        let ["ai", "missions", mission, "runs", run, rest @ ..] = path else {
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
        match ask {
            Ask::Missions { .. } => listed(ask, reply, |raw| mission::read(reply, raw)),
            Ask::Runs { mission, .. } => listed(ask, reply, |raw| run::read(reply, raw, mission)),
            Ask::AllRuns { .. } => listed(ask, reply, |raw| run::read(reply, raw, "")),
            Ask::Mission { mission } => detailed(reply, mission),
            Ask::Run(RunRef { mission, .. }) => single(reply, |raw| run::read(reply, raw, mission)),
            Ask::Steps(run) => plan(reply, run),
            Ask::Events { run, page } | Ask::Picked { run, page, .. } => {
                events(ask, reply, run, page)
            }
            Ask::AllEvents { page, .. } => everywhere(ask, reply, page),
            Ask::Event { .. } => {
                let place = event::Place::default();
                Ok(event::read_all(reply, &reply::one(reply)?, &place).batch)
            }
            Ask::Aside { of, what, page } => asides::read(reply, of, what, page),
            // That there is such a list is the proof.
            Ask::Named { .. } | Ask::Part { .. } => Ok(Batch::default()),
            Ask::Check => reply::list(reply).map(|_| Batch::default()),
        }
    }

    fn ahead(&self, ask: &Ask, reply: &Reply<'_>) -> Option<Ahead> {
        // A followed list need not go on where it has another page.
        if matches!(ask, Ask::Events { page, .. } if page.after.is_some()) {
            return None;
        }
        page::ahead(ask, &reply::glance(reply)?)
    }

    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        match ask {
            Ask::Aside { of, what, page } => asides::unread(of, what, page, why),
            // A plan that news of its steps asked for: the one that is there stays.
            Ask::Steps(_) => Some(Batch::default()),
            _ => None,
        }
    }

    fn looks(&self, run: &RunRef, known: &Known) -> Vec<Ask> {
        follow::looks(run, known)
    }

    fn captured<'a>(&self, whole: Raw<'a>) -> Option<Capture<'a>> {
        capture::captured(whole)
    }
}

/// A page of missions or runs.
fn listed<'a>(
    ask: &Ask,
    reply: &'a Reply<'_>,
    read: impl Fn(Raw<'a>) -> Option<Record>,
) -> Result<Batch, ReadError> {
    let list = reply::list(reply)?;
    let batch = collected(reply, &list.rows, first_place(ask), read);
    let next = page::next(ask, &list, &batch.rows);
    Ok(Batch { next, ..batch })
}

fn first_place(ask: &Ask) -> u64 {
    match ask {
        Ask::Missions { page } | Ask::Runs { page, .. } | Ask::AllRuns { page, .. } => {
            u64::from(page.seen)
        }
        _ => 0,
    }
}

/// One mission or run.
fn single<'a>(
    reply: &'a Reply<'_>,
    read: impl Fn(Raw<'a>) -> Option<Record>,
) -> Result<Batch, ReadError> {
    Ok(collected(reply, &reply::one(reply)?, 0, read))
}

/// A mission, and what it owns.
fn detailed(reply: &Reply<'_>, mission: &str) -> Result<Batch, ReadError> {
    let batch = single(reply, |raw| mission::read(reply, raw))?;
    let record = reply::one(reply)?.first().copied();
    let also = asides::left_out(mission, record);
    Ok(Batch { also, ..batch })
}

/// All steps come at once. A run without a plan answers an empty list or 404; nobody says which. The
/// agents linked to the run are asked for with it: both change rarely, unlike the run itself.
fn plan(reply: &Reply<'_>, run: &RunRef) -> Result<Batch, ReadError> {
    let mut batch = if reply.status == 404 {
        Batch::default()
    } else {
        step::read_all(reply, &reply::list(reply)?.rows)
    };
    let times = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Step(step) => step.started_at.max(step.ended_at),
        _ => None,
    });
    let heard = times.max().map(|at| run::heard(reply, run, at));
    batch.rows.extend(heard);
    batch.also = vec![asides::linked(run)];
    Ok(batch)
}

/// A page of a run's events, and when the run was last heard of.
fn events(ask: &Ask, reply: &Reply<'_>, run: &RunRef, page: &Page) -> Result<Batch, ReadError> {
    let list = reply::list(reply)?;
    let followed = page.after.filter(|_| matches!(ask, Ask::Events { .. }));
    let place = event::Place {
        first: match followed {
            Some(_) => follow::rows_before(page, &list),
            None => u64::from(page.seen),
        },
        total: list.total_results(),
        before: page.before,
    };
    let reading = event::read_all(reply, &list.rows, &place);
    let next = match followed {
        Some(_) => follow::next(page, &list, &reading).map(|page| Ask::Events {
            run: run.clone(),
            page,
        }),
        None => page::next(ask, &list, &reading.batch.rows),
    };
    let moved = followed.is_some_and(|after| reading.moves_the_plan(after));
    let also = moved.then(|| Ask::Steps(run.clone()));
    // Of a list read from its oldest row on, only the end tells when the run was last heard of.
    let tells = next.is_none() || reading.direction == event::Direction::Falling;
    let newest = reading.newest.filter(|_| tells);
    let heard = newest.map(|at| run::heard(reply, run, Time(at)));
    let mut batch = reading.batch;
    batch.rows.extend(heard);
    Ok(Batch {
        next,
        also: also.into_iter().collect(),
        ..batch
    })
}

/// A page of the events of all runs. Rows name their run but not its mission.
fn everywhere(ask: &Ask, reply: &Reply<'_>, page: &Page) -> Result<Batch, ReadError> {
    let list = reply::list(reply)?;
    let place = event::Place {
        first: u64::from(page.seen),
        total: list.total_results(),
        before: page.before,
    };
    let read = event::read_all(reply, &list.rows, &place).batch;
    let rows = read.rows.into_iter().zip(&list.rows);
    let rows = rows.map(|(row, raw)| match row {
        Row::Full(Record::Event(event)) => Row::Full(Record::Elsewhere(Box::new(Elsewhere {
            mission: String::new(),
            run: event::run_of(raw).unwrap_or_default(),
            event,
        }))),
        row => row,
    });
    let rows: Vec<Row> = rows.collect();
    let next = page::next(ask, &list, &rows);
    Ok(Batch { rows, next, ..read })
}

/// The records of a list; what is none of them is kept as an unknown event.
fn collected<'a>(
    reply: &'a Reply<'_>,
    rows: &[Raw<'a>],
    first: u64,
    read: impl Fn(Raw<'a>) -> Option<Record>,
) -> Batch {
    let mut batch = Batch::default();
    for (place, raw) in (first..).zip(rows) {
        let record = read(raw).unwrap_or_else(|| {
            batch.skipped += 1;
            Record::Event(event::unreadable(reply, raw, place))
        });
        batch.rows.push(Row::Full(record));
    }
    batch
}
