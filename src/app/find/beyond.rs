//! Matches in what is not loaded of a long run: the source looks for the next one, and what lies around it
//! comes. Until then no match behind a hole is taken for the next.

use std::sync::{Arc, Weak};

use crate::app::{App, Effect, find::Matcher, load::parts::Hole, outline::Mark, query::Known};
use crate::model::{Event, EventView, NodeId, Sieve, Sort, Test};

/// Said meanwhile.
const LOOKING: &str = "looking through what is not loaded";

/// What is searched for, as a test of events that are not loaded.
struct Sought {
    matcher: Matcher,
    /// Gone when another search begins.
    search: Weak<Matcher>,
}

impl Test for Sought {
    fn candidate(&self, records: &[u8]) -> Option<usize> {
        self.matcher.candidate(records)
    }

    fn takes(&self, event: &Event) -> bool {
        self.matcher
            .is_in_event(&EventView::from(event), &Known::default())
    }

    fn is_wanted(&self) -> bool {
        self.search.strong_count() > 0
    }
}

impl App {
    /// n and N.
    pub(in crate::app) fn step_hit(&mut self, forward: bool) -> Vec<Effect> {
        self.notice.take_if(|notice| notice.text == LOOKING);
        if let Some((run, hole)) = self.hole_before_next(forward) {
            let Some(search) = &self.search else {
                return Vec::new();
            };
            let test = Sieve(Arc::new(Sought {
                matcher: Matcher::clone(&search.matcher),
                search: Arc::downgrade(&search.matcher),
            }));
            self.say(LOOKING);
            return self.ask_match(run, hole, forward, test);
        }
        if self.outline.marked(Mark::Hit) == 0
            && let Some(search) = self
                .search
                .as_ref()
                .filter(|search| !search.voids.is_empty())
        {
            let told = format!("\"{}\" is nowhere in this run", search.needle);
            self.complain(told);
            return Vec::new();
        }
        self.step_marked(Mark::Hit, forward, "match")
    }

    /// A hole of this search in which there is nothing to be found.
    pub(in crate::app) fn search_void(&mut self, behind: Option<NodeId>) {
        if let Some(search) = &mut self.search {
            search.voids.push(behind);
        }
    }

    /// Whether something of the shown run is not loaded and was not looked through either.
    pub(in crate::app) fn has_unsearched_holes(&self) -> bool {
        let run = self.shown_run().filter(|run| self.has_parts(*run));
        run.is_some_and(|run| !self.unsearched_holes(run).is_empty())
    }

    fn unsearched_holes(&self, run: NodeId) -> Vec<Hole> {
        let Some(search) = &self.search else {
            return Vec::new();
        };
        let mut holes = self.holes(run);
        holes.retain(|hole| !search.voids.contains(&hole.behind));
        holes
    }

    /// The first hole that was not looked through between here and the next match.
    fn hole_before_next(&self, forward: bool) -> Option<(NodeId, Hole)> {
        let run = self.shown_run().filter(|run| self.has_parts(*run))?;
        let is_live = self.search.as_ref().is_none_or(|search| search.live);
        if is_live || self.is_filtering() {
            return None;
        }
        let holes = self.unsearched_holes(run);
        let from = self.place_of(self.selected?);
        let next = if forward {
            self.outline.next_marked(self.selected?, Mark::Hit)
        } else {
            self.outline.prev_marked(self.selected?, Mark::Hit)
        };
        let next = next.map(|node| self.place_of(node));
        let is_next = |hole: &Hole| match (forward, next) {
            (true, Some(next)) => hole.after >= from && hole.after < next,
            (true, None) => hole.after >= from,
            (false, Some(next)) => hole.after < from && hole.after >= next,
            (false, None) => hole.after < from,
        };
        let mut ways = holes.iter().filter(|hole| is_next(hole));
        let hole = if forward {
            ways.next()
        } else {
            ways.next_back()
        };
        // Around the end only where nothing matches on this side.
        let around = || {
            if next.is_some() {
                return None;
            }
            let total = self.outline.marked(Mark::Hit);
            let wrapped = if forward { 0 } else { total.saturating_sub(1) };
            let far = self.outline.nth_marked(wrapped, Mark::Hit);
            let far = far.map(|node| self.place_of(node));
            if forward {
                let first = holes.first();
                first.filter(|hole| far.is_none_or(|far| hole.after < far))
            } else {
                let last = holes.last();
                last.filter(|hole| far.is_none_or(|far| hole.after >= far))
            }
        };
        Some((run, *hole.or_else(around)?))
    }

    /// Where a row lies among the events of its run; one of something else before all of them.
    fn place_of(&self, node: NodeId) -> i64 {
        match self.store.sort(node) {
            Sort::Event => self.store.order(node).at,
            Sort::Note => {
                let run = self.store.owner(node);
                let behind = self.gap_ends.get(&node).copied();
                let above = self.event_before(run, behind);
                above.map_or(-1, |above| self.store.order(above).at)
            }
            Sort::Step => self.step_starts.get(&node).copied().unwrap_or(-1),
            Sort::Context | Sort::Group | Sort::Mission | Sort::Run => -1,
        }
    }

    /// Events came while there is a search: those that match are marked, too.
    pub(in crate::app) fn search_what_came(&mut self, event: NodeId) {
        if let Some(search) = &mut self.search {
            search.fresh.push(event);
        }
    }

    /// Looks at what came since.
    pub(in crate::app) fn mark_what_came(&mut self) {
        let Some(search) = &mut self.search else {
            return;
        };
        let fresh = std::mem::take(&mut search.fresh);
        if fresh.is_empty() {
            return;
        }
        let (matcher, known) = (Arc::clone(&search.matcher), Known::default());
        let is_hit = |node: &NodeId| {
            let event = self.store.event(*node);
            event.is_some_and(|event| matcher.is_in_event(&EventView::from(&event), &known))
        };
        let hits: Vec<NodeId> = fresh.into_iter().filter(is_hit).collect();
        self.mark_hits(hits);
    }
}
