//! Following: a run that goes on is watched while it is unfolded. What comes never moves the selection
//! or the screen, unless the selection is on the newest row: then it goes along.

use crate::app::{
    App, Effect,
    action::Action,
    load::{State, silent::Silent},
    outline::Lens,
};
use crate::model::{Got, Known, Live, NodeId, Sort, Time, Trouble, Watch};

/// The run that is being followed.
#[derive(Clone, Debug)]
pub struct Follow {
    /// Which.
    pub run: NodeId,
    /// How, once that is known.
    pub live: Option<Live>,
    /// The fetcher waits until then, because of this.
    pub waiting: Option<(Trouble, Time)>,
    /// Events that came since the newest row was last selected.
    pub fresh: usize,
    pub(in crate::app) silent: Silent,
    pub(in crate::app) generation: crate::model::Gen,
}

impl Follow {
    /// What broke, and when it is tried again.
    pub fn broken(&self) -> Option<(&Trouble, Time)> {
        match (&self.waiting, &self.live) {
            (Some((trouble, until)), _) | (None, Some(Live::Lost { trouble, until })) => {
                Some((trouble, *until))
            }
            _ => None,
        }
    }
}

/// Where the selection is, seen from the newest row of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Tail {
    OnIt,
    /// On something folded that it lies in.
    OnItsFold,
    Elsewhere,
}

impl App {
    /// F: follow the run one is in, go to its newest row, or stop.
    pub(in crate::app) fn follow_key(&mut self) -> Vec<Effect> {
        let Some(run) = self.selected.and_then(|node| self.run_of(node)) else {
            self.say(format!(
                "no run is selected: {} follows one",
                self.key_of(Action::Follow)
            ));
            return Vec::new();
        };
        if self.is_followed(run) {
            if self.at_tail(run) {
                self.say("not followed any more");
                return self.stop_following();
            }
            return self.go_to_tail(run);
        }
        let ended = self.store.run(run).is_some_and(|run| run.status.is_final());
        if ended {
            self.say("this run has ended: nothing more comes");
            return self.go_to_tail(run);
        }
        let mut effects = if self.screen() == Some(run) {
            Vec::new()
        } else {
            self.set_open(run, true)
        };
        self.opened = Some(run);
        self.wanted_follow = Some(run);
        // While it is being loaded, the end of that begins the following.
        match self.loads.get(&run).map(|load| load.state) {
            Some(State::Ready) => effects.extend(self.follow_if_live(run)),
            Some(State::Failed) => {
                effects.extend(self.load(run));
                self.opened = Some(run);
            }
            Some(State::Loading | State::Cold) | None => {}
        }
        effects
    }

    /// `:watch`: opens the run one is on and follows it.
    pub(in crate::app) fn watch_selected(&mut self) -> Vec<Effect> {
        let Some(run) = self.selected.and_then(|node| self.run_of(node)) else {
            self.say("no run is selected: :watch opens one and follows it");
            return Vec::new();
        };
        let mut effects = if self.screen() == Some(run) {
            Vec::new()
        } else {
            self.go_to(run)
        };
        effects.extend(if self.is_followed(run) {
            self.go_to_tail(run)
        } else {
            self.follow_key()
        });
        effects
    }

    /// A run was loaded: if it goes on and somebody looks into it, it is followed.
    pub(in crate::app) fn follow_if_live(&mut self, run: NodeId) -> Vec<Effect> {
        let opened = self.opened == Some(run);
        let asked = self.wanted_follow == Some(run);
        let wanted = opened || asked || self.follow.is_none();
        let goes_on = self.is_live(run) || asked;
        if !wanted || !goes_on || !self.is_loaded(run) || !self.is_looked_into(run) {
            return Vec::new();
        }
        // What is new stands behind an end that is not there yet: when it comes, the following begins.
        if asked && self.lacks_end(run) {
            return self.go_to_end();
        }
        self.wanted_follow = None;
        let mut effects = if self.is_followed(run) {
            Vec::new()
        } else {
            self.follow(run)
        };
        // Somebody who has pressed a key since reads something else by now.
        if opened && self.selected == Some(run) {
            effects.extend(self.go_to_tail(run));
        }
        self.opened = None;
        effects
    }

