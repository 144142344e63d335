//! A large file of plain records line by line, left where it is: its first rows are there at once, where
//! the others lie is found out beside them, and their bytes are read when they are asked for. What a line
//! means is the same as in a small file, which is read whole; but that one which breaks off behind its first
//! members is of the run that they name.

mod extent;
mod glance;
mod grow;
mod ids;
mod index;
mod moment;
mod reach;
mod read;
mod seek;
mod spill;

use std::{fs, io, os::unix::fs::FileExt as _, path::Path, sync::Arc, thread, time::SystemTime};

use bytes::Bytes;

use self::{
    glance::glance,
    grow::Growth,
    index::{Found, Index, Lane, Place},
};
use super::{all, captured, carried, document, ladder, missing, of_event, of_run, plain};
use crate::{
    model::{
        Ask, Batch, Event, Fact, Mission, Order, Page, Payload, Run, RunRef, RunStatus, Stretch,
        Trouble,
    },
    text::find,
};

/// Files up to this size are read whole: that takes no time.
const SMALL: u64 = 2 << 20;
/// Bytes of both ends that say what is in the file.
const ENDS: usize = 64 << 10;
/// Events of an answer, and of the first, which somebody waits for.
const PAGE: usize = 2000;
const FIRST: usize = 200;
/// Bytes of events in one answer, as far as one event is not more.
const HEAVY: u64 = 8 << 20;
/// A record that is longer is not read whole: of it the beginning is shown.
const LONG: u32 = 64 << 20;

/// See the module. Whoever drops it stops the thread that looks through the file.
#[derive(Debug)]
pub(super) struct Lines {
    mission: Mission,
    file: fs::File,
    name: String,
    len: u64,
    changed: Option<SystemTime>,
    extent: extent::Read,
    growth: Option<Growth>,
    index: Arc<Index>,
    /// Whether both ends are of one run.
    pub is_one_run: bool,
}

impl Lines {
    /// Opens a file; none where it is small or something else than plain records line by line. What cannot
    /// be opened is nothing either: reading it whole tells why.
    pub fn of(path: &Path, id: &str, name: &str) -> Option<Self> {
        let file = fs::File::open(path).ok()?;
        let told = file.metadata().ok()?;
        let len = told.len();
        if !told.is_file() || len <= SMALL {
            return None;
        }
        let mut ends = vec![0; ENDS];
        file.read_exact_at(&mut ends, 0).ok()?;
        let skip = plain::mark(&ends);
        let first = plain_lines(&ends, skip)?;
        file.read_exact_at(&mut ends, len - ENDS as u64).ok()?;
        let is_one_run =
            last_line(&ends).is_some_and(|last| glance(last).run.unwrap_or_default() == first);
        let extent = Self::reach(&file, &ends, len, told.modified().ok()).ok()?;
        let index = Arc::new(Index::default());
        let lines = Self {
            mission: Mission {
                id: id.to_owned(),
                name: name.to_owned(),
                ..Mission::default()
            },
            name: path.display().to_string(),
            len,
            changed: told.modified().ok(),
            extent: extent::Read::new(extent),
            growth: Some(Growth::of(path, len)),
            index,
            is_one_run,
            file,
        };
        lines.look_through(skip as u64).ok()?;
        Some(lines)
    }

    /// The mission that the file is.
    pub fn mission(&self) -> &Mission {
        &self.mission
    }

    fn look_through(&self, from: u64) -> io::Result<()> {
        let file = self.file.try_clone()?;
        let (index, name, extent) = (
            Arc::downgrade(&self.index),
            self.mission.name.clone(),
            self.extent.extent(),
        );
        let looking = move || index::fill(&file, from, &extent, name, &index);
        thread::Builder::new()
            .name("lines".to_owned())
            .spawn(looking)
            .map(drop)
    }

