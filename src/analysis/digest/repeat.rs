//! Repeats: consecutive operations of one step that do the same again and again, alone or in cycles of
//! up to four. Calls are the same by tool and arguments; whether what came back was the same too tells
//! a loop from polling. What a model thinks or says to itself between calls need not be the same, and
//! makes no cycle: a call with nothing but that in between is one that repeats alone.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{Digest, NONE, u32_of, words::Word};
use crate::{
    analysis::{OpKind, Verdict},
    model::{Kind, NodeId},
};

/// The longest cycle.
const CYCLE: usize = 4;
/// How much is looked at to see that something begins to repeat: two rounds of the longest cycle, or two
/// calls with what a model did in between.
const TAIL: usize = 4 * CYCLE;
/// How much a model may think between two calls that repeat.
const BETWEEN: usize = 2 * CYCLE - 2;
/// From so many repeats of one call, or rounds of a cycle, on it is a loop.
const LOOP: u32 = 5;
const ROUNDS: u32 = 3;

/// Repeats that are folded into one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Whole rounds, in order; of a call that repeats alone with what a model did in between.
    pub members: Vec<u32>,
    /// Calls in a round.
    pub period: usize,
    /// Tool calls among the members.
    calls: u32,
    sigs: [u64; CYCLE],
    outs: [Option<u64>; CYCLE],
    /// Whether the same call once gave something else.
    pub differs: bool,
    /// How many members have each verdict, and how many of them are failures that count.
    pub verdicts: [u32; Verdict::ALL.len()],
    pub failing: u32,
    pub tokens: u64,
    /// Whether it counts as a loop.
    looped: bool,
}

impl Group {
    /// A member's verdict is another.
    pub fn change(&mut self, old: Verdict, new: Verdict) {
        for (verdict, by) in [(old, -1), (new, 1)] {
            if let Some(count) = self.verdicts.get_mut(verdict as usize) {
                *count = count.saturating_add_signed(by);
            }
        }
    }

    pub fn rounds(&self) -> u32 {
        match self.period {
            1 => self.calls,
            period => u32_of(self.members.len() / period.max(1)),
        }
    }

    pub fn is_loop(&self) -> bool {
        let least = if self.period == 1 { LOOP } else { ROUNDS };
        !self.differs && self.rounds() >= least
    }

    /// The worst verdict among the members.
    pub fn worst(&self) -> Verdict {
        let has = |verdict: &Verdict| self.verdicts.get(*verdict as usize) > Some(&0);
        Verdict::ALL.into_iter().find(has).unwrap_or_default()
    }
}

/// The end of one step's operations.
#[derive(Clone, Debug, Default)]
struct Lane {
    /// The latest that are in no group, with their signatures.
    tail: Vec<(u32, u64)>,
    /// The group that goes on, and the part of its next round that is there.
    group: Option<u32>,
    partial: Vec<(u32, u64)>,
}

/// All repeats of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    lanes: HashMap<Word, Lane>,
    pub groups: Vec<Group>,
}

impl Digest {
    /// A new operation: it goes on a group, begins one, or neither.
    pub(super) fn repeat(&mut self, at: u32) {
        let Some((step, sig)) = self.signature(at) else {
            return;
        };
        let mut lane = self.repeats.lanes.remove(&step).unwrap_or_default();
        if !self.goes_on(&mut lane, at, sig) {
            lane.tail.append(&mut lane.partial);
            lane.tail.push((at, sig));
            let over = lane.tail.len().saturating_sub(TAIL);
            lane.tail.drain(..over);
            self.forms(&mut lane);
        }
        self.repeats.lanes.insert(step, lane);
    }

