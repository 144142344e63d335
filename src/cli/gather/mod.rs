//! Reads lists out of contexts for the commands: missions, runs over all missions, all events of a
//! run. What fails is noted and the rest goes on.

use futures_util::{StreamExt as _, future::join_all, stream};

use super::{
    exit::Failure,
    session::{Asked, Session},
};
use crate::model::{
    Ask, Event, Limit, Mission, Page, Record, Run, RunRef, RunStatus, Step, Time, merge,
};

/// Missions that are read at the same time in one context.
const AT_ONCE: usize = 4;

/// Rows that are read of a filtered list before looking whether enough of them fit.
const CHUNK: u32 = 500;

/// What was read of one thing, and why it is not all.
#[derive(Debug)]
pub struct Found<T> {
    /// What there is.
    pub rows: Vec<T>,
    /// What could not be had.
    pub failures: Vec<Failure>,
    /// What the person may want to know and no script must.
    pub notes: Vec<String>,
    /// Records that could not be read and are kept as unknown.
    pub skipped: u32,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            failures: Vec::new(),
            notes: Vec::new(),
            skipped: 0,
        }
    }
}

impl<T> Found<T> {
    pub(super) fn absorb(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.notes.extend(other.notes);
        self.skipped = self.skipped.saturating_add(other.skipped);
        for failure in other.failures {
            // Fifty missions of a dead host are one failure.
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
    }
}

/// Which runs are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Id or name of the mission.
    pub mission: Option<String>,
    /// These states; all if empty.
    pub status: Vec<RunStatus>,
    /// With activity since then.
    pub since: Option<Time>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Wanted {
    /// Whether runs of this mission are wanted.
    pub fn admits(&self, mission: &Mission) -> bool {
        self.mission
            .as_deref()
            .is_none_or(|wanted| wanted == mission.id || wanted.eq_ignore_ascii_case(&mission.name))
    }

    /// How many rows to ask for when so many are missing: more where some will not fit.
    fn rows_to_read(&self, missing: Option<usize>) -> u32 {
        let filters = !self.status.is_empty() || self.since.is_some();
        match missing.and_then(|missing| u32::try_from(missing).ok()) {
            Some(missing) if filters => missing.max(CHUNK),
            Some(missing) => missing,
            None => u32::MAX,
        }
    }

    fn takes(&self, run: &Run) -> bool {
        let status = self.status.is_empty() || self.status.contains(&run.status);
        status
            && self
                .since
                .is_none_or(|since| last_activity(run) >= Some(since))
    }
}

fn is_newest_first(runs: &[Run]) -> bool {
    runs.iter()
        .filter_map(|run| run.started_at)
        .rev()
        .is_sorted()
}

/// When anything was heard of a run last, as far as is known.
pub fn last_activity(run: &Run) -> Option<Time> {
    let times = [
        run.started_at,
        run.ended_at,
        run.quiet_since,
        run.updated_at,
    ];
    times.into_iter().flatten().max()
}

/// A run with its mission and the number of its context in the session.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// Which context.
    pub context: usize,
    /// What lies there.
    pub row: T,
}

