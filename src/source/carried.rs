//! Files that sortie wrote: bundles, JSON documents and JSON lines of its records. They are grouped by the
//! contexts that they were read in, so that they look as they did there. What a newer sortie wrote and
//! this one does not know is kept as it is.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
};

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{
    file::File,
    header,
    kept::{Kept, Line, Told},
    left, plain,
    record::{self, Sort},
    salvage,
};
use crate::{
    model::{Left, Mission, Offline, Run},
    provider::wire::{self, Object},
};

/// The records of one context.
pub(super) struct Origin {
    pub offline: Offline,
    pub missions: Vec<File>,
    /// What was not understood, by mission and run; of missions themselves under no run.
    pub left: HashMap<(String, String), Left>,
}

/// A file that sortie wrote.
#[derive(Default)]
pub(super) struct Carried {
    pub origins: Vec<Origin>,
    /// What is wrong with it.
    pub notes: Vec<String>,
    /// Whether it is not whole.
    pub is_damaged: bool,
}

/// Documents nest at most so deep: a list of documents of records.
const DEEP: u8 = 4;

/// Reads it; none where sortie writes no such file.
pub(super) fn read(bytes: &Bytes) -> Option<Carried> {
    let skip = plain::mark(bytes);
    let rest = bytes.get(skip..)?;
    let start = rest.len() - rest.trim_ascii_start().len();
    let head = rest.get(start..)?;
    if head.starts_with(b"{\"schema\":\"sortie.")
        && !head.starts_with(b"{\"schema\":\"sortie.bundle/")
        || head.starts_with(b"[")
    {
        let text = std::str::from_utf8(rest).ok()?;
        let whole: &RawValue = serde_json::from_str(text).ok()?;
        let mut records = Vec::new();
        nested(whole, DEEP, &mut records);
        let base = bytes.as_ptr() as usize;
        let ranges = records.into_iter().map(|record| {
            let start = (record.get().as_ptr() as usize).saturating_sub(base);
            start..start + record.get().len()
        });
        return Reading::over(bytes, ranges.collect())
            .filter(|carried| !carried.origins.is_empty());
    }
    let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
    let first = record::object(head.get(..end)?.trim_ascii())?;
    record::sort(&first).filter(|sort| *sort != Sort::Unknown)?;
    Reading::over(bytes, plain::lines(rest, skip))
}

/// The records in a document: itself, its members and their elements.
fn nested<'a>(value: &'a RawValue, deep: u8, records: &mut Vec<&'a RawValue>) {
    let Some(inner) = deep.checked_sub(1) else {
        return;
    };
    if let Some(parts) = wire::array(value) {
        for part in parts {
            nested(part, inner, records);
        }
        return;
    }
    let Some(object) = Object::read(value) else {
        return;
    };
    if record::sort(&object).is_some() {
        records.push(value);
        return;
    }
    for (name, member) in object.members() {
        // Operations are read out of events again, and errors are nobody's records.
        if !matches!(&**name, "operations" | "operation" | "errors" | "header") {
            nested(member, inner, records);
        }
    }
}

/// The state of reading one file.
struct Reading<'a> {
    bytes: &'a Bytes,
    carried: Carried,
    /// Where the records of the last context go.
    origin: usize,
    /// Runs by their ids: origin, mission and run.
    places: HashMap<(usize, String, String), (usize, usize)>,
    /// The run that records without a name belong to.
    last: Option<(usize, usize, usize)>,
    /// Ids of events that were met, by run.
    seen: HashMap<(usize, usize, usize), HashSet<u64>>,
    records: u64,
    is_bundle: bool,
    /// What the last line says.
    end: Option<u64>,
    /// Lines that are no JSON.
    no_json: Vec<Range<usize>>,
}

impl<'a> Reading<'a> {
    fn over(bytes: &'a Bytes, ranges: Vec<Range<usize>>) -> Option<Carried> {
        let mut own = Self {
            bytes,
            carried: Carried::default(),
            origin: 0,
            places: HashMap::new(),
            last: None,
            seen: HashMap::new(),
            records: 0,
            is_bundle: false,
            end: None,
            no_json: Vec::new(),
        };
        let count = ranges.len();
        for (i, range) in ranges.into_iter().enumerate() {
            let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
            own.take(range, number);
        }
        own.check_end(count);
        own.tell_broken();
        own.carried.origins.iter_mut().for_each(Origin::settle);
        (!own.carried.origins.is_empty()).then_some(own.carried)
    }

