//! What is asked of a run that was read: what a row shows, an operation in full, and where to go from one.

use std::time::Duration;

use super::{Digest, NONE, Role, u32_of};
use crate::{
    analysis::{OpKind, Rule, Verdict, Why},
    model::{Kind, NodeId, Time, Tokens},
};

/// Repeats that a row stands for, or is one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// How many calls, or rounds of a cycle.
    pub count: u32,
    /// The tools of a cycle, or the one of repeats, in order.
    pub cycle: Vec<String>,
    /// Its first operation.
    pub first: NodeId,
    /// Whether what came back was the same each time, often enough to be a loop.
    pub is_loop: bool,
    /// Whether what came back differed: polling.
    pub differs: bool,
    /// From the first to the last of them.
    pub took: Option<Duration>,
    /// Of all of them.
    pub tokens: u64,
}

/// One operation in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The event whose row it is.
    pub node: NodeId,
    /// Its events in order: the call, the result, what joined them.
    pub events: Vec<NodeId>,
    /// The result's event.
    pub answer: Option<NodeId>,
    /// What it is.
    pub kind: OpKind,
    /// What became of it.
    pub verdict: Verdict,
    /// Why its content counts as a failure.
    pub rule: Option<Rule>,
    /// The later success that made up for it.
    pub recovered_by: Option<NodeId>,
    /// How it was paired.
    pub why: Why,
    /// When it began; none where only its end is known.
    pub started: Option<Time>,
    /// When it ended; none while it runs.
    pub ended: Option<Time>,
    /// None where nobody tells.
    pub took: Option<Duration>,
    /// Whether its end lies before its beginning: clocks disagree.
    pub skewed: bool,
    /// Whether the result stands before its call.
    pub early: bool,
    /// Tokens, where reported.
    pub tokens: Option<Tokens>,
    /// What it repeats.
    pub repeat: Option<Repeat>,
    /// The id of its step.
    pub step: Option<String>,
    /// The operation it lies in, by the event of its row.
    pub parent: Option<NodeId>,
    /// The tool or the model.
    pub tool: Option<String>,
}

impl Digest {
    /// What the row of an event is; none for an event that was not read yet.
    pub fn role(&self, node: NodeId) -> Option<Role> {
        let at = self.op_of(node)?;
        let op = self.op(at)?;
        let head = self.node_of(op.head)?;
        let group = self.group_of(at);
        let first = op.nth == 0;
        let repeats = group
            .filter(|_| !first)
            .and_then(|group| group.members.first())
            .and_then(|first| self.node_of(self.op(*first)?.head));
        let fails = self.failing.contains(&at);
        let whole = group.filter(|_| first);
        Some(Role {
            part_of: (head != node).then_some(head),
            repeats,
            within: (op.within != NONE)
                .then(|| self.node_of(self.op(op.within)?.head))
                .flatten(),
            begins: self.begins(node),
            verdict: whole.map_or(op.verdict, super::repeat::Group::worst),
            fails: whole.map_or(fails, |group| group.failing > 0),
            failed: op.verdict.is_failure() && (fails || op.recovered_by != NONE)
                || whole.is_some_and(|group| group.worst().is_failure()),
            is_loop: whole.is_some_and(super::repeat::Group::is_loop),
            count: whole.map_or(1, super::repeat::Group::rounds),
            why: op.why,
        })
    }

    /// When an operation in which others lie began, in nanoseconds. Cheap: rows are ordered by it.
    pub fn begins(&self, node: NodeId) -> Option<i64> {
        let op = self.op(self.op_of(node)?).filter(|op| op.holds)?;
        // The lines of a file are ordered by their number, not by their time.
        let ordered = Some(self.fact(op.head)?.at) == self.time(op.head);
        let extent = self.extent_of(op.head).filter(|_| ordered);
        extent.map(|(from, _)| from)
    }

