//! A run read as operations. Events are pushed in the order of the run, each at a cost that does not grow
//! with it; those that come late wait until `settle` walks through the run anew, over 64 bytes an
//! event and no payload. It says which nodes changed, so that whoever shows them does the same.
//!
//! ```text
//!  event → fact → pair → operation → verdict → recovered, repeats, gaps, counts
//! ```

mod drawn;
mod fact;
mod gaps;
mod habit;
mod head;
mod judge;
mod lanes;
mod pages;
mod pair;
mod repeat;
mod role;
mod sketch;
mod spans;
mod steps;
mod tell;
mod walk;
mod words;

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

pub use self::role::Role;
use self::{
    drawn::Drawn,
    fact::{Fact, Rare},
    gaps::Gaps,
    judge::Retries,
    lanes::Lanes,
    pages::{NONE, Pages},
    pair::Pairs,
    repeat::Repeats,
    spans::Spans,
    steps::Steps,
    words::Words,
};
pub use self::{
    gaps::Gap,
    head::{Counts, Header},
    sketch::Sketch,
    steps::StepState,
    tell::{Operation, Repeat},
};
use super::{OpKind, Rule, Verdict, Why, rules::Switches};
use crate::model::{Event, NodeId};

/// What is true of the service whose run it is, and of the one who reads it.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Whether the service assigns call ids, so that a call without an answer means something.
    pub call_ids: bool,
    /// Which rules hold.
    pub switches: Arc<Switches>,
}

/// One operation: where its parts are among the facts, and what became of it.
#[derive(Clone, Debug)]
struct Op {
    /// The event of its row: the call, or the only one.
    head: u32,
    /// The result.
    answer: u32,
    kind: OpKind,
    verdict: Verdict,
    rule: Option<Rule>,
    why: Why,
    recovered_by: u32,
    /// The group of repeats it is in, and which of them it is.
    group: u32,
    nth: u32,
    /// The operation it lies in.
    within: u32,
    /// Whether others lie in it.
    holds: bool,
    /// Whether something in it, however deep, tells of tokens.
    spent_in: bool,
    /// The operation that it is a part of (an inbox event with an echo, a span that times a call).
    part_of: u32,
}

impl Op {
    fn new(head: u32, kind: OpKind) -> Self {
        Self {
            head,
            answer: NONE,
            kind,
            verdict: Verdict::NotReported,
            rule: None,
            why: Why::Single,
            recovered_by: NONE,
            group: NONE,
            nth: 0,
            within: NONE,
            holds: false,
            spent_in: false,
            part_of: NONE,
        }
    }
}

/// A run, read.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    terms: Terms,
    words: Words,
    facts: Vec<Fact>,
    rare: HashMap<NodeId, Rare>,
    /// Events that lie before ones that were read already.
    late: Vec<Fact>,
    /// Whether something changed that only another walk can put right.
    stale: bool,
    /// Whether the run is over.
    over: bool,
    ops: Vec<Op>,
    of: Pages,
    pairs: Pairs,
    /// Calls without an answer.
    open: BTreeSet<u32>,
    /// Failures that nothing recovered, and that are not told by others.
    failing: BTreeSet<u32>,
    /// Failed steps and states, which may only repeat what failed in them.
    told: Vec<u32>,
    retries: Retries,
    repeats: Repeats,
    spans: Spans,
    gaps: Gaps,
    lanes: Lanes,
    drawn: Drawn,
    steps: Steps,
    counts: Counts,
    loops: u32,
    sums: head::Sums,
    changed: Vec<NodeId>,
}

impl Digest {
    /// Of a run of which nothing is known yet.
    pub fn new(terms: Terms) -> Self {
        Self {
            pairs: Pairs::new(terms.call_ids),
            terms,
            ..Self::default()
        }
    }

    /// A new event.
    pub fn push(&mut self, node: NodeId, event: &Event) {
        self.drawn.forget();
        let (fact, rare) = fact::read(node, event, &mut self.words);
        if let Some(rare) = rare {
            self.rare.insert(node, rare);
        }
        let in_order = self.facts.last().is_none_or(|last| last.key() < fact.key());
        if in_order && self.late.is_empty() {
            self.facts.push(fact);
            self.step_on();
        } else {
            self.late.push(fact);
        }
    }

    /// An event that is known has changed.
    pub fn change(&mut self, node: NodeId, event: &Event) {
        self.drawn.forget();
        let (fact, rare) = fact::read(node, event, &mut self.words);
        let same_rare = self.rare.get(&node) == rare.as_ref();
        match rare {
            Some(rare) => drop(self.rare.insert(node, rare)),
            None => drop(self.rare.remove(&node)),
        }
        let key = fact.key();
        let Ok(at) = self.facts.binary_search_by(|other| other.key().cmp(&key)) else {
            match self.late.iter_mut().find(|late| late.node == node) {
                Some(late) => *late = fact,
                None => self.late.push(fact),
            }
            return;
        };
        let Some(old) = self.facts.get_mut(at) else {
            return;
        };
        let same_frame = old.frame() == fact.frame();
        let tool = matches!(
            old.kind,
            crate::model::Kind::ToolCall | crate::model::Kind::ToolResult
        );
        let grew = tool && (old.hash, old.shape) != (fact.hash, fact.shape);
        *old = fact;
        if !same_frame || !same_rare || grew {
            self.stale = true;
            return;
        }
        self.touch(u32_of(at));
    }

