//! One file: what it is by its shape, and the runs in it. A captured reply of a service is read as that
//! service's; what is neither JSON nor lines of it is one document, to be read as the text that it is;
//! everything else is records of events, one a line or one an element of an array.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::ladder::{self, Head};
use crate::model::{Ask, Batch, Event, Fact, Mission, Payload, Record, Reply, Run, Step, Time};
use crate::provider::{self, wire};

/// A file, which is a mission.
pub(super) struct File {
    pub mission: Mission,
    pub runs: Vec<Kept>,
    /// Whether it is one text that is no JSON, or JSON that is broken.
    is_text: bool,
}

/// A run of a file.
pub(super) struct Kept {
    pub run: Run,
    pub steps: Vec<Step>,
    told: Told,
    bytes: Bytes,
}

enum Told {
    /// Read by a service's reader when the file was opened.
    Read { events: Vec<Event>, skipped: u32 },
    /// Read when asked for.
    Lines(Vec<Line>),
}

/// Where a record lies in the file.
struct Line {
    start: usize,
    end: usize,
    number: u32,
    /// Its id stands on an earlier record of the run too.
    repeats: bool,
}

impl File {
    /// Takes the bytes apart. Total: whatever they are, they can be shown.
    pub fn read(id: String, name: String, bytes: &Bytes) -> Self {
        let runs = captured(&id, bytes);
        let mission = Mission {
            id,
            name,
            ..Mission::default()
        };
        if let Some(runs) = runs {
            return Self::of(mission, runs);
        }
        if let Some(records) = records(bytes) {
            let runs = plain(&mission, bytes, records);
            return Self::of(mission, runs);
        }
        let text = bytes.slice(mark(bytes)..);
        let (event, skipped) = ladder::document(Payload::new(text), &mission.name);
        Self {
            is_text: true,
            ..Self::single(mission, event, skipped)
        }
    }

    fn of(mission: Mission, runs: Vec<Kept>) -> Self {
        Self {
            mission,
            runs,
            is_text: false,
        }
    }

    /// A file with one event.
    pub fn single(mission: Mission, event: Event, skipped: u32) -> Self {
        let mut run = empty_run(&mission.id, &mission.name, &Bytes::new());
        (run.run.started_at, run.run.updated_at) = (event.time, event.time);
        run.told = Told::Read {
            events: vec![event],
            skipped,
        };
        Self::of(mission, vec![run])
    }

    /// Whether it is one JSON value or one text, and no service's reply.
    pub fn is_document(&self) -> bool {
        if self.is_text {
            return true;
        }
        let [kept] = self.runs.as_slice() else {
            return false;
        };
        match &kept.told {
            Told::Read { .. } => false,
            Told::Lines(lines) => match lines.as_slice() {
                [line] => matches!(kept.bytes.get(line.start), Some(b'{' | b'[')),
                _ => false,
            },
        }
    }
}

impl Kept {
    /// How many events the run has.
    pub fn len(&self) -> usize {
        match &self.told {
            Told::Read { events, .. } => events.len(),
            Told::Lines(lines) => lines.len(),
        }
    }

    /// Bytes of its events that are read only when they are asked for.
    pub fn weight(&self) -> usize {
        match &self.told {
            Told::Read { .. } => 0,
            Told::Lines(lines) => lines.iter().map(|line| line.end - line.start).sum(),
        }
    }

    /// At most `count` events from `start` on, and how many of them are broken.
    pub fn events(&self, start: usize, count: usize) -> (Vec<Event>, u32) {
        match &self.told {
            Told::Read { events, skipped } => {
                let some = events.iter().skip(start).take(count).cloned().collect();
                (some, if start == 0 { *skipped } else { 0 })
            }
            Told::Lines(lines) => {
                let mut broken = 0;
                let some = lines.iter().skip(start).take(count);
                let events = some.map(|line| {
                    let (event, is_broken) = self.line(line);
                    broken += u32::from(is_broken);
                    event
                });
                (events.collect(), broken)
            }
        }
    }