    /// What the file says to an ask about its mission. Waits for what was not looked at yet.
    pub fn answer(&self, ask: &Ask) -> Result<Batch, Trouble> {
        if matches!(
            ask,
            Ask::Part {
                of: Stretch::Last,
                ..
            }
        ) {
            self.look()?;
        }
        match ask {
            Ask::Runs {
                mission,
                status,
                page,
            } => Ok(self.runs(mission, *status, page)),
            Ask::Run(run) => self.run(run),
            Ask::Steps(_) => self.whole(),
            Ask::Check => Ok(Batch::default()),
            Ask::Events { run, page } => self.events(run, page),
            Ask::Part { run, of } => self.part_of(run, of),
            Ask::Event { run, event } => self.event(run, event),
            _ => Err(Trouble::Unwilling {
                cause: "files have no such list".to_owned(),
            }),
        }
    }

    /// The runs that were found so far, and then those that come.
    fn runs(&self, mission: &Arc<str>, status: Option<RunStatus>, page: &Page) -> Batch {
        let known = page.seen as usize;
        let found = match page.index {
            0 => self.index.once(|found| !found.lanes.is_empty()),
            _ => self.index.once(|found| found.lanes.len() > known),
        };
        // At the end each is told once more, with what is known then.
        let new = found
            .lanes
            .iter()
            .skip(if found.is_done { 0 } else { known });
        let runs: Vec<Run> = new.map(|lane| self.of_lane(lane, found.is_done)).collect();
        let next = (!found.is_done).then(|| Ask::Runs {
            mission: Arc::clone(mission),
            status,
            page: Page {
                index: page.index + 1,
                seen: u32::try_from(found.lanes.len()).unwrap_or(u32::MAX),
                ..Page::default()
            },
        });
        let wanted = |run: &&Run| status.is_none_or(|status| run.status == status);
        Batch {
            next,
            ..all(runs.iter().filter(wanted).map(of_run))
        }
    }

    /// The run as it is when all of the file was looked at.
    fn run(&self, run: &RunRef) -> Result<Batch, Trouble> {
        let found = self.index.once(|_| false);
        let known = lane(&found, run).ok_or_else(|| missing("run", &run.run))?;
        Ok(all(std::iter::once(of_run(
            &self.of_lane(known, found.is_done),
        ))))
    }

    fn of_lane(&self, lane: &Lane, is_done: bool) -> Run {
        let ends = lane.times.ends();
        let count = Fact {
            of: None,
            label: "events in file",
            value: lane.places.len().to_string(),
        };
        Run {
            mission_id: self.mission.id.clone(),
            id: lane.id.clone(),
            started_at: ends.map(|(first, _)| first),
            updated_at: ends.map(|(_, last)| last).filter(|_| is_done),
            facts: if is_done { vec![count] } else { Vec::new() },
            ..Run::default()
        }
    }

    fn events(&self, run: &RunRef, page: &Page) -> Result<Batch, Trouble> {
        let start = page.seen as usize;
        let count = if start == 0 { FIRST } else { PAGE };
        let enough =
            |found: &Found| lane(found, run).is_some_and(|lane| lane.places.len() >= start + count);
        let (places, is_last) = {
            let found = self.index.once(enough);
            let known = lane(&found, run).ok_or_else(|| missing("run", &run.run))?;
            let places = some(&known.places, start, count);
            let is_last = found.is_done && start + places.len() >= known.places.len();
            if let (true, Some(broken)) = (is_last && places.is_empty(), &found.broken) {
                return Err(self.trouble(broken.clone()));
            }
            (places, is_last && found.broken.is_none())
        };
        let mut skipped = 0;
        let events = self
            .read(&places, Some(start))?
            .into_iter()
            .map(|(event, is_broken)| {
                skipped += u32::from(is_broken);
                of_event(event)
            });
        let rows: Vec<_> = events.collect();
        let seen = page
            .seen
            .saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        let next = (!is_last).then(|| Ask::Events {
            run: run.clone(),
            page: Page {
                index: page.index + 1,
                seen,
                ..Page::default()
            },
        });
        Ok(Batch {
            rows,
            next,
            also: Vec::new(),
            skipped,
        })
    }

