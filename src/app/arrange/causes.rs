//! Failures by what they have in common: each failed run stands under its cause, a fingerprint of its
//! error, or of the first failure in it where it was read. It asks for nothing: lists come with the
//! inbox, and runs that were not read are read elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::app::{
    App, arrange::Head, arrange::sort::SortKey, arrange::unread::Stage, detail::inspect::put,
    time::when,
};
use crate::{
    analysis::Fingerprint,
    doc::Part,
    model::{Gen, NodeId, Time},
};

/// Runs that are read at one visit without being asked for.
pub(in crate::app) const MOST: usize = 50;
/// Parts of the window that are counted apart.
pub const PARTS: usize = 12;

/// What failed runs have in common.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Its shape.
    pub fingerprint: Fingerprint,
    /// How many runs failed so.
    pub runs: usize,
    /// Of how many missions.
    pub missions: usize,
    /// When it was seen first, and last, in what is loaded.
    pub seen: Option<(Time, Time)>,
    /// How many runs in each part of the window, the oldest first.
    pub parts: [u32; PARTS],
    /// Whether it was seen first since the last visit.
    pub is_new: bool,
    /// Whether a run failed so, and not only something in it.
    pub fails: bool,
}

/// What is known of causes.
#[derive(Debug, Default)]
pub struct Causes {
    found: BTreeMap<u64, Cause>,
    /// How far each run was read for its cause.
    pub(in crate::app) stages: HashMap<NodeId, Stage>,
    pub(in crate::app) under_way: HashMap<Gen, NodeId>,
    /// Runs that may still be read at this visit.
    pub(in crate::app) left: usize,
    /// When the next may be asked for.
    pub(in crate::app) next: Option<Time>,
    /// When causes were looked at last before this start.
    pub(in crate::app) visited: Option<Time>,
    /// Whether they were looked at since this start.
    seen_now: bool,
}

impl Causes {
    /// The same for other contexts.
    pub(in crate::app) fn emptied(&self) -> Self {
        Self {
            visited: self.visited,
            seen_now: self.seen_now,
            ..Self::default()
        }
    }

    /// When they were looked at last, for the next start.
    pub(in crate::app) fn last_visit(&self, now: Time) -> Option<Time> {
        if self.seen_now {
            Some(now)
        } else {
            self.visited
        }
    }

    /// The cause of that number.
    pub fn get(&self, id: u64) -> Option<&Cause> {
        self.found.get(&id)
    }

    /// The place of a cause: what runs failed of first, then what failed in them; the latest first.
    pub(in crate::app) fn key(&self, id: u64, node: NodeId) -> SortKey {
        let cause = self.found.get(&id);
        let rank = if cause.is_none_or(|cause| cause.fails) {
            1
        } else {
            2
        };
        let last = cause
            .and_then(|cause| cause.seen)
            .map_or(0, |seen| seen.1.0);
        (rank, None, last.saturating_neg(), 0, node)
    }
}

impl App {
    /// The row that a failed run stands under; none for one that did not fail.
    pub(in crate::app) fn cause_head(&mut self, run: NodeId) -> Option<Head> {
        if !self.is_recent(run) || !self.run_fails(run) {
            return None;
        }
        let Some(fingerprint) = self.fingerprint(run) else {
            return Some(Head::Unread);
        };
        let id = fingerprint.id();
        self.arranged.causes.found.entry(id).or_insert(Cause {
            fingerprint,
            runs: 0,
            missions: 0,
            seen: None,
            parts: [0; PARTS],
            is_new: false,
            fails: true,
        });
        Some(Head::Cause(id))
    }

    /// Of the run's error, else of the first failure in it; none while there may be one to read.
    pub(in crate::app) fn fingerprint(&self, run: NodeId) -> Option<Fingerprint> {
        let record = self.store.run(run)?;
        let error = record.error.as_deref().map(str::trim);
        if let Some(error) = error.filter(|error| !error.is_empty()) {
            return Some(Fingerprint::new("run", None, &self.unsaid(error)));
        }
        if let Some(fingerprint) = self.failure_in(run) {
            return Some(fingerprint);
        }
        let loaded = self
            .loads
            .get(&run)
            .is_some_and(|load| load.synced.is_some());
        let read = self.arranged.causes.stages.get(&run) == Some(&Stage::Read);
        if !loaded && !read {
            return None;
        }
        let word = record.status.word();
        let reason = record.status_reason.as_deref();
        let reason = reason.map_or_else(|| format!("{word}, no reason given"), str::to_owned);
        Some(Fingerprint::new("run", None, &self.unsaid(&reason)))
    }

    /// Without what must not be shown: once its numbers are taken out, a secret is no longer known for one.
    fn unsaid(&self, text: &str) -> String {
        self.redactor.masking().text(text).into_owned()
    }

