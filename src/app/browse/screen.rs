//! The Run screen: the outline with one run as its root. Opening, leaving, going to the next run of the
//! list, and the way back to places one came from.

use std::collections::HashMap;

use crate::app::{
    App, Effect, Pane, Search,
    load::State,
    operations::Seek,
    outline::{Lens, Mark},
};
use crate::model::{NodeId, Sort};

/// How many places one can go back to.
const PLACES: usize = 100;

/// Where one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    root: Option<NodeId>,
    pub(in crate::app) node: Option<NodeId>,
    /// The row of the screen that it was in.
    pub(in crate::app) line: usize,
}

impl Place {
    /// A row of the list.
    pub(in crate::app) fn in_list(node: NodeId, line: usize) -> Self {
        Self {
            root: None,
            node: Some(node),
            line,
        }
    }

    /// A row of a run.
    pub(in crate::app) fn in_run(run: NodeId, node: Option<NodeId>, line: usize) -> Self {
        Self {
            root: Some(run),
            node,
            line,
        }
    }

    /// The first row of a run.
    pub(in crate::app) fn at_top(run: NodeId, node: Option<NodeId>) -> Self {
        Self::in_run(run, node, 0)
    }
}

/// Where one was before.
#[derive(Debug, Default)]
pub(in crate::app) struct Places {
    past: Vec<Place>,
    /// Where the cursor was in each run that was left, and in the tree of all of them.
    left: HashMap<Option<NodeId>, Place>,
    /// Of a child run that was opened on the screen of another: that other one.
    above: HashMap<NodeId, NodeId>,
    /// The search of each place that was left, the list included.
    searches: HashMap<Option<NodeId>, Search>,
}

impl Places {
    /// Where the cursor was in a run, or in the list, that the keys left.
    pub(in crate::app) fn left(&self, root: Option<NodeId>) -> Option<Place> {
        self.left.get(&root).copied()
    }

    /// The cursor of rows that no key moves in goes to another row.
    pub(in crate::app) fn put(&mut self, place: Place) {
        self.left.insert(place.root, place);
    }

    /// The search of the list or of a run that was left, by its number.
    pub(in crate::app) fn search(&mut self, number: u32) -> Option<&mut Search> {
        let mut left = self.searches.values_mut();
        left.find(|search| search.number == number)
    }
}

impl App {
    /// The run that has the screen for itself.
    pub fn screen(&self) -> Option<NodeId> {
        self.outline.root()
    }

    /// Shows a run on the Run screen.
    pub(in crate::app) fn open_run(&mut self, run: NodeId) -> Vec<Effect> {
        self.remember();
        self.keep_cursor();
        self.arranged.offered = None;
        self.note_above(run);
        self.keep_in_list(run);
        self.show_root(Some(run), false);
        self.open_steps(run);
        self.focus = Pane::Tree;
        // Whoever looks at runs as waterfalls goes on to do so.
        self.full.take_if(|full| *full != Pane::Bars);
        self.opened = Some(run);
        let cold = self
            .loads
            .get(&run)
            .is_none_or(|load| load.state == State::Cold);
        let mut effects = self.stop_if_hidden();
        match self.places.left.get(&Some(run)).copied() {
            Some(place) if !cold => effects.extend(self.go(place)),
            _ => {
                self.seek = Some(Seek::Failure(run));
                self.top = 0;
                self.selected = Some(self.outline.first().unwrap_or(run));
                self.take_up_cursor(run);
            }
        }
        if cold {
            effects.extend(self.load(run));
        } else {
            effects.extend(self.follow_if_live(run));
            effects.extend(self.seek(run));
        }
        self.settle();
        effects.extend(self.inspect());
        effects.extend(self.load_what_is_near());
        effects
    }

    /// The cursor of the list goes along to a run that was opened from elsewhere than its own row.
    fn keep_in_list(&mut self, run: NodeId) {
        let is_listed = self.store.sort(self.store.owner(run)) != Sort::Run;
        let here = self.places.left.get(&None);
        if is_listed && here.is_none_or(|place| place.node != Some(run)) {
            let line = here.map_or(0, |place| place.line);
            self.places.put(Place::in_list(run, line));
            self.open_above(run);
        }
    }

    /// The steps of a run that has the screen show what is in them.
    fn open_steps(&mut self, run: NodeId) {
        for step in self.plans.get(&run).cloned().unwrap_or_default() {
            self.outline.set_open(step, true);
        }
    }

    /// A child run remembers on whose screen it was opened; its siblings are opened on the same.
    fn note_above(&mut self, run: NodeId) {
        let screen = self.outline.root();
        let owner = self.store.owner(run);
        let above = screen.and_then(|screen| {
            let holds = std::iter::successors(Some(owner), |node| {
                let up = self.store.owner(*node);
                (up != *node).then_some(up)
            });
            if holds.into_iter().any(|node| node == screen) {
                return Some(screen);
            }
            let beside = self.store.owner(screen) == owner;
            self.places.above.get(&screen).copied().filter(|_| beside)
        });
        match above {
            Some(above) => drop(self.places.above.insert(run, above)),
            None => drop(self.places.above.remove(&run)),
        }
    }