    /// Looks at all records of the run until it is found, but for an id that says which it is.
    fn event(&self, run: &RunRef, id: &str) -> Result<Batch, Trouble> {
        let of = |start: usize, count: usize| {
            let found = self.index.once(|_| false);
            let known = lane(&found, run).ok_or_else(|| missing("run", &run.run))?;
            Ok::<_, Trouble>(some(&known.places, start, count))
        };
        let number = id
            .strip_prefix("line-")
            .or_else(|| Some(id.rsplit_once('@')?.1));
        if let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) {
            let at = {
                let found = self.index.once(|_| false);
                let places = lane(&found, run).map(|lane| lane.places.as_slice());
                places
                    .unwrap_or_default()
                    .partition_point(|place| place.number < number)
            };
            let mut events = self.read(&of(at, 1)?, Some(at))?.into_iter();
            if let Some((event, _)) = events.find(|(event, _)| event.id == id) {
                return Ok(all(std::iter::once(of_event(event))));
            }
        }
        let mut start = 0;
        loop {
            let places = of(start, PAGE)?;
            if places.is_empty() {
                return Err(missing("event", id));
            }
            let raw = self.raw(&places)?.into_iter().zip(&places).zip(start..);
            let named =
                raw.filter(|((raw, _), _)| find::first(raw.bytes(), id.as_bytes()).is_some());
            let mut events = named.map(|((raw, place), nth)| made(raw, *place, Some(nth)).0);
            if let Some(event) = events.find(|event| event.id == id) {
                return Ok(all(std::iter::once(of_event(event))));
            }
            start += places.len();
        }
    }

    /// The events that lie there, of which the first is number `start` of its run, from 0, where that is
    /// known.
    fn read(&self, places: &[Place], start: Option<usize>) -> Result<Vec<(Event, bool)>, Trouble> {
        let raw = self.raw(places)?.into_iter().zip(places).enumerate();
        let made = raw.map(|(nth, (raw, place))| made(raw, *place, start.map(|start| start + nth)));
        Ok(made.collect())
    }

    fn trouble(&self, cause: String) -> Trouble {
        Trouble::File {
            name: self.name.clone(),
            cause,
        }
    }
}

/// The run of the first of plain records line by line, empty where it names none; none for anything else,
/// and where no whole line of them is seen.
fn plain_lines(head: &[u8], skip: usize) -> Option<String> {
    let last = memchr::memrchr(b'\n', head)?;
    let whole = head.get(skip..last)?;
    let lines = plain::lines(whole, 0);
    let mut texts = lines.into_iter().filter_map(|range| whole.get(range));
    let first = texts
        .next()
        .filter(|line| line.starts_with(b"{") && ladder::is_json(line))?;
    let beginning = Bytes::copy_from_slice(whole);
    if captured::read(&beginning).is_some() || carried::read(&beginning).is_some() {
        return None;
    }
    Some(glance(first).run.unwrap_or_default().into_owned())
}

/// The last line of the end of a file, if it is whole in it.
fn last_line(end: &[u8]) -> Option<&[u8]> {
    let end = end.trim_ascii_end();
    let at = memchr::memrchr(b'\n', end)? + 1;
    end.get(at..).map(<[u8]>::trim_ascii_start)
}

fn lane<'a>(found: &'a Found, run: &RunRef) -> Option<&'a Lane> {
    found.lanes.iter().find(|lane| *lane.id == *run.run)
}

/// At most so many from `start` on, and of large ones fewer.
fn some(places: &[Place], start: usize, count: usize) -> Vec<Place> {
    fitting(places.iter().skip(start).take(count))
}

fn fitting<'a>(places: impl Iterator<Item = &'a Place>) -> Vec<Place> {
    let mut room = HEAVY;
    let mut some = Vec::new();
    for place in places {
        let len = u64::from(place.len);
        if len > room && !some.is_empty() {
            break;
        }
        room = room.saturating_sub(len);
        some.push(*place);
    }
    some
}

/// The event that is number `nth` of its run, from 0, where that is known, and whether it is broken. It is
/// placed by where it begins in the file.
fn made(raw: Payload, place: Place, nth: Option<usize>) -> (Event, bool) {
    let (event, is_broken) = if place.len > LONG {
        let event = document::beginning(raw.bytes(), place.number, place.len);
        (event, false)
    } else {
        ladder::event(raw, place.number, place.repeats())
    };
    let order = Order {
        at: i64::try_from(place.start()).unwrap_or(i64::MAX),
        tie: nth.map_or(0, |nth| nth as u64 + 1),
    };
    (Event { order, ..event }, is_broken)
}
