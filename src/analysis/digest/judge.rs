//! What became of an operation, whether something later made up for it, and the counts of that.

use std::collections::HashMap;

use super::{
    Digest, NONE,
    fact::{Fact, Told},
    habit::Habit,
    words::Word,
};
use crate::{
    analysis::{
        OpKind, Rule, Verdict,
        rules::{RuleSet, Shape},
    },
    model::Kind,
};

/// Failures of one tool in one step that wait for a success, and the latest success there is.
#[derive(Clone, Debug, Default)]
struct Retry {
    waiting: Vec<u32>,
    /// Those that a success made good.
    made_good: Vec<u32>,
    /// By the order in which operations began, not ended.
    succeeded: Option<u32>,
}

/// What is remembered of tools while walking.
#[derive(Clone, Debug, Default)]
pub(super) struct Retries {
    by_place: HashMap<(Word, OpKind, Word), Retry>,
    pub(super) by_tool: HashMap<Word, Habit>,
}

impl Digest {
    /// Finds the verdict of an operation anew, and what changes with it.
    pub(super) fn judge(&mut self, at: u32) {
        let Some(op) = self.op(at).filter(|op| op.part_of == NONE) else {
            return;
        };
        let (old, old_rule, head) = (op.verdict, op.rule, op.head);
        let (new, rule) = self.verdict_of(at);
        self.slow(at);
        if (old, old_rule) == (new, rule) && self.fails(at) == self.failing.contains(&at) {
            // A first verdict that is none is news to those who wait for a tool's habits.
            self.recover(at, new);
            return;
        }
        if old == Verdict::Ok && new.is_failure() {
            self.make_bad(at);
        }
        self.forget_recovery(at);
        self.set_verdict(at, new);
        if let Some(op) = self.op_mut(at) {
            op.rule = rule;
        }
        self.note(head);
        self.recover(at, new);
        let fails = self.fails(at);
        self.set_failing(at, fails);
        self.regroup(at);
    }

    /// Takes an operation out of all that its verdict led to.
    pub(super) fn unjudge(&mut self, at: u32) {
        self.forget_recovery(at);
        self.set_failing(at, false);
        self.set_verdict(at, Verdict::NotReported);
    }

    fn forget_recovery(&mut self, at: u32) {
        let by = self
            .op_mut(at)
            .map(|op| std::mem::replace(&mut op.recovered_by, NONE));
        if by.is_some_and(|by| by != NONE) {
            self.counts.recovered = self.counts.recovered.saturating_sub(1);
        }
    }

    fn set_verdict(&mut self, at: u32, new: Verdict) {
        let Some(op) = self.op_mut(at) else {
            return;
        };
        let old = std::mem::replace(&mut op.verdict, new);
        let group = op.group;
        if old == new {
            return;
        }
        self.counts.change(old, new);
        if let Some(group) = self.repeats.groups.get_mut(group as usize) {
            group.change(old, new);
        }
    }

    fn set_failing(&mut self, at: u32, fails: bool) {
        let changed = if fails {
            self.failing.insert(at)
        } else {
            self.failing.remove(&at)
        };
        let group = self.op(at).map_or(NONE, |op| op.group);
        if let Some(group) = self
            .repeats
            .groups
            .get_mut(group as usize)
            .filter(|_| changed)
        {
            group.failing = if fails {
                group.failing.saturating_add(1)
            } else {
                group.failing.saturating_sub(1)
            };
        }
    }

    /// Whether it is a failure that nothing recovered and nothing else told.
    fn fails(&self, at: u32) -> bool {
        let lost = |op: &super::Op| op.verdict.is_failure() && op.recovered_by == NONE;
        self.op(at).is_some_and(lost) && !self.is_told(at)
    }

    /// Whether a step or the run only says once more that something in it failed.
    fn is_told(&self, at: u32) -> bool {
        let Some(op) = self.op(at) else {
            return false;
        };
        let step = self.fact(op.head).map_or(0, |fact| fact.step);
        match op.kind {
            OpKind::Status => self.failing.range(..at).next().is_some(),
            OpKind::Step => self.failing.range(..at).any(|other| {
                let head = self.op(*other).map_or(NONE, |op| op.head);
                self.fact(head).is_some_and(|fact| fact.step == step)
            }),
            _ => false,
        }
    }

    fn verdict_of(&self, at: u32) -> (Verdict, Option<Rule>) {
        let Some(op) = self.op(at) else {
            return (Verdict::NotReported, None);
        };
        let Some(head) = self.fact(op.head) else {
            return (Verdict::NotReported, None);
        };
        if let Some(answer) = self.fact(op.answer).filter(|_| op.answer != NONE) {
            return self.verdict_of_result(Some(head), answer);
        }
        match head.kind {
            Kind::ToolResult => self.verdict_of_result(None, head),
            Kind::ToolCall => (self.verdict_of_open(head), None),
            Kind::Error => (Verdict::Failed, None),
            _ => (plain(head), None),
        }
    }

    fn verdict_of_open(&self, call: &Fact) -> Verdict {
        if call.is_error == Some(true) {
            return Verdict::Failed;
        }
        let habit = self.retries.by_tool.get(&call.tool);
        let expected = (self.terms.call_ids && call.named)
            || (call.tool != 0 && habit.is_some_and(|habit| habit.answered));
        match (self.over, expected) {
            (false, true) => Verdict::Running,
            (true, true) => Verdict::Unanswered,
            (_, false) => Verdict::NotReported,
        }
    }

