//! Files and standard input: the same asks as a service answers, answered from what was read once.
//! Everything is kept as the bytes of the file; an event is read when it is asked for. Nothing is
//! written but what is unpacked of a large file, into one without a name, and a file that changes
//! afterwards is not read again.

mod bytes;
mod captured;
mod carried;
mod children;
mod document;
mod far;
mod feed;
mod file;
mod header;
mod history;
mod kept;
mod ladder;
mod left;
mod lines;
mod opened;
mod packed;
mod plain;
mod record;
mod salvage;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use crate::{
    model::{
        Ask, Batch, CallMembers, Event, Far, Left, LookPlaces, Mission, Offline, Page, Record, Row,
        Run, RunRef, Step, Trouble,
    },
    provider,
};

pub use bytes::reason;
use file::File;
use history::Entries;
pub use history::{Glimpse, entry, glimpse};
use kept::Kept;
use lines::Lines;

/// Events in one answer.
const PAGE: usize = 2000;
/// Rows, and bytes of events that have to be read first, of which an answer takes no time.
const FEW: usize = 500;
const LIGHT: usize = 2 << 20;

/// The records of one context, out of opened files.
#[derive(Default)]
pub struct Source {
    /// Where they come from.
    offline: Offline,
    files: Vec<File>,
    places: Places,
    /// What stays in its file, by the mission that the file is.
    documents: HashMap<String, Arc<dyn Far>>,
    /// Files that are looked through while they are shown, by the mission that each is.
    lines: HashMap<String, Lines>,
    /// What was not understood, by mission and run; of missions themselves under no run.
    left: HashMap<(String, String), Left>,
    /// Runs that lie in files of their own.
    entries: Entries,
}

/// Where missions and runs are among those of a source, and looks at runs: of thousands of files none is
/// looked for in all that came before it.
#[derive(Default)]
struct Places {
    missions: HashMap<String, usize>,
    /// By the number of their mission and their id.
    runs: HashMap<(usize, String), usize>,
    looks: LookPlaces,
}

/// Opened files.
#[derive(Default)]
pub struct Opened {
    /// By the contexts that the records were read in; what sortie did not write makes one of its own.
    pub sources: Vec<Source>,
    /// What is wrong with the files: where they break off.
    pub notes: Vec<String>,
    /// Why some of them could not be read at all.
    pub missing: Vec<Trouble>,
    /// What is to be said of files that are whole.
    pub told: Vec<Said>,
    /// Whether one of them is not whole or could not be read.
    pub is_damaged: bool,
}

/// What is to be said of a file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// A sentence with the file's name.
    pub text: String,
    /// Whether the file is a reply in which a service says no.
    pub is_refusal: bool,
}

impl Source {
    /// The name of the context that files make.
    pub const NAME: &'static str = "file";

    fn named(context: &str, provider: &str) -> Self {
        Self {
            offline: Offline {
                context: context.to_owned(),
                provider: provider.to_owned(),
                ..Offline::default()
            },
            ..Self::default()
        }
    }

    /// Where the records come from.
    pub fn offline(&self) -> &Offline {
        &self.offline
    }

    /// The context that they were read in; `file` for what sortie did not write.
    pub fn name(&self) -> &str {
        &self.offline.context
    }

    /// The service that they are of; `file` where that is not known.
    pub fn provider(&self) -> &str {
        &self.offline.provider
    }

    /// Whether the service gives calls ids of their own.
    pub fn call_ids(&self) -> bool {
        provider::named(self.provider()).is_none_or(|provider| provider.caps().call_ids)
    }

    /// What lies beside the arguments in the payload of a tool call.
    pub fn call_members(&self) -> CallMembers {
        let known = provider::named(self.provider());
        known.map_or_else(CallMembers::default, |provider| {
            provider.caps().call_members
        })
    }

    /// A run.
    pub fn known(&self, run: &RunRef) -> Option<&Run> {
        self.run(run).ok().map(|kept| &kept.run)
    }

    /// What was read of a run and its mission and not understood.
    pub fn left(&self, mission: &str, run: &str) -> Option<Left> {
        let of = |run: &str| self.left.get(&(mission.to_owned(), run.to_owned()));
        let mut left = of(run).cloned();
        if let Some(above) = of("") {
            let left = left.get_or_insert_default();
            left.members.extend(above.members.clone());
        }
        left
    }

