//! The filter: hides what does not match, and leads to what does. What is loaded is asked beside the loop,
//! what comes later as it comes; until the first answers are there the last good result stays. A row
//! matches by its run and by itself; whatever leads to one is shown with it.

mod beyond;
mod further;
mod judge;
mod lens;
mod live;
mod offers;
mod told;
mod typing;
mod unfold;

use std::collections::{BTreeSet, HashMap, HashSet};

use self::judge::{Steps, Subject};
pub use self::{
    judge::{End, Judge, Judged, judge},
    told::Told,
    typing::Typing,
};
use super::{App, Effect, load::State, outline::Mark};
use crate::{
    app::query::{Answers, Field, Query, RunFacts, Truth},
    model::{NodeId, Sort, Time},
};

/// So long after a run has changed the filter is asked anew, in nanoseconds.
const AGAIN: i64 = 200_000_000;

/// What is shown and what is not.
#[derive(Debug)]
pub struct Filter {
    /// What is wanted.
    pub query: Query,
    /// Whether everything loaded was asked about.
    pub done: bool,
    /// How many operations were asked about.
    pub looked: usize,
    /// How many runs are known.
    pub runs: usize,
    /// What is to be said where nothing matches.
    pub end: End,
    number: u32,
    /// Whether its first answers have taken the place of those of the filter before.
    begun: bool,
    /// Runs and missions that match by what is known of them without their operations.
    heads: HashSet<NodeId>,
    answers: HashMap<NodeId, Answers>,
    /// Runs of which more would have to be read to say.
    not_read: HashSet<NodeId>,
    /// Missions whose runs were not listed yet and may be wanted.
    unopened: HashSet<NodeId>,
    /// Rows that changed since, which the loop has asked about itself.
    fresh: HashSet<NodeId>,
    /// The screen that it was typed on: Esc leaves those that were opened from there first.
    on: Option<NodeId>,
    /// The hit that is shown in its full context.
    aside: Option<NodeId>,
    /// When it is to be asked anew.
    again: Option<Time>,
    /// Where nothing matches of what is not loaded of a long run: the events right behind.
    voids: Vec<Option<NodeId>>,
}

/// What outlives one filter, until none is left.
#[derive(Debug, Default)]
pub(super) struct Filtering {
    /// Rows that were unfolded because of what matches in them.
    unfolded: HashSet<NodeId>,
    /// What is being read because a filter could not say.
    reading: BTreeSet<NodeId>,
}

impl App {
    /// Shows what matches and hides the rest; of an empty query, nothing is hidden.
    pub(super) fn set_filter(&mut self, query: Query) -> Vec<Effect> {
        if query.is_empty() {
            return self.drop_filter().unwrap_or_default();
        }
        self.take_back_lent();
        let status = query.service().status;
        let number = self.next_generation().0;
        let mut filter = Filter::new(query, number);
        filter.on = self
            .filter
            .as_ref()
            .map_or(self.screen(), |before| before.on);
        let runs: Vec<NodeId> = self.store.all(Sort::Run).collect();
        filter.runs = runs.len();
        let subjects = self.subjects(&mut filter, &runs);
        for mission in self.store.all(Sort::Mission) {
            self.take_mission(mission, &mut filter);
        }
        for subject in &subjects {
            if let Some(reading) = self.digests.get_mut(&subject.run) {
                reading.lend();
            }
        }
        let order = Judge {
            number,
            query: filter.query.clone(),
            subjects,
            events: self.store.snapshot(),
        };
        let before = self.filter.take();
        if !before.as_ref().is_some_and(|filter| filter.begun) {
            self.outline.clear_matches();
        }
        let asked = before.and_then(|filter| filter.query.service().status);
        self.filter = Some(filter);
        self.dirty = true;
        let mut effects = if asked == status {
            Vec::new()
        } else {
            self.widen()
        };
        effects.push(Effect::Judge(Box::new(order)));
        effects
    }

    /// The state that services are asked for where runs are listed; what is listed so is noted, since it is
    /// not all.
    pub(super) fn narrow(&mut self, mission: NodeId) {
        let filter = self.filter.as_ref();
        if filter.is_some_and(|filter| filter.query.service().status.is_some()) {
            self.narrowed.insert(mission);
        } else {
            self.narrowed.remove(&mission);
        }
    }

    /// Lists that held only what the filter wanted are listed anew when they are wanted next.
    fn widen(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for mission in std::mem::take(&mut self.narrowed) {
            if let Some(load) = self.loads.get_mut(&mission) {
                load.state = State::Cold;
            }
            if self.outline.is_open(mission) {
                effects.extend(self.load(mission));
            }
        }
        effects
    }

