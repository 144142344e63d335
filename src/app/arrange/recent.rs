//! Asking all contexts for the runs of a window of time: one list where the service has one of all
//! missions' runs, else mission by mission, page by page until a page has no run of the window. It
//! decides nothing about rows: what comes goes where the arrangement puts it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::app::{
    App, Effect,
    arrange::{Arrangement, Head},
    load::{PATIENCE, State, nanos},
};
use crate::model::{
    Ask, ContextId, Gen, Got, Limit, Mission, NodeId, Page, Record, Row, Sort, Ticket, Time,
    Trouble, Urgency,
};

/// One page: whether the next one is worth asking for shows in what it brings.
const ONE_PAGE: Limit = Limit {
    rows: 1,
    bytes: 1 << 20,
};
/// Pages without a run of the window that are read of a list that does not come newest first.
const FURTHER: u32 = 20;
/// What was asked for a shorter time ago is not asked for again because somebody looks again.
const FRESH: i64 = 60_000_000_000;

/// What is asked, and what came of it.
#[derive(Debug, Default)]
pub(in crate::app) struct Recent {
    lists: HashMap<Gen, List>,
    contexts: BTreeMap<usize, Asked>,
    since: Option<Time>,
}

/// A list that is being read.
#[derive(Debug)]
struct List {
    context: usize,
    of: NodeId,
    /// Whether it is one of all missions' runs.
    of_all: bool,
    /// Whether it came newest first so far, and the start of the last run.
    sorted: bool,
    last: Option<Time>,
    /// Whether the page has a run of the window, and how many pages had none.
    fits: bool,
    empty: u32,
}

/// How far a context is asked.
#[derive(Clone, Debug, Default)]
struct Asked {
    pending: u32,
    /// Whether its missions must be known first.
    wants_missions: bool,
    trouble: Option<Trouble>,
    waiting: Option<(Trouble, Time)>,
}

/// What there is to say of a context in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It is being asked.
    Loading,
    /// It wants to be left alone until then.
    Waiting(Trouble, Time),
    /// It could not be had, or not all of it.
    Failed(Trouble),
}

impl Recent {
    /// When all was asked for last.
    pub(in crate::app) fn since(&self) -> Option<Time> {
        self.since
    }

    /// What is asked for next is asked for however lately it was.
    pub(in crate::app) fn forget_since(&mut self) {
        self.since = None;
    }
}

impl App {
    /// Asks all contexts for the runs of the window, unless that was done just now.
    pub(in crate::app) fn fill(&mut self, anew: bool) -> Vec<Effect> {
        let recent = &self.arranged.recent;
        let age = recent.since.map(|since| self.now.0.saturating_sub(since.0));
        if !anew && age.is_some_and(|age| age < FRESH) {
            return Vec::new();
        }
        let under_way = recent.lists.keys();
        let mut effects: Vec<Effect> = under_way.map(|number| Effect::Cancel(*number)).collect();
        self.arranged.recent = Recent {
            since: Some(self.now),
            ..Recent::default()
        };
        for at in 0..self.contexts.len() {
            effects.extend(self.fill_from(at, true));
        }
        self.arranged.stale = true;
        effects
    }

    /// Asks one context; with `whole` for one list of all runs, where there is one.
    fn fill_from(&mut self, at: usize, whole: bool) -> Vec<Effect> {
        let Some((node, info)) = self.contexts.get(at) else {
            return Vec::new();
        };
        let (node, has_one) = (*node, info.all_runs);
        self.arranged.recent.contexts.entry(at).or_default();
        if whole && has_one {
            let ask = Ask::AllRuns {
                status: None,
                page: self.since_then(),
            };
            return self.ask_list(at, node, ask).into_iter().collect();
        }
        match self.loads.get(&node).map(|load| load.state) {
            Some(State::Ready) => self.fill_by_mission(at, node),
            state => {
                let asked = self.arranged.recent.contexts.entry(at).or_default();
                asked.wants_missions = true;
                if state == Some(State::Loading) {
                    return Vec::new();
                }
                self.load(node)
            }
        }
    }