    /// Whether a run goes on, as far as anybody knows: a silent one may have been forgotten.
    pub fn is_live(&self, run: NodeId) -> bool {
        self.store
            .run(run)
            .is_some_and(|run| run.status.is_going_on() && run.quiet_since.is_none())
    }

    /// Whether this run is being followed.
    pub fn is_followed(&self, run: NodeId) -> bool {
        self.follow.as_ref().is_some_and(|follow| follow.run == run)
    }

    /// Nobody looks into what is folded away; another run that goes on may be looked into instead.
    pub(in crate::app) fn stop_if_hidden(&mut self) -> Vec<Effect> {
        let Some(run) = self.follow.as_ref().map(|follow| follow.run) else {
            return Vec::new();
        };
        if self.is_looked_into(run) {
            return Vec::new();
        }
        let mut effects = self.stop_following();
        effects.extend(self.follow_instead_of(run));
        effects
    }

    /// Follows the run that the selection is in, if that one goes on and is another.
    fn follow_instead_of(&mut self, ended: NodeId) -> Vec<Effect> {
        let run = self.selected.and_then(|node| self.run_of(node));
        match run.filter(|run| *run != ended) {
            Some(run) => self.follow_if_live(run),
            None => Vec::new(),
        }
    }

    fn is_looked_into(&self, run: NodeId) -> bool {
        self.shown_run() == Some(run)
            || (self.outline.is_open(run) && self.outline.row_of(run).is_some())
    }

    pub(in crate::app) fn stop_following(&mut self) -> Vec<Effect> {
        let Some(follow) = self.follow.take() else {
            return Vec::new();
        };
        self.detail.touched(follow.run);
        self.acquaint_bell();
        vec![Effect::Cancel(follow.generation)]
    }

    /// What the followed run brings.
    pub(in crate::app) fn heard(&mut self, got: Got) -> Vec<Effect> {
        let Some(run) = self.follow.as_ref().map(|follow| follow.run) else {
            return Vec::new();
        };
        match got {
            Got::Rows { rows, skipped } => {
                let tail = self.tail_state(run);
                self.bell_hears(true);
                let grows = self.are_news(&rows);
                let new = self.rows(run, rows, skipped);
                let now = self.now;
                if let Some(load) = self.loads.get_mut(&run) {
                    load.synced = Some(now);
                }
                if let Some(follow) = self.follow.as_mut() {
                    follow.fresh += new;
                    follow
                        .live
                        .take_if(|live| matches!(live, Live::Asking { .. }));
                    if follow.waiting.take().is_some() {
                        self.detail.touched(run);
                    }
                }
                if new > 0 {
                    self.stirs(run, Some(now));
                } else if grows {
                    self.goes_on_growing();
                }
                // What came is read first: it may be a part of a row that is there.
                let mut effects = self.take_readings();
                self.bell_hears(false);
                self.bell_run(run);
                if new > 0 {
                    effects.extend(self.stay_at_tail(run, tail));
                }
                effects
            }
            Got::Waiting { trouble, until } => {
                self.detail.touched(run);
                self.unheard(until);
                if let Some(follow) = self.follow.as_mut() {
                    follow.waiting = Some((trouble, until));
                }
                Vec::new()
            }
            Got::Live(Live::Over) => {
                self.follow = None;
                self.follow_instead_of(run)
            }
            Got::Live(Live::GivenUp(trouble)) => {
                self.follow = None;
                if matches!(trouble, Trouble::File { .. }) {
                    self.complain(trouble.to_string());
                }
                if let Some(load) = self.loads.get_mut(&run) {
                    load.trouble = Some(trouble);
                    load.state = State::Failed;
                }
                self.place_note(run);
                Vec::new()
            }
            Got::Live(live) => {
                self.detail.touched(run);
                if let Live::Lost { until, .. } = &live {
                    self.unheard(*until);
                }
                if let Some(follow) = self.follow.as_mut() {
                    follow.waiting = None;
                    follow.live = Some(live);
                }
                Vec::new()
            }
            Got::Done { .. } | Got::Failed(_) | Got::Kept(_) | Got::Budget(_) => Vec::new(),
        }
    }