    /// Takes a mission of another file. Of two records of one run the one with more events counts.
    fn join(&mut self, file: File) {
        let next = self.files.len();
        let missions = &mut self.places.missions;
        let at = *missions.entry(file.mission.id.clone()).or_insert(next);
        let Some(known) = self.files.get_mut(at) else {
            let runs = file.runs.iter().enumerate();
            let runs = runs.map(|(place, kept)| ((at, kept.run.id.clone()), place));
            self.places.runs.extend(runs);
            self.files.push(file);
            return;
        };
        let File { mission, runs, .. } = file;
        if known.mission.raw.is_empty() {
            known.mission = mission;
        }
        for kept in runs {
            let next = known.runs.len();
            let key = (at, kept.run.id.clone());
            let place = *self.places.runs.entry(key).or_insert(next);
            match known.runs.get_mut(place) {
                Some(own) if own.len() < kept.len() => *own = kept,
                Some(_) => {}
                None => known.runs.push(kept),
            }
        }
    }

    /// The texts that stayed in their files, by the id of the mission that has the event.
    pub fn documents(&self) -> &HashMap<String, Arc<dyn Far>> {
        &self.documents
    }

    /// Whether all of it is one JSON document, to be read as such.
    pub fn is_document(&self) -> bool {
        match self.files.as_slice() {
            [file] => self.documents.len() == 1 || file.is_document(),
            _ => false,
        }
    }

    /// Whether it is one large file of which both ends are of one run.
    pub fn is_one_run(&self) -> bool {
        let mut lines = self.lines.values();
        self.files.len() == 1 && lines.next().is_some_and(|lines| lines.is_one_run)
    }