    /// The end of a bundle, which `lines` come before.
    fn check_end(&mut self, lines: usize) {
        if !std::mem::take(&mut self.is_bundle) {
            return;
        }
        let (told, came) = (self.end.take(), std::mem::take(&mut self.records));
        let note = match told {
            None => format!(
                "the bundle breaks off after line {lines}; {came} records before that are whole"
            ),
            Some(told) if told != came => {
                format!("the bundle says that it has {told} records; {came} are there")
            }
            Some(_) => return,
        };
        self.carried.notes.push(note);
        self.carried.is_damaged = true;
    }

    /// Lines that are no JSON, where no bundle says how much it had.
    fn tell_broken(&mut self) {
        if self.carried.is_damaged {
            return;
        }
        if let Some(note) = salvage::broken_lines(self.bytes, &self.no_json) {
            self.carried.notes.push(note);
            self.carried.is_damaged = true;
        }
    }

    fn take(&mut self, range: Range<usize>, number: u32) {
        let line = self.bytes.slice(range.clone());
        let at = Line {
            start: range.start,
            end: range.end,
            number,
            repeats: false,
        };
        let object = record::object(&line);
        let sort = object.as_ref().and_then(record::sort);
        if object.is_none() {
            self.no_json.push(range);
        }
        let (Some(object), Some(sort)) = (object, sort) else {
            self.broken(at);
            return;
        };
        match sort {
            Sort::Header => {
                self.check_end(number.saturating_sub(1) as usize);
                self.is_bundle = true;
                self.header(&object);
                return;
            }
            Sort::End => {
                self.end = object.count("records");
                return;
            }
            Sort::Mission => {
                self.find_origin(&object);
                let mission = record::mission(&line, &object);
                self.mission(mission);
            }
            Sort::Run => {
                self.find_origin(&object);
                self.run(record::run(&line, &object));
            }
            Sort::Step => self.step(&line, &object),
            Sort::Event => self.event(&object, at),
            Sort::Unknown => self.unknown(&line),
        }
        self.records += 1;
        self.keep_left(sort, &object);
    }

    /// What is no record at all is shown where it stands, with its bytes.
    fn broken(&mut self, line: Line) {
        if let Some(kept) = self.last_run() {
            kept.add(line, None);
        }
    }

    fn header(&mut self, object: &Object<'_>) {
        let schema = object.some_text("schema").unwrap_or_default();
        if schema != "sortie.bundle/1" {
            self.carried.notes.push(format!(
                "a newer sortie wrote this ({schema}); what this one does not know is not shown"
            ));
        }
        let offline = header::read(object);
        self.origin = self.carried.origins.len();
        self.carried.origins.push(Origin::of(offline));
    }

    fn find_origin(&mut self, object: &Object<'_>) {
        let context = object.some_text("context").unwrap_or_default();
        let provider = object.some_text("provider").unwrap_or_default();
        let is_it = |origin: &Origin| {
            origin.offline.context == context && origin.offline.provider == provider
        };
        let origins = &self.carried.origins;
        if origins.get(self.origin).is_some_and(is_it) {
            return;
        }
        self.origin = origins.iter().position(is_it).unwrap_or(origins.len());
        if self.origin == origins.len() {
            self.carried.origins.push(Origin::of(Offline {
                context,
                provider,
                ..Offline::default()
            }));
        }
    }

    fn mission(&mut self, mission: Mission) {
        let Some(origin) = self.carried.origins.get_mut(self.origin) else {
            return;
        };
        let at = origin.mission(&mission.id);
        if let Some(file) = origin.missions.get_mut(at) {
            file.mission = mission;
        }
    }

    /// The place of a run, which is made if there is none.
    fn place(&mut self, mission: &str, run: &str) -> Option<(usize, usize, usize)> {
        let key = (self.origin, mission.to_owned(), run.to_owned());
        if let Some((at, place)) = self.places.get(&key) {
            return Some((self.origin, *at, *place));
        }
        let origin = self.carried.origins.get_mut(self.origin)?;
        let at = origin.mission(mission);
        let file = origin.missions.get_mut(at)?;
        let mut kept = Kept::empty(mission, run, self.bytes);
        kept.told = Told::Records(Vec::new());
        file.runs.push(kept);
        let place = file.runs.len() - 1;
        self.places.insert(key, (at, place));
        Some((self.origin, at, place))
    }