impl Session {
    /// All missions of a context.
    pub async fn missions_of(&self, asked: &Asked) -> Found<Mission> {
        let page = Page::default();
        let (collected, failure) = self.ask(asked, Ask::Missions { page }, Limit::NONE).await;
        let rows = collected
            .records
            .into_iter()
            .filter_map(|record| match record {
                Record::Mission(mission) => Some(mission),
                Record::Run(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
            });
        Found {
            rows: rows.collect(),
            failures: failure.into_iter().collect(),
            notes: Vec::new(),
            skipped: collected.skipped,
        }
    }

    /// All missions of all contexts.
    pub async fn missions(&self) -> Found<Placed<Mission>> {
        let each = self.contexts.iter().map(|asked| self.missions_of(asked));
        place(join_all(each).await)
    }

    /// The wanted runs of all contexts, with their missions' names, the newest start first.
    pub async fn runs(&self, wanted: &Wanted) -> Found<Placed<(String, Run)>> {
        let each = self
            .contexts
            .iter()
            .map(|asked| self.runs_of(asked, wanted));
        let (each, admitted): (Vec<_>, Vec<_>) = join_all(each).await.into_iter().unzip();
        let mut found = place(each);
        if let Some(name) = &wanted.mission
            && !admitted.contains(&true)
            && found.failures.is_empty()
        {
            // An empty list alone looks like a mission that never ran.
            found.notes.push(format!("no mission is called `{name}`"));
        }
        found
            .rows
            .sort_by_key(|placed| std::cmp::Reverse(placed.row.1.started_at));
        if let Some(limit) = wanted.limit {
            found.rows.truncate(limit);
        }
        found
    }

    /// The wanted runs of a context, and whether it has a mission that is wanted.
    async fn runs_of(&self, asked: &Asked, wanted: &Wanted) -> (Found<(String, Run)>, bool) {
        let missions = self.missions_of(asked).await;
        let mut found = Found {
            rows: Vec::new(),
            failures: missions.failures,
            notes: missions.notes,
            skipped: missions.skipped,
        };
        let admitted = missions
            .rows
            .iter()
            .filter(|mission| wanted.admits(mission));
        let mut lists = stream::iter(admitted)
            .map(|mission| async move {
                let runs = self.runs_in(asked, mission, wanted).await;
                let named = runs.rows.into_iter().map(|run| (mission.name.clone(), run));
                Found {
                    rows: named.collect(),
                    failures: runs.failures,
                    notes: runs.notes,
                    skipped: runs.skipped,
                }
            })
            .buffered(AT_ONCE);
        while let Some(list) = lists.next().await {
            found.absorb(list);
        }
        let any = missions.rows.iter().any(|mission| wanted.admits(mission));
        (found, any)
    }

    /// The wanted runs of one mission: reads on until there are enough that fit. A service that does
    /// not list the newest first is read to the end, since the newest may come last.
    async fn runs_in(&self, asked: &Asked, mission: &Mission, wanted: &Wanted) -> Found<Run> {
        let mut found = Found::default();
        let mut sorted = true;
        let mut next = Some(Ask::Runs {
            mission: mission.id.as_str().into(),
            status: match wanted.status.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            page: Page::default(),
        });
        while let Some(ask) = next.take() {
            let limit = wanted.limit.filter(|_| sorted);
            let missing = limit.map(|limit| limit.saturating_sub(found.rows.len()));
            if missing == Some(0) {
                break;
            }
            let limit = Limit {
                rows: wanted.rows_to_read(missing),
                ..Limit::NONE
            };
            let (collected, failure) = self.ask(asked, ask, limit).await;
            found.skipped = found.skipped.saturating_add(collected.skipped);
            let runs: Vec<Run> = collected.records.into_iter().filter_map(run).collect();
            sorted = sorted && is_newest_first(&runs);
            found
                .rows
                .extend(runs.into_iter().filter(|run| wanted.takes(run)));
            next = collected.more.filter(|_| failure.is_none());
            match failure {
                // A listed mission without a list of runs (an ElizaOS agent that is stopped) has
                // none to show, and that is an answer.
                Some(failure) if failure.is_absence() => {
                    let context = &asked.record.name;
                    let note = format!("{context}: {} shows no runs", mission.name);
                    found.notes.push(note);
                }
                failure => found.failures.extend(failure),
            }
        }
        found
    }

    /// A run read whole: its detail laid over what is known, its plan, its events in final order.
    pub async fn whole(&self, asked: &Asked, run: &Run, with_plan: bool) -> Whole {
        let at = reference(run);
        let (detail, steps, events) = tokio::join!(
            self.if_answered(asked, with_plan, Ask::Run(at.clone())),
            self.if_answered(asked, with_plan, Ask::Steps(at.clone())),
            self.if_answered(
                asked,
                true,
                Ask::Events {
                    run: at,
                    page: Page::default(),
                },
            ),
        );
        let mut whole = Whole {
            run: run.clone(),
            ..Whole::default()
        };
        for found in [detail, steps, events] {
            whole.take(found);
        }
        // Stable: what arrived first stays first among equals.
        whole.events.sort_by_key(|event| event.order);
        whole.steps.sort_by_key(|step| step.sequence);
        whole
    }

    async fn if_answered(&self, asked: &Asked, wanted: bool, ask: Ask) -> Found<Record> {
        if !wanted || !asked.answers(&ask) {
            return Found::default();
        }
        let (collected, failure) = self.ask(asked, ask, Limit::NONE).await;
        Found {
            rows: collected.records,
            failures: failure.into_iter().collect(),
            notes: Vec::new(),
            skipped: collected.skipped,
        }
    }
}

/// A run with everything in it.
#[derive(Debug, Default)]
pub struct Whole {
    /// The run.
    pub run: Run,
    /// Its plan, in the order of the plan.
    pub steps: Vec<Step>,
    /// The runs that it started and that came with its records.
    pub children: Vec<Run>,
    /// Its events, in final order.
    pub events: Vec<Event>,
    /// What could not be had.
    pub failures: Vec<Failure>,
    /// Events that could not be read and are kept as unknown.
    pub skipped: u32,
}

impl Whole {
    /// The number of the event at that place; none where events may be missing before it.
    pub fn seq(&self, at: usize) -> Option<usize> {
        self.failures.is_empty().then_some(at + 1)
    }

    fn take(&mut self, found: Found<Record>) {
        self.skipped = self.skipped.saturating_add(found.skipped);
        for failure in found.failures {
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
        for record in found.rows {
            match record {
                Record::Run(run) if run.id == self.run.id => {
                    merge::run(&mut self.run, run);
                }
                Record::Step(step) => match self.steps.iter_mut().find(|old| old.id == step.id) {
                    Some(old) => {
                        merge::step(old, step);
                    }
                    None => self.steps.push(step),
                },
                Record::Event(event) => self.events.push(event),
                Record::Run(child) if child.parent_run_id.as_ref() == Some(&self.run.id) => {
                    match self.children.iter_mut().find(|old| old.id == child.id) {
                        Some(old) => {
                            merge::run(old, child);
                        }
                        None => self.children.push(child),
                    }
                }
                Record::Run(_) | Record::Mission(_) | Record::Elsewhere(_) => {}
            }
        }
    }
}

/// What asks about a run need.
pub fn reference(run: &Run) -> RunRef {
    RunRef {
        mission: run.mission_id.as_str().into(),
        run: run.id.as_str().into(),
        room: run.room.as_deref().map(Into::into),
    }
}

pub(super) fn run(record: Record) -> Option<Run> {
    match record {
        Record::Run(run) => Some(run),
        Record::Mission(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
    }
}

fn place<T>(each: Vec<Found<T>>) -> Found<Placed<T>> {
    let mut found = Found::default();
    for (context, of) in each.into_iter().enumerate() {
        let rows = of.rows.into_iter().map(|row| Placed { context, row });
        found.absorb(Found {
            rows: rows.collect(),
            failures: of.failures,
            notes: of.notes,
            skipped: of.skipped,
        });
    }
    found
}

#[cfg(test)]
mod tests;