    /// The event of that id.
    pub fn event(&self, id: &str) -> Option<Event> {
        match &self.told {
            Told::Read { events, .. } => events.iter().find(|event| event.id == id).cloned(),
            Told::Lines(lines) => lines
                .iter()
                .map(|line| self.line(line).0)
                .find(|event| event.id == id),
        }
    }

    fn line(&self, line: &Line) -> (Event, bool) {
        let raw = Payload::new(self.bytes.slice(line.start..line.end));
        ladder::event(raw, line.number, line.repeats)
    }
}

/// The runs of a captured reply; none when no service knows it or when it is not about runs.
fn captured(mission: &str, bytes: &Bytes) -> Option<Vec<Kept>> {
    let (provider, ask) = provider::ALL
        .iter()
        .find_map(|provider| Some((provider, provider.sniff(bytes)?)))?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let received = i64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(i64::MAX);
    let reply = Reply {
        status: 200,
        body: bytes,
        received: Time(received),
    };
    let batch = provider.read(&ask, &reply).ok()?;
    let runs = match &ask {
        Ask::Events { run, .. } | Ask::Steps(run) => vec![transcript(&run.run, batch, bytes)],
        Ask::Runs { .. } | Ask::Run(_) => listed(&batch, bytes),
        Ask::Missions { .. }
        | Ask::Mission { .. }
        | Ask::Event { .. }
        | Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Aside { .. }
        | Ask::Named { .. }
        | Ask::Check => return None,
    };
    Some(
        runs.into_iter()
            .map(|mut kept| {
                mission.clone_into(&mut kept.run.mission_id);
                kept
            })
            .collect(),
    )
}

fn transcript(id: &str, batch: Batch, bytes: &Bytes) -> Kept {
    let (mut events, mut steps) = (Vec::new(), Vec::new());
    let mut run = Run {
        id: id.to_owned(),
        ..Run::default()
    };
    for row in batch.rows {
        match row.record().clone() {
            Record::Event(event) => events.push(event),
            Record::Step(step) => steps.push(step),
            Record::Run(told) if told.id == id => run = told,
            Record::Run(_) | Record::Mission(_) | Record::Elsewhere(_) => {}
        }
    }
    let times: Vec<Time> = events.iter().filter_map(|event| event.time).collect();
    run.started_at = run.started_at.or(times.iter().min().copied());
    run.updated_at = run.updated_at.or(times.iter().max().copied());
    Kept {
        run,
        steps,
        told: Told::Read {
            events,
            skipped: batch.skipped,
        },
        bytes: bytes.clone(),
    }
}

fn listed(batch: &Batch, bytes: &Bytes) -> Vec<Kept> {
    let runs = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Run(run) => Some(run.clone()),
        Record::Mission(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
    });
    runs.map(|run| Kept {
        run,
        steps: Vec::new(),
        told: Told::Lines(Vec::new()),
        bytes: bytes.clone(),
    })
    .collect()
}

