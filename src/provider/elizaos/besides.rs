//! What is asked besides a run's events: its room and what was said there, actions that are at work, the
//! reasons of failed embeddings. Each only where the events leave something open, and in a followed run
//! only as often as it is worth the requests.

use std::collections::HashMap;
use std::time::Duration;

use super::detail::Detail;
use super::event;
use super::looks::Look;
use super::side::{Act, Open, Side, Span, Story};
use crate::model::{Ask, Event, Kind, Of, Page, Reply, RunRef, RunStatus, Time};
use crate::provider::wire::{Object, Raw};

/// Ids of actions that travel with an ask: the log is asked for fewer rows.
const KNOWN: usize = 200;
/// So long may a run say nothing before it is asked whether another followed it.
const MINUTE: Duration = Duration::from_secs(60);

/// The lists that tell more of the run than its own events.
pub(super) fn asks(
    run: &RunRef,
    page: &Page,
    look: Look,
    detail: &Detail,
    reply: &Reply<'_>,
) -> Vec<Ask> {
    let room = detail
        .run
        .room
        .clone()
        .or_else(|| run.room.as_deref().map(str::to_owned));
    let (status, ended) = (detail.run.status, detail.run.status.is_final());
    let mut sides = vec![embeddings(look, page, detail, room.clone())];
    sides.push(look.wants_boot().then(|| boot(detail, reply)).flatten());
    if let Some(room) = room {
        let lost = detail.events.iter().filter(|event| is_lost(event));
        let lost = lost.filter_map(|event| event.time).max();
        if look.wants_memories(lost, page.after, ended) {
            let story = story(detail, room.clone());
            sides.push(Some(Side::Place { story }));
        }
        let failed = status.is_failure();
        let count = look.wants_begun(status == RunStatus::Running, failed);
        sides.push(count.and_then(|count| begun(detail, &room, count)));
        sides.push(
            (look == Look::First)
                .then(|| newer(detail, &room, reply))
                .flatten(),
        );
    }
    let of = Of::Run(run.clone());
    let sides = sides.into_iter().flatten();
    sides.filter_map(|side| side.ask(&of)).collect()
}

/// Whether the server lost how an action ended.
fn is_lost(event: &Event) -> bool {
    event.kind == Kind::ToolResult && event.is_error.is_none()
}

fn story(detail: &Detail, room: String) -> Story {
    let mut acts: Vec<Act> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for event in &detail.events {
        let (Some(id), Kind::ToolCall | Kind::ToolResult) = (&event.call_id, event.kind) else {
            continue;
        };
        let at = *places.entry(id).or_insert_with(|| {
            acts.push(Act {
                id: id.clone(),
                begun: None,
                ended: None,
                at: 0,
                lost: false,
            });
            acts.len() - 1
        });
        let Some(act) = acts.get_mut(at) else {
            continue;
        };
        if event.kind == Kind::ToolCall {
            act.begun = Some(event.id.clone());
        } else {
            act.ended = Some(event.id.clone());
            act.at = event.order.at;
            act.lost = is_lost(event);
        }
    }
    let failed = |event: &&Event| event.kind == Kind::ToolResult && event.is_error == Some(true);
    Story {
        run: detail.run.id.clone(),
        room,
        message: detail.message.clone(),
        start: detail.run.started_at.map(Time::millis),
        end: detail.run.ended_at.map(Time::millis),
        completed: detail.run.status == RunStatus::Succeeded,
        failed: detail.events.iter().filter(failed).count(),
        acts,
        ..Story::default()
    }
}

fn embeddings(look: Look, page: &Page, detail: &Detail, room: Option<String>) -> Option<Side> {
    if look == Look::Again {
        return None;
    }
    let fresh = |event: &&Event| page.after.is_none_or(|after| event.order.at > after);
    let failed = detail.events.iter().filter(|event| {
        event.is_error == Some(true) && event::normal(&event.type_sent) == "EMBEDDING_EVENT"
    });
    let wanted: Vec<(String, String)> = failed
        .filter(fresh)
        .filter_map(|event| {
            let part = event.raw.part(event.body?);
            let data = serde_json::from_slice::<Raw<'_>>(part).ok()?;
            Some((event.id.clone(), Object::read(data)?.some_text("memoryId")?))
        })
        .collect();
    (!wanted.is_empty()).then(|| Side::Embeddings {
        run: detail.run.id.clone(),
        room,
        wanted,
    })
}

fn begun(detail: &Detail, room: &str, count: u32) -> Option<Side> {
    let acts = detail
        .events
        .iter()
        .filter(|event| event.kind == Kind::ToolCall);
    let known: Vec<String> = acts.filter_map(|event| event.call_id.clone()).collect();
    let surplus = known.len().saturating_sub(KNOWN);
    Some(Side::Begun {
        span: Span {
            run: detail.run.id.clone(),
            room: room.to_owned(),
            start: detail.run.started_at?.millis(),
            end: detail.run.ended_at.map(Time::millis),
            known: known.into_iter().skip(surplus).collect(),
        },
        count,
    })
}

/// A run of which nothing was heard for a minute may have been superseded.
fn newer(detail: &Detail, room: &str, reply: &Reply<'_>) -> Option<Side> {
    detail.run.started_at?;
    let heard = quiet_since(detail, reply)?;
    (detail.run.status == RunStatus::Running).then(|| Side::Newer {
        open: open(detail),
        room: room.to_owned(),
        quiet: heard.millis(),
    })
}

/// A followed run that falls silent may have been cut off by a restart.
fn boot(detail: &Detail, reply: &Reply<'_>) -> Option<Side> {
    quiet_since(detail, reply)?;
    (!detail.run.status.is_final()).then(|| Side::Boot {
        open: vec![open(detail)],
    })
}

/// When the run was last heard of, if that is more than a minute ago.
fn quiet_since(detail: &Detail, reply: &Reply<'_>) -> Option<Time> {
    let heard = detail.run.updated_at?;
    (reply.received.since(heard)? > MINUTE).then_some(heard)
}

fn open(detail: &Detail) -> Open {
    Open {
        run: detail.run.id.clone(),
        start: detail.run.started_at.map(Time::millis),
        followed: false,
    }
}