    fn fill_by_mission(&mut self, at: usize, context: NodeId) -> Vec<Effect> {
        let of: Vec<(NodeId, Arc<str>)> = self
            .store
            .all(Sort::Mission)
            .filter(|mission| self.store.owner(*mission) == context)
            .filter_map(|node| Some((node, self.store.mission(node)?.id.as_str().into())))
            .collect();
        let page = self.since_then();
        let asks = of.into_iter().map(|(node, mission)| {
            let page = page.clone();
            let ask = Ask::Runs {
                mission,
                status: None,
                page,
            };
            (node, ask)
        });
        let asks: Vec<(NodeId, Ask)> = asks.collect();
        asks.into_iter()
            .filter_map(|(node, ask)| self.ask_list(at, node, ask))
            .collect()
    }

    /// What began before the window and has ended is not worth a request of its own.
    fn since_then(&self) -> Page {
        Page {
            after: Some(self.window_begins().0),
            ..Page::default()
        }
    }

    fn ask_list(&mut self, context: usize, of: NodeId, ask: Ask) -> Option<Effect> {
        let list = List {
            context,
            of,
            of_all: matches!(ask, Ask::AllRuns { .. }),
            sorted: true,
            last: None,
            fits: false,
            empty: 0,
        };
        self.ask_page(list, ask)
    }

    fn ask_page(&mut self, list: List, ask: Ask) -> Option<Effect> {
        let (context, node) = (ContextId(u16::try_from(list.context).ok()?), list.of);
        let generation = self.next_generation();
        let recent = &mut self.arranged.recent;
        recent.contexts.entry(list.context).or_default().pending += 1;
        recent.lists.insert(generation, list);
        Some(Effect::Load(Ticket {
            context,
            node,
            generation,
            ask,
            limit: ONE_PAGE,
            urgency: Urgency::Wanted,
        }))
    }

    /// The missions of a context are known, or cannot be had.
    pub(in crate::app) fn missions_came(&mut self, context: NodeId) -> Vec<Effect> {
        let at = self.contexts.iter().position(|(node, _)| *node == context);
        let Some(at) = at else {
            return Vec::new();
        };
        let failed = self
            .loads
            .get(&context)
            .and_then(|load| load.trouble.clone());
        let Some(asked) = self.arranged.recent.contexts.get_mut(&at) else {
            return Vec::new();
        };
        if !std::mem::take(&mut asked.wants_missions) {
            return Vec::new();
        }
        asked.trouble = failed;
        self.arranged.stale = true;
        self.fill_by_mission(at, context)
    }

    /// News of a list that was asked for; none if the number is of something else.
    pub(in crate::app) fn listed(&mut self, generation: Gen, got: &mut Got) -> Option<Vec<Effect>> {
        let list = self.arranged.recent.lists.get_mut(&generation)?;
        self.arranged.stale = true;
        match got {
            Got::Rows { rows, .. } => {
                let of = list.of;
                self.look_at(generation, rows);
                let rows = std::mem::take(rows);
                let before = self.loads.get(&of).map(|load| load.skipped);
                self.rows(of, rows, 0);
                if let (Some(load), Some(before)) = (self.loads.get_mut(&of), before) {
                    load.skipped = before;
                }
                Some(Vec::new())
            }
            Got::Waiting { trouble, until } => {
                let at = list.context;
                let asked = self.arranged.recent.contexts.entry(at).or_default();
                asked.waiting = Some((trouble.clone(), *until));
                Some(Vec::new())
            }
            Got::Done { more } => {
                let more = more.take();
                let mut list = self.arranged.recent.lists.remove(&generation)?;
                self.answered(list.context);
                list.empty = if list.fits { 0 } else { list.empty + 1 };
                let wanted = list.fits || (!list.sorted && list.empty < FURTHER);
                list.fits = false;
                let on = more.filter(|_| wanted);
                Some(
                    on.and_then(|ask| self.ask_page(list, ask))
                        .into_iter()
                        .collect(),
                )
            }
            Got::Failed(trouble) => {
                let trouble = trouble.clone();
                let list = self.arranged.recent.lists.remove(&generation)?;
                self.answered(list.context);
                Some(self.list_failed(&list, trouble))
            }
            Got::Kept(_) | Got::Budget(_) | Got::Live(_) => Some(Vec::new()),
        }
    }

