//! The runs of contexts: in one list where the service has one of all missions' runs, else mission by
//! mission. Either way the same runs are found.

use std::collections::HashMap;

use futures_util::{StreamExt as _, future::join_all, stream};

use super::{CHUNK, Found, Placed, place};
use crate::{
    app::query::{Field, Query, Truth},
    cli::{
        exit::Failure,
        session::{Asked, Session},
    },
    model::{Ask, Limit, Mission, Page, Record, Run, RunStatus, Time},
};

/// Missions that are read at the same time in one context.
const AT_ONCE: usize = 4;

/// Which runs are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Id or name of the mission.
    pub mission: Option<String>,
    /// These states; all if empty.
    pub status: Vec<RunStatus>,
    /// With activity since then.
    pub since: Option<Time>,
    /// That a query does not rule out; what it asks of operations is not known here.
    pub query: Option<Query>,
    /// At most so many.
    pub limit: Option<usize>,
    /// Of runs that a query may pick for their operations: at most so many, however few are picked for
    /// sure. As many as `limit` where it is not told.
    pub furthest: Option<usize>,
    /// Only among the newest rows of each list, about so many.
    pub newest: Option<u32>,
}

/// What the missions of runs are called.
enum Names<'a> {
    All(&'a str),
    ById(HashMap<String, String>),
}

impl Names<'_> {
    fn of(&self, run: &Run) -> &str {
        match self {
            Self::All(name) => name,
            Self::ById(names) => names.get(&run.mission_id).map_or("", String::as_str),
        }
    }

    fn by_id(missions: &[Mission]) -> Self {
        let named = missions
            .iter()
            .map(|mission| (mission.id.clone(), mission.name.clone()));
        Self::ById(named.collect())
    }
}

impl Wanted {
    /// Whether runs of this mission are wanted.
    pub fn admits(&self, mission: &Mission) -> bool {
        self.mission
            .as_deref()
            .is_none_or(|wanted| wanted == mission.id || wanted.eq_ignore_ascii_case(&mission.name))
    }

    /// The state that a service can filter by.
    fn one_status(&self) -> Option<RunStatus> {
        match self.status.as_slice() {
            [one] => Some(*one),
            [] => self.query.as_ref()?.service().status,
            _ => None,
        }
    }

    /// Whether runs of this mission are wanted, or of any where it is none.
    fn admits_in(&self, asked: &Asked, mission: Option<&Mission>) -> bool {
        let home = asked.home();
        let names = mission.map(|mission| (mission.id.as_str(), mission.name.as_str()));
        mission.is_none_or(|mission| self.admits(mission))
            && self
                .query
                .as_ref()
                .is_none_or(|query| query.admits(home.context, home.provider, names))
    }

    /// Whether runs can only be judged by the names of their missions.
    fn needs_names(&self) -> bool {
        let asks =
            |query: &Query| query.asks_about(Field::Mission) || query.asks_about(Field::Free);
        self.query.as_ref().is_some_and(asks)
    }

    /// How many rows to ask for when so many are missing: more where some will not fit.
    fn rows_to_read(&self, missing: Option<usize>) -> u32 {
        if let Some(newest) = self.newest {
            return newest;
        }
        let filters = !self.status.is_empty() || self.since.is_some() || self.query.is_some();
        match missing.and_then(|missing| u32::try_from(missing).ok()) {
            Some(missing) if filters => missing.max(CHUNK),
            Some(missing) => missing,
            None => u32::MAX,
        }
    }

    /// Whether a run is wanted, as far as its list tells.
    fn judge(&self, session: &Session, asked: &Asked, mission: &str, run: &Run) -> Truth {
        match &self.query {
            _ if !self.takes_plainly(run) => Truth::No,
            Some(query) => query.matches_unread(&session.facts(asked, mission, run)),
            None => Truth::Yes,
        }
    }

    /// How many are missing where so many of so many were picked for sure.
    fn missing(&self, sure: usize, rows: usize) -> Option<usize> {
        let limit = self.limit?;
        let furthest = self.furthest.unwrap_or(limit);
        Some(
            limit
                .saturating_sub(sure)
                .min(furthest.saturating_sub(rows)),
        )
    }

    fn takes_plainly(&self, run: &Run) -> bool {
        let status = self.status.is_empty() || self.status.contains(&run.status);
        status
            && self
                .since
                .is_none_or(|since| run.last_activity() >= Some(since))
    }
}

fn is_newest_first(runs: &[Run]) -> bool {
    runs.iter()
        .filter_map(|run| run.started_at)
        .rev()
        .is_sorted()
}

