//! What is remembered of a context's runs while sortie runs: parts that were read, what lists said of them
//! meanwhile, and the entries that were read last. A run is known by its mission and its own id: the same id
//! may stand in two missions.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use super::{parts::Parts, seen::Seen};
use crate::{
    model::{Mission, Run, RunRef, Time},
    source::Source,
};

/// Runs of which the records stay in memory once they were read.
const RECENT: usize = 4;
/// Runs of which parts are waited for at once; older ones are given up.
const PARTS: usize = 8;

/// Mission and run.
pub(super) type Key = (String, String);

/// The key of a run.
pub(super) fn key(run: &RunRef) -> Key {
    (run.mission.to_string(), run.run.to_string())
}

#[derive(Default)]
pub(super) struct State {
    /// Runs of which a part was read, the youngest last.
    pub parts: VecDeque<(Key, Parts)>,
    pub missions: HashMap<String, Mission>,
    heard: HashMap<Key, Heard>,
    /// What lists said of runs, for shells.
    pub seen: Seen,
    /// Runs that are to be asked for, whatever is kept.
    pub fresh: HashSet<Key>,
    /// Runs that were answered from here.
    pub answered: HashSet<Key>,
    /// Runs that are too large to be kept, which was said.
    pub too_large: HashSet<Key>,
    recent: Vec<(Key, Arc<Source>)>,
}

/// What the service said of a run: whether it has ended, and when it was last heard of.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    pub has_ended: bool,
    pub last: Option<Time>,
}

impl Heard {
    /// Whether that is younger than what is kept.
    fn is_news(self, kept: &Run) -> bool {
        !self.has_ended || self.last > kept.last_activity()
    }
}

impl State {
    pub fn hear(&mut self, run: &Run) {
        let told = Heard {
            // Lists of some services are wrong about that, and patches need not speak of it.
            has_ended: !run.status.is_going_on() || run.hearsay || run.raw.is_empty(),
            last: run.last_activity(),
        };
        let key = (run.mission_id.clone(), run.id.clone());
        let known = self.heard.entry(key).or_insert(told);
        known.has_ended = told.has_ended;
        known.last = known.last.max(told.last);
    }

    /// What was heard of a run. A list over all missions need not say which one it is in.
    pub fn heard(&self, key: &Key) -> Option<Heard> {
        let nowhere = (String::new(), key.1.clone());
        let told = [self.heard.get(key), self.heard.get(&nowhere)];
        let told = told.into_iter().flatten().copied();
        told.reduce(|a, b| Heard {
            has_ended: a.has_ended && b.has_ended,
            last: a.last.max(b.last),
        })
    }

    /// Whether what is kept of a run has ended and is no older than what was heard of it since.
    pub fn is_good(&self, run: &RunRef, source: &Source) -> bool {
        let heard = self.heard(&key(run));
        source.known(run).is_some_and(|kept| {
            kept.status.is_final() && heard.is_none_or(|heard| !heard.is_news(kept))
        })
    }

    /// What was read of a run that was read lately.
    pub fn recent(&self, key: &Key) -> Option<Arc<Source>> {
        let found = self.recent.iter().find(|(known, _)| known == key);
        found.map(|(_, source)| Arc::clone(source))
    }

    pub fn remember(&mut self, key: Key, source: Arc<Source>) {
        self.forget_recent(&key);
        if self.recent.len() >= RECENT {
            self.recent.remove(0);
        }
        self.recent.push((key, source));
    }

    pub fn forget_recent(&mut self, key: &Key) {
        self.recent.retain(|(known, _)| known != key);
    }

    /// The parts of a run, for more of them.
    pub fn parts(&mut self, key: &Key) -> Parts {
        let at = self.parts.iter().position(|(known, _)| known == key);
        let parts = at.and_then(|at| self.parts.remove(at));
        parts.map(|(_, parts)| parts).unwrap_or_default()
    }

    /// Waits for the rest of them.
    pub fn wait(&mut self, key: Key, parts: Parts) {
        self.parts.push_back((key, parts));
        if self.parts.len() > PARTS {
            self.parts.pop_front();
        }
    }
}