    /// Whether `Ask::Part` has an answer.
    pub fn has_tails(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether a run is in a file that may grow while it is open.
    pub fn may_grow(&self, run: &RunRef) -> bool {
        self.lines.get(&*run.mission).is_some_and(Lines::may_grow)
    }

    /// What was appended of such a run behind the event at that place. Blocks while it is looked for.
    pub fn news(&self, run: &RunRef, after: Option<i64>) -> Result<Batch, Trouble> {
        let lines = self.lines.get(&*run.mission);
        lines.map_or_else(|| Ok(Batch::default()), |lines| lines.news(run, after))
    }

    /// A mission of which more is known than its id.
    pub fn mission(&self, id: &Arc<str>) -> Option<&Mission> {
        let known = &self.file(id).ok()?.mission;
        let is_known = !known.raw.is_empty() || !known.name.is_empty() && known.name != known.id;
        is_known.then_some(known)
    }

    /// What the files say to `ask`. Events come in pages, everything else at once.
    pub fn answer(&self, ask: &Ask) -> Result<Batch, Trouble> {
        let entry = ask.run().and_then(|run| self.entries.read(run));
        if let Some(entry) = entry {
            return entry?.answer(ask);
        }
        if let Some(lines) = self.lines_of(ask) {
            return lines.answer(ask);
        }
        match ask {
            Ask::Missions { .. } => {
                Ok(all(self.files.iter().map(|file| of_mission(&file.mission))))
            }
            Ask::Mission { mission } => {
                let file = self.file(mission)?;
                Ok(all(std::iter::once(of_mission(&file.mission))))
            }
            Ask::Runs {
                mission, status, ..
            } => {
                let runs = self.file(mission)?.runs.iter().map(|kept| &kept.run);
                let wanted = runs.filter(|run| status.is_none_or(|status| run.status == status));
                Ok(all(wanted.map(of_run)))
            }
            Ask::Run(run) => Ok(match self.run(run) {
                Ok(kept) => {
                    let children = kept.children.iter();
                    all(std::iter::once(&kept.run).chain(children).map(of_run))
                }
                Err(trouble) => all(std::iter::once(of_run(self.child(run).ok_or(trouble)?))),
            }),
            Ask::Steps(run) | Ask::Events { run, .. } if self.child(run).is_some() => {
                Ok(Batch::default())
            }
            Ask::Steps(run) => Ok(all(self.run(run)?.steps.iter().map(of_step))),
            Ask::Events { run, page } => Ok(events(self.run(run)?, run, page)),
            Ask::Event { run, event } => self
                .run(run)?
                .event(event)
                .map(|found| all(std::iter::once(of_event(found))))
                .ok_or_else(|| missing("event", event)),
            // Opening the files was the proof.
            Ask::Check => Ok(Batch::default()),
            Ask::Picked { .. }
            | Ask::Part { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Aside { .. }
            | Ask::Named { .. } => Err(Trouble::Unwilling {
                cause: "files have no such list".to_owned(),
            }),
        }
    }

    /// The same where it is whole and takes no time.
    pub fn at_once(&self, ask: &Ask) -> Option<Batch> {
        if ask.run().is_some_and(|run| self.entries.has(run)) || self.lines_of(ask).is_some() {
            return None;
        }
        let rows = match ask {
            Ask::Missions { .. } => self.files.len(),
            Ask::Runs { mission, .. } => self.file(mission).ok()?.runs.len(),
            Ask::Mission { .. } | Ask::Check => 1,
            Ask::Run(run) => 1 + self.run(run).ok()?.children.len(),
            Ask::Steps(run) => self.run(run).ok()?.steps.len(),
            Ask::Events { run, .. } => {
                let kept = self.run(run).ok()?;
                (kept.weight() <= LIGHT).then_some(kept.len())?
            }
            Ask::Named { .. }
            | Ask::Event { .. }
            | Ask::Picked { .. }
            | Ask::Part { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Aside { .. } => return None,
        };
        let batch = (rows <= FEW).then(|| self.answer(ask).ok())??;
        (batch.next.is_none() && batch.also.is_empty()).then_some(batch)
    }

    /// The file that is looked through for an answer.
    fn lines_of(&self, ask: &Ask) -> Option<&Lines> {
        let mission = match ask {
            Ask::Runs { mission, .. } => mission,
            _ => &ask.run()?.mission,
        };
        self.lines.get(&**mission)
    }

    fn file(&self, mission: &Arc<str>) -> Result<&File, Trouble> {
        self.files
            .iter()
            .find(|file| *file.mission.id == **mission)
            .ok_or_else(|| missing("file", mission))
    }

    /// A run of which nothing is known but what another says of it.
    fn child(&self, run: &RunRef) -> Option<&Run> {
        let runs = self.files.iter().flat_map(|file| &file.runs);
        let mut children = runs.flat_map(|kept| &kept.children);
        children.find(|child| *child.id == *run.run && *child.mission_id == *run.mission)
    }

    fn run(&self, run: &RunRef) -> Result<&Kept, Trouble> {
        let mut runs = self.file(&run.mission)?.runs.iter();
        runs.find(|kept| *kept.run.id == *run.run)
            .ok_or_else(|| missing("run", &run.run))
    }
}

fn events(kept: &Kept, run: &RunRef, page: &Page) -> Batch {
    let start = page.seen as usize;
    let (events, skipped) = kept.events(start, PAGE);
    let seen = page
        .seen
        .saturating_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
    let next = ((seen as usize) < kept.len()).then(|| Ask::Events {
        run: run.clone(),
        page: Page {
            index: page.index + 1,
            seen,
            ..Page::default()
        },
    });
    Batch {
        rows: events.into_iter().map(of_event).collect(),
        next,
        also: Vec::new(),
        skipped,
    }
}

fn all(rows: impl Iterator<Item = Row>) -> Batch {
    Batch {
        rows: rows.collect(),
        ..Batch::default()
    }
}

fn of_mission(mission: &Mission) -> Row {
    Row::Full(Record::Mission(mission.clone()))
}

fn of_run(run: &Run) -> Row {
    Row::Full(Record::Run(run.clone()))
}

fn of_step(step: &Step) -> Row {
    Row::Full(Record::Step(step.clone()))
}

fn of_event(event: Event) -> Row {
    Row::Full(Record::Event(event))
}

fn missing(what: &str, id: &str) -> Trouble {
    Trouble::NotFound {
        message: format!("no {what} {id} in the opened files"),
    }
}
