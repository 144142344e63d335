//! Where the records of a large file lie, run by run: found by a thread that reads the file from its
//! beginning to its end, piece by piece, and can be asked meanwhile for what it has. 16 bytes a record stay.

use std::{
    collections::HashMap,
    fs, io,
    os::unix::fs::FileExt as _,
    sync::{Condvar, Mutex, MutexGuard, PoisonError, Weak},
};

use super::{
    extent::Extent,
    glance::{Glance, glance},
    ids::Ids,
    moment::Stretch,
};

/// Bytes that are read together: whoever waits for the first rows waits for one piece.
const PIECE: usize = 1 << 20;
const FIRST: usize = 128 << 10;
/// So much of a long line says what it is filed under.
const HEAD: usize = 64 << 10;

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// First byte, and in the highest bit whether its id stands on an earlier record of the run too.
    packed: u64,
    /// Bytes.
    pub len: u32,
    /// Which record of the file it is, from 1.
    pub number: u32,
}

const REPEATS: u64 = 1 << 63;

impl Place {
    /// A record that was not filed yet: it has an id of its own.
    pub fn ahead(start: u64, len: u32) -> Self {
        Self {
            packed: start,
            len,
            number: 0,
        }
    }

    pub fn start(self) -> u64 {
        self.packed & !REPEATS
    }

    pub fn end(self) -> u64 {
        self.start() + u64::from(self.len)
    }

    pub fn repeats(self) -> bool {
        self.packed & REPEATS != 0
    }
}

/// The records of one run.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub id: String,
    pub places: Vec<Place>,
    pub times: Stretch,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub lanes: Vec<Lane>,
    /// All records that begin before this byte are in the lanes.
    pub covered: u64,
    pub ids: Ids,
    /// Whether there is nothing more.
    pub is_done: bool,
    /// Whether there was nothing more once.
    has_ended: bool,
    /// Why the end was not reached.
    pub broken: Option<String>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Index {
    found: Mutex<Found>,
    came: Condvar,
}

impl Index {
    pub fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found, once it is enough or all there is.
    pub fn once(&self, is_enough: impl Fn(&Found) -> bool) -> MutexGuard<'_, Found> {
        let mut found = self.found();
        while !found.is_done && !is_enough(&found) {
            found = self
                .came
                .wait(found)
                .unwrap_or_else(PoisonError::into_inner);
        }
        found
    }

    fn add(&self, filing: &mut Filing, lines: Vec<Line<'_>>, covered: u64) {
        let mut found = self.found();
        for line in lines {
            filing.file(&mut found, line);
        }
        found.covered = covered;
        self.came.notify_all();
    }

    /// The file has grown, and the thread that files its records is about to go on.
    pub fn resume(&self) {
        self.found().is_done = false;
    }

    fn end(&self, broken: Option<String>) {
        let mut found = self.found();
        // What goes on growing would be moved each time.
        let is_first = !std::mem::replace(&mut found.has_ended, true);
        for lane in found.lanes.iter_mut().filter(|_| is_first) {
            lane.places.shrink_to_fit();
        }
        (found.is_done, found.broken) = (true, broken);
        self.came.notify_all();
    }
}

/// A line that is not blank, and what it says.
struct Line<'a> {
    start: u64,
    len: u64,
    glance: Glance<'a>,
}

/// What has to be remembered until the end is reached.
struct Filing {
    /// The run of lines that name none.
    name: String,
    known: HashMap<String, usize>,
    last: usize,
    count: u32,
}

impl Filing {
    fn file(&mut self, found: &mut Found, line: Line<'_>) {
        let Found { lanes, ids, .. } = found;
        let Glance {
            id,
            run,
            time,
            is_bare,
        } = line.glance;
        self.count = self.count.saturating_add(1);
        let at = match (is_bare && !lanes.is_empty(), run.as_deref()) {
            // What is no JSON object belongs to the run of the record before it.
            (true, _) => self.last,
            (false, run) => self.lane(lanes, run),
        };
        self.last = at;
        let Some(lane) = lanes.get_mut(at) else {
            return;
        };
        let repeats = id.is_some_and(|id| ids.repeats(&lane.id, &id, line.start));
        lane.places.push(Place {
            packed: line.start | if repeats { REPEATS } else { 0 },
            len: u32::try_from(line.len).unwrap_or(u32::MAX),
            number: self.count,
        });
        lane.times.take(time);
    }

