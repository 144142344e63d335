//! The folder in which runs are kept: names of entries, how much there may be, what there is.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde::Serialize;

use super::Place;
use crate::{
    model::Offline,
    source::{self, Source},
    text::percent::encoded,
};

/// What the name of a file begins with that is still being written.
pub(super) const UNFINISHED: &str = ".unfinished-";
/// After so long nobody writes it any more.
const ABANDONED: Duration = Duration::from_secs(60 * 60);
const ENDING: &str = "jsonl";
/// Characters of ids in names.
const SHOWN: usize = 80;

/// Where runs are kept, and how many bytes of them.
#[derive(Clone, Debug)]
pub struct Folder {
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
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    changed: SystemTime,
}

impl Folder {
    /// Below sortie's folder for what can be had again. `limit` is in bytes.
    pub fn new(below: &Path, limit: u64) -> Self {
        Self {
            at: below.join("runs"),
            limit,
        }
    }

    /// The file of a run.
    pub(super) fn entry(&self, place: &Place, mission: &str, run: &str) -> PathBuf {
        let provider = place.provider.name();
        let of = name(&place.context, &[provider, &place.context, &place.base_url]);
        let run = name(run, &[mission, run]);
        self.at.join(of).join(format!("{run}.{ENDING}"))
    }

    /// What there is.
    pub fn stat(&self) -> Stat {
        let entries = self.entries();
        let damaged = entries
            .iter()
            .filter(|entry| source::glimpse(&entry.path).is_none());
        Stat {
            folder: self.at.clone(),
            runs: entries.len(),
            bytes: entries.iter().map(|entry| entry.bytes).sum(),
            limit: self.limit,
            damaged: damaged.map(|entry| entry.path.clone()).collect(),
        }
    }

    /// Takes all of it away, and says what that was.
    pub fn clear(&self) -> io::Result<Stat> {
        let stat = self.stat();
        match fs::remove_dir_all(&self.at) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
            _ => Ok(stat),
        }
    }

    /// Takes the oldest away until the rest is small enough, and what nobody finished.
    pub(super) fn prune(&self) {
        let mut entries = self.entries();
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
        for file in self.files() {
            let is_abandoned = is_unfinished(&file.path)
                && file.changed.elapsed().is_ok_and(|age| age > ABANDONED);
            if is_abandoned {
                // Another one may have done it.
                let _ = fs::remove_file(&file.path);
            }
        }
    }

    /// What is kept, by contexts in the order of their names: those that are wanted, or all.
    pub fn history(&self, wanted: impl Fn(&Offline) -> bool) -> Vec<Source> {
        let mut contexts: Vec<(Offline, Vec<_>)> = Vec::new();
        for entry in self.entries() {
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

    fn entries(&self) -> Vec<Entry> {
        let mut files = self.files();
        files.retain(|file| !is_unfinished(&file.path));
        files.retain(|file| file.path.extension().is_some_and(|end| end == ENDING));
        files
    }

    fn files(&self) -> Vec<Entry> {
        let folders = fs::read_dir(&self.at).into_iter().flatten().flatten();
        // A link may lead to somebody else's files.
        let own = folders.filter(|folder| folder.file_type().is_ok_and(|sort| sort.is_dir()));
        let files = own.filter_map(|folder| fs::read_dir(folder.path()).ok());
        let files = files.flatten().flatten();
        let entries = files.filter_map(|file| {
            let told = file.metadata().ok()?;
            Some(Entry {
                path: file.path(),
                bytes: told.len(),
                changed: told.modified().ok()?,
            })
        });
        entries.collect()
    }
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(UNFINISHED.as_bytes())
}

/// Makes a folder that nobody else may look into.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// A name for a file: what a person would look for, and what makes it one of its kind.
fn name(shown: &str, parts: &[&str]) -> String {
    let shown: String = encoded(shown).chars().take(SHOWN).collect();
    let shown = shown.trim_start_matches('.');
    format!("{shown}-{:016x}", hash(parts))
}

/// FNV-1a, which is the same in every version of everything. Whoever reads an entry compares what it
/// says of itself.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
