//! The folder in which runs are kept: whether it may be used, how much there may be, what there is. What
//! it takes away it knows by name: whatever else lies there stays.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde::Serialize;

use super::{
    Place, access, name,
    seen::{self, Glance},
};
use crate::{
    model::Offline,
    source::{self, Glimpse, Source},
};

/// After so long nobody writes a file any more that was not finished.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Where runs are kept, and how many bytes of them.
#[derive(Clone, Debug)]
pub struct Folder {
    below: PathBuf,
    at: PathBuf,
    limit: u64,
}

/// What there is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Stat {
    /// Where.
    pub folder: PathBuf,
    /// How many runs.
    pub runs: usize,
    /// Bytes of them.
    pub bytes: u64,
    /// How many bytes there may be.
    pub limit: u64,
    /// Entries that are ignored because they are damaged.
    pub damaged: Vec<PathBuf>,
    /// What was found there that sortie did not put there, and leaves.
    pub foreign: Vec<PathBuf>,
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    changed: SystemTime,
}

/// What lies in the folder.
#[derive(Default)]
struct Found {
    folders: Vec<PathBuf>,
    entries: Vec<Entry>,
    unfinished: Vec<Entry>,
    foreign: Vec<PathBuf>,
}

impl Folder {
    /// Below sortie's folder for what can be had again. `limit` is in bytes. Nothing is made or looked at.
    pub fn new(below: &Path, limit: u64) -> Self {
        Self {
            below: below.to_owned(),
            at: below.join("runs"),
            limit,
        }
    }

    /// Why nothing can be kept there or read from there, in a sentence; nothing where it can.
    pub fn refusal(&self) -> Option<String> {
        let why = access::refusal(&self.below).or_else(|| access::refusal(&self.at))?;
        Some(format!(
            "runs that have ended are not kept, and none is read: {why}"
        ))
    }

    /// How many bytes there may be.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The file of a run; none where nothing was ever kept.
    pub(super) fn entry(&self, place: &Place, mission: &str, run: &str) -> Option<PathBuf> {
        // Read anew: somebody may have cleared the folder meanwhile.
        let salt = name::salt(&self.at)?;
        Some(self.named(&salt, place, mission, run))
    }

    /// The same for whoever is about to write it.
    pub(super) fn new_entry(&self, place: &Place, mission: &str, run: &str) -> io::Result<PathBuf> {
        let salt = name::make_salt(&self.at)?;
        Ok(self.named(&salt, place, mission, run))
    }

    fn named(&self, salt: &[u8], place: &Place, mission: &str, run: &str) -> PathBuf {
        let of = [
            place.provider.name().as_bytes(),
            place.context.as_bytes(),
            place.base_url.as_bytes(),
            &place.who,
        ];
        let of = name::of(salt, &place.context, &of);
        let run = name::of(salt, run, &[mission.as_bytes(), run.as_bytes()]);
        self.at.join(of).join(format!("{run}.{}", name::ENDING))
    }

    /// What there is. Reads all of it.
    pub fn stat(&self) -> Stat {
        let found = self.found();
        let entries = found.entries.iter();
        let damaged = entries.filter(|entry| source::entry(&entry.path).is_none());
        self.told(&found, damaged.map(|entry| entry.path.clone()).collect())
    }

    fn told(&self, found: &Found, damaged: Vec<PathBuf>) -> Stat {
        Stat {
            folder: self.at.clone(),
            runs: found.entries.len(),
            bytes: found.entries.iter().map(|entry| entry.bytes).sum(),
            limit: self.limit,
            damaged,
            foreign: found.foreign.clone(),
        }
    }

    /// Takes all of it away that sortie put there, and says what that was.
    pub fn clear(&self) -> io::Result<Stat> {
        if let Some(why) = self.refusal() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        let found = self.found();
        let told = self.told(&found, Vec::new());
        for file in found.entries.iter().chain(&found.unfinished) {
            remove(fs::remove_file(&file.path))?;
        }
        remove(fs::remove_file(self.at.join(name::SALT)))?;
        remove(fs::remove_file(self.below.join(seen::NAME)))?;
        for folder in found.folders.iter().chain([&self.at]) {
            // One that has something else in it stays with that.
            let _ = fs::remove_dir(folder);
        }
        Ok(told)
    }

