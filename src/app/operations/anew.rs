//! Large runs read anew beside the loop. A worker walks through the run while the screen goes on showing
//! what was known; what comes meanwhile waits, and is read once the worker has answered. Nothing here
//! costs a turn of the loop more than a bounded number of events.

use std::{collections::VecDeque, sync::Arc};

use crate::app::{App, Effect, load::follow::Tail};
use crate::{
    analysis::{Digest, Terms},
    model::{Change, NodeId, Time},
};

/// A run of more events is read anew by a worker.
const AT_ONCE: usize = 2_000;
/// So long per event others may come before it is, in nanoseconds: about twice as long as it takes.
const PATIENCE: i64 = 5_000;
/// And so long in any case.
const LEAST: i64 = 50_000_000;
/// Events that waited, in one turn of the loop.
const EVENTS: usize = 250;
/// Rows that changed, in one turn: no fewer than one mail changes.
const ROWS: usize = 1_500;

/// What was read of a run, and what has not been yet.
#[derive(Debug)]
pub(in crate::app) struct Reading {
    digest: Arc<Digest>,
    /// Whether a worker has it: until it answers nothing is changed.
    away: bool,
    /// Whether the filter's worker looks at it, which wants it unchanged too.
    lent: bool,
    /// Whether something was to be settled while a worker had it.
    owed: bool,
    /// What came meanwhile, in order.
    waiting: VecDeque<(NodeId, Change)>,
    /// Events whose rows are to be shown anew.
    rows: VecDeque<NodeId>,
    /// When a worker is to read it anew.
    due: Option<Time>,
}

/// An order to read a run anew.
#[derive(Debug)]
pub struct Anew {
    /// The run.
    pub run: NodeId,
    /// What is known of it.
    pub digest: Arc<Digest>,
}

/// A run that was read anew.
#[derive(Debug)]
pub struct Fresh {
    was: Anew,
    digest: Digest,
    changed: Vec<NodeId>,
}

/// Reads a run anew: for a worker.
pub fn read(was: Anew) -> Fresh {
    let (digest, changed) = was.digest.settled();
    Fresh {
        was,
        digest,
        changed,
    }
}

impl Reading {
    pub fn new(terms: Terms) -> Self {
        Self {
            digest: Arc::new(Digest::new(terms)),
            away: false,
            lent: false,
            owed: false,
            waiting: VecDeque::new(),
            rows: VecDeque::new(),
            due: None,
        }
    }

    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// To change it; none while a worker has it, be it one that nobody waits for any more. It is never
    /// copied: that takes long where it is large.
    pub fn digest_mut(&mut self) -> Option<&mut Digest> {
        let free = !self.away && !self.lent;
        free.then(|| Arc::get_mut(&mut self.digest)).flatten()
    }

    /// For a worker that only looks at it.
    pub fn share(&self) -> Arc<Digest> {
        Arc::clone(&self.digest)
    }

    /// A worker looks at it: what comes waits until it is taken back.
    pub fn lend(&mut self) {
        self.lent = true;
    }

    /// Nobody waits for that worker any more; says whether there was one.
    pub fn take_back(&mut self) -> bool {
        std::mem::take(&mut self.lent)
    }

    /// An event that is to be read later; says whether it is.
    pub fn put_off(&mut self, event: NodeId, change: Change) -> bool {
        let late = !self.waiting.is_empty() || self.digest_mut().is_none();
        if late {
            self.waiting.push_back((event, change));
        }
        late
    }

    /// Whether there are events or rows that only wait for their turn.
    fn is_behind(&self) -> bool {
        let waits = self.owed || !self.waiting.is_empty();
        !self.rows.is_empty() || !self.away && !self.lent && waits
    }

    /// Whether something that came was not read yet, or is being read.
    pub fn is_unsettled(&self) -> bool {
        self.is_short() || self.away || self.is_behind()
    }

    /// Whether its last row is not known, because what came last was not read yet.
    pub fn is_short(&self) -> bool {
        !self.waiting.is_empty() || self.digest.has_late()
    }