    fn lane(&mut self, lanes: &mut Vec<Lane>, run: Option<&str>) -> usize {
        let run = run.unwrap_or(&self.name);
        // Nearly always it is that of the line before.
        if lanes.get(self.last).is_some_and(|lane| lane.id == run) {
            return self.last;
        }
        if let Some(at) = self.known.get(run) {
            return *at;
        }
        self.known.insert(run.to_owned(), lanes.len());
        lanes.push(Lane {
            id: run.to_owned(),
            ..Lane::default()
        });
        lanes.len() - 1
    }
}

/// Ends what somebody may be waiting for, also where the thread breaks.
struct Ending<'a>(&'a Weak<Index>);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if let Some(index) = self.0.upgrade().filter(|index| !index.found().is_done) {
            index.end(Some("sortie broke on this file".to_owned()));
        }
    }
}

/// Files the records of a file from `at` on, as far as it reaches; stops where nobody is left to be told.
/// `name` is the run of what names none.
pub(super) fn fill(file: &fs::File, at: u64, extent: &Extent, name: String, index: &Weak<Index>) {
    let _ending = Ending(index);
    let mut reading = Reading {
        file,
        at,
        extent,
        piece: Vec::new(),
    };
    let mut filing = Filing {
        name,
        known: HashMap::new(),
        last: 0,
        count: 0,
    };
    let mut room = FIRST;
    loop {
        let more = reading.next(room);
        let Some(index) = index.upgrade() else {
            return;
        };
        match more {
            Ok(None) => {
                index.end(extent.broken());
                if !extent.is_open() {
                    index.found().ids = Ids::default();
                }
                drop(index);
                if !extent.more() {
                    return;
                }
            }
            Ok(Some((lines, covered))) => index.add(&mut filing, lines, covered),
            Err(error) => return index.end(Some(super::super::bytes::reason(&error))),
        }
        room = PIECE;
    }
}

struct Reading<'a> {
    file: &'a fs::File,
    /// Where the first line lies that was not filed.
    at: u64,
    extent: &'a Extent,
    piece: Vec<u8>,
}

impl Reading<'_> {
    /// The lines of the next piece, and where it ends; none at the end. Waits for them where the file is
    /// still growing.
    fn next(&mut self, room: usize) -> io::Result<Option<(Vec<Line<'_>>, u64)>> {
        let base = self.at;
        let mut seen = base;
        let whole = loop {
            let reach = self.extent.beyond(seen);
            if reach.end <= base {
                return Ok(None);
            }
            let left = usize::try_from(reach.end - base).unwrap_or(usize::MAX);
            let size = room.min(left);
            self.piece.resize(size, 0);
            self.file.read_exact_at(&mut self.piece, base)?;
            let is_last = size == left && reach.is_done;
            match memchr::memrchr(b'\n', &self.piece) {
                Some(last) if !is_last => break last + 1,
                _ if is_last => break size,
                // The rest of the line is still to come.
                _ if size < room => seen = reach.end,
                _ => return self.long(size).map(Some),
            }
        };
        self.at = base + whole as u64;
        let text = self.piece.get(..whole).unwrap_or_default();
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
            let line = text.get(start..end).unwrap_or_default();
            let lead = line.len() - line.trim_ascii_start().len();
            let line = line.trim_ascii();
            if !line.is_empty() {
                lines.push(Line {
                    start: base + (start + lead) as u64,
                    len: line.len() as u64,
                    glance: glance(line),
                });
            }
            start = end + 1;
        }
        Ok(Some((lines, self.at)))
    }

    /// A line that does not end in the piece that was read: how it begins says what it is.
    fn long(&mut self, size: usize) -> io::Result<(Vec<Line<'_>>, u64)> {
        let start = self.at;
        let mut end = start + size as u64;
        let mut more = vec![0; PIECE];
        let mut next = 1;
        loop {
            let reach = self.extent.beyond(end);
            let left = usize::try_from(reach.end.saturating_sub(end)).unwrap_or(usize::MAX);
            if left == 0 {
                next = 0;
                break;
            }
            let part = more.get_mut(..PIECE.min(left)).unwrap_or_default();
            self.file.read_exact_at(part, end)?;
            if let Some(found) = memchr::memchr(b'\n', part) {
                end += found as u64;
                break;
            }
            end += part.len() as u64;
        }
        self.at = end + next;
        let head = self.piece.get(..HEAD.min(size)).unwrap_or_default();
        let lead = head.len() - head.trim_ascii_start().len();
        let line = Line {
            start: start + lead as u64,
            len: end - start - lead as u64,
            glance: glance(head.trim_ascii_start()),
        };
        Ok((vec![line], self.at))
    }
}
