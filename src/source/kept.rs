//! A run of a file: what was read of it when the file was opened, and where the rest lies, which is read
//! when it is asked for.

use bytes::Bytes;

use super::{ladder, record};
use crate::model::{Event, Payload, Run, Step, Time};

/// A run of a file.
pub(super) struct Kept {
    pub run: Run,
    pub steps: Vec<Step>,
    /// The runs that it started and of which nothing else is known.
    pub children: Vec<Run>,
    pub told: Told,
    /// What the lines are cut from.
    pub bytes: Bytes,
}

pub(super) enum Told {
    /// Read by a service's reader when the file was opened.
    Read { events: Vec<Event>, skipped: u32 },
    /// Plain records, read when asked for.
    Lines(Vec<Line>),
    /// Records as sortie writes them, read when asked for.
    Records(Vec<Line>),
}

/// Where a record lies in the file.
pub(super) struct Line {
    pub start: usize,
    pub end: usize,
    pub number: u32,
    /// Its id stands on an earlier record of the run too.
    pub repeats: bool,
}

impl Kept {
    /// How many events the run has.
    pub fn len(&self) -> usize {
        match &self.told {
            Told::Read { events, .. } => events.len(),
            Told::Lines(lines) | Told::Records(lines) => lines.len(),
        }
    }

    /// Bytes of its events that are read only when they are asked for.
    pub fn weight(&self) -> usize {
        match &self.told {
            Told::Read { .. } => 0,
            Told::Lines(lines) | Told::Records(lines) => {
                lines.iter().map(|line| line.end - line.start).sum()
            }
        }
    }

    /// At most `count` events from `start` on, and how many of them are broken.
    pub fn events(&self, start: usize, count: usize) -> (Vec<Event>, u32) {
        match &self.told {
            Told::Read { events, skipped } => {
                let some = events.iter().skip(start).take(count).cloned().collect();
                (some, if start == 0 { *skipped } else { 0 })
            }
            Told::Lines(lines) | Told::Records(lines) => {
                let mut broken = 0;
                let some = lines.iter().skip(start).take(count);
                let events = some.map(|line| {
                    let (event, is_broken) = self.line(line);
                    broken += u32::from(is_broken);
                    event
                });
                (events.collect(), broken)
            }
        }
    }

    /// The event of that id.
    pub fn event(&self, id: &str) -> Option<Event> {
        match &self.told {
            Told::Read { events, .. } => events.iter().find(|event| event.id == id).cloned(),
            Told::Lines(lines) | Told::Records(lines) => lines
                .iter()
                .map(|line| self.line(line).0)
                .find(|event| event.id == id),
        }
    }

    fn line(&self, line: &Line) -> (Event, bool) {
        let raw = Payload::new(self.bytes.slice(line.start..line.end));
        let known = match &self.told {
            Told::Records(_) => record::event(&raw, line.number),
            Told::Read { .. } | Told::Lines(_) => None,
        };
        match known {
            Some(mut event) => {
                if line.repeats {
                    event.id = format!("{}@{}", event.id, line.number);
                }
                (event, false)
            }
            None => ladder::event(raw, line.number, line.repeats),
        }
    }

    /// A run of which only the id is known.
    pub fn empty(mission: &str, id: &str, bytes: &Bytes) -> Self {
        let run = Run {
            mission_id: mission.to_owned(),
            id: id.to_owned(),
            ..Run::default()
        };
        Self::of(run, bytes)
    }

    /// A run without events.
    pub fn of(run: Run, bytes: &Bytes) -> Self {
        Self {
            run,
            steps: Vec::new(),
            children: Vec::new(),
            told: Told::Lines(Vec::new()),
            bytes: bytes.clone(),
        }
    }

    pub fn add_all(&mut self, lines: impl Iterator<Item = Line>) {
        lines.for_each(|line| self.add(line, None));
    }

    pub fn add(&mut self, line: Line, time: Option<Time>) {
        if let Told::Lines(lines) | Told::Records(lines) = &mut self.told {
            lines.push(line);
        }
        if let Some(time) = time {
            let run = &mut self.run;
            run.started_at = Some(run.started_at.map_or(time, |first| first.min(time)));
            run.updated_at = Some(run.updated_at.map_or(time, |last| last.max(time)));
        }
    }
}
