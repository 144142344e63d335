//! The cells of rows: made for the rows on the screen only. A value in what a run did is found once, a
//! little at a time, and from then on its event is known; of that, and of the run's own record, a cell is
//! cut out. Nothing is kept here: what is on the screen is kept in `shown`.

use std::collections::HashMap;

use super::{
    Column, Sets, Shows, TypingColumns,
    facts::{RowFacts, row_value, run_value},
    far::payload,
    shown::Kept,
};
use crate::{
    analysis::CellValue as Value,
    app::{
        App,
        query::{PayloadPath, RunFacts},
    },
    guard::redact::{Masking, Sort as Secrets},
    model::{NodeId, Snapshot, Sort, Time},
};

/// Larger payloads are named by their size.
const AT_ONCE: usize = 64 << 10;
/// Bytes of payloads that are looked through in a turn.
const TURN: usize = 4 << 20;
/// What passing over a node of something else counts.
const STEP: usize = 8;

/// The columns, and what is known of what stands in them.
#[derive(Debug, Default)]
pub struct Columns {
    /// Those that are shown.
    pub sets: Sets,
    /// The line in which they are changed.
    pub typing: TypingColumns,
    /// Those of the configuration.
    pub(super) usual: Sets,
    /// The event of a run that a path leads to, by the run and the place of the path.
    pub(super) finds: HashMap<(NodeId, usize), Find>,
    pub(super) probes: u32,
    /// Cells of the rows on the screen that are values of payloads.
    pub(super) kept: Kept,
    /// When the search goes on.
    pub(in crate::app) due: Option<Time>,
}

/// How far the events of a run were looked through.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Find {
    /// Up to this one, in the order of arrival.
    seen: Option<NodeId>,
    events: usize,
    found: Option<NodeId>,
}

impl Columns {
    /// Other runs are shown, of which nothing is known.
    pub(in crate::app) fn forget(&mut self) {
        self.finds.clear();
        self.kept = Kept::default();
        self.due = None;
    }

    /// The event that a path leads to in what a run did, as far as that was looked through.
    pub(super) fn found(&self, run: NodeId, at: usize) -> Option<NodeId> {
        self.finds.get(&(run, at))?.found
    }
}

impl App {
    /// Begins with these columns; `last`: those of the last start, where they were changed then.
    pub fn begin_columns(&mut self, usual: Sets, last: [Option<String>; 2]) {
        self.columns.sets = usual.clone();
        self.columns.usual = usual;
        for (list, text) in [super::List::Runs, super::List::Events]
            .into_iter()
            .zip(last)
        {
            // What an older or newer sortie kept may be wrong here.
            let set = text.and_then(|text| list.set(&text).ok());
            if let Some(set) = set {
                *self.columns.sets.of_mut(list) = set;
            }
        }
    }

    /// What is kept for the next start: columns that differ from those of the configuration.
    pub(in crate::app) fn columns_kept(&self) -> [Option<String>; 2] {
        [super::List::Runs, super::List::Events].map(|list| {
            let (now, usual) = (self.columns.sets.of(list), self.columns.usual.of(list));
            (now != usual).then(|| now.to_string())
        })
    }

    /// What stands in a column of a row of a list of runs.
    pub fn run_cell(
        &self,
        run: NodeId,
        at: usize,
        column: &Column,
        masking: &mut Masking,
    ) -> Value {
        let Some(facts) = self.facts_of(run) else {
            return Value::Nothing;
        };
        let path = match &column.shows {
            Shows::Fact(fact) => return run_value(*fact, &facts),
            Shows::Path(path) => path,
        };
        let own = value(
            path,
            facts.run.raw.bytes(),
            self.secrets(run),
            masking,
            AT_ONCE,
        );
        if own != Value::Nothing {
            return own;
        }
        let found = self.columns.found(run, at);
        let event = found.and_then(|node| self.store.event(node));
        let Some(event) = event else {
            return Value::Nothing;
        };
        value(path, bytes(&event), Secrets::Any, masking, AT_ONCE)
    }

    /// What stands in a column of a row of a run.
    pub fn row_cell(&self, node: NodeId, column: &Column, masking: &mut Masking) -> Value {
        if self.store.sort(node) != Sort::Event {
            return Value::Nothing;
        }
        let Some(event) = self.store.event(node) else {
            return Value::Nothing;
        };
        let operation = self.shown_operation(node);
        match &column.shows {
            Shows::Fact(fact) => row_value(
                *fact,
                &RowFacts {
                    number: self.store.number(node),
                    event: &event,
                    operation: operation.as_ref(),
                },
            ),
            Shows::Path(path) => {
                let own = value(path, bytes(&event), Secrets::Any, masking, AT_ONCE);
                let answer = operation.and_then(|operation| operation.answer);
                let answer = answer.filter(|_| own == Value::Nothing);
                match answer.and_then(|answer| self.store.event(answer)) {
                    Some(answer) => value(path, bytes(&answer), Secrets::Any, masking, AT_ONCE),
                    None => own,
                }
            }
        }
    }

