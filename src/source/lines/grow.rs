//! A file that somebody writes on while it is open: what was appended is filed when somebody looks. A line
//! is a record when its end has come, or when the file rests.

use std::{
    fs, io,
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{Lines, extent::Extent, index::Place, ladder, lane};
use crate::{
    model::{Batch, Page, RunRef, Trouble},
    source::bytes::reason,
};

/// A file that was not written to for so long rests.
const REST: Duration = Duration::from_secs(1);
/// Bytes that are looked through together for the end of a line.
const PIECE: u64 = 64 << 10;

/// What was seen of a file that may grow.
#[derive(Debug)]
pub(super) struct Growth {
    path: PathBuf,
    /// How long it was, and when that was seen first.
    seen: Mutex<(u64, Instant)>,
}

impl Growth {
    pub fn of(path: &Path, len: u64) -> Self {
        Self {
            path: path.to_owned(),
            seen: Mutex::new((len, Instant::now())),
        }
    }

    fn rests(&self, len: u64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0 != len {
            *seen = (len, Instant::now());
        }
        seen.1.elapsed() >= REST
    }
}

impl Lines {
    /// Whether somebody may append to it.
    pub fn may_grow(&self) -> bool {
        self.growth.is_some()
    }

    /// Has what was appended filed. Fails where the file is not what it was.
    pub fn look(&self) -> Result<(), Trouble> {
        let Some(growth) = &self.growth else {
            return Ok(());
        };
        self.is_same()?;
        let fault = |error: io::Error| self.trouble(reason(&error));
        let told = self.file.metadata().map_err(fault)?;
        let is_other = |other: fs::Metadata| (other.dev(), other.ino()) != (told.dev(), told.ino());
        if fs::metadata(&growth.path).is_ok_and(is_other) {
            let cause = "another file has taken its place since it was opened: open it again";
            return Err(self.trouble(cause.to_owned()));
        }
        let (extent, len) = (self.extent.extent(), told.len());
        let end = extent.end();
        if len < end {
            let cause = "it was changed since it was opened: open it again";
            return Err(self.trouble(cause.to_owned()));
        }
        let rests = growth.rests(len);
        let whole = if rests || len == end {
            Some(len)
        } else {
            line_end(&self.file, end, len).map_err(fault)?
        };
        if let Some(whole) = whole {
            extent.extend(whole, || self.index.resume());
        }
        Ok(())
    }

    /// What came of a run behind the event at that place.
    pub fn news(&self, run: &RunRef, after: Option<i64>) -> Result<Batch, Trouble> {
        self.look()?;
        let seen = {
            let is_old = |start: u64| after.is_some_and(|at| start.cast_signed() <= at);
            // The end can be on the screen before the file was looked through up to there.
            let found = self.index.once(|found| !is_old(found.covered));
            let known = lane(&found, run).map(|lane| lane.places.as_slice());
            let is_old = |place: &Place| is_old(place.start());
            known.unwrap_or_default().partition_point(is_old)
        };
        let page = Page {
            seen: u32::try_from(seen).unwrap_or(u32::MAX),
            ..Page::default()
        };
        self.events(run, &page)
    }

    /// How far the file reaches. Somebody may be writing its last line, which begins in `ends`: that is
    /// waited for beside.
    pub(super) fn reach(
        file: &fs::File,
        ends: &[u8],
        len: u64,
        changed: Option<SystemTime>,
    ) -> io::Result<Arc<Extent>> {
        let age = changed.and_then(|at| at.elapsed().ok());
        let half = half(ends).filter(|_| age.is_some_and(|age| age < REST));
        let Some(half) = half else {
            return Ok(Arc::new(Extent::whole(len)));
        };
        let extent = Arc::new(Extent::unsettled(len - half as u64));
        let (file, settled) = (file.try_clone()?, Arc::clone(&extent));
        let settle = move || {
            thread::sleep(REST.saturating_sub(age.unwrap_or_default()));
            let now = file.metadata().map_or(len, |told| told.len());
            let whole = match line_end(&file, settled.end(), now) {
                Ok(Some(end)) => end,
                Ok(None) if now == len => len,
                Ok(None) | Err(_) => settled.end(),
            };
            settled.grow(whole);
            settled.finish(None);
        };
        thread::Builder::new()
            .name("settle".to_owned())
            .spawn(settle)?;
        Ok(extent)
    }
}

/// Bytes of the last line, where it is a part of a record.
fn half(ends: &[u8]) -> Option<usize> {
    let line = ends.get(memchr::memrchr(b'\n', ends)? + 1..)?;
    let text = line.trim_ascii();
    (!text.is_empty() && !ladder::is_json(text)).then_some(line.len())
}

/// Where the last line between these bytes ends, if one does.
fn line_end(file: &fs::File, from: u64, until: u64) -> io::Result<Option<u64>> {
    let mut piece = Vec::new();
    let mut until = until;
    while until > from {
        let start = until.saturating_sub(PIECE).max(from);
        piece.resize(usize::try_from(until - start).unwrap_or_default(), 0);
        file.read_exact_at(&mut piece, start)?;
        if let Some(at) = memchr::memrchr(b'\n', &piece) {
            return Ok(Some(start + at as u64 + 1));
        }
        until = start;
    }
    Ok(None)
}
