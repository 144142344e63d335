//! The change from one arrangement of the rows to another. There is one tree; its nodes are moved, so
//! that folds, marks and hits stay with them. Where a run stands in each arrangement is decided here;
//! what is asked for an inbox is asked elsewhere.

use std::time::Duration;

use crate::app::{
    App, Effect,
    arrange::{Arrangement, order::Newest, read_window},
    load::nanos,
    msg::Memory,
    outline::Mark,
};
use crate::model::{NodeId, Sort, Time};

impl App {
    /// Begins with an arrangement and a window before any key is pressed. `visited`: when causes were
    /// looked at last, where that is known.
    pub fn begin_with(
        &mut self,
        by: Arrangement,
        window: Duration,
        visited: Option<Time>,
    ) -> Vec<Effect> {
        self.arranged.window = window;
        self.arranged.causes.visited = visited.or(Some(self.now));
        self.arrange_by(by)
    }

    /// What is kept for the next start.
    pub(in crate::app) fn memory(&self) -> Memory {
        Memory {
            by: self.arranged.by,
            order: self.arranged.order,
            columns: self.columns_kept(),
            visited: self.arranged.causes.last_visit(self.now),
        }
    }

    /// The next arrangement.
    pub(in crate::app) fn arrange_next(&mut self) -> Vec<Effect> {
        self.arrange_by(self.arranged.by.next())
    }

    /// Arranges the rows; the same arrangement again is filled anew.
    pub(in crate::app) fn arrange_by(&mut self, by: Arrangement) -> Vec<Effect> {
        let mut effects = self.leave_run().unwrap_or_default();
        let was = self.arranged.by;
        // A cursor that nobody moved is on no run that anybody chose.
        let offered = self.arranged.offered.take();
        let chosen = self.selected.filter(|node| offered != Some(*node));
        let chosen = chosen.filter(|node| self.run_of(*node).is_some());
        let line = self.line();
        if let Some(node) = self.selected {
            self.arranged.left.insert(was, (node, line));
        }
        self.rearrange(by);
        if by != Arrangement::Missions {
            effects.extend(self.fill(was == by));
        }
        if by == Arrangement::Causes {
            self.visit_causes();
        }
        if was != by {
            effects.push(Effect::Remember(self.memory()));
        }
        self.settle_heads();
        let left = self.arranged.left.get(&by).copied();
        let fits = |app: &mut Self, node: NodeId| {
            app.open_above(node);
            app.outline.row_of(node).is_some()
        };
        self.arranged.at_first = false;
        if let Some(node) = chosen.filter(|node| fits(self, *node)) {
            self.selected = Some(node);
            self.put_on_line(line);
        } else if let Some((node, line)) = left.filter(|(node, _)| fits(self, *node)) {
            self.selected = Some(node);
            self.put_on_line(line);
        } else {
            self.arranged.at_first = matches!(by, Arrangement::Inbox | Arrangement::Causes);
            (self.selected, self.top) = (self.outline.first(), 0);
            self.arranged.offered = self.selected;
        }
        self.dirty = true;
        effects.extend(self.stop_if_hidden());
        effects.extend(self.select(self.selected));
        effects
    }

    /// How far back an inbox looks, as typed: `12h`, `7d`, `2w`.
    pub(in crate::app) fn look_back(&mut self, typed: &str) -> Vec<Effect> {
        let Some(window) = read_window(typed) else {
            self.complain("a window is written like :window 12h, 7d or 2w");
            return Vec::new();
        };
        let wider = window > self.arranged.window;
        self.arranged.window = window;
        if self.arranged.by == Arrangement::Missions {
            return self.arrange_by(Arrangement::Inbox);
        }
        let line = self.line();
        self.rearrange(self.arranged.by);
        let effects = if wider { self.fill(true) } else { Vec::new() };
        self.settle_heads();
        self.put_on_line(line);
        effects
    }

    /// Takes everything out of the tree and puts it where it belongs now. What is below a run stays
    /// with it.
    pub(in crate::app) fn rearrange(&mut self, by: Arrangement) {
        let missions: Vec<NodeId> = self.store.all(Sort::Mission).collect();
        let runs: Vec<NodeId> = self
            .store
            .all(Sort::Run)
            .filter(|run| self.store.sort(self.store.owner(*run)) != Sort::Run)
            .collect();
        let contexts: Vec<NodeId> = self.contexts.iter().map(|(node, _)| *node).collect();
        let heads: Vec<NodeId> = self.arranged.heads.values().copied().collect();
        for node in missions.iter().chain(&runs).chain(&contexts).chain(&heads) {
            self.outline.remove(*node);
        }
        self.arranged.by = by;
        self.arranged.newest = Newest::default();
        self.arranged.watch.acquaint = true;
        if matches!(by, Arrangement::Missions | Arrangement::Contexts) {
            for context in &contexts {
                self.insert_in_order(None, *context);
            }
        }
        for node in missions.iter().chain(&runs) {
            self.place(*node);
        }
        for node in contexts.into_iter().chain(missions) {
            self.place_note(node);
        }
        self.arranged.stale = true;
    }

    /// What a run stands under; none: at the top.
    pub(in crate::app) fn arranged_above(&mut self, run: NodeId) -> Option<NodeId> {
        self.arranged.stale = true;
        let owner = self.store.owner(run);
        if self.store.sort(owner) == Sort::Run {
            return Some(self.run_parent(run));
        }
        self.run_moved(owner, run);
        match self.arranged.by {
            Arrangement::Inbox if self.is_recent(run) => None,
            Arrangement::Missions | Arrangement::Inbox => Some(self.run_parent(run)),
            Arrangement::Causes => match self.cause_head(run) {
                Some(head) => Some(self.head_row(head)),
                None => Some(self.run_parent(run)),
            },
            Arrangement::Contexts => Some(self.store.owner(owner)),
        }
    }

    /// Missions are no rows where their runs stand elsewhere.
    pub(in crate::app) fn shows_missions(&self) -> bool {
        self.arranged.by != Arrangement::Contexts
    }

    /// Whether anything was heard of a run since the window of the inbox began.
    pub(in crate::app) fn is_recent(&self, run: NodeId) -> bool {
        let Some(run) = self.store.run(run) else {
            return false;
        };
        let live = run.status.is_going_on() && run.quiet_since.is_none();
        run.last_activity()
            .is_some_and(|at| live || at >= self.window_begins())
    }

    /// Whether a run failed, or has a failure in it that nothing made good.
    pub(in crate::app) fn run_fails(&self, run: NodeId) -> bool {
        let record = self.store.run(run);
        record.is_some_and(|record| self.arranged.fails(run, record))
    }

    /// When the window of the inbox begins.
    pub(in crate::app) fn window_begins(&self) -> Time {
        Time(self.now.0.saturating_sub(nanos(self.arranged.window)))
    }

    /// What was read of a run may put it among those that failed, or take it from there.
    pub(in crate::app) fn judge_run(&mut self, run: NodeId) {
        let marks = [Mark::Failed, Mark::Soft, Mark::Unanswered, Mark::Loop];
        let fails = marks
            .into_iter()
            .any(|mark| self.outline.marked_below(run, mark) > 0);
        let changed = if fails {
            self.arranged.doubtful.insert(run)
        } else {
            self.arranged.doubtful.remove(&run)
        };
        match self.arranged.by {
            Arrangement::Inbox if changed => self.place(run),
            Arrangement::Causes => self.place_by_cause(run),
            _ => {}
        }
    }
}
