//! Telnyx AI missions: missions, runs, plans and event logs, read from the published contract and
//! from what its writers put into the parts that the contract leaves open. The service pages by
//! number, documents no order, and reports neither tokens nor call ids; what a writer adds to a
//! payload is read where it is unmistakable and left alone where it is not.

mod asks;
mod event;
mod mission;
mod page;
mod reply;
mod run;
mod step;

use super::wire::Raw;
use super::{Provider, ReadError};
use crate::model::{Ask, AuthScheme, Batch, Caps, Page, Record, Reply, Request, Row, RunRef};

/// Telnyx, seen from outside.
pub struct Telnyx;

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
            Ask::Missions { .. } => listed(ask, reply, |raw| mission::read(reply, raw)),
            Ask::Runs { mission, .. } => listed(ask, reply, |raw| run::read(reply, raw, mission)),
            Ask::Mission { .. } => single(reply, |raw| mission::read(reply, raw)),
            Ask::Run(RunRef { mission, .. }) => single(reply, |raw| run::read(reply, raw, mission)),
            Ask::Steps(_) => plan(reply),
            Ask::Events { page, .. } => {
                let list = reply::list(reply)?;
                let read = event::read_all(reply, &list.rows, page);
                let next = page::next(ask, &list, &read.rows);
                Ok(Batch { next, ..read })
            }
            Ask::Picked { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Aside { .. }
            | Ask::Check => Ok(Batch::default()),
            Ask::Event { .. } => {
                let rows = reply::one(reply)?;
                Ok(event::read_all(reply, &rows, &Page::default()))
            }
        }
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
        Ask::Missions { page } | Ask::Runs { page, .. } => u64::from(page.seen),
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

/// All steps come at once. A run without a plan answers an empty list or 404; nobody says which.
fn plan(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if reply.status == 404 {
        return Ok(Batch::default());
    }
    let list = reply::list(reply)?;
    Ok(step::read_all(reply, &list.rows))
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
