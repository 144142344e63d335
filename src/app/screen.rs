//! The Run screen: the outline with one run as its root. Opening, leaving, going to the next run of the
//! list, and the way back to places one came from.

use std::collections::HashMap;

use super::{App, Effect, Pane, load::State, outline::Lens};
use crate::model::{NodeId, Sort};

/// How many places one can go back to.
const PLACES: usize = 100;

/// Where one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    root: Option<NodeId>,
    node: Option<NodeId>,
    /// The row of the screen that it was in.
    line: usize,
}

/// Where one was before.
#[derive(Debug, Default)]
pub(super) struct Places {
    past: Vec<Place>,
    /// Where the cursor was in each run that was left, and in the tree of all of them.
    left: HashMap<Option<NodeId>, Place>,
}

impl App {
    /// The run that has the screen for itself.
    pub fn screen(&self) -> Option<NodeId> {
        self.outline.root()
    }

    /// Shows a run on the Run screen.
    pub(super) fn open_run(&mut self, run: NodeId) -> Vec<Effect> {
        self.remember();
        self.keep_cursor();
        self.outline.set_root(Some(run));
        self.open_steps(run);
        (self.focus, self.full) = (Pane::Tree, None);
        self.opened = Some(run);
        let cold = self
            .loads
            .get(&run)
            .is_none_or(|load| load.state == State::Cold);
        let mut effects = self.stop_if_hidden();
        match self.places.left.get(&Some(run)).copied() {
            Some(place) if !cold => effects.extend(self.go(place)),
            _ => {
                self.seek = Some(run);
                self.top = 0;
                self.selected = Some(self.outline.first().unwrap_or(run));
            }
        }
        if cold {
            effects.extend(self.load(run));
        } else {
            effects.extend(self.follow_if_live(run));
            effects.extend(self.seek_failure(run));
        }
        self.settle();
        effects.extend(self.inspect());
        effects.extend(self.load_what_is_near());
        effects
    }

    /// The steps of a run that has the screen show what is in them.
    fn open_steps(&mut self, run: NodeId) {
        for step in self.plans.get(&run).cloned().unwrap_or_default() {
            self.outline.set_open(step, true);
        }
    }

    /// Back to the tree of all runs, on the run that was left. Says whether there was one.
    pub(super) fn leave_run(&mut self) -> Option<Vec<Effect>> {
        let run = self.outline.root()?;
        self.remember();
        self.keep_cursor();
        self.outline.set_root(None);
        if self.outline.lens() == Lens::Raw {
            self.outline.set_lens(Lens::Operations);
            self.place_all_gaps();
        }
        self.seek = None;
        let line = self.places.left.get(&None).map_or(0, |place| place.line);
        self.open_above(run);
        self.selected = Some(run);
        self.put_on_line(line);
        let mut effects = self.stop_if_hidden();
        effects.extend(self.inspect());
        Some(effects)
    }

    /// The next or previous run of the list that this one is in.
    pub(super) fn sibling_run(&mut self, forward: bool) -> Vec<Effect> {
        let Some(run) = self
            .selected
            .and_then(|node| self.run_of(node))
            .or(self.screen())
        else {
            self.say("no run is selected");
            return Vec::new();
        };
        let root = self.outline.root();
        self.outline.set_root(None);
        let step = |node: NodeId| {
            if forward {
                self.outline.next_sibling(node)
            } else {
                self.outline.prev_sibling(node)
            }
        };
        let next = std::iter::successors(step(run), |node| step(*node))
            .find(|node| self.store.sort(*node) == Sort::Run);
        self.outline.set_root(root);
        let Some(next) = next else {
            let end = if forward { "last" } else { "first" };
            let list = self.outline.true_parent(run);
            let load = list.and_then(|list| self.loads.get(&list));
            let more = forward && load.is_some_and(|load| load.more.is_some());
            let of = if more {
                "of those that are loaded"
            } else {
                "of the list"
            };
            self.say(format!("this is the {end} run {of}"));
            return Vec::new();
        };
        if self.screen().is_some() {
            self.open_run(next)
        } else {
            self.jump(next)
        }
    }

    /// Goes to a row by more than a few lines: it comes to the line that the cursor is on, and there is a
    /// way back.
    pub(super) fn jump(&mut self, node: NodeId) -> Vec<Effect> {
        self.remember();
        let line = self.line();
        self.open_above(node);
        self.selected = Some(self.row_for(node));
        self.put_on_line(line);
        self.select(self.selected)
    }

    /// Ctrl-o: to the place before, as often as there is one.
    pub(super) fn walk_back(&mut self) -> Vec<Effect> {
        let here = self.place_now();
        let Some(place) = self.other_place(&here) else {
            self.say("there is no place to go back to");
            return Vec::new();
        };
        self.go(place)
    }

    /// `-`: to the place before, and with the next press back again.
    pub(super) fn swap_place(&mut self) -> Vec<Effect> {
        let here = self.place_now();
        let Some(place) = self.other_place(&here) else {
            self.say("there is no place to go back to");
            return Vec::new();
        };
        self.places.past.push(here);
        self.go(place)
    }

    /// Remembers where one is, to come back.
    pub(super) fn remember(&mut self) {
        let here = self.place_now();
        if self.places.past.last() == Some(&here) {
            return;
        }
        self.places.past.push(here);
        let over = self.places.past.len().saturating_sub(PLACES);
        self.places.past.drain(..over);
    }

    /// The latest place that is another than here.
    fn other_place(&mut self, here: &Place) -> Option<Place> {
        loop {
            let place = self.places.past.pop()?;
            if (place.root, place.node) != (here.root, here.node) {
                return Some(place);
            }
        }
    }

    fn keep_cursor(&mut self) {
        let here = self.place_now();
        self.places.left.insert(here.root, here);
    }

    fn place_now(&self) -> Place {
        Place {
            root: self.outline.root(),
            node: self.selected,
            line: self.line(),
        }
    }

    fn go(&mut self, place: Place) -> Vec<Effect> {
        self.seek = None;
        self.outline.set_root(place.root);
        if place
            .node
            .is_some_and(|node| !self.is_shown(self.row_for(node)))
        {
            self.outline.set_lens(Lens::Operations);
            self.place_all_gaps();
        }
        if let Some(node) = place.node {
            self.open_above(node);
            self.selected = Some(self.row_for(node));
        }
        self.put_on_line(place.line);
        let mut effects = self.stop_if_hidden();
        if let Some(run) = place.root {
            effects.extend(self.follow_if_live(run));
        }
        effects.extend(self.select(self.selected));
        effects
    }

    /// The line of the screen that the cursor is on.
    fn line(&self) -> usize {
        self.selected_row()
            .map_or(0, |row| row.saturating_sub(self.top))
    }

    pub(super) fn put_on_line(&mut self, line: usize) {
        if let Some(row) = self.selected_row() {
            self.top = row.saturating_sub(line);
        }
        self.settle();
        self.dirty = true;
    }
}
