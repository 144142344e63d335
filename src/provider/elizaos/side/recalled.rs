//! Memories that somebody captured and nobody asked for: each with the run that it names or with its room,
//! and what all of a room tell of a run.

use bytes::Bytes;

use super::{
    memories::list,
    story::{self, Story},
};
use crate::{
    model::{Batch, Elsewhere, Of, Record, Reply, Row, Time},
    provider::{
        ReadError,
        wire::{Object, Raw},
    },
};

/// All of them, as events of what they belong to.
pub(in crate::provider::elizaos) fn memories(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let found = list(reply)?;
    let rows = found.iter().enumerate().map(|(at, memory)| {
        let run = memory.run().or_else(|| memory.object.some_text("roomId"));
        let told = Elsewhere {
            mission: String::new(),
            run: run.unwrap_or_default(),
            event: story::told(reply, at, memory),
        };
        Row::Full(Record::Elsewhere(Box::new(told)))
    });
    Ok(Batch {
        rows: rows.collect(),
        ..Batch::default()
    })
}

/// What memories of its room tell of a run.
pub(super) fn story(of: &Of, mut story: Story, records: &[Bytes], received: Time) -> Vec<Row> {
    let read = |record: &Bytes| -> Option<bool> {
        let raw: Raw<'_> = serde_json::from_slice(record).ok()?;
        let record = Object::read(raw)?;
        let is_here = record.some_text("roomId").as_deref() == Some(&story.room);
        Some(is_here && record.object("content").is_some())
    };
    let own = records.iter().filter(|record| read(record) == Some(true));
    let own: Vec<&[u8]> = own.map(|record| &record[..]).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let body = [b"{\"memories\":[", own.join(&b","[..]).as_slice(), b"]}"].concat();
    let body = Bytes::from(body);
    let reply = Reply {
        status: 200,
        body: &body,
        received,
    };
    story.channel.clone_from(&story.room);
    story.before = i64::MAX;
    story::read(of, &reply, story).map_or_else(|_| Vec::new(), |batch| batch.rows)
}
