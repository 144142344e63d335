//! Runs that have ended, kept on disk as they were read whole, so that the second opening asks nobody:
//! one file of JSON lines a run, in the schema of bundles, not packed, with a sum at its end. Values under
//! keys that are named like secrets, and the credentials in use, are left out before anything is written;
//! the rest is as it was sent and is masked on its way out like everything else. Files are private, are
//! found only by whoever asks with the same credential (the offline history asks for none), and are put in place by a rename, so that whoever
//! is killed leaves no half of one. What goes on or may go on, or may lack its end, is never kept.

mod access;
mod entry;
mod folder;
mod name;
mod parts;
mod seen;
mod state;
#[cfg(test)]
mod tests;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    fetch::{Connection, Keep},
    guard::{Redactor, Rules},
    model::{Ask, Mission, Record, Row, RunRef, Time, merge},
    provider::Provider,
    source::{self, Source},
};
pub use folder::{Folder, Stat};
use parts::Whole;
pub use seen::Glance;
use state::{State, key};

/// Of the rules by which secrets are found, those that leave values out of what is kept; the others may be
/// wrong, and what was kept without a value could never show it.
const KEPT_RULES: [&str; 2] = ["key-name", "authorization"];

/// Where the runs of a context come from. Two contexts of one name, one that was pointed elsewhere, and
/// two accounts of one service share nothing.
#[derive(Clone)]
pub struct Place {
    /// The context's name.
    pub context: String,
    /// The service.
    pub provider: &'static dyn Provider,
    /// Its address.
    pub base_url: String,
    /// A hash of what proves who asks.
    pub who: [u8; 32],
}

/// What is kept of one context.
pub struct Cache {
    folder: Folder,
    place: Place,
    redactor: Redactor,
    /// Of all rules, for what is kept masked.
    full: Redactor,
    state: Mutex<State>,
    /// Held by whoever reads an entry: who wants the same one meanwhile finds it read.
    reading: Mutex<()>,
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
            who: name::who(connection),
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
            full: redactor.clone(),
            redactor: redactor.with(Arc::new(rules)),
            state: Mutex::default(),
            reading: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lies on disk of a run, if it is whole and of this place.
    fn read(&self, run: &RunRef) -> Option<Source> {
        let path = self.folder.entry(&self.place, &run.mission, &run.run)?;
        if !path.exists() {
            return None;
        }
        let read = access::is_own_file(&path).then(|| source::entry(&path));
        let Some(source) = read.flatten() else {
            tracing::warn!(entry = %path.display(), "a damaged entry of the cache is ignored");
            return None;
        };
        let told = source.offline();
        let is_of_here = told.context == self.place.context
            && told.provider == self.place.provider.name()
            && told.base_url.as_deref() == Some(&*self.place.base_url);
        is_of_here.then_some(source)
    }

    fn write(
        &self,
        of: &RunRef,
        mut whole: Whole,
        mission: Option<&Mission>,
        heard: Option<Time>,
    ) -> io::Result<()> {
        // What lists say of it later is compared with what they said until now.
        whole.run.updated_at = whole.run.updated_at.max(heard);
        // It is found again where it was asked for.
        whole.run.mission_id = of.mission.to_string();
        let path = self.folder.new_entry(&self.place, &of.mission, &of.run)?;
        let limit = self.folder.limit();
        entry::write(&path, &self.place, mission, &whole, &self.redactor, limit)?;
        self.folder.prune();
        Ok(())
    }

    fn say(&self, of: &RunRef, fault: &io::Error) {
        let run = &*of.run;
        if fault.kind() != io::ErrorKind::FileTooLarge {
            tracing::warn!(run, %fault, "a run could not be kept");
        } else if self.state().too_large.insert(key(of)) {
            let limit = self.folder.limit();
            tracing::warn!(run, limit, "a run is larger than all that may be kept");
        }
    }
}

impl Drop for Cache {
    /// What lists said is remembered for shells.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let seen = std::mem::take(&mut state.seen);
        let masking = self.full.masking();
        seen.write(
            self.folder.below(),
            &self.place.context,
            &state.missions,
            masking,
        );
    }
}

impl Keep for Cache {
    fn find(&self, run: &RunRef, goes_on: bool) -> Option<Arc<Source>> {
        let key = key(run);
        let recent = || {
            let state = self.state();
            let source = state.recent(&key)?;
            // Whoever was told the beginning is told the rest of the same.
            (goes_on || state.is_good(run, &source)).then_some(source)
        };
        {
            let state = self.state();
            if state.fresh.contains(&key) || goes_on && !state.answered.contains(&key) {
                return None;
            }
        }
        if let Some(source) = recent() {
            return Some(source);
        }
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = recent() {
            return Some(source);
        }
        let source = Arc::new(self.read(run)?);
        let mut state = self.state();
        if !state.is_good(run, &source) {
            return None;
        }
        state.remember(key.clone(), Arc::clone(&source));
        state.answered.insert(key);
        Some(source)
    }

    fn take(&self, ask: &Ask, asked: Time, rows: Vec<Row>) {
        let Some(run) = ask.run() else {
            return;
        };
        let key = key(run);
        let (whole, mission, heard) = {
            let mut state = self.state();
            let mut parts = state.parts(&key);
            parts.take(ask, asked, rows);
            if !parts.are_all(self.place.provider, run) {
                state.wait(key, parts);
                return;
            }
            let mission = state.missions.get(&*run.mission).cloned();
            let heard = state.heard(&key);
            drop(state);
            if heard.is_some_and(|heard| !heard.has_ended) {
                return;
            }
            let last = heard.and_then(|heard| heard.last);
            let Some(whole) = parts.whole(self.place.provider, last) else {
                return;
            };
            (whole, mission, last)
        };
        let written = self.write(run, whole, mission.as_ref(), heard);
        let mut state = self.state();
        state.forget_recent(&key);
        match written {
            Ok(()) => {
                state.fresh.remove(&key);
            }
            Err(fault) => {
                drop(state);
                self.say(run, &fault);
            }
        }
    }

    fn hear(&self, record: &Record) {
        let mut state = self.state();
        match record {
            Record::Run(run) => {
                state.hear(run);
                state.seen.hear(run);
            }
            Record::Mission(mission) => {
                // What lies beside a mission is heard of without its name.
                match state.missions.get_mut(&mission.id) {
                    Some(known) => drop(merge::mission(known, mission.clone())),
                    None => drop(state.missions.insert(mission.id.clone(), mission.clone())),
                }
            }
            Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => {}
        }
    }

    fn forget(&self, run: &RunRef) {
        let mut state = self.state();
        let key = key(run);
        state.forget_recent(&key);
        state.answered.remove(&key);
        state.parts(&key);
        state.fresh.insert(key);
    }
}