    fn kept(&mut self, at: (usize, usize, usize)) -> Option<&mut Kept> {
        let origin = self.carried.origins.get_mut(at.0)?;
        origin.missions.get_mut(at.1)?.runs.get_mut(at.2)
    }

    fn last_run(&mut self) -> Option<&mut Kept> {
        self.kept(self.last?)
    }

    fn run(&mut self, run: Run) {
        let at = self.place(&run.mission_id, &run.id);
        self.last = at.or(self.last);
        if let Some(kept) = at.and_then(|at| self.kept(at)) {
            kept.run = run;
        }
    }

    fn step(&mut self, line: &Bytes, object: &Object<'_>) {
        let run = object.some_text("run_id").unwrap_or_default();
        let is_last = self.last_run().is_some_and(|kept| kept.run.id == run);
        if !is_last {
            let origin = self.origin;
            let mut places = self.places.iter();
            let found = places.find(|((of, _, id), _)| *of == origin && *id == run);
            self.last = found
                .map(|(_, (at, place))| (origin, *at, *place))
                .or(self.last);
        }
        if let Some(kept) = self.last_run() {
            let place = i64::try_from(kept.steps.len()).unwrap_or(i64::MAX);
            let step = record::step(line, object, place);
            match kept.steps.iter_mut().find(|known| known.id == step.id) {
                Some(known) => *known = step,
                None => kept.steps.push(step),
            }
        }
    }

    fn event(&mut self, object: &Object<'_>, mut line: Line) {
        self.find_origin(object);
        let mission = object.some_text("mission_id").unwrap_or_default();
        let run = object.some_text("run_id").unwrap_or_default();
        let Some(at) = self.place(&mission, &run) else {
            return;
        };
        self.last = Some(at);
        let (mut whole, mut id) = (DefaultHasher::new(), DefaultHasher::new());
        object.text().hash(&mut whole);
        object.some_text("id").hash(&mut id);
        let seen = self.seen.entry(at).or_default();
        // A document about one event has it twice.
        if !seen.insert(whole.finish()) {
            return;
        }
        line.repeats = !seen.insert(id.finish());
        let time = object.time("time");
        if let Some(kept) = self.kept(at) {
            let is_told = !kept.run.raw.is_empty();
            kept.add(line, time.filter(|_| !is_told));
        }
    }

    fn unknown(&mut self, line: &Bytes) {
        let text = String::from_utf8_lossy(line).into_owned();
        let of = self.last_key();
        if let Some(origin) = self.carried.origins.get_mut(self.origin) {
            origin.left.entry(of).or_default().records.push(text);
        }
    }

    /// Mission and run of the last record.
    fn last_key(&mut self) -> (String, String) {
        let last = self.last_run().map(|kept| &kept.run);
        last.map(|run| (run.mission_id.clone(), run.id.clone()))
            .unwrap_or_default()
    }

    fn keep_left(&mut self, sort: Sort, object: &Object<'_>) {
        let (members, kept) = (left::members(sort, object), left::kept(sort, object));
        if members.is_none() && kept.is_none() {
            return;
        }
        let id = object.some_text("id").unwrap_or_default();
        let of = match sort {
            Sort::Mission => (id.clone(), String::new()),
            _ => self.last_key(),
        };
        if let Some(origin) = self.carried.origins.get_mut(self.origin) {
            let left = &mut origin.left.entry(of).or_default().members;
            left.extend(members.map(|members| ((sort.word(), id.clone()), members)));
            left.extend(kept.map(|kept| ((sort.word_of_kept(), id), kept)));
        }
    }
}

impl Origin {
    fn of(offline: Offline) -> Self {
        Self {
            offline,
            missions: Vec::new(),
            left: HashMap::new(),
        }
    }

    /// The place of a mission, which is made if there is none.
    fn mission(&mut self, id: &str) -> usize {
        let known = self.missions.iter().position(|file| file.mission.id == id);
        known.unwrap_or_else(|| {
            let mission = Mission {
                id: id.to_owned(),
                name: id.to_owned(),
                ..Mission::default()
            };
            self.missions.push(File::of(mission, Vec::new()));
            self.missions.len() - 1
        })
    }
}
