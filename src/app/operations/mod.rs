//! Runs read as operations: each event that comes goes to its run's digest, and what that says of rows
//! goes to the outline: which are parts of others, which failed, which lie in which.

pub mod anew;
mod seek;
pub(super) mod silence;

pub(in crate::app) use seek::Seek;

use std::sync::Arc;

use crate::app::{
    App, Effect,
    operations::anew::Reading,
    outline::{Lens, Mark},
};
use crate::{
    analysis::{Digest, Operation, Role, Terms, Verdict},
    model::{Change, NodeId, RunStatus, Sort},
};

impl App {
    /// The operations of a run, once one of its events is loaded.
    pub fn digest(&self, run: NodeId) -> Option<&Digest> {
        self.digests.get(&run).map(Reading::digest)
    }

    /// The operations of the run that a node lies in.
    pub fn digest_of(&self, node: NodeId) -> Option<&Digest> {
        self.digest(self.run_of(node)?)
    }

    /// What the row of an event is.
    pub fn role(&self, event: NodeId) -> Option<Role> {
        self.digest(self.store.owner(event))?.role(event)
    }

    /// The operation that an event belongs to.
    pub fn operation(&self, event: NodeId) -> Option<Operation> {
        self.digest(self.store.owner(event))?.operation(event)
    }

    /// The outermost steps of a run in the order of their rows, as many as any screen has room for.
    pub fn plan(&self, run: NodeId) -> Vec<NodeId> {
        let steps = self.plans.get(&run).map(Vec::as_slice).unwrap_or_default();
        let mut steps: Vec<NodeId> = steps
            .iter()
            .copied()
            .filter(|step| self.outline.true_parent(*step) == Some(run))
            .take(512)
            .collect();
        steps.sort_by_cached_key(|step| self.sort_key(*step));
        steps
    }

    /// The event that the row with the cursor is, or the last one above it, in the rows of a root.
    fn event_here(&self, root: Option<NodeId>) -> Option<NodeId> {
        const NEAR: usize = 64;
        let node = self.cursor_in(root)?;
        if self.store.sort(node) == Sort::Event {
            return Some(node);
        }
        let seen = self.rows_of(root, 1).seen;
        let row = seen.row_of(node)?;
        (row.saturating_sub(NEAR)..row)
            .rev()
            .filter_map(|row| seen.node_at(row))
            .find(|node| self.store.sort(*node) == Sort::Event)
            .map(|node| self.last_of(node))
    }

    /// The event that the cursor is on within a run: of what lies in a child run the event that started that one.
    pub fn event_here_in(&self, run: NodeId) -> Option<NodeId> {
        let held = self.held.filter(|held| *held == run);
        let mut event = self.event_here(held.or(self.screen()))?;
        loop {
            let of = self.run_of(event)?;
            if of == run {
                return Some(event);
            }
            event = self.outline.true_parent(of)?;
        }
    }

    /// The last event of the operation that a row shows.
    fn last_of(&self, node: NodeId) -> NodeId {
        let operation = self.operation(node);
        operation
            .and_then(|operation| operation.answer)
            .unwrap_or(node)
    }

    /// The node in whose row an event is shown: its call's, or that of the repeats it is folded into.
    pub fn row_for(&self, event: NodeId) -> NodeId {
        if !self.outline.is_part(event) || self.outline.lens() == Lens::Raw {
            return event;
        }
        let Some(role) = self.role(event) else {
            return event;
        };
        let head = role.part_of.unwrap_or(event);
        let repeats = self.role(head).and_then(|role| role.repeats);
        repeats
            .filter(|first| !self.unfolded.contains(first))
            .unwrap_or(head)
    }

    /// An event was put into the store.
    pub(in crate::app) fn read_event(&mut self, event: NodeId, change: Change) {
        let run = self.store.owner(event);
        let reading = self.digests.get_mut(&run);
        if reading.is_some_and(|reading| reading.put_off(event, change)) {
            self.unread.insert(run);
            return;
        }
        self.read_now(event, change);
    }

    /// Reads an event, unless a worker has its run.
    pub(in crate::app) fn read_now(&mut self, event: NodeId, change: Change) {
        let run = self.store.owner(event);
        let Some(record) = self.store.event(event) else {
            return;
        };
        if !self.digests.contains_key(&run) {
            let reading = Reading::new(self.terms_of(run));
            self.digests.insert(run, reading);
        }
        let Some(reading) = self.digests.get_mut(&run) else {
            return;
        };
        let Some(digest) = reading.digest_mut() else {
            return;
        };
        match change {
            Change::New => digest.push(event, &record),
            Change::Changed => digest.change(event, &record),
            Change::Same => return,
        }
        self.unread.insert(run);
    }

    /// By what the events of a run are read.
    pub(in crate::app) fn terms_of(&self, run: NodeId) -> Terms {
        let context = self.context_of(run);
        Terms {
            call_ids: context.is_some_and(|(_, info)| info.call_ids),
            switches: Arc::clone(&self.switches),
        }
    }

    /// Whether something that came of a run was not read yet, or is being read.
    pub(in crate::app) fn is_reading(&self, run: NodeId) -> bool {
        self.digests.get(&run).is_some_and(Reading::is_unsettled)
    }

    /// Whether a run is over may have changed.
    pub(in crate::app) fn read_run(&mut self, run: NodeId) {
        if self.digests.contains_key(&run) {
            self.unread.insert(run);
        }
    }

