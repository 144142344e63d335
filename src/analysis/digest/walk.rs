//! One step of the walk through a run: the last fact finds its operation, and what follows from that.

use super::{Digest, NONE, Op, fact::Told, pair::Match, pair::Open, u32_of};
use crate::{
    analysis::{OpKind, Why},
    model::Kind,
};

impl Digest {
    /// Takes in the fact that was pushed last.
    pub(super) fn step_on(&mut self) {
        let at = u32_of(self.facts.len().saturating_sub(1));
        let Some(fact) = self.fact(at) else {
            return;
        };
        let (kind, node) = (fact.kind, fact.node);
        let op = u32_of(self.ops.len());
        self.ops.push(Op::new(at, OpKind::of(kind)));
        self.of.set(node, op);
        self.changed.push(node);
        self.steps_on(at);
        match kind {
            Kind::ToolCall => self.called(at, op),
            Kind::ToolResult => self.answered(at, op),
            Kind::Span => self.spanned(at, op),
            Kind::Message => self.said(at, op),
            _ => {}
        }
        let gone = self.op(op).is_none_or(|op| op.part_of != NONE);
        if !gone {
            self.settle_within(op);
            self.counts.grow();
            self.judge(op);
            self.repeat(op);
            if matches!(kind, Kind::Step | Kind::Status) {
                self.told.extend(
                    self.op(op)
                        .is_some_and(|op| op.verdict.is_failure())
                        .then_some(op),
                );
            }
            if kind != Kind::ToolCall {
                self.lane_on(op);
            }
        }
        self.sums_on(at);
        self.gap_on(at);
    }

    fn called(&mut self, at: u32, op: u32) {
        let Some(fact) = self.facts.get(at as usize) else {
            return;
        };
        let (ops, facts) = (&self.ops, &self.facts);
        let tool_of = |op: u32| {
            let head = ops.get(op as usize).map_or(0, |op| op.head);
            facts.get(head as usize).map_or(0, |fact| fact.tool)
        };
        let found = self.pairs.call(fact, op, tool_of);
        if let Some(own) = self.op_mut(op) {
            own.why = found.why;
        }
        self.spans_on_call(at, op);
        match found.op {
            // The result came first: it becomes a part of this call.
            Some(early) => self.join(op, early, found.why),
            None => {
                self.open.insert(op);
            }
        }
    }

    fn answered(&mut self, at: u32, op: u32) {
        let Some(fact) = self.facts.get(at as usize) else {
            return;
        };
        let (ops, facts) = (&self.ops, &self.facts);
        let open = |call: u32| {
            let call = ops.get(call as usize).filter(|call| call.answer == NONE)?;
            let head = facts.get(call.head as usize)?;
            Some(Open {
                tool: head.tool,
                named: head.named,
            })
        };
        let Match {
            op: call,
            why,
            give_back,
        } = self.pairs.result(fact, op, open);
        let Some(call) = call else {
            if let Some(own) = self.op_mut(op) {
                own.why = why;
            }
            return;
        };
        if give_back {
            self.part(call);
        }
        self.join(call, op, why);
    }

    /// A result becomes a part of its call. The newest operation is taken back, an older one stays as
    /// an empty place.
    fn join(&mut self, call: u32, result: u32, why: Why) {
        let Some(answer) = self.op(result).map(|op| op.head) else {
            return;
        };
        if result + 1 == u32_of(self.ops.len()) {
            self.ops.pop();
        } else {
            self.withdraw(result);
            if let Some(op) = self.op_mut(result) {
                op.part_of = call;
            }
        }
        if let Some(node) = self.fact(answer).map(|fact| fact.node) {
            self.of.set(node, call);
        }
        self.open.remove(&call);
        let head = match self.op_mut(call) {
            Some(op) => {
                (op.answer, op.why) = (answer, why);
                op.head
            }
            None => return,
        };
        self.note(head);
        self.note(answer);
        self.gap_covered(head, answer);
        self.lane_on(call);
        self.habit(answer);
        if result > call {
            self.judge(call);
            self.repeat_answered(call);
        }
    }

    /// Takes a call and the early result it had apart.
    fn part(&mut self, call: u32) {
        let Some(answer) = self.op(call).map(|op| op.answer).filter(|at| *at != NONE) else {
            return;
        };
        // The result's own operation is still there as an empty place: it stood in front of the call.
        let Some(node) = self.fact(answer).map(|fact| fact.node) else {
            return;
        };
        let own = self.ops.partition_point(|op| op.head < answer);
        let own = u32_of(own);
        if let Some(op) = self.op_mut(own) {
            (op.part_of, op.why) = (NONE, Why::NoCall);
            self.of.set(node, own);
            self.counts.grow();
            self.judge(own);
        }
        if let Some(op) = self.op_mut(call) {
            op.answer = NONE;
        }
        self.note(answer);
    }

    /// A message may be the echo of what arrived in the inbox shortly before.
    fn said(&mut self, at: u32, op: u32) {
        const SOON: i64 = 5_000_000_000;
        let Some(fact) = self.fact(at) else {
            return;
        };
        let (hash, time, inbox) = (fact.hash, fact.at, fact.inbox);
        if inbox {
            self.spans.inbox.push_back((time, hash, op));
            return;
        }
        let inbox = &mut self.spans.inbox;
        while inbox
            .front()
            .is_some_and(|(came, ..)| time.saturating_sub(*came) > SOON)
        {
            inbox.pop_front();
        }
        let Some(found) = inbox.iter().position(|(_, other, _)| *other == hash) else {
            return;
        };
        let Some((_, _, echoed)) = inbox.remove(found) else {
            return;
        };
        let Some(head) = self.op(echoed).map(|echoed| echoed.head) else {
            return;
        };
        self.withdraw(echoed);
        self.absorb(op, echoed, head);
        self.counts.echoes += 1;
    }

    /// An operation that becomes a part of another no longer counts.
    pub(super) fn withdraw(&mut self, op: u32) {
        self.unjudge(op);
        self.counts.shrink();
        if self.op(op).is_some_and(|op| op.group != NONE) {
            self.stale = true;
        }
    }

    /// The row of a fact changed for a reason that is in its bytes alone.
    pub(super) fn touch(&mut self, at: u32) {
        let Some((node, told)) = self.fact(at).map(|fact| (fact.node, fact.told)) else {
            return;
        };
        if told != Told::Nothing {
            self.stale = true;
        }
        if let Some(op) = self.op_of(node) {
            self.judge(op);
            self.repeat_answered(op);
        }
        self.changed.push(node);
    }
}
