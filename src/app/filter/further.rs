//! Enter on a filter that is on: what was not read yet is read, some of it with each press, the lists first.

use crate::{
    app::{App, Effect, load::State, time::when},
    model::{NodeId, Urgency},
};

/// Lists of runs that are asked for with one press.
const LISTS: usize = 8;
/// Runs that are read with one press.
const RUNS: usize = 8;

impl App {
    /// Reads on where the filter cannot say what is there.
    pub(in crate::app) fn search_further(&mut self) -> Vec<Effect> {
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
