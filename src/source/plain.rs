//! Plain records of events, one a line or one an element of an array, and the runs that they name.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{
    kept::{Kept, Line},
    ladder::{self, Head},
};
use crate::{
    model::{Fact, Mission},
    provider::wire,
};

/// Groups records by their run, in the order of the file. What is no JSON object can name no run: it
/// belongs to that of the record before it, at the beginning to the first run. With where such lie.
pub(super) fn runs(
    mission: &Mission,
    bytes: &Bytes,
    records: Vec<Range<usize>>,
) -> (Vec<Kept>, Vec<Range<usize>>) {
    let mut bare: Vec<Range<usize>> = Vec::new();
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
            bare.push(range);
            match last.and_then(|at| runs.get_mut(at)) {
                Some(kept) => kept.add(line, None),
                None => homeless.push(line),
            }
            continue;
        }
        let id = head.run.unwrap_or_else(|| mission.name.clone());
        let place = *places.entry(id).or_insert_with_key(|id| {
            runs.push(Kept::empty(&mission.id, id, bytes));
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
        let mut kept = Kept::empty(&mission.id, &mission.name, bytes);
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
    (runs, bare)
}

/// Bytes of the mark that says that UTF-8 follows.
pub(super) fn mark(bytes: &[u8]) -> usize {
    let mark: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(mark) {
        mark.len()
    } else {
        0
    }
}

/// Where the records lie: the elements of an array, the one value of a document, or the lines. None where
/// the lines are no records.
pub(super) fn records(bytes: &Bytes) -> Option<Vec<Range<usize>>> {
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
pub(super) fn lines(text: &[u8], base: usize) -> Vec<Range<usize>> {
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
