//! Rows between rows: stretches of a run in which nothing happened, with their length. There are few, the
//! longest only, so they are taken away and put back as a whole.

use crate::app::{
    App,
    detail::inspect::{Facts, put},
    outline::Lens,
    time::when,
};
use crate::{
    analysis::Gap,
    model::{NodeId, Sort},
};

impl App {
    /// The silence that a row stands for.
    pub fn gap(&self, note: NodeId) -> Option<Gap> {
        self.gaps.get(&note).copied()
    }

    /// Puts a row before each thing that came after a silence worth showing.
    pub(in crate::app) fn place_gaps(&mut self, run: NodeId) {
        let wanted = if self.fold_idle && self.outline.lens() == Lens::Operations {
            self.digest(run).map(crate::analysis::Digest::gaps)
        } else {
            None
        }
        .unwrap_or_default();
        let rows = self.gap_rows.entry(run).or_default();
        let shown: Vec<NodeId> = std::mem::take(rows);
        let same = shown.len() == wanted.len()
            && shown.iter().zip(&wanted).all(|(note, gap)| {
                self.gaps.get(note) == Some(gap) && self.outline.contains(*note)
            });
        if same {
            self.gap_rows.insert(run, shown);
            return;
        }
        let mut spare = shown;
        let here = self.selected.and_then(|node| self.gap(node));
        for note in &spare {
            self.outline.remove(*note);
            self.gaps.remove(note);
        }
        spare.reverse();
        let mut placed = Vec::new();
        for gap in wanted {
            let note = spare.pop().unwrap_or_else(|| self.store.add_note(run));
            self.gaps.insert(note, gap);
            self.place_gap(note, gap);
            placed.push(note);
        }
        // What is left over is kept for the next time.
        placed.extend(spare);
        self.gap_rows.insert(run, placed);
        // The cursor stays on the silence that it was on, or goes to what ended it.
        if let Some(gap) = here {
            let same = self.gap_rows.get(&run).into_iter().flatten();
            let mut same = same.filter(|note| self.gaps.get(note) == Some(&gap));
            let same = same.find(|note| self.outline.contains(**note)).copied();
            self.selected = Some(same.unwrap_or_else(|| self.row_for(gap.before)));
        }
    }

    fn place_gap(&mut self, note: NodeId, gap: Gap) {
        let mut behind = gap.before;
        // Between repeats that are folded into one row there is no place for another.
        if self.row_for(behind) != behind {
            return;
        }
        // A silence before the first thing in a step is one before the step.
        while let Some(above) = self.outline.true_parent(behind)
            && self.store.sort(above) == Sort::Step
            && self.outline.prev_sibling(behind).is_none()
        {
            behind = above;
        }
        let Some(parent) = self.outline.true_parent(behind) else {
            return;
        };
        self.gap_ends.insert(note, behind);
        self.insert_in_order(Some(parent), note);
    }

    /// How long it was, and between what.
    pub(in crate::app) fn gap_facts(&self, node: NodeId) -> Facts {
        let mut facts = Facts::new();
        if let Some(gap) = self.gap(node) {
            let took = gap.to.since(gap.from).map(when::span);
            put(&mut facts, "silence", took);
            put(&mut facts, "from", self.time(Some(gap.from)));
            put(&mut facts, "to", self.time(Some(gap.to)));
        }
        facts
    }

    /// i: folds silences to a row and a mark on the axis, or shows time as it was.
    pub(in crate::app) fn toggle_idle(&mut self) {
        self.fold_idle = !self.fold_idle;
        self.place_all_gaps();
        self.settle();
    }

    /// The same for all runs that were looked at.
    pub(in crate::app) fn place_all_gaps(&mut self) {
        let runs: Vec<NodeId> = self.gap_rows.keys().copied().collect();
        for run in runs {
            self.place_gaps(run);
        }
    }
}