    /// Takes the oldest away until the rest is small enough, and what nobody finished.
    pub(super) fn prune(&self) {
        let Found {
            mut entries,
            unfinished,
            ..
        } = self.found();
        entries.sort_by_key(|entry| entry.changed);
        let mut bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
        for entry in entries {
            if bytes <= self.limit {
                break;
            }
            if fs::remove_file(&entry.path).is_ok() {
                bytes = bytes.saturating_sub(entry.bytes);
            }
        }
        for file in unfinished {
            if file.changed.elapsed().is_ok_and(|age| age > ABANDONED) {
                // Another one may have done it.
                let _ = fs::remove_file(&file.path);
            }
        }
    }

    /// What is kept, by contexts in the order of their names: those that are wanted, or all. Of a run that
    /// was kept for several credentials the youngest record counts.
    pub fn history(&self, wanted: impl Fn(&Offline) -> bool) -> Vec<Source> {
        let mut contexts: Vec<(Offline, Vec<(PathBuf, Glimpse)>)> = Vec::new();
        let mut entries = self.found().entries;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.changed));
        for entry in entries {
            let Some(glimpse) = source::glimpse(&entry.path) else {
                tracing::warn!(entry = %entry.path.display(), "a damaged entry of the cache is ignored");
                continue;
            };
            let told = &glimpse.offline;
            if !wanted(told) {
                continue;
            }
            let is_same = |known: &Offline| {
                known.context == told.context
                    && known.provider == told.provider
                    && known.base_url == told.base_url
            };
            match contexts.iter_mut().find(|(known, _)| is_same(known)) {
                Some((known, runs)) => {
                    known.made_at = known.made_at.max(told.made_at);
                    runs.push((entry.path, glimpse));
                }
                None => contexts.push((told.clone(), vec![(entry.path, glimpse)])),
            }
        }
        contexts.sort_by(|(a, _), (b, _)| a.context.cmp(&b.context));
        let sources = contexts.into_iter();
        sources
            .map(|(offline, runs)| Source::history(offline, runs))
            .collect()
    }

    /// Below what.
    pub(super) fn below(&self) -> &Path {
        &self.below
    }

    /// Runs and missions that were in lists lately, the newest first.
    pub fn seen(&self) -> Vec<Glance> {
        seen::read(&self.below)
    }

    /// What the entries are about that were written last, so many at most. Reads little of each.
    pub fn newest(&self, most: usize) -> Vec<Glimpse> {
        let mut entries = self.found().entries;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.changed));
        let glimpses = entries.iter().take(most);
        glimpses
            .filter_map(|entry| source::glimpse(&entry.path))
            .collect()
    }

    /// Looks through folders and files of our own. Nothing is looked for behind links.
    fn found(&self) -> Found {
        let mut found = Found::default();
        if self.refusal().is_some() {
            return found;
        }
        for item in read(&self.at) {
            let path = item.path();
            if item.file_type().is_ok_and(|sort| sort.is_dir()) && has_name(&path, "") {
                for file in read(&path) {
                    found.file(&file);
                }
                found.folders.push(path);
            } else if path.file_name().is_none_or(|name| name != name::SALT) {
                found.file(&item);
            }
        }
        found
    }
}

impl Found {
    fn file(&mut self, file: &fs::DirEntry) {
        let path = file.path();
        let is_ours = |told: &fs::Metadata| told.is_file() && access::is_own_file(&path);
        let told = file.metadata().ok().filter(is_ours);
        let changed = told.as_ref().and_then(|told| told.modified().ok());
        let Some((told, changed)) = told.zip(changed) else {
            self.foreign.push(path);
            return;
        };
        let entry = Entry {
            bytes: told.len(),
            changed,
            path,
        };
        if is_unfinished(&entry.path) {
            self.unfinished.push(entry);
        } else if has_name(&entry.path, name::ENDING) {
            self.entries.push(entry);
        } else {
            self.foreign.push(entry.path);
        }
    }
}

fn read(folder: &Path) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}

/// What is gone already need not be taken away.
fn remove(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes()
        .starts_with(name::UNFINISHED.as_bytes())
}

/// Whether it is called as things are here, with that ending or none.
fn has_name(path: &Path, ending: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.and_then(|name| match ending {
        "" => Some(name),
        ending => name.strip_suffix(ending)?.strip_suffix('.'),
    });
    name.is_some_and(name::is_ours)
}
