//! What the header of a run says: how many operations, how they went, what took longest, and what had
//! been spent and was open as of any event.

use std::{collections::HashSet, time::Duration};

use super::{Digest, NONE, u32_of};
use crate::{
    analysis::{OpKind, Verdict},
    model::{Kind, NodeId, Tokens},
};

/// Facts between two sums that are kept.
const STRIDE: usize = 256;

/// Counts of operations. Repeats count one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub operations: u32,
    /// By verdict, in the order of `Verdict::ALL`.
    verdicts: [u32; Verdict::ALL.len()],
    /// Failures that a later success made up for; they are among the verdicts too.
    pub recovered: u32,
    /// Inbox events that the transcript repeats.
    pub echoes: u32,
}

impl Counts {
    /// How many have that verdict.
    pub fn of(&self, verdict: Verdict) -> u32 {
        self.verdicts.get(verdict as usize).copied().unwrap_or(0)
    }

    /// One more operation of which nobody says anything yet.
    pub(super) fn grow(&mut self) {
        self.operations = self.operations.saturating_add(1);
        self.add(Verdict::NotReported, 1);
    }

    /// One less, of which nobody says anything.
    pub(super) fn shrink(&mut self) {
        self.operations = self.operations.saturating_sub(1);
        self.add(Verdict::NotReported, -1);
    }

    pub(super) fn change(&mut self, old: Verdict, new: Verdict) {
        self.add(old, -1);
        self.add(new, 1);
    }

    fn add(&mut self, verdict: Verdict, by: i32) {
        if let Some(count) = self.verdicts.get_mut(verdict as usize) {
            *count = count.saturating_add_signed(by);
        }
    }
}

/// What the header of a run says, beside the run's own record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// How many operations there are and how they went.
    pub counts: Counts,
    /// Failures that nothing recovered, as rows: repeats once, and no status that only repeats one.
    pub failed: u32,
    /// The same of soft failures.
    pub soft: u32,
    /// The same of unanswered calls.
    pub unanswered: u32,
    /// Loops.
    pub loops: u32,
    /// The first failure that nothing recovered.
    pub first_failure: Option<NodeId>,
    /// What took longest.
    pub slowest: Option<(NodeId, Duration)>,
    /// Tokens of all events, where any are reported.
    pub tokens: Option<Tokens>,
}

/// What was spent and what was open at some point.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    /// By calls of models and spans, one by one.
    each: Tokens,
    /// As whole turns report it.
    whole: Tokens,
    called: u32,
    answered: u32,
}

impl Spent {
    /// Turns count the calls in them once more, and some tell the sum of what comes behind them: they
    /// only count where nobody tells of single calls.
    fn tokens(&self) -> Option<Tokens> {
        self.each.reported().or(self.whole.reported())
    }
}

/// Sums along the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// Before each stride.
    kept: Vec<Spent>,
    now: Spent,
    /// How many facts are in it.
    len: u32,
    slowest: Option<(u32, u64)>,
}

impl Digest {
    /// A new event is added to the sums.
    pub(super) fn sums_on(&mut self, at: u32) {
        if (at as usize).is_multiple_of(STRIDE) {
            self.sums.kept.push(self.sums.now);
        }
        let mut now = self.sums.now;
        self.spend(at, &mut now);
        self.sums.now = now;
        self.sums.len = at + 1;
    }

    /// An operation lies in another now. Where tokens are told of in it, those of all around it are
    /// sums of what is in them, also if they came first and were added up as their own.
    pub(super) fn spent_within(&mut self, op: u32) {
        let told = self.op(op).is_some_and(|op| op.spent_in) || self.tokens_of(op).is_some();
        let mut above = self.op(op).map_or(NONE, |op| op.within);
        while told && let Some(around) = self.op_mut(above).filter(|op| !op.spent_in) {
            around.spent_in = true;
            let (head, answer, within) = (around.head, around.answer, around.within);
            let extras = self.spans.extras.get(&above).cloned().unwrap_or_default();
            for fact in [head, answer].into_iter().chain(extras) {
                self.spent_whole(fact);
            }
            above = within;
        }
    }

    /// What was added up as the tokens of a single call is the sum of several.
    fn spent_whole(&mut self, at: u32) {
        let is_single = self.fact(at).is_some_and(|fact| !tells_of_turns(fact.kind));
        let Some(tokens) = self
            .rare(at)
            .and_then(|rare| rare.tokens)
            .filter(|_| is_single && at < self.sums.len)
        else {
            return;
        };
        let behind = at as usize / STRIDE + 1;
        let kept = self.sums.kept.iter_mut().skip(behind);
        for spent in kept.chain([&mut self.sums.now]) {
            take(&mut spent.each, &tokens);
            add(&mut spent.whole, &tokens);
        }
    }

