//! An inbox that stays open looks for new runs by itself, at a calm pace: a page of the newest runs of a few
//! lists at a time, and none of a service that wants to be left alone, cannot be had, or has little left to
//! give. It never moves the cursor: what failed since somebody looked is counted in the title.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::app::{App, Effect, arrange::Arrangement};
use crate::model::{
    Ask, ContextId, Gen, Got, Limit, NodeId, Page, Sort, Ticket, Time, Trouble, Urgency,
};

/// Between two looks.
const EVERY: i64 = 30_000_000_000;
/// While nobody looks at the screen: so many times slower.
const AWAY: i64 = 6;
/// Lists that are asked for at one look.
const AT_ONCE: usize = 4;
/// Clocks disagree.
const MINUTE: i64 = 60_000_000_000;
/// One page of the newest runs.
const ONE_PAGE: Limit = Limit {
    rows: 1,
    bytes: 1 << 20,
};

/// What is looked for, and what was seen.
#[derive(Debug, Default)]
pub(in crate::app) struct Watch {
    /// When to look next; none while no inbox is open.
    pub next: Option<Time>,
    under_way: HashMap<Gen, List>,
    /// Where the last look ended among the lists.
    turn: usize,
    /// Contexts that refused one list of all runs.
    by_mission: BTreeSet<usize>,
    /// Failed runs that were there when somebody looked.
    seen: HashSet<NodeId>,
    /// Whether all that is there counts as seen.
    pub acquaint: bool,
}

#[derive(Clone, Debug)]
struct List {
    context: usize,
    of: NodeId,
    ask: Ask,
}

impl App {
    /// Looks again before long while an inbox is open.
    pub(in crate::app) fn arm_watch(&mut self) {
        if !self.is_watching() {
            self.arranged.watch.next = None;
        } else if self.arranged.watch.next.is_none() {
            let wait = if self.away { EVERY * AWAY } else { EVERY };
            self.arranged.watch.next = Some(Time(self.now.0.saturating_add(wait)));
        }
    }

    fn is_watching(&self) -> bool {
        matches!(self.arranged.by, Arrangement::Inbox | Arrangement::Causes)
            && self.shows_list()
            && !self.contexts.is_empty()
            && !self.is_filling()
    }

    /// Looks, if it is time.
    pub(in crate::app) fn watch(&mut self) -> Vec<Effect> {
        if self.arranged.watch.next.is_none_or(|next| next > self.now) {
            return Vec::new();
        }
        self.arranged.watch.next = None;
        // What is still under way says enough about how fast to ask.
        if !self.is_watching() || !self.arranged.watch.under_way.is_empty() {
            return Vec::new();
        }
        let lists = self.watched();
        if lists.is_empty() {
            return Vec::new();
        }
        // From here on the cursor is on a run that somebody may be looking at.
        self.arranged.at_first = false;
        let from = self.arranged.watch.turn % lists.len();
        let chosen = lists.iter().cycle().skip(from);
        let chosen: Vec<List> = chosen.take(lists.len().min(AT_ONCE)).cloned().collect();
        self.arranged.watch.turn = from + chosen.len();
        chosen
            .into_iter()
            .filter_map(|list| self.ask_watched(list))
            .collect()
    }

    /// The lists that may have a new run.
    fn watched(&self) -> Vec<List> {
        let mut lists = Vec::new();
        for (context, (node, info)) in self.contexts.iter().enumerate() {
            // Files do not change, and what cannot be had is asked for again with a key.
            let silent = info.provider == "file" || self.remark(context).is_some();
            if silent || !self.may_ask(*node) {
                continue;
            }
            let page = Page {
                after: self.known_before(*node),
                ..Page::default()
            };
            let status = None;
            if info.all_runs && !self.arranged.watch.by_mission.contains(&context) {
                lists.push(List {
                    context,
                    of: *node,
                    ask: Ask::AllRuns { status, page },
                });
                continue;
            }
            let missions = self.store.all(Sort::Mission);
            for of in missions.filter(|mission| self.store.owner(*mission) == *node) {
                let Some(mission) = self.store.mission(of) else {
                    continue;
                };
                let (mission, page) = (Arc::from(mission.id.as_str()), page.clone());
                let ask = Ask::Runs {
                    mission,
                    status,
                    page,
                };
                lists.push(List { context, of, ask });
            }
        }
        lists
    }

    /// The runs of a context that began before then have ended and are known.
    fn known_before(&self, context: NodeId) -> Option<i64> {
        let since = self.arranged.recent.since()?;
        let runs = self.store.all(Sort::Run).filter(|run| {
            let of = self.store.owner(self.store.owner(*run));
            of == context && self.may_change(*run)
        });
        let begun = runs.filter_map(|run| self.store.run(run)?.started_at);
        let before = since.0.saturating_sub(MINUTE);
        Some(begun.map(|at| at.0).fold(before, i64::min))
    }

    fn ask_watched(&mut self, list: List) -> Option<Effect> {
        let context = ContextId(u16::try_from(list.context).ok()?);
        let generation = self.next_generation();
        let ticket = Ticket {
            context,
            node: list.of,
            generation,
            ask: list.ask.clone(),
            limit: ONE_PAGE,
            urgency: Urgency::Idle,
        };
        self.arranged.watch.under_way.insert(generation, list);
        Some(Effect::Load(ticket))
    }

    /// News of a look; none if the number is of something else. What fails is tried again with the next
    /// one and is not told.
    pub(in crate::app) fn watched_came(&mut self, generation: Gen, got: &mut Got) -> Option<()> {
        let list = self.arranged.watch.under_way.get(&generation)?;
        let (of, context) = (list.of, list.context);
        match got {
            Got::Rows { rows, .. } => {
                let rows = std::mem::take(rows);
                let before = self.loads.get(&of).map(|load| load.skipped);
                self.rows(of, rows, 0);
                if let (Some(load), Some(before)) = (self.loads.get_mut(&of), before) {
                    load.skipped = before;
                }
                self.arranged.stale = true;
            }
            Got::Done { .. } => {
                self.arranged.watch.under_way.remove(&generation);
            }
            Got::Failed(trouble) => {
                let list = self.arranged.watch.under_way.remove(&generation)?;
                let refused = match trouble {
                    Trouble::NotFound { .. } | Trouble::BadReply { .. } => true,
                    Trouble::Service { status, .. } => *status < 500,
                    _ => false,
                };
                if refused && matches!(list.ask, Ask::AllRuns { .. }) {
                    self.arranged.watch.by_mission.insert(context);
                }
            }
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => {}
        }
        Some(())
    }

    /// Whether a run failed since somebody looked.
    pub(in crate::app) fn is_news(&self, run: NodeId) -> bool {
        let failed = self.store.run(run).map(|run| run.status.is_failure());
        failed == Some(true) && !self.arranged.watch.seen.contains(&run)
    }

    /// Everything that failed so far counts as seen, where nobody could have looked before, or did.
    pub(in crate::app) fn see_failures(&mut self) {
        let acquainted = std::mem::take(&mut self.arranged.watch.acquaint) || self.is_filling();
        if !acquainted {
            return;
        }
        let runs = self.store.all(Sort::Run);
        let failed = runs.filter(|run| self.is_news(*run));
        let failed: Vec<NodeId> = failed.collect();
        self.arranged.watch.seen.extend(failed);
    }

    /// A key is pressed: what stands at the top was seen.
    pub(in crate::app) fn looked_at_news(&mut self) {
        if self.arranged.tally.news > 0 && self.top == 0 && self.screen().is_none() {
            (self.arranged.watch.acquaint, self.arranged.stale) = (true, true);
        }
    }
}