    fn failure_in(&self, run: NodeId) -> Option<Fingerprint> {
        let node = self.digest(run)?.first_failure()?;
        let operation = self.operation(node)?;
        let event = self
            .store
            .event(operation.answer.unwrap_or(operation.node))?;
        Some(Fingerprint::of(&operation, &event, |text| {
            self.unsaid(text)
        }))
    }

    /// Causes are looked at: some runs that were not read may be, and the visit is remembered.
    pub(in crate::app) fn visit_causes(&mut self) {
        self.arranged.causes.left = MOST;
        self.arranged.causes.next = Some(self.now);
        self.arranged.causes.seen_now = true;
    }

    /// What was read of a run may have given it another cause.
    pub(in crate::app) fn place_by_cause(&mut self, run: NodeId) {
        let wanted = self.cause_head(run);
        let above = self.outline.true_parent(run);
        let now = above.and_then(|above| self.arranged.head(above));
        if wanted != now {
            self.place(run);
        }
    }

    /// Counts what stands under each cause, and puts the causes in order.
    pub(in crate::app) fn count_causes(&mut self) {
        let heads = self.arranged.heads().filter_map(|(head, node)| match head {
            Head::Cause(id) if self.outline.contains(node) => Some((id, node)),
            _ => None,
        });
        let heads: Vec<(u64, NodeId)> = heads.collect();
        for (id, node) in heads {
            let runs: Vec<NodeId> = self.outline.all_children(Some(node)).collect();
            self.count_cause(id, &runs);
            self.outline.remove(node);
            if !runs.is_empty() {
                self.insert_in_order(None, node);
            }
            self.detail.touched(node);
        }
    }

    fn count_cause(&mut self, id: u64, runs: &[NodeId]) {
        let begins = self.window_begins().0;
        let length = self.now.0.saturating_sub(begins).max(1);
        let mut missions = BTreeSet::new();
        let (mut seen, mut parts, mut fails) = (None, [0u32; PARTS], false);
        for node in runs {
            let Some(run) = self.store.run(*node) else {
                continue;
            };
            missions.insert(self.store.owner(*node));
            fails |= run.status.is_failure();
            let Some(at) = run.ended_at.or(run.started_at) else {
                continue;
            };
            seen = Some(match seen {
                None => (at, at),
                Some((first, last)) => (at.min(first), at.max(last)),
            });
            let wide = i128::from(at.0.saturating_sub(begins).max(0)) * PARTS as i128;
            let part = usize::try_from(wide / i128::from(length)).unwrap_or(PARTS);
            if let Some(count) = parts.get_mut(part.min(PARTS - 1)) {
                *count += 1;
            }
        }
        let visited = self.arranged.causes.visited;
        if let Some(cause) = self.arranged.causes.found.get_mut(&id) {
            cause.runs = runs.len();
            cause.missions = missions.len();
            cause.is_new = seen
                .zip(visited)
                .is_some_and(|((first, _), visited)| first > visited);
            (cause.seen, cause.parts, cause.fails) = (seen, parts, fails);
        }
    }

    pub(in crate::app) fn below_head(&self, head: Head) -> impl Iterator<Item = NodeId> + '_ {
        let node = self.arranged.heads().find(|(other, _)| *other == head);
        node.into_iter()
            .flat_map(|(_, node)| self.outline.all_children(Some(node)))
    }

    /// What the detail says of a cause.
    pub(in crate::app) fn cause_parts(&self, id: u64) -> Vec<Part> {
        let Some(cause) = self.arranged.causes.get(id) else {
            return Vec::new();
        };
        let shape = &cause.fingerprint;
        let mut facts = Vec::new();
        put(&mut facts, "cause", Some(shape.message.clone()));
        put(&mut facts, "kind", Some(shape.kind.to_owned()));
        put(&mut facts, "tool", shape.tool.clone());
        put(&mut facts, "runs", Some(cause.runs.to_string()));
        put(&mut facts, "missions", Some(cause.missions.to_string()));
        if let Some((first, last)) = cause.seen {
            put(&mut facts, "first seen", self.time(Some(first)));
            put(&mut facts, "last seen", self.time(Some(last)));
        }
        let new = cause.is_new.then(|| "since the last visit".to_owned());
        put(&mut facts, "new", new);
        put(&mut facts, "fingerprint", Some(format!("{id:016x}")));
        let missions = self.missions_of_cause(id);
        vec![
            Part::Facts(facts),
            Part::Heading("missions".to_owned()),
            Part::Prose(missions.join("\n")),
        ]
    }

    fn missions_of_cause(&self, id: u64) -> Vec<String> {
        let runs = self.below_head(Head::Cause(id));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for run in runs {
            let name = self.store.mission(self.store.owner(run));
            let name = name.map_or_else(String::new, |mission| mission.name.clone());
            *counts.entry(name).or_default() += 1;
        }
        let told = counts.into_iter();
        told.map(|(name, runs)| format!("{name}: {}", when::many(runs, "run")))
            .collect()
    }
}