    /// The newest row was reached: what came is seen.
    pub(in crate::app) fn see_fresh(&mut self) {
        let Some(run) = self
            .follow
            .as_ref()
            .filter(|follow| follow.fresh > 0)
            .map(|follow| follow.run)
        else {
            return;
        };
        if self.at_tail(run)
            && let Some(follow) = self.follow.as_mut()
        {
            follow.fresh = 0;
        }
    }

    /// When a countdown about the followed run changes.
    pub(in crate::app) fn follow_deadline(&self) -> Option<Time> {
        let follow = self.follow.as_ref()?;
        let second = Time(self.now.0.saturating_add(1_000_000_000));
        if let (None, Some(Live::Asking { .. })) = (&follow.waiting, &follow.live) {
            return Some(second);
        }
        let (_, until) = follow.broken()?;
        (until > self.now).then(|| second.min(until))
    }

    fn follow(&mut self, run: NodeId) -> Vec<Effect> {
        let mut effects = self.stop_following();
        let generation = self.next_generation();
        let (Some((context, _)), Some(of)) = (self.context_of(run), self.run_ref(run)) else {
            return effects;
        };
        let (events, _) = self.store.counts(run);
        let known = Known {
            newest: self.store.newest(run).map(|node| self.store.order(node).at),
            step: self
                .store
                .events_of(run)
                .rev()
                .find_map(|event| self.store.step_of_event(event))
                .map(Into::into),
            events: u32::try_from(events).unwrap_or(u32::MAX),
            looks: 0,
            ended: false,
        };
        self.follow = Some(Follow {
            run,
            live: None,
            waiting: None,
            fresh: 0,
            silent: Silent::default(),
            generation,
        });
        self.stirs(run, None);
        self.acquaint_bell();
        effects.push(Effect::Follow(Watch {
            context,
            node: run,
            generation,
            run: of,
            known,
        }));
        effects
    }

    /// Whether that is the run that is followed.
    pub(in crate::app) fn follows(&self, run: NodeId) -> bool {
        self.follow.as_ref().is_some_and(|follow| follow.run == run)
    }

    /// Whether the newest row of a run is selected, or what that is folded away in.
    pub(in crate::app) fn tail_state(&self, run: NodeId) -> Tail {
        let newest = self.last_row(run);
        match (self.selected == newest, self.at_tail(run)) {
            (true, _) => Tail::OnIt,
            (false, true) => Tail::OnItsFold,
            (false, false) => Tail::Elsewhere,
        }
    }

    /// Selects what is the newest row now, if it was selected.
    pub(in crate::app) fn stay_at_tail(&mut self, run: NodeId, tail: Tail) -> Vec<Effect> {
        match (tail, self.last_row(run)) {
            (Tail::OnIt, Some(newest)) => self.reveal(newest),
            // What is folded away stays so.
            (Tail::OnItsFold, _) => self.select(self.tail(run)),
            (Tail::OnIt | Tail::Elsewhere, _) => Vec::new(),
        }
    }

    fn is_loaded(&self, run: NodeId) -> bool {
        self.loads
            .get(&run)
            .is_some_and(|load| load.state == State::Ready)
    }

    /// Whether the selection is on the newest row of a run.
    fn at_tail(&self, run: NodeId) -> bool {
        self.selected.is_some() && self.selected == self.tail(run)
    }

    /// The newest event of a run, or what it is folded away in.
    fn tail(&self, run: NodeId) -> Option<NodeId> {
        let newest = self.last_row(run)?;
        std::iter::successors(Some(newest), |node| self.outline.parent(*node))
            .find(|node| self.outline.row_of(*node).is_some())
            .filter(|node| self.store.sort(*node) != Sort::Context)
    }

    fn go_to_tail(&mut self, run: NodeId) -> Vec<Effect> {
        let Some(newest) = self.last_row(run) else {
            return Vec::new();
        };
        self.show_hidden(newest);
        self.reveal(newest)
    }

    /// The last row of a run: a result may stand in the row of a call far above.
    fn last_row(&self, run: NodeId) -> Option<NodeId> {
        let reading = self.digests.get(&run).filter(|reading| !reading.is_short());
        let last = reading.and_then(|reading| reading.digest().last_row());
        let last = match self.outline.lens() {
            Lens::Raw => None,
            _ => last,
        };
        last.or(self.store.newest(run))
            .map(|last| self.row_for(last))
    }
}
