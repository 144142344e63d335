//! A run as several replies tell it, in whatever order they come: whole records first, then what patches
//! them, then what only names the run.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use super::{
    super::kept::{Kept, Told},
    group::Group,
};
use crate::{
    model::{Ask, Event, Kind, Order, Record, Row, Run, Step, Time, merge},
    provider::Provider,
};

/// One run.
pub(super) struct Slot {
    pub provider: &'static dyn Provider,
    pub id: String,
    /// The file that it is shown under: that of its own record, else the first that names it.
    pub file: usize,
    has_record: bool,
    /// Whether a reply was about it.
    is_named: bool,
    whole: Vec<Run>,
    patches: Vec<Run>,
    steps: Vec<Step>,
    step_patches: Vec<Step>,
    pub events: Vec<Event>,
    /// Where an event lies, by its id.
    places: HashMap<String, usize>,
    event_patches: Vec<Event>,
    /// Events of lists that are about no one run.
    pub strays: Vec<Event>,
    /// What its reader would ask besides.
    pub also: Vec<Ask>,
    /// The youngest record of its transcript.
    pub newest: Option<(Order, Bytes)>,
    pub skipped: u32,
}

impl Slot {
    pub fn new(provider: &'static dyn Provider, id: &str, file: usize) -> Self {
        Self {
            provider,
            id: id.to_owned(),
            file,
            has_record: false,
            is_named: false,
            whole: Vec::new(),
            patches: Vec::new(),
            steps: Vec::new(),
            step_patches: Vec::new(),
            events: Vec::new(),
            places: HashMap::new(),
            event_patches: Vec::new(),
            strays: Vec::new(),
            also: Vec::new(),
            newest: None,
            skipped: 0,
        }
    }

    /// Notes that a reply is about it; gives the number of its events so far.
    pub fn name(&mut self) -> usize {
        self.is_named = true;
        self.events.len()
    }

    /// Whether anything is told of it: another run may have all that was said in its room.
    pub fn is_told(&self) -> bool {
        self.is_named || !self.events.is_empty()
    }

    /// Takes a row that is about this run.
    pub fn put(&mut self, row: Row, file: usize, is_transcript: bool) {
        self.is_named |= !matches!(row.record(), Record::Elsewhere(_));
        let is_whole = matches!(row, Row::Full(_));
        let (Row::Full(record) | Row::Patch(record)) = row;
        match record {
            Record::Run(run) => {
                if !run.raw.is_empty() && !self.has_record {
                    self.has_record = true;
                    self.file = file;
                }
                if is_whole {
                    self.whole.push(run);
                } else {
                    self.patches.push(run);
                }
            }
            Record::Step(step) if is_whole => self.steps.push(step),
            Record::Step(step) => self.step_patches.push(step),
            Record::Event(event) => {
                let newest = self.newest.as_ref().map(|(order, _)| *order);
                if is_transcript && newest.is_none_or(|newest| newest < event.order) {
                    self.newest = Some((event.order, event.raw.bytes().clone()));
                }
                if is_whole {
                    self.event(event);
                } else {
                    self.event_patches.push(event);
                }
            }
            Record::Elsewhere(told) => self.strays.push(told.event),
            Record::Mission(_) => {}
        }
    }

    /// Of two records of one event the longer tells more.
    fn event(&mut self, event: Event) {
        match self
            .places
            .get(&event.id)
            .and_then(|at| self.events.get_mut(*at))
        {
            Some(known) if known.raw.len() < event.raw.len() => *known = event,
            Some(_) => {}
            None => {
                self.places.insert(event.id.clone(), self.events.len());
                self.events.push(event);
            }
        }
    }

    pub fn has(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// A line that is no JSON stands behind the record before it.
    pub fn broken(&mut self, event: Event, before: usize) {
        let orders = self.events.iter().take(before).map(|event| event.order);
        let order = orders.max().unwrap_or_default();
        self.event(Event { order, ..event });
        self.skipped = self.skipped.saturating_add(1);
    }

    /// Puts what patches events over them; says whether some of it is about events that are not there.
    /// What has bytes of its own is an event itself.
    pub fn patch(&mut self) -> bool {
        let all = std::mem::take(&mut self.event_patches).into_iter();
        let (records, fields): (Vec<Event>, Vec<Event>) =
            all.partition(|event| !event.raw.is_empty());
        let mut is_left = false;
        for patch in records.into_iter().chain(fields) {
            let known = self
                .places
                .get(&patch.id)
                .and_then(|at| self.events.get_mut(*at));
            match known {
                Some(known) => *known = merge::event_patch(std::mem::take(known), patch),
                None if !patch.raw.is_empty() => self.event(patch),
                None => is_left = true,
            }
        }
        is_left
    }

    /// The records of a group that patch what is not there, as the events that they are by themselves.
    pub fn stand_alone(&mut self, group: &Group, received: Time) {
        let is_thought = |event: &Event| event.kind == Kind::Reasoning;
        let has_thoughts = self.events.iter().any(is_thought);
        for (ask, record) in &group.alone {
            let Some(told) = group.read_one(record, received) else {
                continue;
            };
            let mut events = told.rows.iter().filter_map(|row| match row.record() {
                Record::Event(event) => Some(event),
                _ => None,
            });
            let is_told = match events.next() {
                Some(event) => self.has(&event.id),
                None => has_thoughts,
            };
            let rows = (!is_told).then(|| group.read_alone(ask, record, received));
            for row in rows.flatten().into_iter().flat_map(|batch| batch.rows) {
                let (Row::Full(record) | Row::Patch(record)) = row;
                if let Record::Event(event) = record {
                    self.event(event);
                }
            }
        }
    }

    /// Takes in what is about no one run, where no other reply told it.
    pub fn take_strays(&mut self, told: &HashSet<String>) {
        let call = |event: &Event| {
            let is_result = event.kind == Kind::ToolResult;
            event.call_id.clone().filter(|_| is_result)
        };
        let answered: HashSet<String> = self.events.iter().filter_map(call).collect();
        for event in std::mem::take(&mut self.strays) {
            let is_answer = call(&event).is_some_and(|call| answered.contains(&call));
            if !is_answer && !told.contains(&event.id) && !self.has(&event.id) {
                self.event(event);
            }
        }
    }

    /// The run, with all that is known of it.
    pub fn kept(self) -> Kept {
        let mut run = Run {
            id: self.id,
            ..Run::default()
        };
        let patches = self.patches.into_iter();
        let (records, fields): (Vec<Run>, Vec<Run>) = patches.partition(|run| !run.raw.is_empty());
        for told in self.whole.into_iter().chain(records).chain(fields) {
            merge::run(&mut run, told);
        }
        let mut steps: Vec<Step> = Vec::new();
        for step in self.steps.into_iter().chain(self.step_patches) {
            match steps.iter_mut().find(|known| known.id == step.id) {
                Some(known) => {
                    merge::step(known, step);
                }
                None => steps.push(step),
            }
        }
        let times = || self.events.iter().filter_map(|event| event.time);
        run.started_at = run.started_at.or(times().min());
        run.updated_at = run.updated_at.or(times().max());
        Kept {
            steps,
            told: Told::Read {
                events: self.events,
                skipped: self.skipped,
            },
            ..Kept::of(run, &Bytes::new())
        }
    }
}
