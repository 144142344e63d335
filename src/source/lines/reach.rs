//! Records around a place of a large file. Where the index has not come to, the file itself is read there:
//! nobody waits for a million records to see the last.

use std::{io, os::unix::fs::FileExt as _};

use super::{
    HEAVY, LONG, Lines, fitting,
    glance::{Glance, glance},
    index::{Found, Place},
    lane,
    seek::Range,
};
use crate::{
    model::{Batch, RunRef, Stretch, Trouble},
    source::{bytes::reason, missing, of_event},
};

/// The last events, for which somebody waits, and as many as are read on from any place.
const LAST: usize = 300;
const PART: usize = 1000;
/// Events on each side of one that was looked for.
const AROUND: usize = 150;
/// Bytes that are read first, and at most, where the index has not come to.
const FIRST: usize = 256 << 10;
const MOST: usize = 16 << 20;

/// Records of a run in a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub places: Vec<Place>,
    /// The number of the first in the run, from 0, where it is known.
    pub number: Option<usize>,
}

/// On which side of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Records that begin before it.
    Before,
    /// Records that begin there or behind it.
    From,
}

impl Lines {
    /// Some events of the run, by where they lie in the file.
    pub(super) fn part_of(&self, run: &RunRef, of: &Stretch) -> Result<Batch, Trouble> {
        let byte = |at: i64| u64::try_from(at).unwrap_or_default();
        let row = match of {
            Stretch::Last => self.beside(run, self.end(), Side::Before, LAST)?,
            Stretch::Before(at) => self.beside(run, byte(*at), Side::Before, PART)?,
            Stretch::After(at) => self.beside(run, byte(*at) + 1, Side::From, PART)?,
            Stretch::At(at) => {
                drop(self.index.once(|found| found.covered > byte(*at)));
                self.beside(run, byte(*at), Side::From, 1)?
            }
            Stretch::Match {
                after,
                before,
                last,
                test,
            } => {
                let range = Range {
                    after: byte(*after),
                    before: before.map_or_else(|| self.end(), byte),
                };
                let found = self.seek(run, range, *last, &*test.0);
                match found.map_err(|error| self.trouble(reason(&error)))? {
                    Some(start) => self.around(run, start)?,
                    None => Row::default(),
                }
            }
        };
        let mut skipped = 0;
        let events = self.read(&row.places, row.number)?.into_iter();
        let rows = events.map(|(event, is_broken)| {
            skipped += u32::from(is_broken);
            of_event(event)
        });
        let rows = rows.collect();
        Ok(Batch {
            rows,
            next: None,
            also: Vec::new(),
            skipped,
        })
    }

    /// The byte behind the last: of a file that may grow as far as it reaches now, of one that is being
    /// unpacked once that is known.
    fn end(&self) -> u64 {
        let extent = self.extent.extent();
        if extent.is_open() {
            extent.end()
        } else {
            extent.beyond(u64::MAX).end
        }
    }

    /// What led to a record, the record, and what followed.
    fn around(&self, run: &RunRef, start: u64) -> Result<Row, Trouble> {
        let mut row = self.beside(run, start, Side::Before, AROUND)?;
        let behind = self.beside(run, start, Side::From, AROUND)?;
        let before = row.places.len();
        row.number = row
            .number
            .or(behind.number.and_then(|number| number.checked_sub(before)));
        row.places.extend(behind.places);
        Ok(row)
    }

    /// At most so many records of a run on one side of a byte, those nearest to it.
    pub(super) fn beside(
        &self,
        run: &RunRef,
        at: u64,
        side: Side,
        count: usize,
    ) -> Result<Row, Trouble> {
        let is_known = |found: &Found| found.is_done || found.covered > at;
        let ahead = {
            let found = self.index.found();
            !is_known(&found)
        };
        if ahead
            && let Some(lines) = self
                .unindexed(run, at, side, count)
                .map_err(|error| self.trouble(reason(&error)))?
            && let Some(row) = self.claimed(run, &lines)
        {
            return Ok(row);
        }
        let enough = |found: &Found| {
            let rest = |places: &[Place]| places.len() - first_from(places, at) >= count;
            is_known(found)
                && (side == Side::Before || lane(found, run).is_some_and(|lane| rest(&lane.places)))
        };
        let found = self.index.once(enough);
        let known = lane(&found, run).ok_or_else(|| missing("run", &run.run))?;
        let split = first_from(&known.places, at);
        let (number, places) = match side {
            Side::Before => {
                let start = split.saturating_sub(count);
                let near = known.places.get(start..split).unwrap_or_default();
                let mut places = fitting(near.iter().rev());
                places.reverse();
                (split - places.len(), places)
            }
            Side::From => (split, fitting(known.places.iter().skip(split).take(count))),
        };
        Ok(Row {
            places,
            number: Some(number),
        })
    }

