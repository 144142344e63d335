//! Keys in the detail: moving by rows, lines and structure, folding, opening what is in a string, and
//! the ways to look at it. Each does something or says why not.

use crate::app::{App, Effect, action::Action, list::By, msg::Read};
use crate::doc::{Doc, Fold, Go, Spot, View};

impl App {
    /// What an action does to what is being read; none where it is about something else.
    pub(in crate::app) fn read_by(&mut self, action: Action) -> Option<Vec<Effect>> {
        if let Some(fold) = fold_of(action) {
            return Some(self.folds(fold));
        }
        let effects = match action {
            Action::View | Action::Wrap | Action::Number | Action::Data => self.look(action),
            Action::Unescape => self.unescape(),
            _ if !self.in_detail() || self.help.is_some() || self.requests.is_some() => {
                return None;
            }
            Action::SiblingNext => self.sibling_in_detail(true),
            Action::SiblingPrev => self.sibling_in_detail(false),
            Action::Reveal => self.reveal_value(),
            Action::PartNext => self.facet(true),
            Action::PartPrev => self.facet(false),
            Action::SearchNext => self.step_within(true),
            Action::SearchPrev => self.step_within(false),
            Action::Open => self.open_in_detail(),
            Action::Unfold => self.unfold_in_detail(),
            Action::Fold => self.fold_in_detail(),
            Action::WindowBack | Action::WindowOn => {
                self.sideways(action == Action::WindowOn);
                Vec::new()
            }
            _ => return None,
        };
        Some(effects)
    }

    /// Moves the cursor of the detail.
    pub(in crate::app) fn move_in_detail(&mut self, by: By, scroll: bool) {
        let height = self.detail_height();
        match by {
            By::Down(1) if !scroll => self.detail.step(true, height),
            By::Up(1) if !scroll => self.detail.step(false, height),
            By::Down(lines) => self.detail.scroll(true, lines, height),
            By::Up(lines) => self.detail.scroll(false, lines, height),
            By::First => self.detail.move_to(0, height),
            By::Last => {
                self.detail.move_to(usize::MAX, height);
                // of a last row that is taller than the pane its end
                let lay = self.detail.lay();
                if let Some(doc) = &self.detail.doc {
                    self.detail.top = doc.last_top(height, lay);
                }
            }
        }
    }

    /// Enter: folds or unfolds, reads on what waits, unwraps what is in a string.
    pub(in crate::app) fn open_in_detail(&mut self) -> Vec<Effect> {
        let unfetched = self.selected.filter(|node| {
            let event = self.store.event(*node);
            event.is_some_and(|event| event.content.is_some())
        });
        if let Some(node) = unfetched {
            return self.fetch_content(node);
        }
        match self.detail.spot() {
            Some(Spot::More { .. }) => {
                if self.detail.doc.as_mut().is_some_and(Doc::read_on) {
                    return self.read_on();
                }
                self.say("it is being read");
                Vec::new()
            }
            Some(Spot::Title { .. } | Spot::Row { .. }) => {
                let folds = self.is_foldable().is_some() && self.fold_detail(Fold::Toggle);
                if !folds && !self.unwrap_row() {
                    self.say("this value is shown whole");
                }
                self.read_on()
            }
            None => Vec::new(),
        }
    }

    /// l: unfold, go in, or unwrap.
    pub(in crate::app) fn unfold_in_detail(&mut self) -> Vec<Effect> {
        let opened = self.is_foldable() == Some(true) && self.fold_detail(Fold::Open);
        if !opened && !self.go_in_detail(Go::Child) && !self.unwrap_row() {
            self.say("there is nothing to unfold");
        }
        self.read_on()
    }

    /// h: fold, or go to what it lies in.
    pub(in crate::app) fn fold_in_detail(&mut self) -> Vec<Effect> {
        let row = self.detail.cursor;
        if self
            .detail
            .doc
            .as_ref()
            .is_some_and(|doc| doc.is_unwrapped(row))
            && self.unwrap_row()
        {
            return Vec::new();
        }
        let closed = self.is_foldable() == Some(false) && self.fold_detail(Fold::Close);
        if !closed && !self.go_in_detail(Go::Parent) {
            self.say("there is nothing further out: q goes back");
        }
        Vec::new()
    }

    /// Space and the `z` keys.
    fn folds(&mut self, fold: Fold) -> Vec<Effect> {
        if self.in_detail() {
            if !self.fold_detail(fold) {
                self.say("there is nothing to fold");
            }
            return self.read_on();
        }
        match fold {
            Fold::Close | Fold::CloseDeep => self.fold(),
            Fold::Open | Fold::OpenDeep => self.unfold(),
            Fold::Toggle => match self.selected {
                Some(node) => {
                    let open = self.outline.is_open(node);
                    self.set_open(node, !open)
                }
                None => Vec::new(),
            },
            Fold::CloseAll | Fold::OpenAll | Fold::Depth(_) => self.fold_steps(fold),
        }
    }

    /// Folds or unfolds the steps of the run that has the screen, or of the one that is selected.
    fn fold_steps(&mut self, fold: Fold) -> Vec<Effect> {
        let run = self
            .screen()
            .or_else(|| self.selected.and_then(|node| self.run_of(node)));
        let Some(run) = run else {
            self.say("no run is selected");
            return Vec::new();
        };
        let open = !matches!(fold, Fold::CloseAll | Fold::Depth(1));
        for step in self.plans.get(&run).cloned().unwrap_or_default() {
            self.outline.set_open(step, open);
        }
        self.settle();
        self.select(self.selected)
    }

