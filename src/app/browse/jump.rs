//! Ways through a run that follow what it is about: the other side of a call, the same tool, the next
//! step or turn, failures only, records as sent.

use crate::app::{
    App, Effect,
    outline::{Lens, Mark},
    time::when,
};
use crate::{analysis::Digest, doc::Place, model::NodeId};

impl App {
    /// `%`: from a call to its result and back. Where both are one row, the detail shows the other first.
    pub(in crate::app) fn other_side(&mut self) -> Vec<Effect> {
        let Some(node) = self.selected else {
            return Vec::new();
        };
        let Some(other) = self
            .digest_of(node)
            .and_then(|digest| digest.other_side(node))
        else {
            let why = self.role(node).map(|role| role.why.words());
            match why.filter(|words| !words.is_empty()) {
                Some(words) => self.say(format!("no other side: {words}")),
                None => self.say("this is no tool call and no result"),
            }
            return Vec::new();
        };
        if self.outline.lens() == Lens::Raw {
            return self.jump(other);
        }
        self.detail.answer_first = !self.detail.answer_first;
        self.detail.stale = true;
        (self.detail.top, self.detail.cursor) = (Place::default(), 0);
        self.inspect()
    }

    /// `*` and `#`: the next or previous call of the same tool.
    pub(in crate::app) fn same_tool(&mut self, forward: bool) -> Vec<Effect> {
        self.way(forward, "operation with the same tool", |digest, node| {
            digest.same_tool(node, forward)
        })
    }

    /// `{` and `}`: the previous or next step of the plan, or, where there is no plan, turn.
    pub(in crate::app) fn boundary(&mut self, forward: bool) -> Vec<Effect> {
        let selected = || self.selected.and_then(|node| self.run_of(node));
        let Some(run) = self.screen().or_else(selected) else {
            self.say("no run is selected");
            return Vec::new();
        };
        if self.plan(run).is_empty() {
            return self.way(forward, "turn", |digest, node| digest.turn(node, forward));
        }
        let rows = self.step_rows(run);
        let here = self.selected_row().unwrap_or_default();
        let found = if forward {
            rows.into_iter().find(|(row, _)| *row > here)
        } else {
            rows.into_iter().rev().find(|(row, _)| *row < here)
        };
        match found {
            Some((_, step)) => self.jump(step),
            None => self.nothing("step of the plan", forward),
        }
    }

    /// The steps of a run that are rows, in the order of those.
    fn step_rows(&self, run: NodeId) -> Vec<(usize, NodeId)> {
        let steps = self.plans.get(&run).map(Vec::as_slice).unwrap_or_default();
        let mut rows: Vec<_> = steps
            .iter()
            .filter_map(|step| Some((self.outline.row_of(*step)?, *step)))
            .collect();
        rows.sort_unstable();
        rows
    }

    fn nothing(&mut self, what: &str, forward: bool) -> Vec<Effect> {
        let side = if forward { "behind" } else { "before" };
        self.say(format!("no {what} {side} this row in what is loaded"));
        Vec::new()
    }

    fn way(
        &mut self,
        forward: bool,
        what: &str,
        find: impl Fn(&Digest, NodeId) -> Option<NodeId>,
    ) -> Vec<Effect> {
        let Some(node) = self.selected.map(|node| self.nearest_event(node)) else {
            return Vec::new();
        };
        // From behind the repeats that this very row stands for.
        let from = match self.digest_of(node) {
            Some(digest) if forward && self.is_folded_repeat(node) => digest.last_repeat(node),
            _ => node,
        };
        let mut found = self.digest_of(from).and_then(|digest| find(digest, from));
        for _ in 0..10_000 {
            match found {
                Some(next)
                    if self.row_for(next) == self.row_for(node)
                        || !self.is_shown(self.row_for(next)) =>
                {
                    found = self.digest_of(next).and_then(|digest| find(digest, next));
                }
                _ => break,
            }
        }
        match found {
            Some(next) => self.jump(next),
            None => self.nothing(what, forward),
        }
    }

    /// The event that stands for a row that is none: the first one below a step.
    fn nearest_event(&self, node: NodeId) -> NodeId {
        if let Some(gap) = self.gap(node) {
            return gap.before;
        }
        let mut at = node;
        while self.store.event(at).is_none() {
            match self.outline.first_child(at) {
                Some(child) => at = child,
                None => return node,
            }
        }
        at
    }

    /// `!`: failures only, or all again; with a filter the failures among the matches.
    pub(in crate::app) fn toggle_failures(&mut self) -> Vec<Effect> {
        let filters = self.is_filtering();
        let lens = self.lens_for(true);
        if self.outline.lens() == lens {
            self.outline.set_lens(self.lens_for(false));
            return self.after_lens();
        }
        let marks = [Mark::Failed, Mark::Soft, Mark::Unanswered, Mark::Loop];
        let before = self.outline.lens();
        self.outline.set_lens(lens);
        let none = if filters {
            self.outline.failing_matches() == 0
        } else {
            marks.iter().all(|mark| self.outline.marked(*mark) == 0)
        };
        if !none {
            return self.after_lens();
        }
        self.outline.set_lens(before);
        let rows = self.outline.rows();
        self.say(if filters {
            "no failure among what matches".to_owned()
        } else {
            format!(
                "no failure in what is loaded: {} went by without one",
                when::many(rows, "row")
            )
        });
        Vec::new()
    }

    /// `:raw`: the service's records one to one, or operations again.
    pub(in crate::app) fn toggle_raw(&mut self) -> Vec<Effect> {
        let raw = self.outline.lens() == Lens::Raw;
        let lens = if raw { self.lens_for(false) } else { Lens::Raw };
        self.outline.set_lens(lens);
        self.detail.stale = true;
        self.after_lens()
    }

    /// Somebody goes to a row that the lens hides: it is shown among all others.
    pub(in crate::app) fn show_hidden(&mut self, row: NodeId) {
        if self.is_shown(row) {
            return;
        }
        self.look_aside(row);
        self.outline.set_lens(self.lens_for(false));
        self.place_all_gaps();
    }

    /// Whether a row is among those that the lens looks for.
    pub(in crate::app) fn is_shown(&self, row: NodeId) -> bool {
        matches!(self.outline.lens(), Lens::Raw | Lens::Operations) || self.outline.passes(row)
    }

    fn after_lens(&mut self) -> Vec<Effect> {
        let line = self.selected_row().map(|row| row.saturating_sub(self.top));
        self.place_all_gaps();
        self.sign_all();
        if let Some(node) = self.selected {
            self.selected = Some(self.row_for(node));
        }
        if let (Some(row), Some(line)) = (self.selected_row(), line) {
            self.top = row.saturating_sub(line);
        }
        self.dirty = true;
        self.select(self.selected)
    }
}
