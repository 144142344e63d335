//! Matches and failures in what is not loaded of a long run: the source looks for the next one, and what
//! lies around it comes. Until then none behind a hole is taken for the next.

use std::sync::{Arc, Weak};

use crate::app::{
    App, Effect, Search,
    find::Matcher,
    load::parts::{Hole, Want},
    outline::Mark,
    query::Known,
};
use crate::{
    analysis::{Digest, Terms, Verdict},
    model::{Event, EventView, NodeId, Sieve, Sort, Test},
};

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

/// What fails by itself, as a test of events that are not loaded.
struct Failing {
    terms: Terms,
    /// Gone when nobody waits any more.
    asker: Weak<()>,
}

impl Test for Failing {
    fn candidate(&self, records: &[u8]) -> Option<usize> {
        (!records.is_empty()).then_some(0)
    }

    fn takes(&self, event: &Event) -> bool {
        let mut digest = Digest::new(self.terms.clone());
        digest.push(NodeId(0), event);
        let role = digest.role(NodeId(0));
        role.is_some_and(|role| role.fails && role.verdict != Verdict::Unanswered)
    }

    fn is_wanted(&self) -> bool {
        self.asker.strong_count() > 0
    }
}

impl Want {
    fn mark(self) -> Mark {
        match self {
            Self::Hit => Mark::Hit,
            Self::Fault => Mark::Fault,
            Self::Match => Mark::Match,
        }
    }
}

impl App {
    /// n and N.
    pub(in crate::app) fn step_hit(&mut self, forward: bool) -> Vec<Effect> {
        self.notice.take_if(|notice| notice.text == LOOKING);
        if let Some((run, hole)) = self.hole_before_next(Want::Hit, forward) {
            let Some(search) = &self.search else {
                return Vec::new();
            };
            let test = Sieve(Arc::new(Sought {
                matcher: Matcher::clone(&search.matcher),
                search: Arc::downgrade(&search.matcher),
            }));
            self.say(LOOKING);
            return self.ask_match(run, hole, (Want::Hit, forward), test);
        }
        let in_vain = |search: &&Search| !search.voids.is_empty();
        if self.outline.marked(Mark::Hit) == 0
            && let Some(search) = self.search.as_ref().filter(in_vain)
        {
            let told = format!("\"{}\" is nowhere in this run", search.needle);
            self.complain(told);
            return Vec::new();
        }
        self.step_marked(Mark::Hit, forward, "match")
    }

    /// To the next or previous failed row, folded away or not, loaded or not.
    pub(in crate::app) fn fault(&mut self, forward: bool) -> Vec<Effect> {
        self.notice.take_if(|notice| notice.text == LOOKING);
        if let Some((run, hole)) = self.hole_before_next(Want::Fault, forward) {
            let asker = Arc::new(());
            let test = Sieve(Arc::new(Failing {
                terms: self.terms_of(run),
                asker: Arc::downgrade(&asker),
            }));
            self.say(LOOKING);
            let effects = self.ask_match(run, hole, (Want::Fault, forward), test);
            if let Some(parts) = self.parts.get_mut(&run) {
                parts.waits = Some(asker);
            }
            return effects;
        }
        self.step_marked(Mark::Fault, forward, "failed row")
    }

    /// In this hole there is nothing to be found.
    pub(in crate::app) fn is_void(&mut self, run: NodeId, want: Want, behind: Option<NodeId>) {
        match want {
            Want::Hit => {
                if let Some(search) = &mut self.search {
                    search.voids.push(behind);
                }
            }
            Want::Fault => {
                if let Some(parts) = self.parts.get_mut(&run) {
                    parts.sound.push(behind);
                }
            }
            Want::Match => self.holds_no_match(behind),
        }
    }

    /// Whether something of the shown run is not loaded and was not searched either.
    pub(in crate::app) fn has_unsearched_holes(&self) -> bool {
        self.has_open_holes(Want::Hit)
    }

    /// Whether something of the shown run is not loaded and was not looked through either.
    pub(in crate::app) fn has_open_holes(&self, want: Want) -> bool {
        let run = self.shown_run().filter(|run| self.has_parts(*run));
        run.is_some_and(|run| !self.open_holes(run, want).is_empty())
    }

    pub(in crate::app) fn open_holes(&self, run: NodeId, want: Want) -> Vec<Hole> {
        let voids = match want {
            Want::Hit => match &self.search {
                Some(search) => Some(&search.voids),
                None => return Vec::new(),
            },
            Want::Fault => self.parts.get(&run).map(|parts| &parts.sound),
            Want::Match => self.matchless(),
        };
        let mut holes = self.holes(run);
        holes.retain(|hole| voids.is_none_or(|voids| !voids.contains(&hole.behind)));
        holes
    }

    /// The first hole that was not looked through between here and the next that is wanted.
    fn hole_before_next(&self, want: Want, forward: bool) -> Option<(NodeId, Hole)> {
        let run = self.shown_run().filter(|run| self.has_parts(*run))?;
        let is_typed = self.search.as_ref().is_none_or(|search| search.live);
        if want == Want::Hit && is_typed || self.is_filtering() {
            return None;
        }
        let (holes, mark) = (self.open_holes(run, want), want.mark());
        let from = self.place_of(self.selected?);
        let next = if forward {
            self.outline.next_marked(self.selected?, mark)
        } else {
            self.outline.prev_marked(self.selected?, mark)
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
        // Around the end only where there is nothing on this side.
        let around = || {
            if next.is_some() {
                return None;
            }
            let total = self.outline.marked(mark);
            let wrapped = if forward { 0 } else { total.saturating_sub(1) };
            let far = self.outline.nth_marked(wrapped, mark);
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
