//! Runs that another run of the same file started.

use std::collections::{HashMap, HashSet};

use super::{carried::Origin, file::File, kept::Kept};
use crate::model::Run;

impl Origin {
    /// Those of which nothing else is there are told with the run that started them.
    pub fn settle(&mut self) {
        let mut elsewhere: HashMap<String, Vec<Run>> = HashMap::new();
        let told = told(&self.missions);
        for file in &mut self.missions {
            let ids: HashSet<String> = file.runs.iter().map(|kept| kept.run.id.clone()).collect();
            let (runs, children): (Vec<Kept>, Vec<Kept>) = std::mem::take(&mut file.runs)
                .into_iter()
                .partition(|kept| {
                    let parent = kept.run.parent_run_id.as_ref();
                    kept.len() > 0
                        || parent
                            .is_none_or(|parent| !ids.contains(parent) && !told.contains(parent))
                });
            file.runs = runs;
            for child in children {
                let parent = child.run.parent_run_id.clone().unwrap_or_default();
                let mut runs = file.runs.iter_mut();
                if let Some(of) = runs.find(|kept| kept.run.id == parent) {
                    of.children.push(child.run);
                } else if told.contains(&parent) {
                    elsewhere.entry(parent).or_default().push(child.run);
                } else {
                    file.runs.push(child);
                }
            }
        }
        if elsewhere.is_empty() {
            return;
        }
        for kept in self.missions.iter_mut().flat_map(|file| &mut file.runs) {
            let children = elsewhere.remove(&kept.run.id);
            kept.children.extend(children.into_iter().flatten());
        }
        // A mission that only such a run named has nothing to show.
        self.missions
            .retain(|file| !file.runs.is_empty() || !file.mission.raw.is_empty());
    }
}

/// Runs of which events are there. Only these take runs of other missions to themselves: a list of runs
/// stays the list that it is.
fn told(missions: &[File]) -> HashSet<String> {
    let runs = missions.iter().flat_map(|file| &file.runs);
    let told = runs.filter(|kept| kept.len() > 0);
    told.map(|kept| kept.run.id.clone()).collect()
}
