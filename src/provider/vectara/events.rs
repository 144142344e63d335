//! A page of events, in their places. The server's order is kept even where its times disagree with
//! it, whichever end comes first. An event belongs to the step that the transition before it opened;
//! before the first known transition its step is unknown.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Direction};
use super::look::Look;
use super::{child, event, object, page_key, rows, session};
use crate::model::{
    Ask, Batch, Event, Kind, Order, Page, Record, Reply, Row, RunRef, Step, StepStatus,
};
use crate::provider::ReadError;
use crate::provider::wire::{Object, Raw};

/// Times closer than this say nothing about the direction: the service's own clocks disagree by
/// some milliseconds.
const SLACK: i64 = 100_000_000;
/// Events that are listed late are dated at most so long before those that were listed earlier.
const OVERLAP: i64 = 5_000_000_000;

pub(super) fn list(
    run: &RunRef,
    whole: Raw<'_>,
    reply: &Reply<'_>,
    page: &Page,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "events")?;
    let mut skipped = 0;
    let mut events: Vec<Event> = sent
        .iter()
        .map(|raw| {
            event::read(raw, reply).unwrap_or_else(|| {
                skipped += 1;
                event::unreadable(raw, reply)
            })
        })
        .collect();
    let mut cursor = Cursor::of(page);
    if cursor.key.is_empty() {
        cursor.direction = direction(&events);
    }
    let look = Look::of(page);
    let room = look.as_ref().map_or(0, Look::room);
    place(&mut events, &mut cursor, page.seen, room);
    assign_steps(&mut events, &mut cursor);
    if let Some(look) = look
        && cursor.direction == Direction::NewestFirst
    {
        let reached = reaches_the_known(&events, cursor.direction, page.after);
        let more = page_key(&whole).is_some() && !sent.is_empty();
        let lost = look.step.is_some() && !events.iter().any(|event| event.kind == Kind::Step);
        if lost && more && !reached && !look.wide && page.index == 0 {
            // Not `next`: a page without rows ends its chain.
            return Ok(Batch {
                also: vec![look.widened(run, page.after)],
                ..Batch::default()
            });
        }
        if reached || !more {
            stay_in(look.step.as_deref(), &mut events, page.after);
        }
    }
    let steps = steps(&events, &mut cursor);
    let direction = cursor.direction;
    let more = page_key(&whole).filter(|_| !reaches_the_known(&events, direction, page.after));
    let next = cursor.next(page, sent.len(), more);
    let newest_here = match direction {
        Direction::NewestFirst => page.index == 0,
        Direction::OldestFirst => next.is_none(),
    };
    let mut batch = Batch {
        skipped,
        ..Batch::default()
    };
    batch
        .rows
        .extend(newest_here.then(|| news(run, &events, direction)).flatten());
    batch.rows.extend(steps);
    let mut children = Vec::new();
    for event in events {
        let child = child::event(&event, &run.run).map(|mut child| {
            child.order.tie += 1;
            child
        });
        batch.rows.push(Row::Full(Record::Event(event)));
        children.extend(child.clone());
        batch
            .rows
            .extend(child.map(|child| Row::Full(Record::Event(child))));
    }
    // Whose the known ones are was asked before.
    children.retain(|child| page.after.is_none_or(|after| child.order.at > after));
    batch.also.extend(child::ask(run, children.iter()));
    batch.next = next.map(|page| Ask::Events {
        run: run.clone(),
        page,
    });
    Ok(batch)
}

pub(super) fn one(whole: Raw<'_>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let mut event = event::read(whole, reply)
        .filter(|event| !event.type_sent.is_empty())
        .ok_or_else(|| ReadError::Foreign("not an event".to_owned()))?;
    event.order.at = event.time.map_or(0, |time| time.0);
    event.order.tie = u64::MAX / 2;
    Ok(Batch {
        rows: vec![Row::Full(Record::Event(event))],
        ..Batch::default()
    })
}

/// Older descriptions of the service promise the opposite of what it does, so the times decide.
fn direction(events: &[Event]) -> Direction {
    let mut times = events.iter().filter_map(|event| event.time);
    let (Some(first), Some(last)) = (times.next(), times.next_back()) else {
        return Direction::NewestFirst;
    };
    if last.0.saturating_sub(first.0) > SLACK {
        Direction::OldestFirst
    } else {
        Direction::NewestFirst
    }
}

/// Whether a page of a list that comes newest first ends among what is known: some of its events lie
/// well before the newest of those, and so does all that follows.
fn reaches_the_known(events: &[Event], direction: Direction, after: Option<i64>) -> bool {
    let oldest = events.iter().map(|event| event.order.at).min();
    let known = after
        .zip(oldest)
        .is_some_and(|(after, oldest)| oldest < after.saturating_sub(OVERLAP));
    known && direction == Direction::NewestFirst
}

/// Gives each event its place: its time, but never past its neighbour's, then its position. Two
/// numbers a position, so that a child run fits behind its result.
fn place(events: &mut [Event], cursor: &mut Cursor, seen: u32, room: u64) {
    let known = events
        .iter()
        .find_map(|event| event.time)
        .map(|time| time.0);
    let mut edge = cursor.edge.or(known);
    for (position, event) in (u64::from(seen)..).zip(events.iter_mut()) {
        let time = event.time.map(|time| time.0);
        edge = match (edge, time, cursor.direction) {
            (Some(edge), Some(time), Direction::NewestFirst) => Some(edge.min(time)),
            (Some(edge), Some(time), Direction::OldestFirst) => Some(edge.max(time)),
            (edge, time, _) => edge.or(time),
        };
        let tie = match cursor.direction {
            Direction::NewestFirst => (u64::MAX / 2 + room).saturating_sub(position * 2),
            Direction::OldestFirst => position * 2,
        };
        event.order = Order {
            at: edge.unwrap_or(0),
            tie,
        };
    }
    cursor.edge = edge;
}

