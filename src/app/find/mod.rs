//! Search: highlights and steps, hides nothing. Looks through what is loaded: names, titles, summaries,
//! texts and payloads. Missions, runs and steps are few and searched at once, events beside the loop.

pub(in crate::app) mod beyond;
pub(in crate::app) mod letters;
mod matcher;
pub mod names;
pub(in crate::app) mod pieces;
pub mod refer;
pub(super) mod typed;

use std::sync::Arc;

pub use matcher::Matcher;

use crate::app::{App, Effect, msg, outline::Mark, query::Known};
use crate::model::{NodeId, Sort};

/// Hits that are marked while one types; a key must not wait for more to be unmarked.
const PREVIEW: usize = 5_000;

/// The search that n and N step through.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and no two of them make a state"
)]
pub struct Search {
    /// Its number.
    pub number: u32,
    /// What was typed.
    pub needle: Arc<str>,
    /// What it matches.
    pub matcher: Arc<Matcher>,
    /// Whether everything loaded has been looked through.
    pub done: bool,
    /// Whether it is still being typed.
    pub(in crate::app) live: bool,
    /// How many events were looked through so far.
    pub looked: usize,
    /// Whether there are more hits than are marked while one types.
    pub(in crate::app) cut: bool,
    pub(in crate::app) hits: Vec<NodeId>,
    pub(in crate::app) jumped: bool,
    /// Where nothing is loaded and nothing matches: the events right behind, none for the end of a run.
    voids: Vec<Option<NodeId>>,
    /// Events that came since and were not looked at yet.
    fresh: Vec<NodeId>,
}

impl Search {
    /// What was found.
    pub(in crate::app) fn hits(&self) -> &[NodeId] {
        &self.hits
    }
}

/// Looks through the events and hands on what matches, be it nothing, each time it has looked at a few
/// thousand, and how many it has looked at, until told to stop.
pub fn look(search: &msg::Search, mut found: impl FnMut(Vec<NodeId>, usize) -> bool) {
    let mut all = 0;
    pieces::each(
        search.events.segments(),
        // A copy for each thread: they would wait for each other's memory.
        || (Matcher::clone(&search.matcher), Known::default()),
        |(matcher, known), piece| {
            let (mut hits, mut looked) = (Vec::new(), 0);
            for (node, event) in search.events.segment(piece) {
                looked += 1;
                if matcher.is_in_event(&event, known) {
                    hits.push(node);
                }
            }
            (hits, looked)
        },
        |(hits, looked)| {
            all += looked;
            found(hits, all)
        },
    );
}

impl App {
    /// Begins to search for what was typed; says so where it cannot be searched for.
    pub(in crate::app) fn start_search(&mut self, needle: &str) -> Vec<Effect> {
        self.drop_search();
        if needle.is_empty() {
            return Vec::new();
        }
        match Matcher::new(needle) {
            Ok(matcher) => self.search_for(needle, matcher, false),
            Err(why) => {
                self.complain(why);
                Vec::new()
            }
        }
    }

    /// Begins to search in place of what was searched for before.
    pub(in crate::app) fn search_for(
        &mut self,
        needle: &str,
        matcher: Matcher,
        live: bool,
    ) -> Vec<Effect> {
        self.drop_search();
        let number = self.next_generation().0;
        let matcher = Arc::new(matcher);
        self.search = Some(Search {
            number,
            needle: Arc::from(needle),
            matcher: Arc::clone(&matcher),
            done: false,
            live,
            looked: 0,
            cut: false,
            hits: Vec::new(),
            jumped: false,
            voids: Vec::new(),
            fresh: Vec::new(),
        });
        let hits = self.named_hits(&matcher);
        self.mark_hits(hits);
        let search = msg::Search {
            number,
            matcher,
            events: self.store.snapshot(),
        };
        vec![Effect::Search(Box::new(search))]
    }

    /// How far the search beside the loop is.
    pub(in crate::app) fn looked_through(&mut self, number: u32, events: usize) {
        let search = self.search.as_mut();
        if let Some(search) = search.filter(|search| search.number == number) {
            search.looked = events;
            self.dirty = true;
        }
    }