/// Groups records by their run, in the order of the file. What is no JSON object can name no run: it
/// belongs to that of the record before it, at the beginning to the first run.
fn plain(mission: &Mission, bytes: &Bytes, records: Vec<Range<usize>>) -> Vec<Kept> {
    let mut runs: Vec<Kept> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut seen: HashSet<u64> = HashSet::new();
    let mut last: Option<usize> = None;
    let mut homeless: Vec<Line> = Vec::new();
    for (i, range) in records.into_iter().enumerate() {
        let head = bytes.get(range.clone()).map(Head::read).unwrap_or_default();
        let mut line = Line {
            start: range.start,
            end: range.end,
            number: u32::try_from(i + 1).unwrap_or(u32::MAX),
            repeats: false,
        };
        if head.is_bare {
            match last.and_then(|at| runs.get_mut(at)) {
                Some(kept) => kept.add(line, None),
                None => homeless.push(line),
            }
            continue;
        }
        let id = head.run.unwrap_or_else(|| mission.name.clone());
        let place = *places.entry(id).or_insert_with_key(|id| {
            runs.push(empty_run(&mission.id, id, bytes));
            runs.len() - 1
        });
        last = Some(place);
        line.repeats = head.id.is_some_and(|id| {
            let mut hasher = DefaultHasher::new();
            (place, id).hash(&mut hasher);
            !seen.insert(hasher.finish())
        });
        if let Some(kept) = runs.get_mut(place) {
            kept.add_all(homeless.drain(..));
            kept.add(line, head.time);
        }
    }
    if !homeless.is_empty() {
        let mut kept = empty_run(&mission.id, &mission.name, bytes);
        kept.add_all(homeless.into_iter());
        runs.push(kept);
    }
    for kept in &mut runs {
        kept.run.facts.push(Fact {
            of: None,
            label: "events in file",
            value: kept.len().to_string(),
        });
    }
    runs
}

fn empty_run(mission: &str, id: &str, bytes: &Bytes) -> Kept {
    Kept {
        run: Run {
            mission_id: mission.to_owned(),
            id: id.to_owned(),
            ..Run::default()
        },
        steps: Vec::new(),
        told: Told::Lines(Vec::new()),
        bytes: bytes.clone(),
    }
}

impl Kept {
    fn add_all(&mut self, lines: impl Iterator<Item = Line>) {
        lines.for_each(|line| self.add(line, None));
    }

    fn add(&mut self, line: Line, time: Option<Time>) {
        if let Told::Lines(lines) = &mut self.told {
            lines.push(line);
        }
        if let Some(time) = time {
            let run = &mut self.run;
            run.started_at = Some(run.started_at.map_or(time, |first| first.min(time)));
            run.updated_at = Some(run.updated_at.map_or(time, |last| last.max(time)));
        }
    }
}

/// Bytes of the mark that says that UTF-8 follows.
fn mark(bytes: &[u8]) -> usize {
    let mark: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(mark) {
        mark.len()
    } else {
        0
    }
}

/// Where the records lie: the elements of an array, the one value of a document, or the lines. None where
/// the lines are no records.
fn records(bytes: &Bytes) -> Option<Vec<Range<usize>>> {
    let skip = mark(bytes);
    let rest = bytes.get(skip..).unwrap_or_default();
    if let Some(whole) = std::str::from_utf8(rest)
        .ok()
        .and_then(|text| serde_json::from_str::<&RawValue>(text).ok())
    {
        let parts = wire::array(whole).unwrap_or_else(|| vec![whole]);
        let base = bytes.as_ptr() as usize;
        let range = |part: &RawValue| {
            let start = (part.get().as_ptr() as usize).saturating_sub(base);
            start..start + part.get().len()
        };
        return Some(parts.into_iter().map(range).collect());
    }
    let lines = lines(rest, skip);
    are_records(bytes, &lines).then_some(lines)
}

/// Whether lines are records: the first is, or half of them are. A closing brace or the last member of an
/// array that nobody finished makes no records of the lines of a broken document.
fn are_records(bytes: &Bytes, lines: &[Range<usize>]) -> bool {
    let is_record = |line: &&Range<usize>| {
        let line = bytes.get((*line).clone()).unwrap_or_default();
        line.starts_with(b"{") && ladder::is_json(line)
    };
    lines.first().is_none_or(|first| is_record(&first))
        || lines.iter().filter(is_record).count() * 2 >= lines.len()
}

/// The lines that are not blank, without their ends.
fn lines(text: &[u8], base: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len()));
    for end in ends {
        let line = text.get(start..end).unwrap_or_default();
        let lead = line.len() - line.trim_ascii_start().len();
        let kept = line.trim_ascii().len();
        if kept > 0 {
            let from = base + start + lead;
            ranges.push(from..from + kept);
        }
        start = end + 1;
    }
    ranges
}
