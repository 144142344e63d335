//! What the runs of a page were about: the message that began a run is its title. Messages are kept by
//! room, under the room's channel, so the channels are asked for first. The results of actions lie
//! between them, so that failed ones are counted on the way.

use super::{Side, Want, memories, patch};
use crate::model::{Batch, Fact, Of, Record, Reply, Row, Run};
use crate::provider::ReadError;
use crate::provider::elizaos::envelope;
use crate::provider::elizaos::lists::list_of;
use crate::provider::wire::{self, Object};

/// How far back the messages of one room are read for one page of runs.
const TURNS: u32 = 10;

/// Goes on with the memories of one room's channel. Servers before 1.6.5 keep them under the room's id.
pub(super) fn room(of: &Of, reply: &Reply<'_>, room: &str, want: Vec<Want>) -> Batch {
    let told = envelope::data(reply).ok().and_then(Object::read);
    let channel = told.and_then(|room| room.some_text("channelId"));
    Batch {
        also: begin(of, reply, room, channel, want).into_iter().collect(),
        ..Batch::default()
    }
}

/// The same of several rooms, which one list tells.
pub(super) fn rooms(of: &Of, reply: &Reply<'_>, want: Vec<Want>) -> Batch {
    let told = envelope::data(reply).ok();
    let list = told.and_then(|data| list_of(data, "rooms").ok());
    let known: Vec<Object<'_>> = list
        .unwrap_or_default()
        .into_iter()
        .filter_map(Object::read)
        .collect();
    let also = by_room(want).into_iter().filter_map(|(room, want)| {
        let own = known
            .iter()
            .find(|one| one.text_of("id").as_deref() == Some(&room));
        let channel = own.and_then(|one| one.some_text("channelId"));
        begin(of, reply, &room, channel, want)
    });
    Batch {
        also: also.collect(),
        ..Batch::default()
    }
}

/// The wanted runs by their rooms; those without a message to look for are left out.
pub(super) fn by_room(want: Vec<Want>) -> Vec<(String, Vec<Want>)> {
    let mut rooms: Vec<(String, Vec<Want>)> = Vec::new();
    for one in want {
        let (Some(room), Some(_)) = (one.room.clone(), &one.message) else {
            continue;
        };
        match rooms.iter_mut().find(|(known, _)| *known == room) {
            Some((_, list)) => list.push(one),
            None => rooms.push((room, vec![one])),
        }
    }
    rooms
}

fn begin(
    of: &Of,
    reply: &Reply<'_>,
    room: &str,
    channel: Option<String>,
    want: Vec<Want>,
) -> Option<crate::model::Ask> {
    let before = want.iter().filter_map(|one| one.start).max();
    Side::Titles {
        room: room.to_owned(),
        channel: channel.unwrap_or_else(|| room.to_owned()),
        // The message is stored before its run starts; a minute covers clocks that disagree.
        before: before
            .unwrap_or_else(|| reply.received.millis())
            .saturating_add(60_000),
        want,
        turn: 0,
    }
    .ask(of)
}

/// Patches with the text of the message that began a run.
pub(super) fn read(
    of: &Of,
    reply: &Reply<'_>,
    (room, channel, before, turn): (String, String, i64, u32),
    want: Vec<Want>,
) -> Result<Batch, ReadError> {
    let found = memories::list(reply)?;
    let mut batch = Batch::default();
    let mut open = Vec::new();
    for mut one in want {
        one.failed += memories::failed_of(&found, &one.run);
        let message = found.iter().find(|memory| memory.id() == one.message);
        let Some(message) = message else {
            open.push(one);
            continue;
        };
        let title = message.text().map(|text| wire::one_line(&text, 300));
        let failed = (one.failed > 0).then(|| Fact {
            of: None,
            label: "failed actions",
            value: one.failed.to_string(),
        });
        if title.is_some() || failed.is_some() {
            batch.rows.push(Row::Patch(Record::Run(Run {
                title: title.unwrap_or_default(),
                facts: failed.into_iter().collect(),
                ..patch(of, &one.run)
            })));
        }
    }
    let on = memories::further(&found, &room, channel, (before, turn));
    if let Some((channel, before)) = on
        && turn < TURNS
        && open.iter().any(|one| {
            one.start
                .is_none_or(|start| start <= before.saturating_add(60_000))
        })
    {
        let side = Side::Titles {
            room,
            channel,
            before,
            want: open,
            turn: turn + 1,
        };
        batch.also.extend(side.ask(of));
    }
    Ok(batch)
}
