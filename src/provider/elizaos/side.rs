//! The lists beside a page of runs. Run event rows tell how runs truly ended (a crash says completed in
//! the run list, a skipped run started for ever); the memories of a run's room tell the message that
//! began it, which is the run's title. A side list that cannot be had changes nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::envelope;
use super::state::{End, Evidence, error_text};
use crate::model::{Ask, Batch, Page, Record, Reply, Request, Row, Run, RunStatus};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object};

/// Rows of run events at once.
const ROWS: u32 = 400;
/// Memories at once.
const MEMORIES: usize = 200;
/// How often a side list is followed.
const TURNS: u32 = 10;

/// A run whose end or title is wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Want {
    run: String,
    message: Option<String>,
    room: Option<String>,
    /// Start in epoch milliseconds.
    start: Option<i64>,
    /// Whether the list said that it completed, which it says of crashes too.
    #[serde(default)]
    completed: bool,
}

/// One read of a side list. It travels as the cursor of a page of runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Side {
    /// How the runs ended: `logs?type=run_event`, which mixes all agents of the server.
    Ends {
        want: Vec<Want>,
        offset: u32,
        turn: u32,
    },
    /// A room's channel, under which newer servers keep its memories.
    Room { room: String, want: Vec<Want> },
    /// The messages that began the runs.
    Titles {
        room: String,
        channel: String,
        before: i64,
        want: Vec<Want>,
        turn: u32,
    },
}

/// The side list that a page stands for; none for a page of the run list itself.
pub(super) fn of(page: &Page) -> Option<Side> {
    let cursor = page
        .cursor
        .as_deref()
        .filter(|cursor| cursor.starts_with('{'))?;
    serde_json::from_str(cursor).ok()
}

impl Want {
    pub fn of(run: &Run, message: Option<String>) -> Self {
        Self {
            run: run.id.clone(),
            message,
            room: run.room.clone(),
            start: run.started_at.map(crate::model::Time::millis),
            completed: run.status == RunStatus::Succeeded,
        }
    }
}

impl Side {
    /// What to ask after a page with these runs.
    pub fn after(ask: &Ask, page: &Page, want: Vec<Want>) -> Vec<Ask> {
        if want.is_empty() {
            return Vec::new();
        }
        let mut rooms: Vec<(String, Vec<Want>)> = Vec::new();
        for one in want.iter().filter(|one| one.message.is_some()) {
            let Some(room) = &one.room else { continue };
            match rooms.iter_mut().find(|(known, _)| known == room) {
                Some((_, list)) => list.push(one.clone()),
                None => rooms.push((room.clone(), vec![one.clone()])),
            }
        }
        // Every run of an earlier page has at least one newer row.
        let ends = Self::Ends {
            want,
            offset: page.seen,
            turn: 0,
        };
        let rooms = rooms
            .into_iter()
            .map(|(room, want)| Self::Room { room, want });
        std::iter::once(ends)
            .chain(rooms)
            .filter_map(|side| side.ask(ask))
            .collect()
    }

    /// Itself as an ask that stands in the place of `ask`.
    fn ask(&self, ask: &Ask) -> Option<Ask> {
        let Ask::Runs {
            mission,
            status,
            page,
        } = ask
        else {
            return None;
        };
        Some(Ask::Runs {
            mission: Arc::clone(mission),
            status: *status,
            page: Page {
                cursor: Some(serde_json::to_string(self).ok()?.into()),
                ..page.clone()
            },
        })
    }

    pub fn request(&self, mission: &str) -> Request {
        match self {
            Self::Ends { offset, .. } => Request::get("/api/agents/{}/logs", &[mission])
                .with("type", "run_event")
                .with("count", ROWS)
                .with("offset", offset),
            Self::Room { room, .. } => Request::get("/api/agents/{}/rooms/{}", &[mission, room]),
            Self::Titles {
                channel, before, ..
            } => Request::get("/api/agents/{}/rooms/{}/memories", &[mission, channel])
                .with("limit", MEMORIES)
                .with("before", before)
                .with("tableName", "messages")
                .with("includeEmbedding", false),
        }
    }

    /// What is left where it cannot be read at all. A missing title needs no words; a run that is
    /// said to have completed does.
    pub fn unread(self, mission: &str, why: &str) -> Batch {
        let Self::Ends { want, .. } = self else {
            return Batch::default();
        };
        let completed = want.into_iter().filter(|one| one.completed);
        let rows = completed.map(|one| {
            Row::Patch(Record::Run(Run {
                mission_id: mission.to_owned(),
                id: one.run,
                status: RunStatus::Succeeded,
                status_reason: Some(format!(
                    "said completed; whether it crashed cannot be read: {why}"
                )),
                ..Run::default()
            }))
        });
        Batch {
            rows: rows.collect(),
            ..Batch::default()
        }
    }

    pub fn read(self, ask: &Ask, mission: &str, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match self {
            Self::Ends { want, offset, turn } => ends(ask, mission, reply, want, (offset, turn)),
            Self::Room { room, want } => Ok(channel(ask, reply, &room, want)),
            Self::Titles {
                room,
                channel,
                want,
                turn,
                ..
            } => titles(ask, mission, reply, (room, channel, turn), want),
        }
    }
}