    /// Takes the ids of records ahead of the index; none where one of them has no id of its own, so that
    /// it is named by a number which only the index knows.
    fn claimed(&self, run: &RunRef, lines: &[Near]) -> Option<Row> {
        let mut found = self.index.found();
        let ids = &mut found.ids;
        for line in lines {
            if !ids.claim(&run.run, line.id.as_deref()?, line.start) {
                return None;
            }
        }
        let places = lines.iter().map(|line| Place::ahead(line.start, line.len));
        Some(Row {
            places: places.collect(),
            number: None,
        })
    }

    /// The records there, read from the file itself; none where too much of it is of other runs, or where
    /// whose a record is cannot be told there.
    fn unindexed(
        &self,
        run: &RunRef,
        at: u64,
        side: Side,
        count: usize,
    ) -> io::Result<Option<Vec<Near>>> {
        let (mut size, end) = (FIRST, self.extent.extent().beyond(at).end);
        loop {
            let (from, until) = match side {
                Side::Before => (at.saturating_sub(size as u64), at),
                Side::From => (at, at.saturating_add(size as u64).min(end)),
            };
            let is_all = match side {
                Side::Before => from == 0,
                Side::From => until == end,
            };
            let mut piece = vec![0; usize::try_from(until - from).unwrap_or(0)];
            self.file.read_exact_at(&mut piece, from)?;
            let mut lines = Vec::new();
            // The line that is cut is not seen.
            let whole = match side {
                _ if is_all => Some(0..piece.len()),
                Side::Before => memchr::memchr(b'\n', &piece).map(|cut| cut + 1..piece.len()),
                Side::From => memchr::memrchr(b'\n', &piece).map(|cut| 0..cut),
            };
            if let Some(whole) = whole {
                let base = from + whole.start as u64;
                let text = piece.get(whole).unwrap_or_default();
                if !self.of_run(run, text, base, &mut lines) {
                    return Ok(None);
                }
            }
            if lines.len() >= count || is_all {
                return Ok(Some(nearest(lines, side, count)));
            }
            if size >= MOST {
                return Ok((!lines.is_empty()).then_some(lines));
            }
            size *= 4;
        }
    }

    /// Adds the records of a run in whole lines; says whether it can be told whose each is.
    fn of_run(&self, run: &RunRef, text: &[u8], base: u64, lines: &mut Vec<Near>) -> bool {
        for (start, line) in trimmed(text) {
            let Glance {
                id,
                run: of,
                is_bare,
                ..
            } = glance(line);
            if is_bare || line.len() > LONG as usize {
                return false;
            }
            if of.as_deref().unwrap_or(&self.mission.name) == &*run.run {
                lines.push(Near {
                    start: base + start as u64,
                    len: u32::try_from(line.len()).unwrap_or(u32::MAX),
                    id: id.map(std::borrow::Cow::into_owned),
                });
            }
        }
        true
    }
}

/// A record ahead of the index.
struct Near {
    start: u64,
    len: u32,
    id: Option<String>,
}

/// The records of whole lines that are not blank, and where each begins.
pub(super) fn trimmed(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    let lines = ends.map(move |end| {
        let line = text.get(start..end).unwrap_or_default();
        let lead = line.len() - line.trim_ascii_start().len();
        let at = start + lead;
        start = end + 1;
        (at, line.trim_ascii())
    });
    lines.filter(|(_, line)| !line.is_empty())
}

fn first_from(places: &[Place], at: u64) -> usize {
    places.partition_point(|place| place.start() < at)
}

/// As many as are wanted and fit, of those nearest to where they are wanted.
fn nearest(mut lines: Vec<Near>, side: Side, count: usize) -> Vec<Near> {
    let mut room = HEAVY;
    let mut fits = |line: &Near| {
        let len = u64::from(line.len);
        let does = len <= room || room == HEAVY;
        room = room.saturating_sub(len);
        does
    };
    match side {
        Side::Before => {
            let kept = lines
                .iter()
                .rev()
                .take(count)
                .take_while(|line| fits(line))
                .count();
            lines.drain(..lines.len() - kept);
        }
        Side::From => {
            let kept = lines
                .iter()
                .take(count)
                .take_while(|line| fits(line))
                .count();
            lines.truncate(kept);
        }
    }
    lines
}