    /// The runs that were read, the one on the screen first; what is said of each run goes to the filter.
    fn subjects(&self, filter: &mut Filter, runs: &[NodeId]) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for run in runs.iter().copied() {
            let Some(facts) = self.run_facts(run) else {
                continue;
            };
            let answers = filter.query.answers(&facts);
            filter.take_run(run, answers);
            if let Some(reading) = self.digests.get(&run) {
                filter.not_read.remove(&run);
                subjects.push(Subject {
                    run,
                    answers,
                    digest: reading.share(),
                    steps: self.steps_asked(run, &filter.query),
                });
            }
        }
        let screen = self.screen();
        subjects.sort_by_key(|subject| Some(subject.run) != screen);
        subjects
    }

    /// What came of asking so far.
    pub(super) fn judged(&mut self, judged: Judged) -> Vec<Effect> {
        let Some(filter) = self
            .filter
            .as_mut()
            .filter(|filter| filter.number == judged.number)
        else {
            return Vec::new();
        };
        self.dirty = true;
        if !filter.begun {
            filter.begun = true;
            self.outline.clear_matches();
            self.outline.set_matches(filter.heads.iter().copied(), true);
            self.arranged.stale = true;
        }
        filter.looked = judged.looked;
        let fresh = std::mem::take(&mut filter.fresh);
        let nodes: Vec<NodeId> = judged
            .nodes
            .into_iter()
            .filter(|node| !fresh.contains(node))
            .collect();
        filter.fresh = fresh;
        self.outline.set_matches(nodes.iter().copied(), true);
        // Repeats are told in the row of the first of them.
        let rows = nodes.iter().map(|node| self.row_for(*node));
        let rows: Vec<NodeId> = rows
            .zip(&nodes)
            .filter(|(row, node)| row != *node)
            .map(|(row, _)| row)
            .collect();
        self.unfold_matches(&nodes);
        self.outline.set_matches(rows, true);
        if let Some(end) = judged.end {
            if let Some(filter) = self.filter.as_mut() {
                (filter.done, filter.end) = (true, end);
                filter.fresh.clear();
            }
            self.take_back_lent();
        }
        self.fit_lens();
        self.settle();
        Vec::new()
    }

    /// A worker broke on it, or is not wanted any more: what was found stays.
    fn take_back_lent(&mut self) {
        for (run, reading) in &mut self.digests {
            if reading.take_back() {
                self.unread.insert(*run);
            }
        }
    }

    /// Shows everything again; none where there was no filter.
    pub(super) fn drop_filter(&mut self) -> Option<Vec<Effect>> {
        self.filter.take()?;
        self.take_back_lent();
        self.fold_back();
        self.filtering.reading.clear();
        self.arranged.stale = true;
        self.outline.clear_matches();
        self.fit_lens();
        self.settle();
        self.dirty = true;
        Some(self.widen())
    }

    /// Backspace where nothing matches: drops the clause that hides most.
    pub(super) fn drop_worst(&mut self) -> Option<Vec<Effect>> {
        let filter = self.filter.as_ref()?;
        let (clause, _) = self.worst_clause()?;
        let text = filter.query.clauses().get(clause)?.to_string();
        let query = filter.query.without(clause);
        self.say(format!("dropped {text}"));
        Some(self.set_filter(query))
    }

    /// The clause that hides most where nothing matches, and how much.
    pub(super) fn worst_clause(&self) -> Option<(usize, usize)> {
        let filter = self.filter.as_ref()?;
        let none = self.outline.marked(Mark::Match) == 0;
        (filter.done && none).then_some(())?;
        filter.end.worst.or_else(|| {
            let removed = |clause: &Query| {
                let runs = filter.answers.keys();
                let facts = runs.filter_map(|run| self.run_facts(*run));
                facts
                    .filter(|facts| clause.matches_unread(facts) == Truth::No)
                    .count()
            };
            let clauses = filter.query.clauses();
            let each = clauses.iter().map(removed).enumerate();
            each.filter(|(_, removed)| *removed > 0)
                .max_by_key(|(at, removed)| (*removed, std::cmp::Reverse(*at)))
        })
    }

    /// Titles of the plan, where the query names steps.
    fn steps_asked(&self, run: NodeId, query: &Query) -> Steps {
        if !query.asks_about(Field::Step) {
            return Steps::new();
        }
        let steps = self.plans.get(&run).map(Vec::as_slice).unwrap_or_default();
        steps
            .iter()
            .filter_map(|step| self.store.step(*step))
            .map(|step| (step.id.clone(), step.title.clone()))
            .collect()
    }

    /// What a query is asked about a run.
    pub(super) fn run_facts(&self, node: NodeId) -> Option<RunFacts<'_>> {
        let run = self.store.run(node)?;
        let (_, info) = self.context_of(node)?;
        let mut above = self.store.owner(node);
        while self.store.sort(above) == Sort::Run {
            above = self.store.owner(above);
        }
        let mission = self.store.mission(above);
        let read = self.digests.contains_key(&node);
        Some(RunFacts {
            context: &info.name,
            provider: &info.provider,
            mission: mission.map_or("", |mission| &mission.name),
            run,
            soft: read.then(|| self.outline.marked_in(node, Mark::Soft) > 0),
            now: self.now,
        })
    }

    /// A mission whose runs are not listed yet may hold what is wanted; one that is asked for by its name
    /// is shown.
    fn take_mission(&self, node: NodeId, filter: &mut Filter) {
        let (Some(mission), Some((_, info))) = (self.store.mission(node), self.context_of(node))
        else {
            return;
        };
        let cold = self
            .loads
            .get(&node)
            .is_none_or(|load| load.state == State::Cold);
        let names = Some((mission.id.as_str(), mission.name.as_str()));
        if cold && filter.query.admits(&info.name, &info.provider, names) {
            filter.unopened.insert(node);
            if filter.query.asks_about(Field::Mission) {
                filter.heads.insert(node);
            }
        }
    }
}

impl Filter {
    fn new(query: Query, number: u32) -> Self {
        Self {
            query,
            done: false,
            looked: 0,
            runs: 0,
            end: End::default(),
            number,
            begun: false,
            heads: HashSet::new(),
            answers: HashMap::new(),
            not_read: HashSet::new(),
            unopened: HashSet::new(),
            fresh: HashSet::new(),
            on: None,
            aside: None,
            again: None,
            voids: Vec::new(),
        }
    }

    /// What is said of a run.
    fn take_run(&mut self, run: NodeId, answers: Answers) {
        self.answers.insert(run, answers);
        let truth = self.query.matches_above(&answers);
        for (set, is) in [
            (&mut self.heads, truth == Truth::Yes),
            (&mut self.not_read, truth == Truth::NotRead),
        ] {
            if is {
                set.insert(run);
            } else {
                set.remove(&run);
            }
        }
    }
}