    /// Sorts in what came late, or says when that is to be done. Nothing is over while events wait.
    pub fn settle(&mut self, over: bool, now: Time) {
        let over = over && self.waiting.is_empty();
        self.owed = true;
        let Some(digest) = self.digest_mut() else {
            return;
        };
        let unsettled = digest.unsettled();
        if unsettled.is_none_or(|events| events <= AT_ONCE) {
            digest.settle();
        }
        digest.finish(over);
        let changed = digest.take_changed();
        self.owed = false;
        self.rows.extend(changed);
        if let Some(events) = unsettled.filter(|events| *events > AT_ONCE) {
            let events = i64::try_from(events).unwrap_or(i64::MAX);
            let wait = events.saturating_mul(PATIENCE).max(LEAST);
            let due = Time(now.0.saturating_add(wait));
            self.due = self.due.or(Some(due));
        }
    }

    /// Some of what waits to be read, where that can be done now.
    fn some_waiting(&mut self) -> Vec<(NodeId, Change)> {
        if self.digest_mut().is_none() {
            return Vec::new();
        }
        let some = self.waiting.len().min(EVENTS);
        self.waiting.drain(..some).collect()
    }

    /// Some of the rows that are to be shown anew.
    pub fn some_rows(&mut self) -> Vec<NodeId> {
        let some = self.rows.len().min(ROWS);
        self.rows.drain(..some).collect()
    }
}

impl App {
    /// When a worker is to read a run anew.
    pub(in crate::app) fn reading_due(&self) -> Option<Time> {
        self.digests
            .values()
            .filter_map(|reading| reading.due)
            .min()
    }

    /// Whether there is something left to be read, or to be shown of what was read: the loop then sends
    /// `Msg::GoOn` when it has nothing better to do.
    pub fn is_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Remembers whether something of a run is left to be read or shown. What a worker has is neither.
    pub(in crate::app) fn note_behind(&mut self, run: NodeId) {
        let reading = self.digests.get(&run);
        if reading.is_some_and(Reading::is_behind) {
            self.behind.insert(run);
        } else {
            self.behind.remove(&run);
        }
    }

    /// Has those read anew whose time has come.
    pub(in crate::app) fn read_rest(&mut self) -> Vec<Effect> {
        let now = self.now;
        let due = |reading: &Reading| !reading.away && reading.due.is_some_and(|due| due <= now);
        let mut effects = Vec::new();
        for (run, reading) in &mut self.digests {
            if !due(reading) {
                continue;
            }
            (reading.due, reading.away) = (None, true);
            let digest = Arc::clone(&reading.digest);
            effects.push(Effect::ReadAnew(Box::new(Anew { run: *run, digest })));
        }
        effects
    }

    /// A worker has read a run anew. What it is no longer wanted for is dropped elsewhere too: that takes
    /// long where it is large.
    pub(in crate::app) fn read_anew(&mut self, fresh: Fresh) -> Vec<Effect> {
        let Fresh {
            was,
            digest,
            changed,
        } = fresh;
        let (run, digest) = (was.run, Arc::new(digest));
        let tail = self.tail_if_followed(run);
        let Some(reading) = self
            .digests
            .get_mut(&run)
            .filter(|reading| Arc::ptr_eq(&reading.digest, &was.digest))
        else {
            return vec![Effect::Discard(digest), Effect::Discard(was.digest)];
        };
        reading.digest = digest;
        reading.away = false;
        reading.rows.extend(changed);
        self.unread.insert(run);
        let mut effects = vec![Effect::Discard(was.digest)];
        effects.extend(self.take_readings());
        effects.extend(self.keep_to_tail(run, tail));
        effects
    }

    /// A worker broke on a run: it stays as it is known, and what waits is read.
    pub(in crate::app) fn stays_as_read(&mut self, run: NodeId) {
        if let Some(reading) = self.digests.get_mut(&run) {
            reading.away = false;
            self.unread.insert(run);
        }
    }

    /// Reads some of what waits.
    pub(in crate::app) fn go_on(&mut self) -> Vec<Effect> {
        let Some(run) = self.behind.first().copied() else {
            return Vec::new();
        };
        let tail = self.tail_if_followed(run);
        let reading = self.digests.get_mut(&run);
        let some = reading.map_or_else(Vec::new, Reading::some_waiting);
        for (event, change) in some {
            self.read_now(event, change);
        }
        self.unread.insert(run);
        let mut effects = self.take_readings();
        effects.extend(self.keep_to_tail(run, tail));
        self.dirty = true;
        effects
    }

    fn tail_if_followed(&self, run: NodeId) -> Option<Tail> {
        self.follows(run).then(|| self.tail_state(run))
    }

    fn keep_to_tail(&mut self, run: NodeId, tail: Option<Tail>) -> Vec<Effect> {
        tail.map(|tail| self.stay_at_tail(run, tail))
            .unwrap_or_default()
    }
}