/// Patches of the runs whose end is among the rows.
fn ends(
    ask: &Ask,
    mission: &str,
    reply: &Reply<'_>,
    want: Vec<Want>,
    (offset, turn): (u32, u32),
) -> Result<Batch, ReadError> {
    let rows = wire::array(envelope::data(reply)?).unwrap_or_default();
    let bodies: Vec<Object<'_>> = rows
        .iter()
        .filter_map(|raw| Object::read(raw)?.object("body"))
        .collect();
    let mut batch = Batch::default();
    let mut open = Vec::new();
    for one in want {
        let own: Vec<&Object<'_>> = bodies
            .iter()
            .filter(|body| body.text_of("runId").as_deref() == Some(one.run.as_str()))
            .collect();
        if own.is_empty() {
            open.push(one);
        } else {
            batch.rows.extend(ended(mission, &one.run, &own, reply));
        }
    }
    let oldest = bodies
        .iter()
        .filter_map(|body| body.time("startTime"))
        .min();
    let reached = open
        .iter()
        .filter_map(|one| one.start)
        .all(|start| oldest.is_none_or(|oldest| oldest.millis() < start));
    let full = rows.len() >= ROWS as usize;
    if full && turn < TURNS && !open.is_empty() && !reached {
        let side = Side::Ends {
            want: open,
            offset: offset.saturating_add(ROWS),
            turn: turn + 1,
        };
        batch.also.extend(side.ask(ask));
    }
    Ok(batch)
}

/// What a run's rows, newest first, say of its end; none while it has not ended.
fn ended(mission: &str, run: &str, rows: &[&Object<'_>], reply: &Reply<'_>) -> Option<Row> {
    let is_end = |row: &&&Object<'_>| {
        row.text_of("status")
            .is_some_and(|status| status != "started")
    };
    let last = rows.iter().find(is_end)?;
    let ends = rows.iter().rev().filter(is_end).map(|row| End {
        status: row.text_of("status"),
        error: error_text(row, "error"),
    });
    let state = Evidence {
        word: last.text_of("status"),
        ends: ends.collect(),
        now: Some(reply.received),
        ..Evidence::default()
    }
    .state();
    let ended_at = last.time("endTime");
    Some(Row::Patch(Record::Run(Run {
        mission_id: mission.to_owned(),
        id: run.to_owned(),
        status: state.status,
        status_sent: last.text_of("status"),
        status_reason: state.reason,
        started_at: last.time("startTime"),
        ended_at,
        updated_at: ended_at,
        duration: ended_at
            .zip(last.time("startTime"))
            .and_then(|(end, start)| end.since(start)),
        error: state.error,
        ..Run::default()
    })))
}

/// Goes on with the memories of a room's channel. Servers before 1.6.5 keep them under the room's id.
fn channel(ask: &Ask, reply: &Reply<'_>, room: &str, want: Vec<Want>) -> Batch {
    let told = envelope::data(reply).ok().and_then(Object::read);
    let channel = told.and_then(|room| room.some_text("channelId"));
    let before = want.iter().filter_map(|one| one.start).max();
    let side = Side::Titles {
        room: room.to_owned(),
        channel: channel.unwrap_or_else(|| room.to_owned()),
        // The message is stored before its run starts; a minute covers clocks that disagree.
        before: before
            .unwrap_or_else(|| reply.received.millis())
            .saturating_add(60_000),
        want,
        turn: 0,
    };
    Batch {
        also: side.ask(ask).into_iter().collect(),
        ..Batch::default()
    }
}

/// Patches with the text of the message that began a run.
fn titles(
    ask: &Ask,
    mission: &str,
    reply: &Reply<'_>,
    (room, channel, turn): (String, String, u32),
    want: Vec<Want>,
) -> Result<Batch, ReadError> {
    let data = Object::read(envelope::data(reply)?);
    let memories = data
        .and_then(|data| data.array("memories"))
        .unwrap_or_default();
    let read: Vec<Object<'_>> = memories
        .iter()
        .filter_map(|raw| Object::read(raw))
        .collect();
    let mut batch = Batch::default();
    let mut open = Vec::new();
    for one in want {
        let message = read
            .iter()
            .find(|memory| memory.text_of("id") == one.message);
        let text = message.and_then(|memory| memory.object("content")?.some_text("text"));
        match text {
            Some(text) => batch.rows.push(Row::Patch(Record::Run(Run {
                mission_id: mission.to_owned(),
                id: one.run,
                title: wire::one_line(&text, 300),
                ..Run::default()
            }))),
            None if message.is_none() => open.push(one),
            None => {}
        }
    }
    let oldest = read
        .iter()
        .filter_map(|memory| memory.time("createdAt"))
        .min();
    let on = match oldest {
        // Nothing under the channel: an older server, or an empty room.
        None if channel != room => {
            Some((room.clone(), open.iter().filter_map(|one| one.start).max()))
        }
        Some(oldest) if memories.len() >= MEMORIES => {
            Some((channel, Some(oldest.millis() - 60_001)))
        }
        _ => None,
    };
    if let Some((channel, Some(before))) = on
        && turn < TURNS
        && open
            .iter()
            .any(|one| one.start.is_none_or(|start| start <= before + 60_000))
    {
        let side = Side::Titles {
            room,
            channel,
            before: before + 60_000,
            want: open,
            turn: turn + 1,
        };
        batch.also.extend(side.ask(ask));
    }
    Ok(batch)
}