    fn goes_on(&mut self, lane: &mut Lane, at: u32, sig: u64) -> bool {
        let Some(number) = lane.group else {
            return false;
        };
        let Some(group) = self.repeats.groups.get(number as usize) else {
            return false;
        };
        let period = group.period;
        if period == 1 {
            return self.goes_on_alone(lane, number, (at, sig));
        }
        if group.sigs.get(lane.partial.len()) != Some(&sig) {
            lane.group = None;
            return false;
        }
        lane.partial.push((at, sig));
        if lane.partial.len() == period {
            for (op, _) in std::mem::take(&mut lane.partial) {
                self.enter(number, op);
            }
        }
        true
    }

    /// The same call once more, or what a model does before it.
    fn goes_on_alone(&mut self, lane: &mut Lane, number: u32, (at, sig): (u32, u64)) -> bool {
        let of = self.repeats.groups.get(number as usize);
        if of.is_some_and(|group| group.sigs.first() == Some(&sig)) {
            let between = std::mem::take(&mut lane.partial);
            for (op, _) in between.into_iter().chain([(at, sig)]) {
                self.enter(number, op);
            }
            return true;
        }
        if self.is_between(at) && lane.partial.len() < BETWEEN {
            lane.partial.push((at, sig));
            return true;
        }
        lane.group = None;
        false
    }

    /// Whether it is what a model does by itself between calls.
    fn is_between(&self, at: u32) -> bool {
        let kind = self.op(at).map(|op| op.kind);
        matches!(kind, Some(OpKind::Llm | OpKind::Think | OpKind::Span))
    }

    /// Whether the last call repeats the one before it, or the two before it where a model did something
    /// in between: what is tried once more after a thought is two tries. They begin a group then.
    fn forms_alone(&mut self, lane: &mut Lane) -> bool {
        let Some(((last, sig), before)) = lane.tail.split_last() else {
            return false;
        };
        let sig = *sig;
        let same_before = |end: usize| {
            let before = before.get(..end)?;
            let nearest = before.iter().rposition(|(op, _)| !self.is_between(*op))?;
            let is_same = before.get(nearest).is_some_and(|(_, other)| *other == sig);
            is_same.then_some(nearest)
        };
        let is_tool = self.op(*last).is_some_and(|op| op.kind == OpKind::Tool);
        let Some(second) = same_before(before.len()).filter(|_| is_tool) else {
            return false;
        };
        let first = if second + 1 == before.len() {
            Some(second)
        } else {
            same_before(second)
        };
        let Some(first) = first else {
            return false;
        };
        let group = Group {
            period: 1,
            sigs: [sig; CYCLE],
            ..Group::default()
        };
        let members: Vec<u32> = lane.tail.drain(first..).map(|(op, _)| op).collect();
        self.begin(lane, group, members);
        true
    }

    fn begin(&mut self, lane: &mut Lane, group: Group, members: Vec<u32>) {
        let number = u32_of(self.repeats.groups.len());
        self.repeats.groups.push(group);
        for op in members {
            self.enter(number, op);
        }
        // What lies before a group is not a part of what comes after it.
        lane.tail.clear();
        lane.group = Some(number);
    }

    fn forms(&mut self, lane: &mut Lane) {
        if self.forms_alone(lane) {
            return;
        }
        for period in 2..=CYCLE {
            let Some(from) = lane.tail.len().checked_sub(2 * period) else {
                return;
            };
            let two = lane.tail.get(from..).unwrap_or_default();
            let (first, second) = two.split_at(period);
            let same = first.iter().zip(second).all(|(a, b)| a.1 == b.1);
            let tool =
                |(op, _): &(u32, u64)| self.op(*op).is_some_and(|op| op.kind == OpKind::Tool);
            let acts = first.iter().filter(|(op, _)| !self.is_between(*op));
            if !same || !first.iter().any(tool) || acts.count() < 2 {
                continue;
            }
            let mut group = Group {
                period,
                ..Group::default()
            };
            for (to, (_, sig)) in group.sigs.iter_mut().zip(first) {
                *to = *sig;
            }
            let members: Vec<u32> = two.iter().map(|(op, _)| *op).collect();
            self.begin(lane, group, members);
            return;
        }
    }