impl Session {
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
        let enough = self.enough(wanted, &found.rows);
        found.rows.truncate(enough);
        found
    }

    /// How many of these are as many as are wanted.
    fn enough(&self, wanted: &Wanted, rows: &[Placed<(String, Run)>]) -> usize {
        let mut sure = 0;
        for (at, placed) in rows.iter().enumerate() {
            if wanted.missing(sure, at) == Some(0) {
                return at;
            }
            let (mission, run) = &placed.row;
            let asked = self.contexts.get(placed.context);
            let truth = asked.map(|asked| wanted.judge(self, asked, mission, run));
            sure += usize::from(truth == Some(Truth::Yes));
        }
        rows.len()
    }

    /// The wanted runs of a context, and whether it has a mission that is wanted.
    pub(super) async fn runs_of(
        &self,
        asked: &Asked,
        wanted: &Wanted,
    ) -> (Found<(String, Run)>, bool) {
        if !wanted.admits_in(asked, None) {
            return (Found::default(), true);
        }
        let (missions, all) = if wanted.needs_names() {
            let missions = self.missions_of(asked).await;
            let names = Names::by_id(&missions.rows);
            let all = self.all_runs(asked, wanted, &names).await;
            (missions, all)
        } else {
            let names = Names::All("");
            tokio::join!(
                self.missions_of(asked),
                self.all_runs(asked, wanted, &names)
            )
        };
        let mut found = Found {
            rows: Vec::new(),
            failures: missions.failures,
            notes: missions.notes,
            nowhere: missions.nowhere,
            skipped: missions.skipped,
        };
        let missions = missions.rows;
        if let Some(all) = all {
            let names = Names::by_id(&missions);
            found.absorb(all.map(|run| (names.of(&run).to_owned(), run)));
            return (found, true);
        }
        let admitted = missions
            .iter()
            .filter(|mission| wanted.admits_in(asked, Some(mission)));
        let mut lists = stream::iter(admitted)
            .map(|mission| async move {
                let runs = self.runs_in(asked, mission, wanted).await;
                runs.map(|run| (mission.name.clone(), run))
            })
            .buffered(AT_ONCE);
        while let Some(list) = lists.next().await {
            found.absorb(list);
        }
        let any = missions.iter().any(|mission| wanted.admits(mission));
        (found, any)
    }

    /// The wanted runs of all missions, where the service has them in one list. What it refuses to
    /// list so is asked for mission by mission.
    async fn all_runs(
        &self,
        asked: &Asked,
        wanted: &Wanted,
        names: &Names<'_>,
    ) -> Option<Found<Run>> {
        let ask = Ask::AllRuns {
            status: wanted.one_status(),
            page: Page::default(),
        };
        if wanted.mission.is_some() || !asked.lists(&ask) {
            return None;
        }
        let all = self.read_runs(asked, ask, wanted, names).await;
        let refused = all.failures.iter().any(Failure::is_no_such_list);
        (!refused).then_some(all)
    }

    /// The wanted runs of one mission. A listed mission without a list of runs (an ElizaOS agent that
    /// is stopped) has none to show, and that is an answer.
    async fn runs_in(&self, asked: &Asked, mission: &Mission, wanted: &Wanted) -> Found<Run> {
        let ask = Ask::Runs {
            mission: mission.id.as_str().into(),
            status: wanted.one_status(),
            page: Page::default(),
        };
        let names = Names::All(&mission.name);
        let mut found = self.read_runs(asked, ask, wanted, &names).await;
        if found.failures.iter().any(Failure::is_absence) {
            found.failures.retain(|failure| !failure.is_absence());
            let context = &asked.record.name;
            let note = format!("{context}: {} shows no runs", mission.name);
            found.notes.push(note);
        }
        found
    }

    /// Reads a list of runs on until there are enough that fit. A service that does not list the newest
    /// first is read to the end, since the newest may come last.
    async fn read_runs(
        &self,
        asked: &Asked,
        first: Ask,
        wanted: &Wanted,
        names: &Names<'_>,
    ) -> Found<Run> {
        let mut found = Found::default();
        let (mut sorted, mut sure) = (true, 0);
        let mut next = Some(first);
        while let Some(ask) = next.take() {
            let missing = wanted.missing(sure, found.rows.len()).filter(|_| sorted);
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
            for run in runs {
                let truth = wanted.judge(self, asked, names.of(&run), &run);
                sure += usize::from(truth == Truth::Yes);
                found.rows.extend((truth != Truth::No).then_some(run));
            }
            // One that does not list the newest first is read on.
            let seen = sorted && wanted.newest.is_some();
            next = collected.more.filter(|_| failure.is_none() && !seen);
            found.failures.extend(failure);
        }
        found
    }
}

pub(in crate::cli) fn run(record: Record) -> Option<Run> {
    match record {
        Record::Run(run) => Some(run),
        Record::Mission(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
    }
}

#[cfg(test)]
mod tests;