    /// Whether `settle` has something to do, and how many events it would walk through.
    pub fn unsettled(&self) -> Option<usize> {
        (self.stale || !self.late.is_empty()).then(|| self.facts.len() + self.late.len())
    }

    /// Whether events wait to be sorted in, so that nothing is known of them yet.
    pub fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// Sorts in what came late and reads the run anew: two or three microseconds an event.
    pub fn settle(&mut self) {
        if self.unsettled().is_none() {
            return;
        }
        self.drawn.forget();
        let before = self.marks();
        // What changed before this walk is not told of yet.
        let noted = std::mem::take(&mut self.changed);
        let mut facts = std::mem::take(&mut self.facts);
        facts.append(&mut self.late);
        self.walk_anew(facts);
        self.changed = noted;
        let changed = self.changed_since(|node| before.get(node));
        self.changed.extend(changed);
    }

    /// The same run after `settle`, of one that others look at meanwhile, and the nodes whose row is
    /// another. Costs a copy of all facts besides.
    pub fn settled(&self) -> (Self, Vec<NodeId>) {
        let mut anew = Self {
            words: self.words.clone(),
            rare: self.rare.clone(),
            over: self.over,
            ..Self::new(self.terms.clone())
        };
        anew.walk_anew(self.facts.iter().chain(&self.late).cloned().collect());
        anew.changed.clear();
        let changed = anew.changed_since(|node| self.role(node).map(|_| self.mark(node)));
        (anew, changed)
    }

    /// Reads these facts, in any order, as if they were the first.
    fn walk_anew(&mut self, mut facts: Vec<Fact>) {
        // Two runs that are sorted, one behind the other, merge in one pass.
        facts.sort_by_key(Fact::key);
        self.restart();
        self.facts.reserve(facts.len());
        for fact in facts {
            self.facts.push(fact);
            self.step_on();
        }
        self.rejudge_all();
        // The walk is the last word: what it met on its way is no reason for another.
        self.stale = false;
    }

    fn changed_since(&self, before: impl Fn(NodeId) -> Option<u32>) -> Vec<NodeId> {
        let nodes = self.facts.iter().map(|fact| fact.node);
        nodes
            .filter(|node| before(*node) != Some(self.mark(*node)))
            .collect()
    }

    /// What the row of each event depends on.
    fn marks(&self) -> Pages {
        let mut marks = Pages::default();
        for fact in &self.facts {
            marks.set(fact.node, self.mark(fact.node));
        }
        marks
    }

    /// What the row of an event depends on, in four bytes: two that differ look alike once in four
    /// billion times, and then a row is one walk late.
    fn mark(&self, node: NodeId) -> u32 {
        let mut hasher = DefaultHasher::new();
        self.role(node).hash(&mut hasher);
        (hasher.finish() >> 33) as u32
    }

    /// The run is over, or goes on.
    pub fn finish(&mut self, over: bool) {
        self.drawn.forget();
        self.rejudge_all();
        if self.over == over {
            return;
        }
        self.over = over;
        let open: Vec<u32> = self.open.iter().copied().collect();
        for op in open.into_iter().chain(self.told.clone()) {
            self.judge(op);
        }
    }

    /// The nodes whose row changed since this was asked last, each once.
    pub fn take_changed(&mut self) -> Vec<NodeId> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// How many events were read.
    pub fn len(&self) -> usize {
        self.facts.len() + self.late.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn restart(&mut self) {
        self.ops.clear();
        self.of = Pages::default();
        self.pairs = Pairs::new(self.terms.call_ids);
        self.open.clear();
        self.failing.clear();
        self.told.clear();
        self.retries = Retries::default();
        self.repeats = Repeats::default();
        self.spans = Spans::default();
        self.gaps = Gaps::default();
        self.lanes = Lanes::default();
        self.steps = Steps::default();
        self.counts = Counts::default();
        self.loops = 0;
        self.sums = head::Sums::default();
    }

    fn fact(&self, at: u32) -> Option<&Fact> {
        self.facts.get(at as usize)
    }

    fn op(&self, at: u32) -> Option<&Op> {
        self.ops.get(at as usize)
    }

    fn op_mut(&mut self, at: u32) -> Option<&mut Op> {
        self.ops.get_mut(at as usize)
    }

    /// The operation that an event belongs to.
    fn op_of(&self, node: NodeId) -> Option<u32> {
        self.of.get(node)
    }

    fn rare(&self, fact: u32) -> Option<&Rare> {
        let fact = self.fact(fact).filter(|fact| fact.has_rare)?;
        self.rare.get(&fact.node)
    }

    /// When an event was, in nanoseconds; none where nobody says. Its place in the run is no time.
    fn time(&self, fact: u32) -> Option<i64> {
        let at = self.fact(fact)?.at;
        match self.rare(fact) {
            Some(rare) if rare.untimed => None,
            rare => Some(rare.and_then(|rare| rare.time).unwrap_or(at)),
        }
    }

    fn note(&mut self, fact: u32) {
        if let Some(node) = self.fact(fact).map(|fact| fact.node) {
            self.changed.push(node);
        }
    }
}

fn u32_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

#[cfg(test)]
mod tests;