    fn enter(&mut self, number: u32, at: u32) {
        let tokens = self.tokens_of(at).and_then(|tokens| tokens.sum());
        let failing = u32::from(self.failing.contains(&at));
        let Some((verdict, kind)) = self.op(at).map(|op| (op.verdict, op.kind)) else {
            return;
        };
        let Some(group) = self.repeats.groups.get_mut(number as usize) else {
            return;
        };
        group.calls += u32::from(kind == OpKind::Tool);
        let nth = u32_of(group.members.len());
        group.members.push(at);
        group.tokens = group.tokens.saturating_add(tokens.unwrap_or(0));
        group.failing += failing;
        if let Some(count) = group.verdicts.get_mut(verdict as usize) {
            *count += 1;
        }
        if let Some(op) = self.op_mut(at) {
            (op.group, op.nth) = (number, nth);
            let head = op.head;
            self.note(head);
        }
        self.repeat_answered(at);
    }

    /// The result of an operation is there, or is another: is it what the same call gave before?
    pub(super) fn repeat_answered(&mut self, at: u32) {
        let Some((number, nth, answer)) = self
            .op(at)
            .filter(|op| op.group != NONE)
            .map(|op| (op.group, op.nth, op.answer))
        else {
            return;
        };
        let out = self.fact(answer).map(|answer| answer.hash);
        if let Some(group) = self.repeats.groups.get_mut(number as usize)
            && let Some(out) = out
            && let Some(known) = group.outs.get_mut(nth as usize % group.period.max(1))
        {
            group.differs |= known.is_some_and(|known| known != out);
            *known = known.or(Some(out));
        }
        self.regroup(at);
    }

    /// The row that stands for the group of an operation changed.
    pub(super) fn regroup(&mut self, at: u32) {
        let number = self.op(at).map_or(NONE, |op| op.group);
        let Some(group) = self.repeats.groups.get_mut(number as usize) else {
            return;
        };
        let looped = group.is_loop();
        let was = std::mem::replace(&mut group.looped, looped);
        let first = group.members.first().copied();
        self.loops = self.loops.saturating_add(u32::from(looped && !was));
        self.loops = self.loops.saturating_sub(u32::from(was && !looped));
        if let Some(head) = first.and_then(|first| self.op(first)).map(|op| op.head) {
            self.note(head);
        }
    }

    /// The group of an operation.
    pub(super) fn group_of(&self, at: u32) -> Option<&Group> {
        let number = self.op(at)?.group;
        self.repeats.groups.get(number as usize)
    }

    /// The rows that a row of repeats stands for besides its own; empty where it stands for none.
    pub fn repeats_of(&self, node: NodeId) -> Vec<NodeId> {
        let Some(at) = self
            .op_of(node)
            .filter(|at| self.op(*at).is_some_and(|op| op.nth == 0))
        else {
            return Vec::new();
        };
        let members = self.group_of(at).map(|group| group.members.as_slice());
        members
            .unwrap_or_default()
            .iter()
            .skip(1)
            .filter_map(|op| Some(self.fact(self.op(*op)?.head)?.node))
            .collect()
    }

    /// The step of an operation and what makes it the same as another; none for what ends all repeats
    /// and takes no part.
    fn signature(&self, at: u32) -> Option<(Word, u64)> {
        let op = self.op(at).filter(|op| op.part_of == NONE)?;
        let head = self.fact(op.head)?;
        let mut hasher = DefaultHasher::new();
        (op.kind, head.tool).hash(&mut hasher);
        match head.kind {
            Kind::Reasoning | Kind::ModelCall | Kind::Span => {}
            Kind::ToolResult => (head.hash, 1).hash(&mut hasher),
            _ => head.hash.hash(&mut hasher),
        }
        Some((head.step, hasher.finish()))
    }
}
