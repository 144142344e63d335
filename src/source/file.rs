//! One file: what it is by its shape, and the runs in it. A captured reply of a service is read as that
//! service's; what is neither JSON nor lines of it is one document, to be read as the text that it is;
//! everything else is records of events, one a line or one an element of an array.

use bytes::Bytes;

use super::{
    captured,
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
}

impl File {
    /// Takes the bytes apart. Total: whatever they are, they can be shown.
    pub fn read(id: String, name: String, bytes: &Bytes) -> Vec<Self> {
        if let Some(captured) = captured::read(bytes) {
            return Self::captured(id, name, captured);
        }
        let mission = Mission {
            id,
            name,
            ..Mission::default()
        };
        if let Some(records) = plain::records(bytes) {
            let runs = plain::runs(&mission, bytes, records);
            return vec![Self::of(mission, runs)];
        }
        let text = bytes.slice(plain::mark(bytes)..);
        let (event, skipped) = ladder::document(Payload::new(text), &mission.name);
        vec![Self {
            is_text: true,
            ..Self::single(mission, event, skipped)
        }]
    }

    /// A captured reply: its runs under the file, its missions as themselves.
    pub fn captured(id: String, name: String, captured: captured::Captured) -> Vec<Self> {
        let captured::Captured { missions, mut runs } = captured;
        let mut files: Vec<Self> = Vec::new();
        if !runs.is_empty() || missions.is_empty() {
            for kept in &mut runs {
                kept.run.mission_id.clone_from(&id);
            }
            let mission = Mission {
                id,
                name,
                ..Mission::default()
            };
            files.push(Self::of(mission, runs));
        }
        let missions = missions.into_iter();
        files.extend(missions.map(|mission| Self::of(mission, Vec::new())));
        files
    }

    /// A mission with these runs.
    pub fn of(mission: Mission, runs: Vec<Kept>) -> Self {
        Self {
            mission,
            runs,
            is_text: false,
        }
    }

    /// Takes over what another file has of the same mission. Of two records of one run the one with
    /// more events counts.
    pub fn join(&mut self, other: Self) {
        if self.mission.raw.is_empty() {
            self.mission = other.mission;
        }
        for kept in other.runs {
            let known = self.runs.iter_mut().find(|own| own.run.id == kept.run.id);
            match known {
                Some(own) if own.len() < kept.len() => *own = kept,
                Some(_) => {}
                None => self.runs.push(kept),
            }
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
