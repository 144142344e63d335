//! Taking up again where one was. What was there comes from services, piece by piece: until it is there
//! one waits for it, until a key is pressed; where it is gone, the nearest thing that is there is selected,
//! and that is said.

use std::time::Duration;

use super::{Position, key};
use crate::{
    app::{
        App, Effect,
        arrange::Arrangement,
        kept::Spot,
        load::{Load, State},
        operations::Seek,
    },
    model::{Look, NodeId, Sort, Trouble, Urgency},
};

/// Pages of a list that are looked through for the run that the cursor was on.
const PAGES: u8 = 5;

/// Where one was, which is not there yet.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// This run is to have the screen, and is being loaded.
    Screen(NodeId),
    /// This row of the list; the list of its mission is loaded on so many times.
    Row(Spot, u8),
}

impl App {
    /// What changes is told from now on. `window`: that of the configuration. `before`: what was told last
    /// of each run.
    pub fn begin_resume(&mut self, window: Duration, before: Vec<(Spot, Look)>) {
        self.resuming.on = true;
        self.resuming.window = Some(window);
        let looks = before.into_iter().map(|(spot, look)| (key(&spot), look));
        self.resuming.looks = looks.collect();
    }

    /// Goes to where one was. The arrangement and its window are there already.
    pub fn take_up(&mut self, before: Position) -> Vec<Effect> {
        let mut effects = Vec::new();
        match self.read_query(&before.filter) {
            Ok(query) => effects.extend(self.set_filter(query)),
            Err(fault) => self.complain(format!("the last filter cannot be read here: {fault}")),
        }
        if before.only_failures {
            self.outline.set_lens(self.lens_for(true));
            self.place_all_gaps();
        }
        self.resuming.told = before;
        let Position { screen, row, .. } = self.resuming.told.clone();
        if let Some(spot) = screen {
            effects.extend(self.take_up_screen(&spot));
        } else if let Some(spot) = row {
            self.resuming.wanted = Some(Wanted::Row(spot, PAGES));
            effects.extend(self.go_on_taking_up());
        }
        // A run that is opened has its share of the screen at first.
        self.set_splits(self.resuming.told.splits);
        effects
    }

    fn take_up_screen(&mut self, spot: &Spot) -> Vec<Effect> {
        let known = self.contexts.iter();
        let known = known.map(|(_, info)| (&info.name, &info.provider));
        let is_here = known
            .into_iter()
            .any(|(name, provider)| *name == spot.context && *provider == spot.provider);
        let Some(run) = is_here.then(|| self.known_run(spot)).flatten() else {
            self.mention(format!(
                "the run that was open last is of {}, which is not shown now",
                spot.context
            ));
            return Vec::new();
        };
        let effects = self.open_run(run);
        self.resuming.wanted = Some(Wanted::Screen(run));
        effects
    }

    /// The cursor of a run that is opened for the first time goes to where it was.
    pub(in crate::app) fn take_up_cursor(&mut self, run: NodeId) {
        let spot = self.spot_of(run);
        let look = spot.and_then(|spot| self.resuming.looks.get(&key(&spot)));
        let Some(look) = look else {
            return;
        };
        let has_row = look.cursor.is_some() || look.step.is_some() || look.child.is_some();
        let event = look.cursor.clone().filter(|_| !look.on_silence);
        if has_row {
            self.resuming.here = Some(run);
            self.seek = None;
        }
        if let Some(event) = event {
            self.await_event(run, event);
        }
    }

    /// Whether the cursor of a run is on its way to where it was.
    pub(in crate::app) fn is_taken_up(&self, run: NodeId) -> bool {
        self.resuming.here == Some(run)
    }

    /// The row under the cursor of a run is gone: one begins as where nobody was before.
    pub(in crate::app) fn take_up_nearest(&mut self, run: NodeId) -> Vec<Effect> {
        self.resuming.here = None;
        self.seek = Some(Seek::Failure(run));
        let effects = self.seek(run);
        let failed = self.selected.is_some_and(|node| node != run)
            && self
                .digest(run)
                .and_then(crate::analysis::Digest::first_failure)
                == self.selected;
        self.mention(if failed {
            "the row where you were is gone: this is the first failure"
        } else {
            "the row where you were is gone: this is where the run begins"
        });
        effects
    }

    /// Goes to where one was as far as that is there by now.
    pub(in crate::app) fn go_on_taking_up(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for run in std::mem::take(&mut self.resuming.came) {
            effects.extend(self.take_up_look(run));
        }
        match self.resuming.wanted.clone() {
            None => {}
            Some(Wanted::Screen(run)) => effects.extend(self.await_screen(run)),
            Some(Wanted::Row(spot, pages)) => effects.extend(self.await_row(&spot, pages)),
        }
        effects
    }