    /// A service may refuse one list of all runs although others of its sort have it; and a mission
    /// that shows no runs has none to show.
    fn list_failed(&mut self, list: &List, trouble: Trouble) -> Vec<Effect> {
        let refused = match &trouble {
            Trouble::NotFound { .. } | Trouble::BadReply { .. } => true,
            Trouble::Service { status, .. } => *status < 500,
            _ => false,
        };
        if list.of_all && refused {
            return self.fill_from(list.context, false);
        }
        if list.of_all || !matches!(trouble, Trouble::NotFound { .. }) {
            let asked = self.arranged.recent.contexts.entry(list.context);
            asked.or_default().trouble.get_or_insert(trouble);
        }
        Vec::new()
    }

    fn answered(&mut self, context: usize) {
        let asked = self.arranged.recent.contexts.entry(context).or_default();
        asked.pending = asked.pending.saturating_sub(1);
        asked.waiting = None;
    }

    /// Whether the runs of a page are of the window, and newest first.
    fn look_at(&mut self, generation: Gen, rows: &[Row]) {
        let begins = self.window_begins();
        let Some(list) = self.arranged.recent.lists.get_mut(&generation) else {
            return;
        };
        for row in rows {
            let Row::Full(Record::Run(run)) = row else {
                continue;
            };
            list.fits |= run.last_activity().is_some_and(|at| at >= begins);
            let started = run.started_at;
            list.sorted &= list
                .last
                .is_none_or(|last| started.is_none_or(|at| at <= last));
            list.last = started.or(list.last);
        }
    }

    /// The mission of a run in a list of all runs, where that came before the list of missions.
    pub(in crate::app) fn know_mission(&mut self, node: NodeId, record: &Record) {
        let Record::Run(run) = record else {
            return;
        };
        let unknown = self.store.sort(node) == Sort::Context
            && self
                .store
                .find(node, Sort::Mission, &run.mission_id)
                .is_none();
        if unknown {
            let mission = Mission {
                id: run.mission_id.clone(),
                name: run.mission_id.clone(),
                ..Mission::default()
            };
            let (mission, _) = self.store.put(node, Row::Patch(Record::Mission(mission)));
            self.place(mission);
        }
    }

    /// Whether anything is still being asked.
    pub fn is_filling(&self) -> bool {
        let mut contexts = self.arranged.recent.contexts.values();
        contexts.any(|asked| asked.pending > 0 || asked.wants_missions)
    }

    /// What there is to say of a context in the inbox.
    pub fn remark(&self, at: usize) -> Option<Remark> {
        let asked = self.arranged.recent.contexts.get(&at)?;
        if let Some((trouble, until)) = &asked.waiting {
            return Some(Remark::Waiting(trouble.clone(), *until));
        }
        if let Some(trouble) = &asked.trouble {
            return Some(Remark::Failed(trouble.clone()));
        }
        (asked.pending > 0 || asked.wants_missions).then_some(Remark::Loading)
    }

    /// Whether there is anything to say of it, that it is being asked only once that takes long.
    pub(in crate::app) fn is_worth_telling(&self, at: usize) -> bool {
        match self.remark(at) {
            Some(Remark::Loading) => self.patience_ends().is_none_or(|ends| ends <= self.now),
            Some(Remark::Waiting(..) | Remark::Failed(_)) => true,
            None => false,
        }
    }

    fn patience_ends(&self) -> Option<Time> {
        let since = self.arranged.recent.since?;
        Some(Time(since.0.saturating_add(nanos(PATIENCE))))
    }

    /// When the rows about contexts change without any news.
    pub(in crate::app) fn fill_due(&self) -> Option<Time> {
        let ends = self.patience_ends().filter(|ends| *ends > self.now)?;
        (self.arranged.by != Arrangement::Missions && self.is_filling()).then_some(ends)
    }

    /// r on a row that tells of all, or of a context.
    pub(in crate::app) fn ask_again(&mut self, node: NodeId) -> Vec<Effect> {
        match self.arranged.head(node) {
            Some(Head::Context(at)) => {
                let begun = self.arranged.recent.contexts.get(&at);
                if begun.is_some_and(|asked| asked.pending > 0 || asked.wants_missions) {
                    return Vec::new();
                }
                self.arranged.recent.contexts.remove(&at);
                self.arranged.stale = true;
                self.fill_from(at, true)
            }
            Some(Head::News | Head::Cause(_) | Head::Unread) | None => self.fill(true),
        }
    }
}
