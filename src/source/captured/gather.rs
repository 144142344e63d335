//! The captured replies of all files, put together: which record is of which run, whichever file has it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::SystemTime,
};

use super::{
    super::{Said, file::File, kept::Kept, ladder},
    group::{self, Group},
    paper::{Papers, title},
    scan::Scan,
    slot::Slot,
};
use crate::{
    model::{Ask, Batch, Mission, Payload, Record, Row, RunRef, Time, merge},
    provider::{Provider, ReadError},
};

/// Captured files.
#[derive(Default)]
pub(in crate::source) struct Gathering {
    files: Vec<Captured>,
}

/// One of them.
struct Captured {
    id: String,
    name: String,
    scan: Scan,
}

impl Gathering {
    /// Takes a file, which is shown under this id and name.
    pub fn add(&mut self, id: String, name: String, scan: Scan) {
        self.files.push(Captured { id, name, scan });
    }

    /// Whether a file has this id.
    pub fn has(&self, id: &str) -> bool {
        self.files.iter().any(|file| file.id == id)
    }

    /// What all of them tell together, and what is to be said of them.
    pub fn settle(self) -> (Vec<File>, Vec<Said>) {
        if self.files.is_empty() {
            return Default::default();
        }
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let received = i64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(i64::MAX);
        let mut reading = Reading {
            received: Time(received),
            files: Vec::new(),
            slots: Vec::new(),
            places: HashMap::new(),
            missions: Vec::new(),
            mission_places: HashMap::new(),
            told: Vec::new(),
        };
        let mut groups = Vec::new();
        for (number, file) in self.files.into_iter().enumerate() {
            let sorted = group::groups(number, file.scan);
            groups.extend(sorted.groups);
            let mut papers = Papers::default();
            for other in sorted.rest {
                papers.put(other);
            }
            for (number, raw) in sorted.broken {
                papers.broken(raw, number);
            }
            reading.files.push((file.id, file.name, papers));
        }
        reading.all(groups)
    }
}