    /// The operation whose row is that of `node`, or that `node` is a part of.
    pub fn operation(&self, node: NodeId) -> Option<Operation> {
        let at = self.op_of(node)?;
        let op = self.op(at)?;
        let fact = self.fact(op.head)?;
        let (started, ended, skewed) = self.times_of(at);
        let mut events = vec![op.head];
        events.extend((op.answer != NONE).then_some(op.answer));
        events.extend(self.spans.extras.get(&at).into_iter().flatten());
        events.sort_unstable();
        Some(Operation {
            node: fact.node,
            events: events
                .into_iter()
                .filter_map(|at| self.node_of(at))
                .collect(),
            answer: self.node_of(op.answer),
            kind: op.kind,
            verdict: op.verdict,
            rule: op.rule,
            recovered_by: self
                .op(op.recovered_by)
                .and_then(|op| self.node_of(op.head)),
            why: op.why,
            started,
            ended,
            took: self.took_of(at).map(Duration::from_nanos),
            skewed,
            early: op.answer != NONE && op.answer < op.head,
            tokens: self.tokens_of(at),
            repeat: self.repeat_of(at),
            step: self.words.name(fact.step).map(str::to_owned),
            parent: self.op(op.within).and_then(|op| self.node_of(op.head)),
            tool: self.words.name(self.tool_of(at)).map(str::to_owned),
        })
    }

    /// The rows of all operations in order.
    pub fn operations(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.ops
            .iter()
            .filter(|op| op.part_of == NONE)
            .filter_map(|op| self.node_of(op.head))
    }

    /// The event of the last operation's row.
    pub fn last_row(&self) -> Option<NodeId> {
        let last = self.ops.iter().rev().find(|op| op.part_of == NONE)?;
        self.node_of(last.head)
    }

    /// The last of the repeats that a row stands for, itself where it stands for none.
    pub fn last_repeat(&self, node: NodeId) -> NodeId {
        let last = self
            .op_of(node)
            .and_then(|at| self.group_of(at)?.members.last().copied())
            .and_then(|last| self.node_of(self.op(last)?.head));
        last.unwrap_or(node)
    }

    /// The rows that show failures which nothing recovered, in order.
    pub fn failures(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.failure_rows()
            .filter_map(|at| self.node_of(self.op(at)?.head))
    }

    /// The call of a result, or the result of a call.
    pub fn other_side(&self, node: NodeId) -> Option<NodeId> {
        let op = self.op(self.op_of(node)?)?;
        let (head, answer) = (self.node_of(op.head)?, self.node_of(op.answer)?);
        Some(if node == answer { head } else { answer })
    }

    /// The next or previous operation with the same tool, or of the same kind where it has none.
    pub fn same_tool(&self, node: NodeId, forward: bool) -> Option<NodeId> {
        let at = self.op_of(node)?;
        let (kind, tool) = (self.op(at)?.kind, self.tool_of(at));
        self.nearest(at, forward, |other| {
            self.op(other).is_some_and(|op| op.kind == kind) && self.tool_of(other) == tool
        })
    }

    /// The next or previous operation that begins a turn: what a person said after something else.
    pub fn turn(&self, node: NodeId, forward: bool) -> Option<NodeId> {
        let at = self.op_of(node)?;
        self.nearest(at, forward, |other| self.begins_turn(other))
    }

    fn begins_turn(&self, at: u32) -> bool {
        let by_user = |at: u32| {
            let fact = self.op(at).and_then(|op| self.fact(op.head));
            fact.is_some_and(|fact| fact.kind == Kind::Message && fact.by_user)
        };
        let mut before = (0..at)
            .rev()
            .filter(|at| self.op(*at).is_some_and(|op| op.part_of == NONE));
        by_user(at) && !before.next().is_some_and(by_user)
    }

    fn nearest(&self, at: u32, forward: bool, fits: impl Fn(u32) -> bool) -> Option<NodeId> {
        let is_row = |other: &u32| self.op(*other).is_some_and(|op| op.part_of == NONE);
        let found = if forward {
            (at + 1..u32_of(self.ops.len())).find(|other| is_row(other) && fits(*other))
        } else {
            (0..at).rev().find(|other| is_row(other) && fits(*other))
        };
        self.node_of(self.op(found?)?.head)
    }