    /// J and K: the next or previous row of the same level.
    pub(in crate::app) fn sibling_in_detail(&mut self, forward: bool) -> Vec<Effect> {
        let go = if forward { Go::Next } else { Go::Previous };
        if !self.go_in_detail(go) {
            let end = if forward { "last" } else { "first" };
            self.say(format!("this is the {end} of its level"));
        }
        Vec::new()
    }

    /// `{` and `}`: the facet before or behind.
    pub(in crate::app) fn facet(&mut self, forward: bool) -> Vec<Effect> {
        let cursor = self.detail.cursor;
        let row = self
            .detail
            .doc
            .as_ref()
            .and_then(|doc| doc.facet(cursor, forward));
        match row {
            Some(row) => {
                let height = self.detail_height();
                let line = self.detail.line(height);
                self.detail.settle_on(row, line, height);
            }
            None if !forward => self.detail.move_to(0, 1),
            None => self.say("this is the last part of it"),
        }
        Vec::new()
    }

    /// `"`: what a string says, line by line.
    pub(in crate::app) fn unescape(&mut self) -> Vec<Effect> {
        let row = self.detail.cursor;
        let done = self
            .detail
            .doc
            .as_mut()
            .and_then(|doc| doc.unescape(row))
            .filter(|_| self.focus == crate::app::Pane::Detail);
        match done {
            Some(row) => self.settle_detail(row),
            None => self.say("\" shows what a string of JSON says; this row is none"),
        }
        self.read_on()
    }

    /// The ways to look at the detail.
    pub(in crate::app) fn look(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::View => self.detail.view = self.detail.view.next(),
            Action::Wrap => {
                self.detail.cut = !self.detail.cut;
                self.detail.from = 0;
                let height = self.detail_height();
                self.detail.keep(height);
                return Vec::new();
            }
            Action::Number => self.detail.numbers = !self.detail.numbers,
            Action::Data => self.detail.brackets = !self.detail.brackets,
            _ => {}
        }
        match (action, self.detail.view) {
            (Action::View, View::Pretty) => self.say("shown pretty again"),
            (Action::View, view) => self.say(format!("shown as {}: d goes on", view.word())),
            (Action::Number, _) if self.detail.numbers => self.say("lines of texts have numbers"),
            (Action::Data, _) if self.detail.brackets => self.say("JSON with its brackets"),
            _ => {}
        }
        self.detail.stale = true;
        self.inspect()
    }

    /// `,` and `.` in the detail: sideways, where lines are cut.
    pub(in crate::app) fn sideways(&mut self, forward: bool) {
        if !self.detail.cut {
            self.say("lines are wrapped: w cuts them, then , and . scroll sideways");
            return;
        }
        let by = usize::from(self.detail.width / 2).max(1);
        self.detail.from = if forward {
            self.detail.from.saturating_add(by)
        } else {
            self.detail.from.saturating_sub(by)
        };
        self.dirty = true;
    }

    fn fold_detail(&mut self, fold: Fold) -> bool {
        let row = self.detail.cursor;
        let height = self.detail_height();
        let line = self.detail.line(height);
        let done = self.detail.doc.as_mut().and_then(|doc| doc.fold(row, fold));
        if let Some(row) = done {
            self.detail.settle_on(row, line, height);
        }
        done.is_some()
    }

    /// Of a row that can be folded: whether it is.
    fn is_foldable(&self) -> Option<bool> {
        self.detail.doc.as_ref()?.row(self.detail.cursor).fold
    }

    fn go_in_detail(&mut self, go: Go) -> bool {
        let row = self.detail.cursor;
        let to = self.detail.doc.as_ref().and_then(|doc| doc.go(row, go));
        if let Some(row) = to {
            let height = self.detail_height();
            self.detail.move_to(row, height);
        }
        to.is_some()
    }

    fn unwrap_row(&mut self) -> bool {
        let row = self.detail.cursor;
        let done = self.detail.doc.as_mut().and_then(|doc| doc.unwrap(row));
        if let Some(row) = done {
            self.settle_detail(row);
        }
        done.is_some()
    }

    fn settle_detail(&mut self, row: usize) {
        let height = self.detail_height();
        let line = self.detail.line(height);
        self.detail.settle_on(row, line, height);
    }

    /// What is large is read on beside the loop.
    pub(in crate::app) fn read_on(&mut self) -> Vec<Effect> {
        let key = self.detail.key;
        let job = self.detail.doc.as_mut().and_then(Doc::job);
        job.map(|job| Effect::Read(Box::new(Read { key, job })))
            .into_iter()
            .collect()
    }
}

/// What an action folds or unfolds.
fn fold_of(action: Action) -> Option<Fold> {
    Some(match action {
        Action::Toggle => Fold::Toggle,
        Action::FoldRow => Fold::Close,
        Action::UnfoldRow => Fold::Open,
        Action::FoldDeep => Fold::CloseDeep,
        Action::UnfoldDeep => Fold::OpenDeep,
        Action::FoldAll => Fold::CloseAll,
        Action::UnfoldAll => Fold::OpenAll,
        action => Fold::Depth(action.levels()?),
    })
}
