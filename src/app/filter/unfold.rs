//! Rows that are folded and hold what matches: they are unfolded while the filter is on, and folded back
//! when it goes, unless somebody has folded them meanwhile.

use crate::{
    app::{App, filter::Filter},
    model::{NodeId, Sort},
};

impl App {
    /// Whether the filter picks a run by what is known of it.
    pub(in crate::app) fn picks_run(&self, run: NodeId) -> bool {
        let picks = |filter: &Filter| filter.heads.contains(&run);
        self.filter.as_ref().is_some_and(picks)
    }

    /// Unfolds the steps and child runs that these lie in. A run in a list is left as it is: its row
    /// tells that something in it matches.
    pub(in crate::app) fn unfold_matches(&mut self, nodes: &[NodeId]) {
        let mut last = None;
        for node in nodes {
            let mut above = self.outline.true_parent(*node);
            // Neighbours lie in the same.
            if above == std::mem::replace(&mut last, above) {
                continue;
            }
            while let Some(at) = above.filter(|at| self.is_within_run(*at)) {
                if !self.outline.is_open(at) {
                    self.outline.set_open(at, true);
                    self.filtering.unfolded.insert(at);
                }
                above = self.outline.true_parent(at);
            }
        }
    }

    /// Folds again what was unfolded, but for what the cursor is in.
    pub(in crate::app) fn fold_back(&mut self) {
        let selected = self.selected;
        let mut above = selected.and_then(|node| self.outline.true_parent(node));
        while let Some(at) = above {
            self.filtering.unfolded.remove(&at);
            above = self.outline.true_parent(at);
        }
        for node in std::mem::take(&mut self.filtering.unfolded) {
            self.outline.set_open(node, false);
        }
    }

    /// A person folds or unfolds it: it stays so.
    pub(in crate::app) fn fold_is_meant(&mut self, node: NodeId) {
        self.filtering.unfolded.remove(&node);
    }

    fn is_within_run(&self, node: NodeId) -> bool {
        match self.store.sort(node) {
            Sort::Step => true,
            Sort::Run => self.store.sort(self.store.owner(node)) == Sort::Run,
            _ => false,
        }
    }
}
