//! Bundles, schema `sortie.bundle/1`: one run or several in one file that opens anywhere, without
//! credentials and without network. The file is JSON lines, gzipped, so that `zcat FILE | jq` reads it.
//! What is written is masked; where it goes is the caller's.
//!
//! Each line is an object with a member `record` that says what it is:
//!
//! - `header`, the first line: `schema`; `sortie`, the version that wrote it; `context`, `provider`,
//!   `base_url`; `made_at`; `masking` with the number of `masked` places in the records and the view, of
//!   different `secrets`, and of places by each of the `rules`, and, where somebody wanted secrets to be
//!   seen, how many those are (`unmasked`) and where (`unmasked_at`, each with `record`, `seq`, `id`, `path`
//!   and `rule`, of more than 100 the first); `view` with `mission`, `run`, what was under the
//!   cursor (`cursor`, an event, with `on_silence` where it was the silence before that, or `cursor_step`
//!   or `cursor_run`), the `filter` as it is typed, `only_failures`, `folds` (`steps_folded` and `events_unfolded`, all others being as at the start),
//!   `bookmarks` and `notes` (each with `mission`, `run`, `event`, `title`, `at`, a note with `text`).
//! - `mission`, `run`, `step`, `event`: the records that every command prints as JSON, `raw` being the
//!   record as the service sent it. Children of a run are records of runs with `parent_run_id`. What only
//!   sortie needs to show them as they were is in `kept`: of a mission `facts`; of a run `facts`, `room`,
//!   `updated_at`, `hearsay`; of a step `sequence`; of an event `order` (where it stands), `titled` and
//!   `summarized` (whether title and summary are its own and not made from `raw`), `lacks_content`; of any
//!   `sent_base64`, where the bytes as sent are not those of `raw` and are wanted.
//! - `end`, the last line: `records`, the number of lines between header and end. A file without it
//!   was cut. Of a file that is not packed and stays on its machine also `crc32` of all bytes before it.
//!
//! Members and records of other names come from a newer sortie: whoever reads them lets them be, and
//! whoever writes the same run again writes them as they stood.

mod header;
mod kept;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use flate2::{Compression, Crc, write::GzEncoder};
use serde::Serialize;

use super::record::{self, Home};
use crate::{
    guard::{Masking, Sort, safe_json},
    model::{Event, Left, Look, Mission, Offline, Payload, Run, Step},
};
use header::{Counter, Header, Report};
use kept::{KeptEvent, KeptMission, KeptRun, KeptStep, Sent};

/// The schema that is written.
pub const SCHEMA: &str = "sortie.bundle/1";
/// What the name of a bundle ends with.
pub const EXTENSION: &str = "sortie";

/// A run with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its mission, where it is known.
    pub mission: Option<&'a Mission>,
    /// The run.
    pub run: &'a Run,
    /// Its plan.
    pub steps: &'a [Step],
    /// Runs that it started.
    pub children: &'a [Run],
    /// Its events in final order.
    pub events: &'a [Event],
    /// Whether none is missing, so that each has its number.
    pub numbered: bool,
    /// What was read of it and not understood.
    pub left: Option<&'a Left>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Lines between header and end.
    pub records: u64,
    /// Bytes before they were packed.
    pub bytes: u64,
    /// Places that were masked.
    pub masked: usize,
}

