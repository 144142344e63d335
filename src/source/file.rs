//! One file that is no reply of a service, and the runs in it: what is neither JSON nor lines of it is one document, to be read as the text that it is;
//! everything else is records of events, one a line or one an element of an array.

use std::ops::Range;

use bytes::Bytes;

use super::{
    kept::{Kept, Told},
    ladder, plain,
};
use crate::model::{Event, Mission, Payload};

/// A file, or a mission of one.
pub(super) struct File {
    pub mission: Mission,
    pub runs: Vec<Kept>,
    /// Whether it is one text that is no JSON, or JSON that is broken.
    is_text: bool,
    /// Where records lie that are no JSON objects.
    pub bare: Vec<Range<usize>>,
}

impl File {
    /// Takes the bytes apart. Total: whatever they are, they can be shown.
    pub fn read(id: String, name: String, bytes: &Bytes) -> Self {
        let mission = Mission {
            id,
            name,
            ..Mission::default()
        };
        if let Some(records) = plain::records(bytes) {
            let (runs, bare) = plain::runs(&mission, bytes, records);
            return Self {
                bare,
                ..Self::of(mission, runs)
            };
        }
        let text = bytes.slice(plain::mark(bytes)..);
        let (event, skipped) = ladder::document(Payload::new(text), &mission.name);
        Self {
            is_text: true,
            ..Self::single(mission, event, skipped)
        }
    }

    /// A mission with these runs.
    pub fn of(mission: Mission, runs: Vec<Kept>) -> Self {
        Self {
            mission,
            runs,
            is_text: false,
            bare: Vec::new(),
        }
    }

    /// A file with one event.
    pub fn single(mission: Mission, event: Event, skipped: u32) -> Self {
        let mut run = Kept::empty(&mission.id, &mission.name, &Bytes::new());
        (run.run.started_at, run.run.updated_at) = (event.time, event.time);
        run.told = Told::Read {
            events: vec![event],
            skipped,
        };
        Self::of(mission, vec![run])
    }

    /// Whether it is one JSON value or one text, and no service's reply.
    pub fn is_document(&self) -> bool {
        if self.is_text {
            return true;
        }
        let [kept] = self.runs.as_slice() else {
            return false;
        };
        match &kept.told {
            Told::Read { .. } | Told::Records(_) => false,
            Told::Lines(lines) => match lines.as_slice() {
                [line] => matches!(kept.bytes.get(line.start), Some(b'{' | b'[')),
                _ => false,
            },
        }
    }
}