    /// Makes a run the root, or the tree of all runs. What was said and searched for elsewhere stays
    /// there; `again`: what was searched for here before is there again.
    pub(in crate::app) fn show_root(&mut self, root: Option<NodeId>, again: bool) {
        let was = self.outline.root();
        self.outline.set_root(root);
        if was == root {
            return;
        }
        self.held.take_if(|_| root.is_some());
        self.notice.take_if(|notice| !notice.failed);
        self.leave_context();
        self.refit_lens();
        if let Some(search) = self.search.take() {
            for hit in search.hits() {
                self.outline.set_mark(*hit, Mark::Hit, false);
            }
            self.places.searches.insert(was, search);
        }
        let kept = self.places.searches.remove(&root);
        if let Some(search) = kept.filter(|_| again) {
            for hit in search.hits() {
                self.outline.set_mark(*hit, Mark::Hit, true);
            }
            self.search = Some(search);
        }
    }

    /// One level up from the screen of a run: of a child to the row that started it on its parent's
    /// screen, if it was opened there, else back to the list. Says whether there was one.
    pub(in crate::app) fn leave_level(&mut self) -> Option<Vec<Effect>> {
        let run = self.outline.root()?;
        let Some(above) = self.places.above.get(&run).copied() else {
            return self.leave_run();
        };
        self.remember();
        self.keep_cursor();
        let line = self.places.left.get(&Some(above));
        let place = Place {
            root: Some(above),
            node: self.outline.true_parent(run),
            line: line.map_or(0, |place| place.line),
        };
        Some(self.go(place))
    }

    /// Back to the tree of all runs, on the run that was left. Says whether there was one.
    pub(in crate::app) fn leave_run(&mut self) -> Option<Vec<Effect>> {
        let run = self.outline.root()?;
        self.remember();
        self.keep_cursor();
        self.show_root(None, true);
        self.full.take_if(|full| *full == Pane::Bars);
        self.leave_raw();
        self.seek = None;
        let line = self.places.left.get(&None).map_or(0, |place| place.line);
        self.open_above(run);
        self.selected = Some(run);
        self.put_on_line(line);
        let mut effects = self.stop_if_hidden();
        effects.extend(self.inspect());
        Some(effects)
    }

    /// Records as sent are those of one run.
    pub(in crate::app) fn leave_raw(&mut self) {
        if self.outline.lens() == Lens::Raw {
            self.outline.set_lens(self.lens_for(false));
            self.place_all_gaps();
        }
    }

    /// Goes to a row by more than a few lines: it comes to the line that the cursor is on, and there is a
    /// way back.
    pub(in crate::app) fn jump(&mut self, node: NodeId) -> Vec<Effect> {
        self.remember();
        let line = self.line();
        self.open_above(node);
        self.selected = Some(self.row_for(node));
        self.put_on_line(line);
        self.select(self.selected)
    }

    /// Ctrl-o: to the place before, as often as there is one.
    pub(in crate::app) fn walk_back(&mut self) -> Vec<Effect> {
        let here = self.place_now();
        let Some(place) = self.other_place(&here) else {
            return Vec::new();
        };
        self.go(place)
    }

    /// `-`: to the place before, and with the next press back again.
    pub(in crate::app) fn swap_place(&mut self) -> Vec<Effect> {
        let here = self.place_now();
        let Some(place) = self.other_place(&here) else {
            return Vec::new();
        };
        self.places.past.push(here);
        self.go(place)
    }

    /// Remembers where one is, to come back.
    pub(in crate::app) fn remember(&mut self) {
        let here = self.place_now();
        if self.places.past.last() == Some(&here) {
            return;
        }
        self.places.past.push(here);
        let over = self.places.past.len().saturating_sub(PLACES);
        self.places.past.drain(..over);
    }

    /// Whether there is a place to go back to.
    pub(in crate::app) fn has_other_place(&self) -> bool {
        let here = self.place_now();
        let mut past = self.places.past.iter();
        past.any(|place| (place.root, place.node) != (here.root, here.node))
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

    pub(in crate::app) fn keep_cursor(&mut self) {
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

    pub(in crate::app) fn go(&mut self, place: Place) -> Vec<Effect> {
        self.seek = None;
        self.show_root(place.root, true);
        if let Some(node) = place.node {
            self.show_hidden(self.row_for(node));
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
    pub(in crate::app) fn line(&self) -> usize {
        self.selected_row()
            .map_or(0, |row| row.saturating_sub(self.top))
    }

    pub(in crate::app) fn put_on_line(&mut self, line: usize) {
        if let Some(row) = self.selected_row() {
            self.top = row.saturating_sub(line);
        }
        self.settle();
        self.dirty = true;
    }
}
