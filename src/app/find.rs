//! Search: highlights and steps, hides nothing. Looks through what is loaded: names, titles, summaries,
//! texts and payloads. Missions, runs and steps are few and searched at once, events beside the loop.

use std::sync::Arc;

use memchr::memmem;

use super::{App, Effect, msg, outline::Mark};
use crate::{
    analysis,
    model::{Event, NodeId, Sort},
};

/// The search that n and N step through.
#[derive(Clone, Debug)]
pub struct Search {
    /// Its number.
    pub number: u32,
    /// What was typed.
    pub needle: Arc<str>,
    /// Whether everything loaded has been looked through.
    pub done: bool,
    hits: Vec<NodeId>,
    jumped: bool,
}

impl Search {
    /// What was found.
    pub(super) fn hits(&self) -> &[NodeId] {
        &self.hits
    }
}

/// Finds a text; case counts only where the text has capitals.
pub struct Matcher {
    needle: Vec<u8>,
    exact: bool,
}

impl Matcher {
    /// For that text.
    pub fn new(needle: &str) -> Self {
        let exact = needle.chars().any(char::is_uppercase);
        Self {
            needle: if exact {
                needle.into()
            } else {
                needle.to_lowercase().into()
            },
            exact,
        }
    }

    /// Whether it stands there.
    pub fn is_in(&self, hay: &[u8]) -> bool {
        if self.exact || hay.is_empty() {
            return memmem::find(hay, &self.needle).is_some();
        }
        if hay.is_ascii() {
            return memmem::find(&hay.to_ascii_lowercase(), &self.needle).is_some();
        }
        let lower = String::from_utf8_lossy(hay).to_lowercase();
        memmem::find(lower.as_bytes(), &self.needle).is_some()
    }

    /// Whether an event has it where a person would see it.
    pub fn is_in_event(&self, event: &Event) -> bool {
        let texts = [
            &event.tool,
            &event.agent,
            &event.summary,
            &event.title,
            &event.step_id,
        ];
        texts
            .into_iter()
            .flatten()
            .any(|text| self.is_in(text.as_bytes()))
            || self.is_in(event.type_sent.as_bytes())
            || self.is_in(event.id.as_bytes())
            || event
                .body
                .is_some_and(|span| self.is_in(event.raw.part(span)))
            || analysis::prose(event).is_some_and(|text| self.is_in(text.as_bytes()))
            || (event.body.is_none() && event.prose.is_empty() && self.is_in(event.raw.bytes()))
    }
}

/// Looks through the events and hands on what matches, be it nothing, each time it has looked at a few
/// thousand, until told to stop.
pub fn look(search: &msg::Search, mut found: impl FnMut(Vec<NodeId>) -> bool) {
    let matcher = Matcher::new(&search.needle);
    let mut hits = Vec::new();
    for (looked, (node, event)) in (1u32..).zip(search.events.events()) {
        if matcher.is_in_event(&event) {
            hits.push(node);
        }
        if looked.is_multiple_of(4096) && !found(std::mem::take(&mut hits)) {
            return;
        }
    }
    found(hits);
}

impl App {
    /// Begins to search for what was typed.
    pub(super) fn start_search(&mut self, needle: &str) -> Vec<Effect> {
        self.drop_search();
        if needle.is_empty() {
            return Vec::new();
        }
        let number = self.next_generation().0;
        let needle: Arc<str> = Arc::from(needle);
        self.search = Some(Search {
            number,
            needle: Arc::clone(&needle),
            done: false,
            hits: Vec::new(),
            jumped: false,
        });
        let hits = self.named_hits(&needle);
        let effects = self.mark_hits(hits);
        let search = msg::Search {
            number,
            needle,
            events: self.store.snapshot(),
        };
        effects
            .into_iter()
            .chain([Effect::Search(Box::new(search))])
            .collect()
    }

    /// What the search beside the loop has found.
    pub(super) fn found(&mut self, number: u32, nodes: Vec<NodeId>, done: bool) -> Vec<Effect> {
        let Some(search) = self
            .search
            .as_mut()
            .filter(|search| search.number == number)
        else {
            self.found_elsewhere(number, &nodes, done);
            return Vec::new();
        };
        search.done |= done;
        let needle = Arc::clone(&search.needle);
        let mut effects = self.mark_hits(nodes);
        if done {
            effects.extend(self.first_hit());
            let total = self.outline.marked(Mark::Hit);
            if total == 0 {
                self.complain(format!(
                    "\"{needle}\" is not in what is loaded; unfolding missions and runs loads more"
                ));
            }
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
    pub(super) fn drop_search(&mut self) -> bool {
        let Some(search) = self.search.take() else {
            return false;
        };
        for node in search.hits {
            self.outline.set_mark(node, Mark::Hit, false);
        }
        true
    }

    fn mark_hits(&mut self, nodes: Vec<NodeId>) -> Vec<Effect> {
        for node in nodes {
            // What a row shows of others is found in that row.
            let row = self.row_for(node);
            for node in [node, row] {
                self.outline.set_mark(node, Mark::Hit, true);
                if let Some(search) = self.search.as_mut() {
                    search.hits.push(node);
                }
            }
        }
        Vec::new()
    }

    /// The cursor goes to the first hit at or behind it, once.
    fn first_hit(&mut self) -> Vec<Effect> {
        let Some(from) = self.selected else {
            return Vec::new();
        };
        match self.search.as_mut() {
            Some(search) if !search.jumped => search.jumped = true,
            _ => return Vec::new(),
        }
        if self.outline.marked(Mark::Hit) == 0 {
            return Vec::new();
        }
        if self.outline.has_mark(from, Mark::Hit) {
            let place = self.outline.marked_before(from, Mark::Hit) + 1;
            self.say(format!("hit {place} of {}", self.outline.marked(Mark::Hit)));
            return Vec::new();
        }
        self.step_marked(Mark::Hit, true, "hit")
    }

    fn named_hits(&self, needle: &str) -> Vec<NodeId> {
        let matcher = Matcher::new(needle);
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
