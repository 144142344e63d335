//! Operations for those who look at all of them: what a row is told by, borrowed, and nothing that must be
//! made.

use std::ops::Range;

use super::{Digest, NONE, Op};
use crate::{
    analysis::{OpKind, Rule, Verdict, Why},
    model::NodeId,
};

/// An operation, in short.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and no two of them make a state"
)]
pub struct Sketch<'a> {
    at: u32,
    /// The event of its row.
    pub node: NodeId,
    /// The result's event.
    pub answer: Option<NodeId>,
    /// What it is.
    pub kind: OpKind,
    /// What became of it.
    pub verdict: Verdict,
    /// Why its content counts as a failure.
    pub rule: Option<Rule>,
    /// How it was paired.
    pub why: Why,
    /// Whether a later success made up for it.
    pub recovered: bool,
    /// Whether it counts as a failure that nothing made good.
    pub fails: bool,
    /// Whether it is one of those that repeat without end.
    pub is_loop: bool,
    /// Whether it is one of repeats.
    pub repeats: bool,
    /// Whether it lies in another operation.
    pub nested: bool,
    /// Whether it tells of tokens.
    pub tokens: bool,
    /// The id of its step.
    pub step: Option<&'a str>,
}

impl Digest {
    /// How many operations there are, with those that joined others.
    pub fn places(&self) -> usize {
        self.ops.len()
    }

    /// Some of the operations in order: those from one place to another, of as many as there are.
    pub fn sketches_in(&self, places: Range<usize>) -> impl Iterator<Item = Sketch<'_>> {
        let first = u32::try_from(places.start).unwrap_or(u32::MAX);
        let ops = self.ops.get(places).unwrap_or_default();
        let ops = (first..).zip(ops);
        ops.filter(|(_, op)| op.part_of == NONE)
            .filter_map(|(at, op)| self.sketched(at, op))
    }

    /// The operation that an event belongs to.
    pub fn sketch(&self, node: NodeId) -> Option<Sketch<'_>> {
        let mut at = self.op_of(node)?;
        let mut op = self.op(at)?;
        // What joined another operation is told with that one.
        for _ in 0..4 {
            if op.part_of == NONE {
                break;
            }
            at = op.part_of;
            op = self.op(at)?;
        }
        self.sketched(at, op)
    }

    /// The events that joined an operation beside its call and its result.
    pub fn joined(&self, sketch: &Sketch<'_>, nodes: &mut Vec<NodeId>) {
        nodes.clear();
        let joined = self.spans.extras.get(&sketch.at).into_iter().flatten();
        nodes.extend(joined.filter_map(|at| self.node_of(*at)));
    }

    fn sketched(&self, at: u32, op: &Op) -> Option<Sketch<'_>> {
        let fact = self.fact(op.head)?;
        let group = self.group_of(at);
        Some(Sketch {
            at,
            node: fact.node,
            answer: self.node_of(op.answer),
            kind: op.kind,
            verdict: op.verdict,
            rule: op.rule,
            why: op.why,
            recovered: op.recovered_by != NONE,
            fails: self.failing.contains(&at),
            is_loop: group.is_some_and(super::repeat::Group::is_loop),
            repeats: group.is_some_and(|group| group.rounds() > 1),
            nested: op.within != NONE,
            tokens: self.tokens_of(at).is_some(),
            step: self.words.name(fact.step),
        })
    }
}
