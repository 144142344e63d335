//! Events that lie in others, or are another's echo or stopwatch: spans with a parent, calls of a model
//! inside of an action, a span that times a call, an inbox event that the transcript repeats.

use std::collections::{HashMap, VecDeque};

use super::{Digest, NONE, words::Word};
use crate::analysis::OpKind;

/// How far a span and the call that it times may lie apart, in nanoseconds.
const APART: i64 = 1_000_000_000;
/// How many calls or spans of one name are looked at.
const NEAR: usize = 16;

/// What is remembered of them while walking.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans {
    /// Operations by the id, or call id, that others name as their parent.
    named: HashMap<u64, u32>,
    /// Operations whose parent has not been met.
    orphans: HashMap<u64, Vec<u32>>,
    /// The latest calls and spans of a name that are still by themselves.
    calls: HashMap<Word, VecDeque<u32>>,
    loose: HashMap<Word, VecDeque<u32>>,
    /// The span that times an operation.
    pub timed: HashMap<u32, u32>,
    /// Facts of an operation besides its call and its result.
    pub extras: HashMap<u32, Vec<u32>>,
    /// What came into the inbox lately: when, what, and its operation.
    pub inbox: VecDeque<(i64, u64, u32)>,
}

fn keep(near: &mut VecDeque<u32>, op: u32) {
    near.push_back(op);
    if near.len() > NEAR {
        near.pop_front();
    }
}

impl Digest {
    /// A span may time a call of the same name.
    pub(super) fn spanned(&mut self, at: u32, op: u32) {
        let Some(name) = self.name_of(at) else {
            return;
        };
        let near = self.spans.calls.get(&name);
        let found = near.and_then(|near| {
            let mut near = near.iter().rev();
            near.find(|call| !self.spans.timed.contains_key(call) && self.times(at, **call))
        });
        match found.copied() {
            Some(call) => self.time_by(call, op, at),
            None => keep(self.spans.loose.entry(name).or_default(), op),
        }
    }

    /// A call may be timed by a span of the same name that began before it.
    pub(super) fn spans_on_call(&mut self, at: u32, op: u32) {
        let Some(name) = self.name_of(at) else {
            return;
        };
        keep(self.spans.calls.entry(name).or_default(), op);
        let near = self.spans.loose.get(&name);
        let found = near.and_then(|near| {
            let mut near = near.iter().rev();
            near.find(|span| {
                self.op(**span)
                    .is_some_and(|span| span.part_of == NONE && self.times(span.head, op))
            })
        });
        if let Some(span) = found.copied() {
            let head = self.op(span).map_or(NONE, |span| span.head);
            self.withdraw(span);
            self.time_by(op, span, head);
        }
    }

    fn name_of(&self, at: u32) -> Option<Word> {
        let name = self.fact(at)?.tool;
        (name != 0).then_some(name)
    }

    fn times(&self, span: u32, call: u32) -> bool {
        let Some(op) = self.op(call) else {
            return false;
        };
        let (Some((from, to)), Some(begun)) = (self.extent_of(span), self.time(op.head)) else {
            return false;
        };
        let ended = self.time(op.answer).unwrap_or(begun);
        from.saturating_sub(APART) <= ended && begun <= to.saturating_add(APART)
    }

    fn time_by(&mut self, call: u32, span: u32, fact: u32) {
        self.spans.timed.insert(call, fact);
        self.absorb(call, span, fact);
        let (Some(own), Some(parent)) = (
            self.rare(fact).map(|rare| rare.own),
            self.rare(fact).map(|rare| rare.parent),
        ) else {
            return;
        };
        self.named(own, call);
        self.lie_in(call, parent);
    }

    /// An operation becomes a part of another.
    pub(super) fn absorb(&mut self, into: u32, op: u32, fact: u32) {
        if let Some(op) = self.op_mut(op) {
            op.part_of = into;
        }
        self.spans.extras.entry(into).or_default().push(fact);
        if let Some(node) = self.fact(fact).map(|fact| fact.node) {
            self.of.set(node, into);
        }
        self.note(fact);
        let head = self.op(into).map_or(NONE, |op| op.head);
        self.note(head);
    }

    /// Finds the operation in which a new one lies, and those that lie in it.
    pub(super) fn settle_within(&mut self, op: u32) {
        let Some((head, kind)) = self.op(op).map(|op| (op.head, op.kind)) else {
            return;
        };
        let Some(fact) = self.fact(head) else {
            return;
        };
        let call_id = if fact.named && kind == OpKind::Tool {
            fact.id
        } else {
            0
        };
        let rare = self.rare(head);
        let own = rare.map_or(0, |rare| rare.own);
        let parent = rare.map_or(0, |rare| rare.parent);
        if call_id != 0 {
            self.named(call_id, op);
        }
        if own != 0 {
            self.named(own, op);
        }
        self.lie_in(op, parent);
    }

    fn named(&mut self, id: u64, op: u32) {
        if id == 0 {
            return;
        }
        self.spans.named.insert(id, op);
        for child in self.spans.orphans.remove(&id).unwrap_or_default() {
            self.lie_in(child, id);
        }
    }

    fn lie_in(&mut self, op: u32, parent: u64) {
        if parent == 0 {
            return;
        }
        let Some(above) = self.spans.named.get(&parent).copied() else {
            self.spans.orphans.entry(parent).or_default().push(op);
            return;
        };
        if above == op || self.lies_in(above, op) {
            return;
        }
        if let Some(above) = self.op_mut(above) {
            above.holds = true;
        }
        if let Some(op) = self.op_mut(op) {
            op.within = above;
            let head = op.head;
            self.note(head);
        }
        self.spent_within(op);
    }

    /// Whether `inner` lies in `outer`, however deep.
    fn lies_in(&self, inner: u32, outer: u32) -> bool {
        let mut at = inner;
        for _ in 0..64 {
            at = match self.op(at) {
                Some(op) if op.within != NONE => op.within,
                _ => return false,
            };
            if at == outer {
                return true;
            }
        }
        // Deeper than anything real: better flat than round in a circle.
        true
    }
}