    fn verdict_of_result(&self, call: Option<&Fact>, result: &Fact) -> (Verdict, Option<Rule>) {
        let failed = result.is_error == Some(true);
        if failed || call.is_some_and(|call| call.is_error == Some(true)) {
            return (Verdict::Failed, None);
        }
        if let Some(rule) = self.rule_of(call, result) {
            return (Verdict::SoftFailure, Some(rule));
        }
        if result.is_error.is_none() && result.shape == Shape::Nothing {
            return (Verdict::NotReported, None);
        }
        (Verdict::Ok, None)
    }

    fn rule_of(&self, call: Option<&Fact>, result: &Fact) -> Option<Rule> {
        let tool = match (call, result.tool) {
            (Some(call), 0) => call.tool,
            (_, tool) => tool,
        };
        let habit = self.retries.by_tool.get(&tool);
        let held = habit.map(|habit| habit.held).unwrap_or_default();
        let said = result.says.with(result.may.both(held));
        if said.is_empty() {
            return None;
        }
        let name = self.words.name(tool).unwrap_or_default();
        let found = |call: &Fact| habit.is_some_and(|habit| habit.found.contains(&call.hash));
        let asked = call.map_or(RuleSet::NONE, |call| {
            if found(call) {
                call.says.again()
            } else {
                call.says
            }
        });
        self.terms
            .switches
            .allowed(said.without(asked), name)
            .first()
    }

    /// The tool of an operation, by its call or its result.
    pub(super) fn tool_of(&self, op: u32) -> Word {
        let Some(op) = self.op(op) else {
            return 0;
        };
        let of = |at: u32| self.fact(at).map_or(0, |fact| fact.tool);
        match of(op.head) {
            0 if op.answer != NONE => of(op.answer),
            tool => tool,
        }
    }

    /// A success makes up for the failures of the same tool in the same step before it.
    fn recover(&mut self, at: u32, verdict: Verdict) {
        let tool = self.tool_of(at);
        let Some(op) = self.op(at).filter(|_| tool != 0) else {
            return;
        };
        let (kind, waits) = (op.kind, op.answer == NONE && self.open.contains(&at));
        let step = self.fact(op.head).map_or(0, |fact| fact.step);
        if verdict == Verdict::NotReported && waits {
            self.retries.by_tool.entry(tool).or_default().open.push(at);
        }
        let place = (step, kind, tool);
        let retry = self.retries.by_place.entry(place).or_default();
        if verdict.is_failure() {
            match retry.succeeded.filter(|later| *later > at) {
                Some(later) => {
                    retry.made_good.push(at);
                    self.recovered(at, later);
                }
                None => retry.waiting.push(at),
            }
        } else if verdict == Verdict::Ok {
            retry.succeeded = retry.succeeded.max(Some(at));
            let (earlier, later): (Vec<u32>, Vec<u32>) = std::mem::take(&mut retry.waiting)
                .into_iter()
                .partition(|failed| *failed < at);
            retry.waiting = later;
            retry.made_good.extend(&earlier);
            for failed in earlier {
                self.recovered(failed, at);
            }
        }
    }

    /// A success was none: what it made good is not.
    fn make_bad(&mut self, at: u32) {
        let tool = self.tool_of(at);
        let Some((kind, head)) = self.op(at).map(|op| (op.kind, op.head)) else {
            return;
        };
        let step = self.fact(head).map_or(0, |fact| fact.step);
        let Some(retry) = self.retries.by_place.get_mut(&(step, kind, tool)) else {
            return;
        };
        if retry.succeeded == Some(at) {
            retry.succeeded = None;
        }
        for failed in std::mem::take(&mut retry.made_good) {
            let by_this = self.op(failed).is_some_and(|op| op.recovered_by == at);
            if by_this {
                self.forget_recovery(failed);
                let fails = self.fails(failed);
                self.set_failing(failed, fails);
                self.regroup(failed);
                let head = self.op(failed).map_or(NONE, |op| op.head);
                self.note(head);
            }
            if let Some(retry) = self.retries.by_place.get_mut(&(step, kind, tool)) {
                if by_this {
                    retry.waiting.push(failed);
                } else {
                    retry.made_good.push(failed);
                }
            }
        }
    }

    fn recovered(&mut self, failed: u32, by: u32) {
        let Some(op) = self.op_mut(failed).filter(|op| op.verdict.is_failure()) else {
            return;
        };
        let known = std::mem::replace(&mut op.recovered_by, by);
        let head = op.head;
        self.counts.recovered += u32::from(known == NONE);
        self.set_failing(failed, false);
        self.note(head);
        self.regroup(failed);
    }
}

/// Of what is no tool: what the service says.
fn plain(fact: &Fact) -> Verdict {
    match (fact.is_error, fact.told) {
        (Some(true), _) => Verdict::Failed,
        (_, Told::Cancelled) => Verdict::Cancelled,
        (_, Told::Skipped) => Verdict::Skipped,
        (Some(false), _) | (None, Told::Done) => Verdict::Ok,
        (None, Told::Nothing | Told::Started) => Verdict::NotReported,
    }
}