    /// Takes over what the digests found out since the last time, or some of it if that is very much.
    pub(in crate::app) fn take_readings(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.unread.is_empty() {
            return effects;
        }
        let (before, rows) = (self.selected, self.outline.rows());
        let line = self.selected_row().map(|row| row.saturating_sub(self.top));
        for run in std::mem::take(&mut self.unread) {
            let over = self.store.run(run).is_none_or(|run| is_over(run.status));
            let Some(reading) = self.digests.get_mut(&run) else {
                continue;
            };
            reading.settle(over, self.now);
            for event in reading.some_rows() {
                self.show_operation(event);
                self.filter_row(event);
                self.bell_row(run, event);
            }
            self.sign_run(run);
            self.place_gaps(run);
            self.judge_run(run);
            effects.extend(self.seek(run));
            self.note_behind(run);
        }
        self.keep_in_a_row();
        self.mark_what_came();
        // Parts that went into the rows of others take theirs away above the window, too.
        if self.selected == before && self.outline.rows() != rows {
            self.stay_on(line);
        }
        effects.extend(self.resume_fault());
        effects
    }

    /// A part that was selected is shown in another row now.
    fn keep_in_a_row(&mut self) {
        let Some(node) = self.selected.filter(|node| self.outline.is_part(*node)) else {
            return;
        };
        let row = self.row_for(node);
        if row != node {
            self.selected = Some(row);
        }
    }

    fn show_operation(&mut self, event: NodeId) {
        let Some(role) = self.role(event) else {
            return;
        };
        let folded = role
            .repeats
            .is_some_and(|first| !self.unfolded.contains(&first));
        self.outline
            .set_part(event, role.part_of.is_some() || folded);
        let is_row = role.part_of.is_none() && role.repeats.is_none();
        let fails = |verdict: Verdict| is_row && role.fails && role.verdict == verdict;
        for (mark, yes) in [
            (Mark::Fault, is_row && (role.fails || role.is_loop)),
            (Mark::Failed, fails(Verdict::Failed)),
            (Mark::Soft, fails(Verdict::SoftFailure)),
            (Mark::Unanswered, fails(Verdict::Unanswered)),
            (Mark::Loop, is_row && role.is_loop),
        ] {
            self.outline.set_mark(event, mark, yes);
        }
        if let Some(head) = role.part_of {
            self.move_children(event, head);
        }
        let wanted = self.event_parent(event);
        if self.outline.true_parent(event) != Some(wanted) || role.begins.is_some() {
            self.place(event);
            if self.store.sort(wanted) == Sort::Event {
                self.outline.set_open(wanted, true);
            }
        }
        self.mark_step_of(event);
        self.detail.touched(event);
        if let Some(head) = role.part_of {
            self.detail.touched(head);
        }
    }

    /// What stands below an event that is a part of another stands below that one.
    fn move_children(&mut self, event: NodeId, head: NodeId) {
        let children: Vec<NodeId> = self.outline.all_children(Some(event)).collect();
        for child in children {
            if self.store.sort(child) == Sort::Run {
                self.outline
                    .insert(Some(head), child, |_| std::cmp::Ordering::Less);
            }
        }
    }

    /// A failed step counts by itself only where nothing in it did.
    fn mark_step_of(&mut self, event: NodeId) {
        let mut above = self.outline.true_parent(event);
        while let Some(node) = above {
            match self.store.sort(node) {
                Sort::Step => self.mark_step(node),
                Sort::Event => {}
                Sort::Run if self.store.sort(self.store.owner(node)) == Sort::Run => {
                    self.mark_run(node);
                }
                Sort::Context | Sort::Mission | Sort::Run | Sort::Note | Sort::Group => return,
            }
            above = self.outline.true_parent(node);
        }
    }

    pub(in crate::app) fn mark_step(&mut self, step: NodeId) {
        let below = self.outline.marked_below(step, Mark::Failed) > 0;
        let fails = self.store.is_failure(step) && !below;
        self.outline.set_mark(step, Mark::Failed, fails);
        self.outline.set_mark(step, Mark::Fault, fails);
    }

    /// Unfolds or folds repeats; says whether the row stands for any.
    pub(in crate::app) fn fold_repeats(&mut self, node: NodeId, open: bool) -> bool {
        let Some(digest) = self.digest_of(node) else {
            return false;
        };
        let members = digest.repeats_of(node);
        if members.is_empty() || self.unfolded.contains(&node) == open {
            return false;
        }
        if open {
            self.unfolded.insert(node);
        } else {
            self.unfolded.remove(&node);
        }
        for member in members {
            self.outline.set_part(member, !open);
        }
        self.keep_in_a_row();
        self.note_fold(node);
        if let Some(run) = self.run_of(node) {
            self.sign_run(run);
            self.place_gaps(run);
        }
        self.dirty = true;
        true
    }

    /// Whether a row stands for repeats that are folded into it.
    pub fn is_folded_repeat(&self, node: NodeId) -> bool {
        !self.unfolded.contains(&node) && self.role(node).is_some_and(|role| role.count > 1)
    }

    /// Whether a row is one of repeats that are unfolded below the first of them.
    pub fn is_repeat(&self, node: NodeId) -> bool {
        self.outline.lens() != Lens::Raw
            && self.role(node).is_some_and(|role| role.repeats.is_some())
    }

    /// The row of the repeats that a row is one of, if those are unfolded.
    pub(in crate::app) fn repeats_above(&self, node: NodeId) -> Option<NodeId> {
        self.role(node)
            .filter(|_| self.is_repeat(node))
            .and_then(|role| role.repeats)
    }
}

/// Whether nothing more is to be expected of a run. One whose state nobody knows is not waited for.
fn is_over(status: RunStatus) -> bool {
    !status.is_going_on()
}