    /// What the search beside the loop has found.
    pub(in crate::app) fn found(
        &mut self,
        number: u32,
        nodes: Vec<NodeId>,
        done: bool,
    ) -> Vec<Effect> {
        let Some(search) = self
            .search
            .as_mut()
            .filter(|search| search.number == number)
        else {
            self.found_elsewhere(number, &nodes, done);
            return Vec::new();
        };
        search.done |= done;
        let (live, cut, needle) = (search.live, search.cut, Arc::clone(&search.needle));
        if !cut {
            self.mark_hits(nodes);
        }
        if live {
            return self.preview();
        }
        if !done {
            return Vec::new();
        }
        let effects = self.first_hit();
        if self.outline.marked(Mark::Hit) == 0 && !self.has_unsearched_holes() {
            self.complain(format!(
                "\"{needle}\" is not in what is loaded; unfolding missions and runs loads more"
            ));
        }
        effects
    }

    /// What is found for the search of a place that was left is there when one comes back.
    fn found_elsewhere(&mut self, number: u32, nodes: &[NodeId], done: bool) {
        let rows: Vec<NodeId> = nodes.iter().map(|node| self.row_for(*node)).collect();
        if let Some(search) = self.places.search(number) {
            search.done |= done;
            search.jumped = true;
            search.hits.extend(nodes.iter().copied().chain(rows));
        }
    }

    /// Forgets the search; says whether there was one.
    pub(in crate::app) fn drop_search(&mut self) -> bool {
        let Some(search) = self.search.take() else {
            return false;
        };
        for node in search.hits {
            self.outline.set_mark(node, Mark::Hit, false);
        }
        true
    }

    fn mark_hits(&mut self, nodes: Vec<NodeId>) {
        for node in nodes {
            if let Some(search) = self.search.as_mut().filter(|search| search.live)
                && search.hits.len() >= PREVIEW * 2
            {
                search.cut = true;
                return;
            }
            // What a row shows of others is found in that row.
            let row = self.row_for(node);
            for node in [node, row] {
                self.outline.set_mark(node, Mark::Hit, true);
                if let Some(search) = self.search.as_mut() {
                    search.hits.push(node);
                }
            }
        }
    }

    /// The cursor goes to the first hit at or behind it, once.
    pub(in crate::app) fn first_hit(&mut self) -> Vec<Effect> {
        let Some(from) = self.selected else {
            return Vec::new();
        };
        match self.search.as_mut() {
            Some(search) if !search.jumped => search.jumped = true,
            _ => return Vec::new(),
        }
        if self.outline.marked(Mark::Hit) == 0 && !self.has_unsearched_holes() {
            return Vec::new();
        }
        if self.outline.has_mark(from, Mark::Hit) {
            let place = self.outline.marked_before(from, Mark::Hit) + 1;
            self.say_where(format!("match {place}/{}", self.outline.marked(Mark::Hit)));
            return Vec::new();
        }
        self.step_hit(true)
    }

    fn named_hits(&self, matcher: &Matcher) -> Vec<NodeId> {
        let is_in = |texts: &[Option<&str>]| {
            texts
                .iter()
                .flatten()
                .any(|text| matcher.is_in(text.as_bytes()))
        };
        let missions = self.store.all(Sort::Mission).filter(|node| {
            self.store
                .mission(*node)
                .is_some_and(|m| is_in(&[Some(&m.name), Some(&m.id), m.description.as_deref()]))
        });
        let runs = self.store.all(Sort::Run).filter(|node| {
            self.store.run(*node).is_some_and(|r| {
                is_in(&[
                    Some(&r.title),
                    Some(&r.id),
                    r.error.as_deref(),
                    r.status_reason.as_deref(),
                ])
            })
        });
        let steps = self.store.all(Sort::Step).filter(|node| {
            self.store
                .step(*node)
                .is_some_and(|s| is_in(&[Some(&s.title), Some(&s.id)]))
        });
        missions.chain(runs).chain(steps).collect()
    }
}