/// Writes a bundle, gzipped, record by record. `origin` says where the runs come from and how they were
/// looked at. The records are masked twice, for the header that comes first says how many places were
/// masked in them and in itself; `masking` counts them once. Bundles one behind the other are a bundle too.
pub fn write(
    to: impl Write,
    origin: &Offline,
    parts: &[Part<'_>],
    masking: &mut Masking,
) -> io::Result<Written> {
    write_while(to, origin, parts, masking, &|_| Ok(()))
}

/// The same, as long as somebody waits for it: `wanted` is asked again and again, with how many more events
/// were written, and its fault ends it.
pub fn write_while(
    to: impl Write,
    origin: &Offline,
    parts: &[Part<'_>],
    masking: &mut Masking,
    wanted: Wanted<'_>,
) -> io::Result<Written> {
    let mut packed = GzEncoder::new(to, Compression::new(LEVEL));
    let written = counted(&mut packed, origin, parts, masking, wanted)?;
    packed.finish()?.flush()?;
    Ok(written)
}

/// Whether somebody waits for what is written.
type Wanted<'w> = &'w dyn Fn(usize) -> io::Result<()>;

/// Packs nearly as small as the best level does, in a third of its time.
const LEVEL: u32 = 4;

/// The same lines, not packed.
pub fn write_lines(
    to: &mut dyn Write,
    origin: &Offline,
    parts: &[Part<'_>],
    masking: &mut Masking,
) -> io::Result<Written> {
    counted(to, origin, parts, masking, &|_| Ok(()))
}

fn counted(
    to: &mut dyn Write,
    origin: &Offline,
    parts: &[Part<'_>],
    masking: &mut Masking,
    wanted: Wanted<'_>,
) -> io::Result<Written> {
    let before = masking.masked();
    // The places of this pass are those of the next.
    let kept = masking.take_places();
    let mut counting = Lines::new(masking.clone(), Box::new(io::sink()));
    counting.counter = Some(Counter::default());
    // What is noted of a run leaves with it: the view is counted like the records.
    let look = origin.looks.first().cloned().unwrap_or_default();
    counting.header(origin, &look, Report::default())?;
    counting.all(origin, parts, &|_| wanted(0))?;
    let masked = counting.masking.masked().saturating_sub(before);
    let report = counting.counter.unwrap_or_default();
    let report = report.report(masked, counting.masking.shown_places(), masking);
    masking.put_places(kept);
    put(to, origin, (parts, wanted), masking, report, false)
}

/// The same lines for this machine's own use: every record byte for byte as it was sent, but for what
/// `masking` masks, and a sum of them all at the end. What was masked is not counted.
pub fn write_as_sent(
    to: &mut dyn Write,
    origin: &Offline,
    parts: &[Part<'_>],
    masking: &mut Masking,
) -> io::Result<Written> {
    let report = Report::default();
    put(to, origin, (parts, &|_| Ok(())), masking, report, true)
}

fn put(
    to: &mut dyn Write,
    origin: &Offline,
    (parts, wanted): (&[Part<'_>], Wanted<'_>),
    masking: &mut Masking,
    report: Report,
    is_exact: bool,
) -> io::Result<Written> {
    let mut lines = Lines::new(std::mem::take(masking), Box::new(to));
    lines.is_exact = is_exact;
    lines.sum = is_exact.then(Crc::new);
    let look = origin.looks.first().cloned().unwrap_or_default();
    let masked = report.masked;
    lines.header(origin, &look, report)?;
    lines.written.records = 0;
    lines.all(origin, parts, wanted)?;
    let mut written = lines.written;
    lines.put(&header::End {
        record: "end",
        records: written.records,
        crc32: lines.sum.as_ref().map(Crc::sum),
    })?;
    written.bytes = lines.written.bytes;
    written.masked = masked;
    *masking = lines.masking;
    Ok(written)
}

struct Lines<'w> {
    masking: Masking,
    to: Box<dyn Write + 'w>,
    written: Written,
    /// Whether records are written as they were sent even where `raw` differs.
    is_exact: bool,
    /// Of what was written, where that is wanted.
    sum: Option<Crc>,
    /// Counts what was masked, where that is wanted.
    counter: Option<Counter>,
}

/// A record with its sort before it and what is kept behind it.
#[derive(Serialize)]
struct Tagged<T: Serialize, K: Serialize> {
    record: &'static str,
    #[serde(flatten)]
    told: T,
    kept: K,
}

impl<'w> Lines<'w> {
    fn new(masking: Masking, to: Box<dyn Write + 'w>) -> Self {
        Self {
            masking,
            to,
            written: Written::default(),
            is_exact: false,
            sum: None,
            counter: None,
        }
    }

    fn sent(&mut self, raw: &Payload, sort: Sort) -> Sent {
        Sent::of(raw, sort, &mut self.masking, self.is_exact)
    }

    fn header(&mut self, origin: &Offline, look: &Look, report: Report) -> io::Result<()> {
        self.masking.at("view", None, "");
        let header = Header::of(origin, look, report, &mut self.masking);
        let left = [look.left_of_view.as_deref(), look.left.as_deref()];
        self.put_with(&header, left)
    }

    fn all(&mut self, origin: &Offline, parts: &[Part<'_>], wanted: Wanted<'_>) -> io::Result<()> {
        let home = Home {
            context: &origin.context,
            provider: &origin.provider,
        };
        let mut missions: Vec<&str> = Vec::new();
        for part in parts {
            if let Some(mission) = part.mission
                && !missions.contains(&mission.id.as_str())
            {
                missions.push(&mission.id);
                self.mission(home, mission, part.left)?;
            }
            self.part(home, part, wanted)?;
        }
        Ok(())
    }

    fn part(&mut self, home: Home<'_>, part: &Part<'_>, wanted: Wanted<'_>) -> io::Result<()> {
        self.run(home, part.run, part.left)?;
        for step in part.steps {
            let told = record::step(&part.run.id, step, &mut self.masking);
            let kept = KeptStep {
                sequence: step.sequence,
                sent: self.sent(&step.raw, Sort::Any),
            };
            self.tagged("step", &step.id, told, kept, part.left)?;
        }
        for child in part.children {
            self.run(home, child, part.left)?;
        }
        for (at, event) in part.events.iter().enumerate() {
            wanted(1)?;
            let seq = part.numbered.then_some(at + 1);
            let told = record::event(home, part.run, seq, event, &mut self.masking);
            let kept = KeptEvent::of(event, self.sent(&event.raw, Sort::Any));
            self.tagged("event", &event.id, told, kept, part.left)?;
        }
        let left = part.left.map(|left| left.records.as_slice());
        self.masking.at("record", None, "");
        for record in left.unwrap_or_default() {
            let masked = self.masking.json(record.as_bytes(), Sort::Any);
            if let Some(safe) = safe_json(&masked) {
                self.line(safe.as_bytes())?;
            }
        }
        Ok(())
    }

    fn mission(&mut self, home: Home<'_>, sent: &Mission, left: Option<&Left>) -> io::Result<()> {
        let told = record::mission(home, sent, &mut self.masking);
        let exact = self.sent(&sent.raw, Sort::Any);
        let kept = KeptMission::of(sent, &mut self.masking, exact);
        self.tagged("mission", &sent.id, told, kept, left)
    }

    fn run(&mut self, home: Home<'_>, sent: &Run, left: Option<&Left>) -> io::Result<()> {
        let told = record::run(home, sent, &mut self.masking);
        let exact = self.sent(&sent.raw, Sort::of(home.provider));
        let kept = KeptRun::of(sent, &mut self.masking, exact);
        self.tagged("run", &sent.id, told, kept, left)
    }

    fn tagged(
        &mut self,
        record: &'static str,
        id: &str,
        told: impl Serialize,
        kept: impl Serialize,
        left: Option<&Left>,
    ) -> io::Result<()> {
        let tagged = Tagged { record, told, kept };
        let of = |sort: &'static str| {
            let members = &left?.members;
            members.get(&(sort, id.to_owned())).map(String::as_str)
        };
        self.put_with(&tagged, [of(kept_of(record)), of(record)])
    }

    /// Writes a record whose last member is an object. What is left of that object and of the record
    /// itself is put behind what they have.
    fn put_with(&mut self, record: &impl Serialize, left: [Option<&str>; 2]) -> io::Result<()> {
        let mut line = record::line(record).map_err(io::Error::other)?;
        if left.iter().any(Option::is_some) {
            line.truncate(line.trim_end().len().saturating_sub(2));
            for members in left {
                let masking = self.masking.within("");
                let members = members.map(|members| masking.json(members.as_bytes(), Sort::Any));
                let members = members.and_then(|members| safe_json(&members));
                if let Some(members) = members.as_deref().and_then(inner) {
                    line.push(',');
                    line.push_str(members);
                }
                line.push('}');
            }
        }
        self.line(line.trim_end().as_bytes())
    }

    fn put(&mut self, record: &impl Serialize) -> io::Result<()> {
        let line = record::line(record).map_err(io::Error::other)?;
        self.line(line.trim_end().as_bytes())
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        self.to.write_all(line)?;
        self.to.write_all(b"\n")?;
        if let Some(sum) = self.sum.as_mut() {
            sum.update(line);
            sum.update(b"\n");
        }
        if let Some(counter) = self.counter.as_mut() {
            counter.take(line);
        }
        self.written.records += 1;
        self.written.bytes += line.len() as u64 + 1;
        Ok(())
    }
}

/// Under which what is left of `kept` is known.
fn kept_of(record: &str) -> &'static str {
    match record {
        "mission" => "mission.kept",
        "run" => "run.kept",
        "step" => "step.kept",
        _ => "event.kept",
    }
}

/// The members of an object, without its braces; none where it has none.
fn inner(object: &str) -> Option<&str> {
    let members = object.strip_prefix('{')?.strip_suffix('}')?;
    (!members.is_empty()).then_some(members)
}