    /// Adds one event.
    fn spend(&self, at: u32, spent: &mut Spent) {
        let Some(fact) = self.fact(at) else {
            return;
        };
        spent.called += u32::from(fact.kind == Kind::ToolCall);
        let answers = || {
            let op = self.op_of(fact.node).and_then(|op| self.op(op));
            op.is_some_and(|op| op.answer == at && op.head != at)
        };
        spent.answered += u32::from(fact.kind == Kind::ToolResult && answers());
        let Some(tokens) = self.rare(at).and_then(|rare| rare.tokens) else {
            return;
        };
        let spent_in = || {
            let op = self.op_of(fact.node).and_then(|op| self.op(op));
            op.is_some_and(|op| op.spent_in)
        };
        let whole = tells_of_turns(fact.kind) || spent_in();
        add(
            if whole {
                &mut spent.whole
            } else {
                &mut spent.each
            },
            &tokens,
        );
    }

    /// Tokens spent until an event, itself included, and calls that were open then.
    pub fn as_of(&self, node: NodeId) -> (Option<Tokens>, u32) {
        let Some(at) = self.place_of(node) else {
            return (None, 0);
        };
        let stride = at as usize / STRIDE;
        let mut spent = self.sums.kept.get(stride).copied().unwrap_or_default();
        for at in u32_of(stride * STRIDE)..=at {
            self.spend(at, &mut spent);
        }
        (spent.tokens(), spent.called.saturating_sub(spent.answered))
    }

    /// Tokens of all events, where any are reported.
    pub fn tokens(&self) -> Option<Tokens> {
        self.sums.now.tokens()
    }

    /// Whether any call waits for its result.
    pub fn is_waiting(&self) -> bool {
        self.counts.of(Verdict::Running) > 0
    }

    /// How many operations there are and how they went.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The header as of now. Costs as much as there are failures.
    pub fn header(&self) -> Header {
        let mut header = Header {
            counts: self.counts,
            tokens: self.sums.now.tokens(),
            first_failure: self.first_failure(),
            slowest: self.slowest(),
            loops: self.loops,
            ..Header::default()
        };
        for at in self.failure_rows() {
            let verdict = self.group_of(at).map_or_else(
                || self.op(at).map(|op| op.verdict).unwrap_or_default(),
                super::repeat::Group::worst,
            );
            match verdict {
                Verdict::Failed => header.failed += 1,
                Verdict::SoftFailure => header.soft += 1,
                Verdict::Unanswered => header.unanswered += 1,
                _ => {}
            }
        }
        header
    }

    /// The operations whose rows show failures that nothing recovered: of repeats the first one only.
    pub(super) fn failure_rows(&self) -> impl Iterator<Item = u32> + '_ {
        // Repeats in steps side by side take turns.
        let mut groups = HashSet::new();
        self.failing.iter().copied().filter_map(move |at| {
            let op = self.op(at)?;
            if op.group == NONE {
                return Some(at);
            }
            let first = self.group_of(at)?.members.first().copied();
            let is_new = groups.insert(op.group);
            first.filter(|_| is_new)
        })
    }

    /// The first failure that nothing recovered; of repeats, their row. What the service says failed goes
    /// before what only reads so, which is more often a sign of what comes.
    pub fn first_failure(&self) -> Option<NodeId> {
        let failed = |at: &u32| {
            self.op(*at).is_some_and(|op| {
                op.verdict == Verdict::Failed && !matches!(op.kind, OpKind::Step | OpKind::Status)
            })
        };
        // Among the first of them: this is asked for each frame.
        let at = self
            .failure_rows()
            .take(4096)
            .find(failed)
            .or_else(|| self.failure_rows().next())?;
        Some(self.fact(self.op(at)?.head)?.node)
    }

    /// What took longest.
    pub fn slowest(&self) -> Option<(NodeId, Duration)> {
        let (op, took) = self.sums.slowest?;
        let node = self.fact(self.op(op)?.head)?.node;
        Some((node, Duration::from_nanos(took)))
    }

    /// An operation has a duration now.
    pub(super) fn slow(&mut self, at: u32) {
        let counts = self.op(at).is_some_and(|op| {
            matches!(
                op.kind,
                OpKind::Tool | OpKind::Llm | OpKind::Sub | OpKind::Span
            )
        });
        let Some(took) = self.took_of(at).filter(|_| counts) else {
            return;
        };
        if self.sums.slowest.is_none_or(|(_, most)| took > most) {
            self.sums.slowest = Some((at, took));
        }
    }
}

/// Whether tokens that such an event tells of are those of all calls of a turn.
fn tells_of_turns(kind: Kind) -> bool {
    matches!(kind, Kind::Message | Kind::Reasoning | Kind::Status)
}

/// Takes back what was added. Nothing is left of a sum of one.
fn take(sum: &mut Tokens, less: &Tokens) {
    let rest = |a: Option<u64>, b: Option<u64>| {
        let rest = a?.saturating_sub(b.unwrap_or(0));
        (rest > 0).then_some(rest)
    };
    *sum = Tokens {
        input: rest(sum.input, less.input),
        output: rest(sum.output, less.output),
        total: rest(sum.total, less.sum()),
        cached: rest(sum.cached, less.cached),
        reasoning: rest(sum.reasoning, less.reasoning),
    };
}

fn add(sum: &mut Tokens, more: &Tokens) {
    let both = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    let whole = both(sum.total, more.sum());
    *sum = Tokens {
        input: both(sum.input, more.input),
        output: both(sum.output, more.output),
        total: whole,
        cached: both(sum.cached, more.cached),
        reasoning: both(sum.reasoning, more.reasoning),
    };
}
