//! The way to a run or an event by its ids, loaded or not: the run is opened, and the event gone to once
//! it has come, as long as no key is pressed meanwhile.

use super::Spot;
use crate::{
    app::{App, Effect, load::State, outline::Lens},
    model::{Mission, NodeId, Record, Row, Run, Sort, Urgency},
};

/// An event that is to be gone to.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    run: NodeId,
    event: String,
}

impl App {
    /// The run of a spot, as far as it is known.
    pub(super) fn find_run(&self, spot: &Spot) -> Option<NodeId> {
        self.contexts_for(spot).into_iter().find_map(|context| {
            let mission = self.store.find(context, Sort::Mission, &spot.mission)?;
            self.store.find(mission, Sort::Run, &spot.run)
        })
    }

    /// Contexts that may have it: the one it was seen in first, then others of its service.
    fn contexts_for(&self, spot: &Spot) -> Vec<NodeId> {
        let of_service = self
            .contexts
            .iter()
            .filter(|(_, info)| info.provider == spot.provider);
        let mut found: Vec<_> = of_service
            .map(|(node, info)| (info.name != spot.context, *node))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, node)| node).collect()
    }

    /// A run that was read, wherever it stands: a child stands under its parent.
    fn read_run_of(&self, spot: &Spot) -> Option<NodeId> {
        self.digests.keys().copied().find(|run| {
            let is_it = self
                .store
                .run(*run)
                .is_some_and(|known| known.id == spot.run);
            let info = self.context_of(*run).map(|(_, info)| info);
            is_it && info.is_some_and(|info| info.provider == spot.provider)
        })
    }

    /// Whether that run has a row.
    pub(in crate::app) fn has_run(&self, spot: &Spot) -> bool {
        self.find_run(spot).is_some() || self.read_run_of(spot).is_some()
    }

    /// Goes there.
    pub(in crate::app) fn go_to_spot(&mut self, spot: &Spot) -> Vec<Effect> {
        let known = self.find_run(spot).or_else(|| self.read_run_of(spot));
        let Some(run) = known.or_else(|| self.make_run(spot)) else {
            self.complain(format!(
                "no context here is of {}: this was kept in {}",
                spot.provider, spot.context
            ));
            return Vec::new();
        };
        let mut effects = Vec::new();
        if self.screen() != Some(run) {
            effects.extend(self.open_run(run));
        }
        let Some(event) = &spot.event else {
            return effects;
        };
        effects.extend(self.seek_event(run, event.clone()));
        effects
    }

    /// Goes to an event of a run by its id, its number or the beginning of its id.
    pub(in crate::app) fn seek_event(&mut self, run: NodeId, event: String) -> Vec<Effect> {
        self.seek = None;
        self.resuming.go_elsewhere();
        self.keeping.sought = Some(Sought { run, event });
        self.go_to_sought()
    }

    /// The cursor goes to an event of a run once that is there.
    pub(in crate::app) fn await_event(&mut self, run: NodeId, event: String) {
        self.keeping.sought = Some(Sought { run, event });
    }

    /// The event of a run that is loaded whole by its number from 1, else the first whose id begins so.
    fn event_like(&self, run: NodeId, wanted: &str) -> Option<NodeId> {
        let number = wanted.parse::<usize>().ok();
        let numbered = number.and_then(|number| {
            let mut events = self.store.events_of(run);
            events.nth(number.checked_sub(1)?)
        });
        numbered.or_else(|| {
            let mut events = self.store.events_of(run);
            events.find(|event| {
                let event = self.store.event(*event);
                event.is_some_and(|event| event.id.starts_with(wanted))
            })
        })
    }

    /// The run of a spot, which gets a row if it has none.
    pub(in crate::app) fn known_run(&mut self, spot: &Spot) -> Option<NodeId> {
        let known = self.find_run(spot).or_else(|| self.read_run_of(spot));
        known.or_else(|| self.make_run(spot))
    }

    /// Goes to the event that is sought, if it is there; loads on while it may come.
    pub(in crate::app) fn go_to_sought(&mut self) -> Vec<Effect> {
        let Some(sought) = self.keeping.sought.clone() else {
            return Vec::new();
        };
        if let Some(event) = self.store.find(sought.run, Sort::Event, &sought.event) {
            self.keeping.sought = None;
            let effects = self.show_row(event);
            if self.is_taken_up(sought.run) {
                self.resuming.go_elsewhere();
                self.put_in_the_middle();
            }
            return effects;
        }
        let state = self.loads.get(&sought.run).map(|load| load.state);
        match state {
            Some(State::Loading) => Vec::new(),
            Some(State::Failed) => {
                // Its row says why.
                self.keeping.sought = None;
                Vec::new()
            }
            Some(State::Cold) | None => self.load(sought.run),
            Some(State::Ready) => {
                let more = self.load_more(sought.run, Urgency::Wanted);
                if more.is_empty() {
                    self.keeping.sought = None;
                    if self.is_taken_up(sought.run) {
                        return self.take_up_nearest(sought.run);
                    }
                    if let Some(event) = self.event_like(sought.run, &sought.event) {
                        self.show_hidden(self.row_for(event));
                        return self.jump(event);
                    }
                    self.complain(format!("this run has no event {} any more", sought.event));
                }
                more
            }
        }
    }

    /// Goes to an event, also where only failures are shown and it is none.
    pub(in crate::app) fn show_row(&mut self, event: NodeId) -> Vec<Effect> {
        if !self.is_shown(self.row_for(event)) {
            self.outline.set_lens(Lens::Operations);
            self.place_all_gaps();
        }
        self.jump(event)
    }

    /// A run that is not loaded gets a row, which says what comes of loading it.
    pub(super) fn make_run(&mut self, spot: &Spot) -> Option<NodeId> {
        let context = *self.contexts_for(spot).first()?;
        if self
            .store
            .find(context, Sort::Mission, &spot.mission)
            .is_none()
        {
            let mission = Mission {
                id: spot.mission.clone(),
                name: spot.mission.clone(),
                ..Mission::default()
            };
            self.rows(context, vec![Row::Patch(Record::Mission(mission))], 0);
        }
        let mission = self.store.find(context, Sort::Mission, &spot.mission)?;
        let run = Run {
            id: spot.run.clone(),
            mission_id: spot.mission.clone(),
            room: spot.room.clone(),
            ..Run::default()
        };
        self.rows(mission, vec![Row::Patch(Record::Run(run))], 0);
        self.store.find(mission, Sort::Run, &spot.run)
    }
}
