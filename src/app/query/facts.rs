//! What a query is asked of: facts about a run and about an operation, borrowed from wherever they are
//! kept. Nothing is looked up here.

use std::time::Duration;

use crate::{
    analysis::{Confidence, OpKind, Operation, Role, Rule, Sketch, Verdict},
    model::{EventView, Run, Time},
};

/// A run and what it lies in.
#[derive(Clone, Copy, Debug)]
pub struct RunFacts<'a> {
    /// Name of the context.
    pub context: &'a str,
    /// Which service.
    pub provider: &'a str,
    /// Name of the mission; empty where it is not known.
    pub mission: &'a str,
    /// The run.
    pub run: &'a Run,
    /// Whether something in it failed softly and was not made good; none where it was not read.
    pub soft: Option<bool>,
    /// The present: what goes on has taken so long so far.
    pub now: Time,
}

impl RunFacts<'_> {
    /// How long it took, or takes so far.
    pub(super) fn took(&self) -> Option<Duration> {
        let run = self.run;
        let ended = run
            .ended_at
            .or_else(|| run.status.is_going_on().then_some(self.now));
        run.duration.or_else(|| ended?.since(run.started_at?))
    }
}

/// An operation, or a single event.
#[derive(Clone, Copy, Debug)]
pub struct OperationFacts<'a> {
    /// Its events: the call, the result.
    pub events: &'a [EventView<'a>],
    /// What it is.
    pub kind: OpKind,
    /// Title of its plan step, where the plan is known.
    pub step: Option<&'a str>,
    /// What became of it; none where it was not read as a part of its run.
    pub told: Option<Told>,
}

/// What the run says of an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and no two of them make a state"
)]
pub struct Told {
    /// What became of it.
    pub verdict: Verdict,
    /// Why its content counts as a failure.
    pub rule: Option<Rule>,
    /// Whether a later success made up for it.
    pub recovered: bool,
    /// Whether it counts as a failure that nothing made good.
    pub fails: bool,
    /// Whether it repeats without end.
    pub is_loop: bool,
    /// Whether it is one of repeats.
    pub repeats: bool,
    /// Whether it is a call with its result.
    pub paired: bool,
    /// Whether it lies in another.
    pub nested: bool,
    /// Whether tokens are reported.
    pub tokens: bool,
}

impl From<&Sketch<'_>> for Told {
    fn from(sketch: &Sketch<'_>) -> Self {
        Self {
            verdict: sketch.verdict,
            rule: sketch.rule,
            recovered: sketch.recovered,
            fails: sketch.fails,
            is_loop: sketch.is_loop,
            repeats: sketch.repeats,
            paired: sketch.why.confidence() != Confidence::None,
            nested: sketch.nested,
            tokens: sketch.tokens,
        }
    }
}

impl Told {
    /// Of an operation and its row.
    pub fn of(operation: &Operation, role: &Role) -> Self {
        Self {
            verdict: operation.verdict,
            rule: operation.rule,
            recovered: operation.recovered_by.is_some(),
            fails: role.fails
                || operation.verdict.is_failure()
                    && operation.recovered_by.is_none()
                    && role.failed,
            is_loop: operation
                .repeat
                .as_ref()
                .is_some_and(|repeat| repeat.is_loop),
            repeats: operation
                .repeat
                .as_ref()
                .is_some_and(|repeat| repeat.count > 1),
            paired: operation.why.confidence() != Confidence::None,
            nested: operation.parent.is_some(),
            tokens: operation.tokens.is_some(),
        }
    }
}
