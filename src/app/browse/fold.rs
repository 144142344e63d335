//! Folding and unfolding rows, and the ways up and sideways that begin where that ends.

use crate::app::{App, Effect, load::State};
use crate::model::{NodeId, Sort};

impl App {
    /// l: unfold, or go in.
    pub(in crate::app) fn unfold(&mut self) -> Vec<Effect> {
        let Some(node) = self.selected.filter(|_| !self.in_detail()) else {
            return Vec::new();
        };
        match self.store.sort(node) {
            Sort::Run if self.opens_beside() => self.open_run(node),
            Sort::Event if self.fold_repeats(node, true) => self.select(Some(node)),
            Sort::Event if self.outline.child_count(node) == 0 => self.open(),
            Sort::Note => Vec::new(),
            Sort::Context | Sort::Mission | Sort::Run | Sort::Step | Sort::Event | Sort::Group => {
                if self.outline.is_open(node) {
                    let child = self.outline.first_child(node);
                    self.select(child)
                } else {
                    self.set_open(node, true)
                }
            }
        }
    }

    /// h: fold, or go to the parent.
    pub(in crate::app) fn fold(&mut self) -> Vec<Effect> {
        if self.in_detail() {
            self.leave_detail();
            return Vec::new();
        }
        let Some(node) = self.selected else {
            return Vec::new();
        };
        if self.outline.is_open(node) && self.outline.child_count(node) > 0 {
            return self.set_open(node, false);
        }
        if self.fold_repeats(node, false) {
            return self.select(Some(node));
        }
        self.up()
    }

    /// To the parent.
    pub(in crate::app) fn up(&mut self) -> Vec<Effect> {
        if self.in_detail() {
            self.leave_detail();
            return Vec::new();
        }
        let Some(node) = self.selected else {
            return Vec::new();
        };
        // Unfolded repeats stand below the first of them.
        if let Some(first) = self.repeats_above(node) {
            return self.select(Some(first));
        }
        match self.outline.parent(node) {
            Some(parent) => self.select(Some(parent)),
            None => self.leave_level().unwrap_or_default(),
        }
    }

    /// To the next or previous row of the same level.
    pub(in crate::app) fn sibling(&mut self, forward: bool) -> Vec<Effect> {
        let Some(node) = self.selected else {
            return Vec::new();
        };
        let other = if forward {
            self.outline.next_sibling(node)
        } else {
            self.outline.prev_sibling(node)
        };
        self.select(other)
    }

    pub(in crate::app) fn set_open(&mut self, node: NodeId, open: bool) -> Vec<Effect> {
        self.outline.set_open(node, open);
        self.note_fold(node);
        self.fold_is_meant(node);
        let cold = self.state(node) == State::Cold;
        let sort = self.store.sort(node);
        let loadable = !matches!(sort, Sort::Step | Sort::Event | Sort::Group);
        if open && sort == Sort::Run {
            self.opened = Some(node);
        }
        let mut effects = if open && cold && loadable {
            self.load(node)
        } else if open && sort == Sort::Event {
            self.open_child(node)
        } else if open && sort == Sort::Run {
            self.follow_if_live(node)
        } else {
            Vec::new()
        };
        if !open {
            effects.extend(self.stop_if_hidden());
        }
        self.settle();
        effects.extend(self.inspect());
        effects
    }
}
