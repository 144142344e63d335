//! Runs that lie each in a file of its own, as sortie's cache writes them: listed by their first lines, and
//! read whole when they are asked for. A file that does not end as it should is no such run, and one whose
//! bytes do not give the sum at its end is not read.

use std::{
    collections::HashMap,
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use flate2::Crc;

use super::{
    Source, carried,
    file::File,
    header,
    kept::Kept,
    record::{self, Sort},
};
use crate::model::{Mission, Offline, Run, RunRef, Trouble};

/// What the first lines of an entry say.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// Where it comes from.
    pub offline: Offline,
    /// The mission, where it is told.
    pub mission: Option<Mission>,
    /// The run.
    pub run: Run,
}

/// Lines before that of the run: header and mission.
const BEFORE: usize = 3;
/// Bytes of the last line, at most.
const LAST: u64 = 128;

/// What an entry is about; none where it is damaged or none at all.
pub fn glimpse(path: &Path) -> Option<Glimpse> {
    let mut file = fs::File::open(path).ok()?;
    if !ends(&mut file).ok()? {
        return None;
    }
    file.rewind().ok()?;
    let mut lines = BufReader::new(file);
    let (mut offline, mut mission) = (None, None);
    for _ in 0..=BEFORE {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).ok()?;
        let line = Bytes::from(line);
        let object = record::object(&line)?;
        match record::sort(&object)? {
            Sort::Header => offline = Some(header::read(&object)),
            Sort::Mission => mission = Some(record::mission(&line, &object)),
            Sort::Run => {
                let run = record::run(&line, &object);
                let offline = offline?;
                return Some(Glimpse {
                    offline,
                    mission,
                    run,
                });
            }
            Sort::Step | Sort::Event | Sort::End | Sort::Unknown => return None,
        }
    }
    None
}

/// Whether the last line says that nothing is missing.
fn ends(file: &mut fs::File) -> io::Result<bool> {
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(LAST)))?;
    let mut last = Vec::new();
    file.take(LAST).read_to_end(&mut last)?;
    Ok(sum(&last).is_some())
}

/// The sum that stands in the last line, and where that begins.
fn sum(bytes: &[u8]) -> Option<(u64, usize)> {
    let line = bytes.strip_suffix(b"\n")?;
    let start = memchr::memrchr(b'\n', line)? + 1;
    let object = record::object(line.get(start..)?)?;
    let is_end = record::sort(&object)? == Sort::End;
    is_end
        .then(|| object.count("crc32"))
        .flatten()
        .zip(Some(start))
}

/// Whether the bytes are those that were written.
fn is_whole(bytes: &[u8]) -> bool {
    let Some((told, end)) = sum(bytes) else {
        return false;
    };
    let mut sum = Crc::new();
    sum.update(bytes.get(..end).unwrap_or_default());
    u64::from(sum.sum()) == told
}

/// An entry, read whole; none where it is damaged or none at all.
pub fn entry(path: &Path) -> Option<Source> {
    let bytes = Bytes::from(fs::read(path).ok()?);
    if !is_whole(&bytes) {
        return None;
    }
    let carried = carried::read(&bytes)?;
    let mut origins = carried.origins.into_iter();
    let origin = origins.next().filter(|_| !carried.is_damaged)?;
    Some(Source {
        offline: origin.offline,
        files: origin.missions,
        ..Source::default()
    })
}

/// Where runs lie, and the one that was read last.
#[derive(Default)]
pub(super) struct Entries {
    /// By mission and run.
    paths: HashMap<(String, String), PathBuf>,
    last: Mutex<Option<(PathBuf, Arc<Source>)>>,
}

impl Entries {
    /// The run's entry, read; none where the run has none.
    pub fn read(&self, run: &RunRef) -> Option<Result<Arc<Source>, Trouble>> {
        let path = self.paths.get(&key(run))?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, source)) = &*last
            && known == path
        {
            return Some(Ok(Arc::clone(source)));
        }
        let Some(source) = entry(path).map(Arc::new) else {
            return Some(Err(Trouble::File {
                name: path.display().to_string(),
                cause: "it is damaged".to_owned(),
            }));
        };
        *last = Some((path.clone(), Arc::clone(&source)));
        Some(Ok(source))
    }

    /// Whether the run lies in a file of its own.
    pub fn has(&self, run: &RunRef) -> bool {
        self.paths.contains_key(&key(run))
    }
}

fn key(run: &RunRef) -> (String, String) {
    (run.mission.to_string(), run.run.to_string())
}

impl Source {
    /// The runs of one context, each in its file; of two records of one run the first counts.
    pub fn history(offline: Offline, entries: Vec<(PathBuf, Glimpse)>) -> Self {
        let mut own = Self {
            offline,
            ..Self::default()
        };
        for (path, glimpse) in entries {
            let Glimpse { mission, run, .. } = glimpse;
            let mission = mission.unwrap_or_else(|| Mission {
                id: run.mission_id.clone(),
                name: run.mission_id.clone(),
                ..Mission::default()
            });
            let key = (run.mission_id.clone(), run.id.clone());
            if own.entries.paths.contains_key(&key) {
                continue;
            }
            own.entries.paths.insert(key, path);
            own.join(File::of(mission, vec![Kept::of(run, &Bytes::new())]));
        }
        own
    }
}
