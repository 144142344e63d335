//! How siblings are ordered: missions by name, runs by what is wanted, what is in a run by time, notes last.

use std::collections::{BTreeMap, HashMap};

use crate::{
    analysis::Letters,
    app::{App, arrange::Arranged, operations::anew::Reading},
    model::{NodeId, Sort, Store},
};

impl App {
    /// What a node's place among its siblings follows from.
    pub(in crate::app) fn sort_key(&self, node: NodeId) -> SortKey {
        let sorting = Sorting {
            store: &self.store,
            starts: &self.step_starts,
            gaps: &self.gap_ends,
            digests: &self.digests,
            arranged: &self.arranged,
        };
        sorting.key(node)
    }

    /// Puts a node among its siblings.
    pub(in crate::app) fn insert_in_order(&mut self, parent: Option<NodeId>, node: NodeId) {
        let sorting = Sorting {
            store: &self.store,
            starts: &self.step_starts,
            gaps: &self.gap_ends,
            digests: &self.digests,
            arranged: &self.arranged,
        };
        let key = sorting.key(node);
        self.outline
            .insert(parent, node, |other| sorting.key(other).cmp(&key));
    }
}

/// When a step began, as far as it is known.
pub(in crate::app) fn began(
    store: &Store,
    starts: &HashMap<NodeId, i64>,
    step: NodeId,
) -> Option<i64> {
    let planned = store.step(step).and_then(|step| step.started_at);
    planned
        .map(|at| at.0)
        .or_else(|| starts.get(&step).copied())
}

/// Siblings in ascending order of this.
pub(in crate::app) type SortKey = (u8, Option<Letters>, i64, u64, NodeId);

/// What siblings are ordered by.
struct Sorting<'a> {
    store: &'a Store,
    starts: &'a HashMap<NodeId, i64>,
    gaps: &'a HashMap<NodeId, NodeId>,
    digests: &'a BTreeMap<NodeId, Reading>,
    arranged: &'a Arranged,
}

impl Sorting<'_> {
    /// Missions by name, runs by what is wanted, what is in a run by time, steps that have not begun behind
    /// it in the plan's order, notes last.
    fn key(&self, node: NodeId) -> SortKey {
        let (store, starts) = (self.store, self.starts);
        match store.sort(node) {
            Sort::Context => (0, None, 0, 0, node),
            Sort::Group => self.arranged.head_key(node),
            Sort::Mission => {
                let name = store
                    .mission(node)
                    .map(|mission| Letters::Up(mission.name.to_lowercase()));
                (0, name, 0, 0, node)
            }
            Sort::Run => match store.run(node) {
                Some(run) => {
                    let is_child = store.sort(store.owner(node)) == Sort::Run;
                    self.arranged.run_key(node, run, is_child)
                }
                None => (0, None, i64::MAX, 0, node),
            },
            Sort::Event => {
                let order = store.order(node);
                let digest = self.digests.get(&store.owner(node));
                let begins = digest.and_then(|reading| reading.digest().begins(node));
                (0, None, begins.unwrap_or(order.at), order.tie, node)
            }
            Sort::Step => {
                let step = store.step(node);
                let place = step.map_or(0, |step| step.sequence.cast_unsigned() ^ (1 << 63));
                match began(store, starts, node) {
                    Some(at) => (0, None, at, 0, node),
                    None => (1, None, 0, place, node),
                }
            }
            Sort::Note => match self.gaps.get(&node) {
                // Right before what ended the silence.
                Some(end) => {
                    let (rank, _, at, tie, _) = self.key(*end);
                    match tie.checked_sub(1) {
                        Some(tie) => (rank, None, at, tie, node),
                        None => (rank, None, at.saturating_sub(1), u64::MAX, node),
                    }
                }
                None => (2, None, 0, 0, node),
            },
        }
    }
}
