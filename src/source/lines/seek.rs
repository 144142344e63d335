//! The next record of a large file that a test takes: looked for in the bytes, and only what may be one is
//! read. Pieces of the file pass by; nothing of them is kept.

use std::{io, os::unix::fs::FileExt as _};

use super::{LONG, Lines, glance::glance, reach::trimmed};
use crate::{
    model::{Payload, RunRef, Test},
    source::ladder,
};

/// Bytes that are looked at together.
const PIECE: usize = 1 << 20;

/// Where is looked: behind the record at `after`, before the one at `before`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub after: u64,
    pub before: u64,
}

impl Lines {
    /// Where the first record of a run begins that a test takes, or the last; none where there is none, and
    /// where nobody waits any more.
    pub(super) fn seek(
        &self,
        run: &RunRef,
        range: Range,
        last: bool,
        test: &dyn Test,
    ) -> io::Result<Option<u64>> {
        if last {
            self.seek_back(run, range, test)
        } else {
            self.seek_on(run, range, test)
        }
    }

    fn seek_on(&self, run: &RunRef, range: Range, test: &dyn Test) -> io::Result<Option<u64>> {
        let (mut at, mut size) = (range.after, PIECE);
        let mut piece = Vec::new();
        while at < range.before && test.is_wanted() {
            let until = at.saturating_add(size as u64).min(range.before);
            self.read_into(&mut piece, at, until)?;
            let whole = match memchr::memrchr(b'\n', &piece) {
                _ if until == range.before => piece.len(),
                Some(cut) => cut + 1,
                None if size < LONG as usize => {
                    size *= 2;
                    continue;
                }
                // So long a record is shown by its beginning alone.
                None => piece.len(),
            };
            let text = piece.get(..whole).unwrap_or_default();
            let found = self.in_piece(run, text, test, |start| at + start as u64 > range.after);
            if let Some(start) = found.first {
                return Ok(Some(at + start as u64));
            }
            at += whole as u64;
            size = PIECE;
        }
        Ok(None)
    }

    fn seek_back(&self, run: &RunRef, range: Range, test: &dyn Test) -> io::Result<Option<u64>> {
        let (mut until, mut size) = (range.before, PIECE);
        let mut piece = Vec::new();
        while until > range.after && test.is_wanted() {
            let from = until.saturating_sub(size as u64).max(range.after);
            self.read_into(&mut piece, from, until)?;
            let begin = match memchr::memchr(b'\n', &piece) {
                _ if from == range.after => 0,
                Some(cut) if cut + 1 < piece.len() => cut + 1,
                _ if size < LONG as usize => {
                    size *= 2;
                    continue;
                }
                _ => 0,
            };
            let base = from + begin as u64;
            let text = piece.get(begin..).unwrap_or_default();
            let found = self.in_piece(run, text, test, |start| base + start as u64 > range.after);
            if let Some(start) = found.last {
                return Ok(Some(base + start as u64));
            }
            (until, size) = (base, PIECE);
        }
        Ok(None)
    }

    /// The first and the last record in whole lines.
    fn in_piece(
        &self,
        run: &RunRef,
        text: &[u8],
        test: &dyn Test,
        is_within: impl Fn(usize) -> bool,
    ) -> Ends {
        let mut ends = Ends::default();
        let mut from = 0;
        while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
            let Some(hit) = test.candidate(rest) else {
                break;
            };
            let hit = (from + hit).min(text.len() - 1);
            let begin = memchr::memrchr(b'\n', text.get(..hit).unwrap_or_default());
            let begin = begin.map_or(0, |at| at + 1);
            let behind = text.get(hit..).unwrap_or_default();
            let end = memchr::memchr(b'\n', behind).map_or(text.len(), |at| hit + at);
            let line = text.get(begin..end).unwrap_or_default();
            for (start, record) in trimmed(line) {
                let start = begin + start;
                if is_within(start) && self.is_of(run, text, start, record) && takes(test, record) {
                    ends.first.get_or_insert(start);
                    ends.last = Some(start);
                }
            }
            from = end + 1;
        }
        ends
    }

    /// Whether a record is one of a run; what names none is of the run of the record before it.
    fn is_of(&self, run: &RunRef, text: &[u8], start: usize, record: &[u8]) -> bool {
        let seen = glance(record);
        if !seen.is_bare {
            return seen.run.as_deref().unwrap_or(&self.mission.name) == &*run.run;
        }
        let above = text.get(..start).unwrap_or_default();
        let mut above = memchr::memrchr_iter(b'\n', above);
        let mut end = above.next();
        while let Some(at) = end {
            let begin = above.next();
            let line = text
                .get(begin.map_or(0, |at| at + 1)..at)
                .unwrap_or_default();
            let seen = glance(line.trim_ascii());
            if !line.trim_ascii().is_empty() && !seen.is_bare {
                return seen.run.as_deref().unwrap_or(&self.mission.name) == &*run.run;
            }
            end = begin;
        }
        // The piece begins with it: in a file of one run it is of that.
        self.is_one_run
    }

    fn read_into(&self, piece: &mut Vec<u8>, from: u64, until: u64) -> io::Result<()> {
        piece.resize(usize::try_from(until - from).unwrap_or(usize::MAX), 0);
        self.file.read_exact_at(piece, from)
    }
}

#[derive(Default)]
struct Ends {
    first: Option<usize>,
    last: Option<usize>,
}

fn takes(test: &dyn Test, record: &[u8]) -> bool {
    let raw = Payload::new(bytes::Bytes::copy_from_slice(record));
    test.takes(&ladder::event(raw, 0, false).0)
}