/// Every transition opens the step of the events after it, and was made in the step that its turn
/// was in before: that covers the events before the oldest transition, which newest first may follow
/// one on a page to come.
fn assign_steps(events: &mut [Event], cursor: &mut Cursor) {
    let is_step = |event: &Event| event.kind == Kind::Step;
    match cursor.direction {
        Direction::OldestFirst => {
            let opened = cursor.step.take();
            let unknown = opened.is_none();
            cursor.step = forward(events.iter_mut(), opened);
            let first = events.iter().position(is_step).filter(|_| unknown);
            if let Some((before, after)) = first.and_then(|at| events.split_at_mut_checked(at)) {
                backward(before.iter_mut().rev(), after.first().and_then(came_from));
            }
        }
        Direction::NewestFirst => {
            let oldest = events.iter().rposition(is_step).map_or(0, |at| at + 1);
            let Some((newer, older)) = events.split_at_mut_checked(oldest) else {
                return;
            };
            forward(newer.iter_mut().rev(), None);
            let left = match newer.last() {
                Some(transition) => came_from(transition),
                None => cursor.step.take(),
            };
            cursor.step = backward(older.iter_mut(), left);
        }
    }
}

/// Oldest to newest; gives the step that is open at the end.
fn forward<'a>(
    events: impl Iterator<Item = &'a mut Event>,
    mut step: Option<String>,
) -> Option<String> {
    for event in events {
        if event.kind == Kind::Step {
            step.clone_from(&event.step_id);
        } else {
            event.step_id.clone_from(&step);
        }
    }
    step
}

/// Newest to oldest, up to where the turn began; gives the step if it did not begin here.
fn backward<'a>(
    events: impl Iterator<Item = &'a mut Event>,
    mut step: Option<String>,
) -> Option<String> {
    for event in events {
        event.step_id.clone_from(&step);
        if event::begins_turn(event) {
            step = None;
        }
    }
    step
}

/// What is younger than the known and older than the first transition since is still in the step of
/// the known.
fn stay_in(step: Option<&str>, events: &mut [Event], after: Option<i64>) {
    let Some(after) = after else { return };
    let transition = events.iter().rposition(|event| event.kind == Kind::Step);
    let since = transition.map_or(0, |at| at + 1);
    for event in events.iter_mut().skip(since) {
        // A transition of the same moment may have come after it.
        let young = event.order.at > after || (event.order.at == after && transition.is_none());
        if young && event.step_id.is_none() {
            event.step_id = step.map(str::to_owned);
        }
    }
}

fn came_from(transition: &Event) -> Option<String> {
    Object::read(serde_json::from_slice(transition.raw.bytes()).ok()?)?.some_text("from_step")
}

/// The steps that this page's transitions name. What a newer page said of how a step ended holds.
fn steps(events: &[Event], cursor: &mut Cursor) -> Vec<Row> {
    let mut transitions: Vec<&Event> = events
        .iter()
        .filter(|event| event.kind == Kind::Step)
        .collect();
    transitions.sort_by_key(|event| event.order);
    let mut steps: BTreeMap<String, Step> = BTreeMap::new();
    for event in transitions {
        let at = event.order.at;
        if let Some(left) = came_from(event) {
            let step = named(&mut steps, left, at.saturating_sub(1));
            step.ended_at = event.time;
            step.status = StepStatus::Succeeded;
        }
        if let Some(entered) = event.step_id.clone() {
            let step = named(&mut steps, entered, at);
            step.started_at = step.started_at.or(event.time);
            step.ended_at = None;
            step.status = StepStatus::Unknown;
        }
    }
    let newest_first = cursor.direction == Direction::NewestFirst;
    for step in steps.values_mut() {
        let known = cursor.steps.iter().find(|(name, _)| *name == step.id);
        match known {
            Some((_, true)) if newest_first => {
                step.ended_at = None;
                step.status = StepStatus::Succeeded;
            }
            Some((_, false)) if newest_first => {
                step.ended_at = None;
                step.status = StepStatus::Unknown;
            }
            Some(_) => {}
            None => {
                let left = step.status == StepStatus::Succeeded;
                cursor.steps.push((step.id.clone(), left));
            }
        }
    }
    let row = |step| Row::Full(Record::Step(step));
    steps.into_values().map(row).collect()
}

fn named(steps: &mut BTreeMap<String, Step>, id: String, sequence: i64) -> &mut Step {
    steps.entry(id.clone()).or_insert_with(|| Step {
        title: id.clone(),
        id,
        sequence,
        ..Step::default()
    })
}

/// What the newest turn says about its run: when it was last heard of, and that it failed or was
/// interrupted. That it ended well only the session itself can say.
fn news(run: &RunRef, events: &[Event], direction: Direction) -> Option<Row> {
    let newest_first: Vec<&Event> = match direction {
        Direction::NewestFirst => events.iter().collect(),
        Direction::OldestFirst => events.iter().rev().collect(),
    };
    let newest = newest_first.first()?;
    let mut patch = session::patch(run);
    patch.updated_at = newest.time;
    let turn = newest_first
        .iter()
        .take_while(|event| !event::begins_turn(event));
    let interrupted = event::verdict(newest);
    let failed = turn
        .filter(|event| event.kind == Kind::Error)
        .find_map(|event| {
            patch.error = event::complaint(event);
            event::verdict(event)
        });
    if let Some((status, reason)) = interrupted.or(failed) {
        patch.status = status;
        patch.status_reason = Some(reason.to_owned());
        patch.ended_at = newest.time;
    }
    Some(Row::Patch(Record::Run(patch)))
}