    fn facts_of(&self, run: NodeId) -> Option<RunFacts<'_>> {
        let record = self.store.run(run)?;
        let (_, info) = self.context_of(run)?;
        let mission = self.store.mission(self.store.owner(run));
        Some(RunFacts {
            context: &info.name,
            provider: &info.provider,
            mission: mission.map_or("", |mission| &mission.name),
            run: record,
            soft: None,
            now: self.now,
        })
    }

    /// Looks through what is loaded of the runs on the screen for the paths of their columns.
    pub(in crate::app) fn seek_cells(&mut self) {
        self.seek_paths();
        self.keep_cells();
    }

    fn seek_paths(&mut self) {
        self.columns.due = None;
        if self.screen().is_some() || self.columns.sets.runs.paths().next().is_none() {
            return;
        }
        let height = usize::from(self.measured.tree_rows);
        let rows = self.outline.window(self.top, height).into_iter();
        let runs: Vec<NodeId> = rows
            .filter(|node| self.store.sort(*node) == Sort::Run)
            .collect();
        if !self.seek_in(&runs) {
            self.columns.due = Some(self.now);
        }
    }

    /// Looks through some of what is loaded of these runs; says whether that was all.
    pub(in crate::app) fn seek_in(&mut self, runs: &[NodeId]) -> bool {
        let columns = self.columns.sets.runs.added.clone();
        let (events, mut left) = (self.store.snapshot(), TURN);
        for run in runs {
            for (at, column) in columns.iter().enumerate() {
                if let Shows::Path(path) = &column.shows {
                    self.seek_cell((*run, at), path, &events, &mut left);
                }
            }
        }
        left > 0
    }

    /// Whether all that is loaded of a run was looked through for a column, or it was found.
    pub(in crate::app) fn is_sought(&self, run: NodeId, at: usize) -> bool {
        let events = self.store.counts(run).0;
        let find = self.columns.finds.get(&(run, at));
        find.map_or(events == 0, |find| {
            find.found.is_some() || find.events >= events
        })
    }

    /// Goes on from the node up to which it was looked: events are younger than their run, and what comes
    /// later is younger still, so nothing is looked at twice.
    fn seek_cell(
        &mut self,
        cell: (NodeId, usize),
        path: &PayloadPath,
        events: &Snapshot,
        left: &mut usize,
    ) {
        if self.is_sought(cell.0, cell.1) {
            return;
        }
        let (run, all) = (cell.0, self.store.counts(cell.0).0);
        let mut find = self.columns.finds.get(&cell).copied().unwrap_or_default();
        let mut node = find.seen.unwrap_or(run);
        while *left > 0 && find.events < all && self.store.has(NodeId(node.0 + 1)) {
            node = NodeId(node.0 + 1);
            find.seen = Some(node);
            *left = left.saturating_sub(STEP);
            if self.store.sort(node) != Sort::Event || self.store.owner(node) != run {
                continue;
            }
            find.events += 1;
            let Some(view) = events.view(node) else {
                continue;
            };
            let payload = payload(&view);
            *left = left.saturating_sub(payload.len().max(64));
            if path.leads_in(payload) {
                find.found = Some(node);
                self.dirty = true;
                break;
            }
        }
        self.columns.finds.insert(cell, find);
    }
}

/// The payload of an event; the record itself where it has no part of its own.
fn bytes(event: &crate::model::Event) -> &[u8] {
    match event.body {
        Some(body) => event.raw.part(body),
        None => event.raw.bytes(),
    }
}

/// The value that a path leads to, cut out of what is masked: beside its neighbours a secret is known.
/// Payloads above so many bytes are not gone through: it says only how large what may hold it is.
pub fn value(
    path: &PayloadPath,
    payload: &[u8],
    secrets: Secrets,
    masking: &mut Masking,
    most: usize,
) -> Value {
    if payload.len() > most {
        return Value::Far(payload.len());
    }
    if payload.is_empty() || !path.leads_in(payload) {
        return Value::Nothing;
    }
    let masked = masking.json(payload, secrets);
    path.first(&masked).map_or(Value::Nothing, Value::Json)
}