/// Runs by their service and a name that is not their id.
type Threads = HashMap<(&'static str, Arc<str>), RunRef>;

/// The state of putting them together.
struct Reading {
    received: Time,
    /// Id, name and what is nothing of a run.
    files: Vec<(String, String, Papers)>,
    slots: Vec<Slot>,
    /// Where a run is, by its service and id.
    places: HashMap<(&'static str, String), usize>,
    /// With the service and the number of the file.
    missions: Vec<(&'static str, usize, Mission)>,
    mission_places: HashMap<(&'static str, String), usize>,
    told: Vec<Said>,
}

impl Reading {
    fn all(mut self, mut groups: Vec<Group>) -> (Vec<File>, Vec<Said>) {
        let mut threads = Threads::new();
        for group in groups.iter().filter(|group| !group.is_homeless()) {
            let run = group.answer.ask.run().cloned();
            for thread in &group.threads {
                if let Some(run) = &run {
                    threads.insert((group.provider.name(), Arc::clone(thread)), run.clone());
                }
            }
            self.read(group);
        }
        // Which runs there are is known now.
        let named = self.slots.len();
        for group in groups.iter_mut().filter(|group| group.is_homeless()) {
            let home = self.home(group, &threads, named);
            group.settle(&home);
            self.read(group);
        }
        self.recall(&groups);
        self.finish(&groups);
        self.built()
    }

    /// The run of records that do not name it: what another record says, else the only one of their service
    /// that there is, else one of their own.
    fn home(&mut self, group: &Group, threads: &Threads, named: usize) -> RunRef {
        let service = group.provider.name();
        let mut said = group.threads.iter();
        if let Some(run) = said.find_map(|thread| threads.get(&(service, Arc::clone(thread)))) {
            return run.clone();
        }
        let file = self.files.get(group.file);
        let name = file.map_or("", |(_, name, _)| name.as_str());
        let named = self.slots.iter().take(named);
        let mut known = named.filter(|slot| slot.provider.name() == service);
        if let (Some(only), None) = (known.next(), known.next()) {
            self.told.push(Said {
                text: format!(
                    "{name} names no run: it is shown with {}, the only one that is open",
                    only.id
                ),
                is_refusal: false,
            });
            return run_ref(&only.id);
        }
        run_ref(group.threads.first().map_or(name, |thread| thread))
    }

    fn read(&mut self, group: &Group) {
        let batch = match group.read(self.received) {
            Ok(batch) => batch,
            Err(error) => {
                self.unread(group, &error);
                return;
            }
        };
        let run = group.answer.ask.run().cloned();
        if let Some(run) = &run {
            let at = self.slot(group.provider, &run.run, group.file);
            let from = self.slots.get_mut(at).map_or(0, Slot::name);
            self.take(group, batch, Some(&run.run));
            if let Some(slot) = self.slots.get_mut(at) {
                for (before, number, raw) in &group.broken {
                    let (event, _) = ladder::event(Payload::new(raw.clone()), *number, false);
                    slot.broken(event, from + before);
                }
            }
            return;
        }
        self.take(group, batch, None);
        if let Some((_, _, papers)) = self.files.get_mut(group.file) {
            for (_, number, raw) in &group.broken {
                papers.broken(raw.clone(), *number);
            }
        }
    }

    /// What its reader does not take for a reply: a refusal, or what only looked like one.
    fn unread(&mut self, group: &Group, error: &ReadError) {
        let Some((_, _, papers)) = self.files.get_mut(group.file) else {
            return;
        };
        let service = title(group.provider.name());
        match error {
            ReadError::Said(words) | ReadError::Missing(words) => {
                let raw = group.records.first().cloned().unwrap_or_default();
                papers.refuse(raw, service, words.clone());
            }
            ReadError::Foreign(_) => {
                for raw in &group.records {
                    papers.foreign(raw.clone(), service);
                }
            }
        }
    }

    fn take(&mut self, group: &Group, batch: Batch, run: Option<&str>) {
        let is_transcript = matches!(group.answer.ask, Ask::Events { .. });
        let provider = group.provider;
        for row in batch.rows {
            let of = match row.record() {
                Record::Run(told) => Some(told.id.clone()),
                Record::Elsewhere(told) => Some(told.run.clone()),
                Record::Step(_) | Record::Event(_) => run.map(str::to_owned),
                Record::Mission(_) => None,
            };
            match (of, row) {
                (Some(of), row) => {
                    let at = self.slot(provider, &of, group.file);
                    if let Some(slot) = self.slots.get_mut(at) {
                        slot.put(row, group.file, is_transcript);
                    }
                }
                (None, Row::Full(Record::Mission(mission))) => {
                    self.mission(provider.name(), group.file, mission, true);
                }
                (None, Row::Patch(Record::Mission(mission))) => {
                    self.mission(provider.name(), group.file, mission, false);
                }
                (None, Row::Full(Record::Event(event)) | Row::Patch(Record::Event(event))) => {
                    if let Some((_, _, papers)) = self.files.get_mut(group.file) {
                        papers.odd(provider, event);
                    }
                }
                (None, _) => {}
            }
        }
        for ask in batch.also {
            let of = ask.run().map(|run| run.run.to_string());
            if let Some(at) = of.and_then(|of| self.places.get(&(provider.name(), of)))
                && let Some(slot) = self.slots.get_mut(*at)
            {
                slot.also.push(ask);
            }
        }
        if let Some(run) = run {
            let at = self.slot(provider, run, group.file);
            if let Some(slot) = self.slots.get_mut(at) {
                slot.skipped = slot.skipped.saturating_add(batch.skipped);
            }
        }
    }

    fn slot(&mut self, provider: &'static dyn Provider, run: &str, file: usize) -> usize {
        let name = self
            .files
            .get(file)
            .map_or("", |(_, name, _)| name.as_str());
        let id = if run.is_empty() { name } else { run };
        let next = self.slots.len();
        let key = (provider.name(), id.to_owned());
        let at = *self.places.entry(key).or_insert(next);
        if at == next {
            self.slots.push(Slot::new(provider, id, file));
        }
        at
    }

    fn mission(&mut self, service: &'static str, file: usize, mission: Mission, is_whole: bool) {
        let next = self.missions.len();
        let key = (service, mission.id.clone());
        let at = *self.mission_places.entry(key).or_insert(next);
        let known = self.missions.get_mut(at);
        match known {
            // What was told besides comes over the record, as if it had been asked for after it.
            Some((_, home, known)) if is_whole && known.raw.is_empty() => {
                *home = file;
                let besides = std::mem::replace(known, mission);
                merge::mission(known, besides);
            }
            Some((_, _, known)) => {
                merge::mission(known, mission);
            }
            None => self.missions.push((service, file, mission)),
        }
    }

    /// What readers would have asked besides, as far as other records tell it.
    fn recall(&mut self, groups: &[Group]) {
        let mut told = HashSet::new();
        let mut shelf: HashMap<&'static str, Vec<bytes::Bytes>> = HashMap::new();
        for group in groups
            .iter()
            .filter(|group| group.answer.ask.run().is_none())
        {
            let records = group.records.iter().cloned();
            shelf
                .entry(group.provider.name())
                .or_default()
                .extend(records);
        }
        for slot in &mut self.slots {
            let beside = shelf
                .get(slot.provider.name())
                .map_or(&[][..], Vec::as_slice);
            for ask in std::mem::take(&mut slot.also) {
                let newest = slot.newest.clone().map(|(_, raw)| raw);
                let records = match &ask {
                    Ask::Events { .. } => newest.as_slice(),
                    _ => beside,
                };
                for row in slot.provider.recall(&ask, records, self.received) {
                    if let Record::Event(event) = row.record() {
                        told.insert(event.id.clone());
                    }
                    slot.put(row, slot.file, false);
                }
            }
        }
        for slot in &mut self.slots {
            slot.take_strays(&told);
        }
    }

    fn finish(&mut self, groups: &[Group]) {
        for slot in &mut self.slots {
            if !slot.patch() {
                continue;
            }
            let (service, id) = (slot.provider.name(), slot.id.clone());
            let own = groups.iter().filter(|group| {
                let run = group.answer.ask.run();
                group.provider.name() == service && run.is_some_and(|run| *run.run == *id)
            });
            for group in own {
                slot.stand_alone(group, self.received);
            }
        }
    }

    /// A mission for each file that has runs or papers, and those that have records.
    fn built(mut self) -> (Vec<File>, Vec<Said>) {
        let mut of_missions: Vec<Vec<Kept>> = self.missions.iter().map(|_| Vec::new()).collect();
        let mut of_files: Vec<Vec<Kept>> = self.files.iter().map(|_| Vec::new()).collect();
        for slot in self.slots.into_iter().filter(Slot::is_told) {
            let (service, file) = (slot.provider.name(), slot.file);
            let mut kept = slot.kept();
            let key = (service, kept.run.mission_id.clone());
            let home = self.mission_places.get(&key);
            if let Some(runs) = home.and_then(|at| of_missions.get_mut(*at)) {
                runs.push(kept);
            } else if let Some((id, _, _)) = self.files.get(file)
                && let Some(runs) = of_files.get_mut(file)
            {
                kept.run.mission_id.clone_from(id);
                runs.push(kept);
            }
        }
        let mut missions: Vec<Vec<File>> = self.files.iter().map(|_| Vec::new()).collect();
        for ((_, file, mut mission), runs) in self.missions.into_iter().zip(of_missions) {
            if mission.name.is_empty() {
                mission.name.clone_from(&mission.id);
            }
            if let Some(files) = missions.get_mut(file) {
                files.push(File::of(mission, runs));
            }
        }
        let mut files = Vec::new();
        let all = self.files.into_iter().zip(of_files).zip(missions);
        for (((id, name, papers), mut runs), missions) in all {
            self.told.extend(papers.told(&name));
            let is_said = papers.is_said();
            if !papers.is_empty() {
                // Records that name no run may have made one of that name.
                let is_taken = runs.iter().any(|kept| kept.run.id == name);
                let own = if is_taken {
                    format!("{name}, other records")
                } else {
                    name.clone()
                };
                let mut kept = papers.kept(&own);
                kept.run.mission_id.clone_from(&id);
                runs.push(kept);
            }
            if !runs.is_empty() || is_said {
                let mission = Mission {
                    id,
                    name,
                    ..Mission::default()
                };
                files.push(File::of(mission, runs));
            }
            files.extend(missions);
        }
        (files, self.told)
    }
}

fn run_ref(id: &str) -> RunRef {
    RunRef {
        mission: "".into(),
        run: id.into(),
        room: None,
    }
}
