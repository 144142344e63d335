//! Replies of a service that somebody captured: one, a list, or one a line. They are recognised by their
//! shape and read by that service's own reader.

use std::{ops::Range, time::SystemTime};

use bytes::Bytes;

use super::{
    kept::{Kept, Told},
    ladder, plain,
};
use crate::{
    model::{Ask, Batch, Event, Mission, Payload, Record, Reply, Row, Run, Time},
    provider::{self, Provider},
};

/// What replies tell.
#[derive(Default)]
pub(super) struct Captured {
    pub missions: Vec<Mission>,
    pub runs: Vec<Kept>,
}

/// What is in a captured reply, or in one a line; none when no service knows it.
pub(super) fn read(bytes: &Bytes) -> Option<Captured> {
    if let Some(captured) = one(bytes) {
        return Some(captured);
    }
    let skip = plain::mark(bytes);
    let rest = bytes.get(skip..)?;
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    known(&bytes.slice(skip..skip + end))?;
    several(bytes, plain::lines(rest, skip))
}

/// Replies line by line. A line of anything else makes all of them plain records; one that is broken is
/// shown where it stands.
fn several(bytes: &Bytes, lines: Vec<Range<usize>>) -> Option<Captured> {
    let mut all = Captured::default();
    for (i, line) in lines.into_iter().enumerate() {
        let line = bytes.slice(line);
        if !ladder::is_json(&line) {
            all.broken(line, u32::try_from(i + 1).unwrap_or(u32::MAX));
            continue;
        }
        let Captured { missions, runs } = one(&line)?;
        all.missions.extend(missions);
        for kept in runs {
            all.add(kept);
        }
    }
    Some(all)
}

impl Captured {
    fn broken(&mut self, line: Bytes, number: u32) {
        let Some(Told::Read { events, skipped }) = self.runs.last_mut().map(|kept| &mut kept.told)
        else {
            return;
        };
        let order = events.iter().map(|event| event.order).max();
        let (event, _) = ladder::event(Payload::new(line), number, false);
        events.push(Event {
            order: order.unwrap_or_default(),
            ..event
        });
        *skipped = skipped.saturating_add(1);
    }

    fn add(&mut self, kept: Kept) {
        let mut runs = self.runs.iter_mut();
        match runs.find(|known| known.run.id == kept.run.id) {
            Some(known) => known.join(kept),
            None => self.runs.push(kept),
        }
    }
}

fn known(bytes: &Bytes) -> Option<(&'static dyn Provider, Ask)> {
    let mut all = provider::ALL.into_iter();
    all.find_map(|provider| Some((provider, provider.sniff(bytes)?)))
}

fn one(bytes: &Bytes) -> Option<Captured> {
    let (provider, ask) = known(bytes)?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let received = i64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(i64::MAX);
    let reply = Reply {
        status: 200,
        body: bytes,
        received: Time(received),
    };
    let batch = provider.read(&ask, &reply).ok()?;
    let mut captured = Captured::default();
    match &ask {
        Ask::Events { run, .. } | Ask::Steps(run) | Ask::Event { run, .. } => {
            captured.runs.push(transcript(&run.run, batch, bytes));
        }
        Ask::Runs { .. } | Ask::Run(_) => captured.runs = listed(&batch, bytes),
        Ask::Missions { .. } | Ask::Mission { .. } => captured.missions = missions(batch),
        Ask::AllEvents { .. } => captured.runs = scattered(batch, bytes),
        Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::Aside { .. }
        | Ask::Named { .. }
        | Ask::Check => return None,
    }
    Some(captured)
}

/// Events of several runs, each with its own, in the order in which the runs are met.
fn scattered(batch: Batch, bytes: &Bytes) -> Vec<Kept> {
    let mut runs: Vec<(String, Vec<Row>)> = Vec::new();
    for row in batch.rows {
        let Record::Elsewhere(told) = row.record().clone() else {
            continue;
        };
        let told = *told;
        let event = Row::Full(Record::Event(told.event));
        match runs.iter_mut().find(|(run, _)| *run == told.run) {
            Some((_, events)) => events.push(event),
            None => runs.push((told.run, vec![event])),
        }
    }
    let runs = runs.into_iter().map(|(run, rows)| {
        let of = Batch {
            rows,
            ..Batch::default()
        };
        transcript(&run, of, bytes)
    });
    runs.collect()
}

fn transcript(id: &str, batch: Batch, bytes: &Bytes) -> Kept {
    let (mut events, mut steps) = (Vec::new(), Vec::new());
    let mut run = Run {
        id: id.to_owned(),
        ..Run::default()
    };
    for row in batch.rows {
        match row.record().clone() {
            Record::Event(event) => events.push(event),
            Record::Step(step) => steps.push(step),
            Record::Run(told) if told.id == id => run = told,
            Record::Run(_) | Record::Mission(_) | Record::Elsewhere(_) => {}
        }
    }
    let times: Vec<Time> = events.iter().filter_map(|event| event.time).collect();
    run.started_at = run.started_at.or(times.iter().min().copied());
    run.updated_at = run.updated_at.or(times.iter().max().copied());
    let told = Told::Read {
        events,
        skipped: batch.skipped,
    };
    Kept {
        steps,
        told,
        ..Kept::of(run, bytes)
    }
}

fn listed(batch: &Batch, bytes: &Bytes) -> Vec<Kept> {
    let runs = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Run(run) => Some(run.clone()),
        Record::Mission(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
    });
    runs.map(|run| Kept::of(run, bytes)).collect()
}

fn missions(batch: Batch) -> Vec<Mission> {
    let rows = batch.rows.into_iter();
    let missions = rows.filter_map(|row| match row.record().clone() {
        Record::Mission(mission) => Some(mission),
        Record::Run(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
    });
    missions.collect()
}
