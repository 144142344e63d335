//! Runs that have ended, kept on disk as they were read whole, so that the second opening asks nobody:
//! one file of JSON lines a run, in the schema of bundles, not packed. Values under keys that are named
//! like secrets, and the credentials in use, are left out before anything is written; the rest is as it
//! was sent and is masked on its way out like everything else. Files are private, and are put in place
//! by a rename, so that whoever is killed leaves no half of one. What goes on or may go on is never kept.

mod entry;
mod folder;
mod parts;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    fetch::{Connection, Keep},
    guard::{Redactor, Rules},
    model::{Ask, Mission, Record, Row, Run, RunRef, Time},
    provider::Provider,
    source::{self, Source},
};
pub use folder::{Folder, Stat};
use parts::Parts;

/// Runs of which the records stay in memory once they were read.
const RECENT: usize = 4;

/// Of the rules by which secrets are found, those that leave values out of what is kept; the others may be
/// wrong, and what was kept without a value could never show it.
const KEPT_RULES: [&str; 2] = ["key-name", "authorization"];

/// Where the runs of a context come from. Two contexts of one name, or one that was pointed elsewhere,
/// share nothing.
#[derive(Clone)]
pub struct Place {
    /// The context's name.
    pub context: String,
    /// The service.
    pub provider: &'static dyn Provider,
    /// Its address.
    pub base_url: String,
}

/// What is kept of one context.
pub struct Cache {
    folder: Folder,
    place: Place,
    redactor: Redactor,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Runs of which a part was read.
    parts: HashMap<String, Parts>,
    missions: HashMap<String, Mission>,
    /// What the service said of runs: whether they have ended, and when they were last heard of.
    heard: HashMap<String, Heard>,
    /// Runs that are to be asked for, whatever is kept.
    fresh: HashSet<String>,
    /// Runs that were answered from here.
    answered: HashSet<String>,
    recent: Vec<(String, Arc<Source>)>,
}

#[derive(Clone, Copy)]
struct Heard {
    has_ended: bool,
    last: Option<Time>,
}

impl Place {
    /// Where a connection leads.
    pub fn of(connection: &Connection) -> Self {
        Self {
            context: connection.name.clone(),
            provider: connection.provider,
            base_url: connection
                .base_url
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
        }
    }
}

impl Cache {
    /// Of a context, below a folder.
    pub fn new(folder: Folder, place: Place, redactor: Redactor) -> Self {
        let mut rules = Rules::default();
        for name in Rules::names() {
            if !KEPT_RULES.contains(&name) {
                rules.switch_off(name);
            }
        }
        Self {
            folder,
            place,
            redactor: redactor.with(Arc::new(rules)),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, mission: &str, run: &str) -> PathBuf {
        self.folder.entry(&self.place, mission, run)
    }

    /// What lies on disk of a run, if it is of this place and not older than what was heard since.
    fn read(&self, run: &RunRef, heard: Option<Heard>) -> Option<Source> {
        let path = self.path(&run.mission, &run.run);
        if !path.exists() {
            return None;
        }
        let Some(source) = source::entry(&path) else {
            tracing::warn!(entry = %path.display(), "a damaged entry of the cache is ignored");
            return None;
        };
        let told = source.offline();
        let is_of_here = told.context == self.place.context
            && told.provider == self.place.provider.name()
            && told.base_url.as_deref() == Some(&*self.place.base_url);
        let kept = is_of_here.then(|| source.known(run))??;
        let is_news =
            heard.is_some_and(|heard| !heard.has_ended || heard.last > kept.last_activity());
        (kept.status.is_final() && !is_news).then_some(source)
    }

    fn write(
        &self,
        parts: &Parts,
        mission: Option<&Mission>,
        heard: Option<Heard>,
    ) -> io::Result<()> {
        let Some(mut whole) = parts.whole(self.place.provider) else {
            return Ok(());
        };
        // What lists say of it later is compared with what they said until now.
        let last = heard.and_then(|heard| heard.last);
        whole.run.updated_at = whole.run.updated_at.max(last);
        let path = self.path(&whole.run.mission_id, &whole.run.id);
        entry::write(&path, &self.place, mission, &whole, &self.redactor)?;
        self.folder.prune();
        Ok(())
    }
}

impl Keep for Cache {
    fn find(&self, run: &RunRef, goes_on: bool) -> Option<Arc<Source>> {
        let id = run.run.to_string();
        let heard = {
            let state = self.state();
            if state.fresh.contains(&id) || goes_on && !state.answered.contains(&id) {
                return None;
            }
            let heard = state.heard.get(&id).copied();
            let recent = state.recent.iter().find(|(known, _)| *known == id);
            if let Some((_, source)) = recent.filter(|_| heard.is_none_or(|heard| heard.has_ended))
            {
                return Some(Arc::clone(source));
            }
            heard
        };
        let source = Arc::new(self.read(run, heard)?);
        let mut state = self.state();
        if state.recent.len() >= RECENT {
            state.recent.remove(0);
        }
        state.recent.push((id.clone(), Arc::clone(&source)));
        state.answered.insert(id);
        Some(source)
    }

    fn take(&self, ask: &Ask, rows: Vec<Row>) {
        let Some(run) = ask.run() else {
            return;
        };
        let id = run.run.to_string();
        let (parts, mission, heard) = {
            let mut state = self.state();
            let parts = state.parts.entry(id.clone()).or_default();
            parts.take(ask, rows);
            if !parts.are_all(self.place.provider, run) {
                return;
            }
            let parts = state.parts.remove(&id).unwrap_or_default();
            state.fresh.remove(&id);
            let mission = state.missions.get(&*run.mission).cloned();
            (parts, mission, state.heard.get(&id).copied())
        };
        if let Err(fault) = self.write(&parts, mission.as_ref(), heard) {
            tracing::warn!(%fault, "a run could not be kept");
        }
    }

    fn hear(&self, record: &Record) {
        let mut state = self.state();
        match record {
            Record::Run(run) => state.hear(run),
            Record::Mission(mission) => {
                state.missions.insert(mission.id.clone(), mission.clone());
            }
            Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => {}
        }
    }

    fn forget(&self, run: &RunRef) {
        let mut state = self.state();
        let id = run.run.to_string();
        state.recent.retain(|(known, _)| *known != id);
        state.answered.remove(&id);
        state.parts.remove(&id);
        state.fresh.insert(id);
    }
}

impl State {
    fn hear(&mut self, run: &Run) {
        let told = Heard {
            // Lists of some services are wrong about that, and patches need not speak of it.
            has_ended: !run.status.is_going_on() || run.hearsay || run.raw.is_empty(),
            last: run.last_activity(),
        };
        let known = self.heard.entry(run.id.clone()).or_insert(told);
        known.has_ended = told.has_ended;
        known.last = known.last.max(told.last);
    }
}