    /// A run was loaded: it is folded as it was, and what an event cannot name is selected.
    fn take_up_look(&mut self, run: NodeId) -> Vec<Effect> {
        let spot = self.spot_of(run);
        let look = spot.and_then(|spot| self.resuming.looks.remove(&key(&spot)));
        let Some(look) = look else {
            return Vec::new();
        };
        let mut effects = self.fold_alike(run, &look);
        let is_event = look.cursor.is_some() && !look.on_silence;
        if self.is_taken_up(run) && self.screen() == Some(run) && !is_event {
            self.resuming.here = None;
            match self.row_under(run, &look) {
                Some(row) => {
                    self.show_hidden(row);
                    effects.extend(self.reveal(row));
                    self.put_in_the_middle();
                }
                None => effects.extend(self.take_up_nearest(run)),
            }
        }
        effects
    }

    /// The cursor comes to the middle of the screen, where it began.
    pub(in crate::app) fn put_in_the_middle(&mut self) {
        self.put_on_line(usize::from(self.measured.tree_rows) / 2);
    }

    fn await_screen(&mut self, run: NodeId) -> Vec<Effect> {
        let load = self.loads.get(&run);
        match load.map(|load| load.state) {
            Some(State::Loading) => return Vec::new(),
            Some(State::Failed) => {}
            Some(State::Ready | State::Cold) | None => {
                self.resuming.wanted = None;
                return Vec::new();
            }
        }
        let gone = matches!(
            load.and_then(|load| load.trouble.as_ref()),
            Some(Trouble::NotFound { .. })
        );
        self.resuming.wanted = None;
        if !gone || self.screen() != Some(run) {
            // Its row says why it cannot be had.
            return Vec::new();
        }
        self.resuming.here = None;
        let id = self.shown_id(&self.id_of(run).unwrap_or_default());
        let mission = self.store.owner(run);
        let effects = self.leave_run().unwrap_or_default();
        let mission = (self.outline.row_of(mission).is_some()).then_some(mission);
        let effects = effects
            .into_iter()
            .chain(mission.into_iter().flat_map(|node| self.select(Some(node))))
            .collect();
        let nearest = if mission.is_some() {
            "this is its mission"
        } else {
            "this is the list"
        };
        self.mention(format!("run {id}, which was open last, is gone: {nearest}"));
        effects
    }

    fn await_row(&mut self, spot: &Spot, pages: u8) -> Vec<Effect> {
        let mut contexts = self.contexts.iter();
        let context = contexts.find(|(_, info)| info.name == spot.context);
        let Some(context) = context.map(|(node, _)| *node) else {
            return self.stay(None, Some("the context where you were is not shown now"));
        };
        let mission = self.store.find(context, Sort::Mission, &spot.mission);
        let run = mission.and_then(|mission| self.store.find(mission, Sort::Run, &spot.run));
        if let Some(run) = run.filter(|_| !spot.run.is_empty()) {
            self.open_above(run);
            if self.outline.row_of(run).is_some() {
                return self.stay(Some(run), None);
            }
        }
        if self.arranged.by != Arrangement::Missions {
            let row = [mission, Some(context)].into_iter().flatten();
            let mut row = row.filter(|node| self.outline.row_of(*node).is_some());
            return match (row.next(), self.is_filling()) {
                (Some(row), _) if spot.run.is_empty() => self.stay(Some(row), None),
                (_, true) => Vec::new(),
                (row, false) => self.stay(row, Some("the run where you were is not in this list")),
            };
        }
        if spot.mission.is_empty() {
            return self.stay(Some(context), None);
        }
        let Some(mission) = mission else {
            return match self.state_of(context) {
                State::Loading | State::Cold => Vec::new(),
                State::Failed => self.stay(Some(context), None),
                State::Ready => {
                    let told = "the mission where you were is gone: this is its context";
                    self.stay(Some(context), Some(told))
                }
            };
        };
        if spot.run.is_empty() {
            return self.stay(Some(mission), None);
        }
        self.await_run(mission, spot, pages)
    }

    /// The list of a mission is loaded until it has the run.
    fn await_run(&mut self, mission: NodeId, spot: &Spot, pages: u8) -> Vec<Effect> {
        match self.state_of(mission) {
            State::Loading => Vec::new(),
            State::Cold => self.set_open(mission, true),
            State::Failed => self.stay(Some(mission), None),
            State::Ready => {
                let more = match pages.checked_sub(1) {
                    Some(left) => {
                        self.resuming.wanted = Some(Wanted::Row(spot.clone(), left));
                        self.load_more(mission, Urgency::Wanted)
                    }
                    None => Vec::new(),
                };
                if more.is_empty() {
                    let told = "the run where you were is gone: this is its mission";
                    return self.stay(Some(mission), Some(told));
                }
                more
            }
        }
    }

    fn state_of(&self, node: NodeId) -> State {
        let load: Option<&Load> = self.loads.get(&node);
        load.map_or(State::Cold, |load| load.state)
    }

    /// One is where one was, or as near as there is something.
    fn stay(&mut self, row: Option<NodeId>, told: Option<&str>) -> Vec<Effect> {
        self.resuming.wanted = None;
        if let Some(told) = told {
            self.mention(told);
        }
        let Some(row) = row else {
            return Vec::new();
        };
        self.arranged.at_first = false;
        self.arranged.offered = None;
        self.dirty = true;
        let effects = self.reveal(row);
        if self.top > 0 {
            self.put_in_the_middle();
        }
        effects
    }
}
