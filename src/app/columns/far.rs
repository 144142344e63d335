//! Whether the path of a new column leads anywhere in what is loaded: gone through beside the loop, and
//! said where it leads nowhere.

use crate::{
    app::{
        App, Effect,
        query::{Keys, PayloadPath},
    },
    model::{EventView, Payload, Snapshot, Sort},
};

/// Bytes that are looked through for paths like one that leads nowhere.
const KEYS: usize = 8 << 20;

/// An order to look whether paths lead anywhere.
#[derive(Debug)]
pub struct Probe {
    /// Its number; answers of older ones are dropped.
    pub number: u32,
    paths: Vec<PayloadPath>,
    records: Vec<Payload>,
    events: Snapshot,
}

/// The payload of an event; the record itself where it has no part of its own.
pub(super) fn payload<'a>(event: &EventView<'a>) -> &'a [u8] {
    match event.body {
        Some(body) => event.raw.part(body),
        None => event.raw.bytes(),
    }
}

impl Probe {
    /// The paths that lead nowhere, with the nearest that do. Takes time in proportion to what is loaded: not for the loop.
    pub fn absent(self) -> Vec<String> {
        let Self {
            mut paths,
            records,
            events,
            ..
        } = self;
        for record in &records {
            paths.retain(|path| !path.leads_in(record.bytes()));
        }
        for event in events.views() {
            if paths.is_empty() {
                break;
            }
            paths.retain(|path| !path.leads_in(payload(&event)));
        }
        if paths.is_empty() {
            return Vec::new();
        }
        let mut keys = Keys::within(KEYS);
        for record in &records {
            keys.look(record.bytes());
        }
        for event in events.views() {
            keys.look(payload(&event));
        }
        let told = paths.iter().map(|path| keys.instead_of(&path.to_string()));
        told.collect()
    }
}

impl App {
    /// Asks whether these paths lead anywhere.
    pub(super) fn probe(&mut self, paths: Vec<PayloadPath>) -> Vec<Effect> {
        if paths.is_empty() {
            return Vec::new();
        }
        self.columns.probes = self.columns.probes.wrapping_add(1);
        let runs = self.store.all(Sort::Run);
        let records = runs.filter_map(|run| Some(self.store.run(run)?.raw.clone()));
        vec![Effect::Probe(Box::new(Probe {
            number: self.columns.probes,
            paths,
            records: records.collect(),
            events: self.store.snapshot(),
        }))]
    }

    /// The answer.
    pub(in crate::app) fn probed(&mut self, number: u32, absent: &[String]) {
        if number == self.columns.probes && !absent.is_empty() {
            self.dirty = true;
            let absent = absent.join(", ");
            self.complain(format!("{absent}: nowhere in what is loaded"));
        }
    }
}