    fn repeat_of(&self, at: u32) -> Option<Repeat> {
        let group = self.group_of(at)?;
        let first = *group.members.first()?;
        let last = *group.members.last()?;
        let begun = self.times_of(first).0;
        let ended = self.times_of(last).1;
        let name = |op: &u32| {
            let kind = self.op(*op).map(|op| op.kind.word()).unwrap_or_default();
            self.words
                .name(self.tool_of(*op))
                .unwrap_or(kind)
                .to_owned()
        };
        Some(Repeat {
            count: group.rounds(),
            cycle: group.members.iter().take(group.period).map(name).collect(),
            first: self.node_of(self.op(first)?.head)?,
            is_loop: group.is_loop(),
            differs: group.differs,
            took: ended.zip(begun).and_then(|(end, begin)| end.since(begin)),
            tokens: group.tokens,
        })
    }

    /// When an operation began and ended, and whether its clocks disagree.
    pub(super) fn times_of(&self, at: u32) -> (Option<Time>, Option<Time>, bool) {
        let Some(op) = self.op(at) else {
            return (None, None, false);
        };
        let timed = self.spans.timed.get(&at);
        if let Some((from, to)) = timed.and_then(|span| self.extent_of(*span)) {
            return (Some(Time(from)), Some(Time(to)), false);
        }
        if op.answer != NONE {
            let (begun, ended) = (self.time(op.head), self.time(op.answer));
            let until = self.extent_of(op.head).map(|(_, until)| until);
            let skewed = ended.zip(until).is_some_and(|(end, until)| end < until);
            return (begun.map(Time), ended.map(Time), skewed);
        }
        let Some((begun, ended)) = self.extent_of(op.head) else {
            return (None, None, false);
        };
        let unfinished = matches!(op.verdict, Verdict::Running | Verdict::Unanswered);
        let lone = self
            .fact(op.head)
            .is_some_and(|fact| fact.kind == Kind::ToolResult)
            && begun == ended;
        (
            (!lone).then_some(Time(begun)),
            (!unfinished).then_some(Time(ended)),
            false,
        )
    }

    /// Nanoseconds.
    pub(super) fn took_of(&self, at: u32) -> Option<u64> {
        let op = self.op(at)?;
        let told = |fact: u32| self.rare(fact).and_then(|rare| rare.took);
        if let Some(took) = self.spans.timed.get(&at).and_then(|span| told(*span)) {
            return Some(took);
        }
        if matches!(op.kind, OpKind::Status | OpKind::Step) {
            return None;
        }
        if op.answer == NONE {
            return told(op.head);
        }
        told(op.answer).or_else(|| {
            let (begun, ended) = (self.time(op.head)?, self.time(op.answer)?);
            let took = ended.checked_sub(begun)?;
            u64::try_from(took).ok()
        })
    }

    /// Of its call, its result and what joined them; the most that one of them says.
    pub(super) fn tokens_of(&self, at: u32) -> Option<Tokens> {
        let op = self.op(at)?;
        let joined = self.spans.extras.get(&at).into_iter().flatten().copied();
        [op.head, op.answer]
            .into_iter()
            .chain(joined)
            .filter_map(|fact| self.rare(fact)?.tokens)
            .max_by_key(Tokens::sum)
    }

    /// The place of an event among the facts.
    pub(super) fn place_of(&self, node: NodeId) -> Option<u32> {
        let op = self.op(self.op_of(node)?)?;
        if self.node_of(op.answer) == Some(node) {
            return Some(op.answer);
        }
        Some(op.head)
    }

    pub(super) fn node_of(&self, fact: u32) -> Option<NodeId> {
        self.fact(fact).map(|fact| fact.node)
    }
}
