//! Enter on a filter that is on: what was not read yet is read, some of it with each press, the lists first.

use crate::{
    app::{App, Effect, action::Action, load::State, time::when},
    model::{NodeId, Urgency},
};

/// Lists of runs that are asked for with one press.
const LISTS: usize = 8;
/// Runs that are read with one press.
const RUNS: usize = 8;

impl App {
    /// Reads on where the filter cannot say what is there.
    pub(in crate::app) fn search_further(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.look_beyond() {
            return effects;
        }
        let Some((lists, longer, runs)) = self.further() else {
            return Vec::new();
        };
        let told = [(lists.len() + longer.len(), "list"), (runs.len(), "run")];
        let told: Vec<String> = told
            .into_iter()
            .filter(|(many, _)| *many > 0)
            .map(|(many, what)| when::many(many, what))
            .collect();
        self.say(if told.is_empty() {
            "everything that can be read was asked".to_owned()
        } else {
            format!("reading {}", told.join(" and "))
        });
        let asked = lists.iter().chain(&longer).chain(&runs).copied();
        self.filtering.reading.extend(asked);
        let mut effects = Vec::new();
        for mission in lists {
            if let Some(filter) = self.filter.as_mut() {
                filter.unopened.remove(&mission);
            }
            effects.extend(self.load(mission));
        }
        for mission in longer {
            effects.extend(self.load_more(mission, Urgency::Wanted));
        }
        for run in runs {
            effects.extend(self.load(run));
        }
        effects
    }

    /// Esc: what is read because the filter could not say is read no more, where it takes long enough to
    /// be noticed. What came stays, and Enter on the filter reads on.
    pub(in crate::app) fn stop_reading(&mut self) -> Vec<Effect> {
        let loading = |node: &NodeId| self.loading.contains(node);
        let asked: Vec<NodeId> = self.filtering.reading.iter().copied().collect();
        let asked: Vec<NodeId> = asked.into_iter().filter(loading).collect();
        let slow = |node: &NodeId| {
            let load = self.loads.get(node);
            load.is_some_and(|load| load.is_slow(self.now) || load.waiting.is_some())
        };
        if !asked.iter().any(slow) {
            return Vec::new();
        }
        self.filtering.reading.clear();
        let mut effects = Vec::new();
        for node in &asked {
            effects.extend(self.cancel_load(*node).map(Effect::Cancel));
            self.let_be_asked_again(*node);
        }
        let (lists, runs): (Vec<NodeId>, Vec<NodeId>) = asked
            .into_iter()
            .partition(|node| self.store.mission(*node).is_some());
        let told = [(lists.len(), "list"), (runs.len(), "run")];
        let told: Vec<String> = told
            .into_iter()
            .filter(|(many, _)| *many > 0)
            .map(|(many, what)| when::many(many, what))
            .collect();
        self.say(format!(
            "stopped reading {}; {} Enter reads on",
            told.join(" and "),
            self.key_of(Action::Filter)
        ));
        effects
    }

    pub(in crate::app) fn let_be_asked_again(&mut self, node: NodeId) {
        if let Some(load) = self.loads.get_mut(&node) {
            (load.trouble, load.broke_off) = (None, false);
            load.state = if load.synced.is_some() {
                self.keeping.came();
                State::Ready
            } else {
                State::Cold
            };
        }
        self.place_note(node);
        self.filter_mission(node);
        self.settle();
    }

    /// Missions to be opened, missions whose list goes on, and runs to be read.
    fn further(&self) -> Option<(Vec<NodeId>, Vec<NodeId>, Vec<NodeId>)> {
        let filter = self.filter.as_ref()?;
        let state = |node: &NodeId| self.loads.get(node).map_or(State::Cold, |load| load.state);
        let mut lists: Vec<NodeId> = filter.unopened.iter().copied().collect();
        lists.sort_unstable();
        lists.truncate(LISTS);
        let longer = self.loads.iter().filter(|(node, load)| {
            let lists_runs = self.store.mission(**node).is_some();
            lists_runs && load.state == State::Ready && load.more.is_some()
        });
        let mut longer: Vec<NodeId> = longer.map(|(node, _)| *node).collect();
        longer.sort_unstable();
        longer.truncate(LISTS - lists.len());
        let unread = filter.not_read.iter().copied();
        let mut runs: Vec<NodeId> = unread.filter(|run| state(run) == State::Cold).collect();
        runs.sort_by_cached_key(|run| self.sort_key(*run));
        runs.truncate(RUNS);
        Some((lists, longer, runs))
    }
}
