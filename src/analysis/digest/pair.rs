//! Which result answers which call, walking through a run in its order.
//!
//! By the call id where there is one: the latest earlier unanswered call with that id. Else by a
//! ladder: an id in both payloads, the same step and tool in order, the nearest open call. A result
//! that came before its call (clocks disagree, rows inverted) waits for it. Two call ids that
//! differ are never paired.

use std::collections::{HashMap, VecDeque};

use super::{fact::Fact, words::Word};
use crate::analysis::Why;

/// How many open calls are looked at where nothing but their nearness ties a result to them.
const NEAR: usize = 64;

/// An unanswered call, as far as pairing cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub tool: Word,
    /// Whether it has a call id.
    pub named: bool,
}

/// What became of a call or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// The operation of the other side.
    pub op: Option<u32>,
    pub why: Why,
    /// Whether that call must first give back the early result it has.
    pub give_back: bool,
}

impl Match {
    fn none(why: Why) -> Self {
        Self {
            op: None,
            why,
            give_back: false,
        }
    }

    fn with(op: u32, why: Why) -> Self {
        Self {
            op: Some(op),
            why,
            give_back: false,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct OfId {
    /// Unanswered calls, oldest first.
    open: Vec<u32>,
    /// Results that came before any call with this id.
    early: Vec<u32>,
    /// The call that took an early result last: it gives it back when a result follows.
    backwards: Option<u32>,
    calls: u32,
    answered: bool,
}

/// The calls and results that wait. Calls that were answered by another way are passed over when they
/// are met.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    /// Whether call ids are the service's word, and not only the writer's of a payload.
    certain: bool,
    by_id: HashMap<(u64, bool), OfId>,
    by_tool: HashMap<(Word, Word, Word), VecDeque<u32>>,
    by_lane: HashMap<(Word, Word), Vec<u32>>,
}

impl Pairs {
    pub fn new(certain: bool) -> Self {
        Self {
            certain,
            ..Self::default()
        }
    }

    /// A call begins operation `op`. Says which earlier result it takes.
    pub fn call(&mut self, fact: &Fact, op: u32, tool_of: impl Fn(u32) -> Word) -> Match {
        if fact.id != 0 {
            let of = self.by_id.entry((fact.id, fact.named)).or_default();
            of.calls += 1;
            let fits = |early: &u32| agree(tool_of(*early), fact.tool);
            if let Some(at) = of.early.iter().rposition(fits) {
                let early = of.early.remove(at);
                of.backwards = Some(op);
                of.answered = true;
                return Match::with(early, why_of(self.certain, fact, of.calls));
            }
            of.open.push(op);
        }
        let (step, agent) = (fact.step, fact.agent);
        let tool = self.by_tool.entry((step, agent, fact.tool)).or_default();
        tool.push_back(op);
        self.by_lane.entry((step, agent)).or_default().push(op);
        Match::none(Why::NoResult)
    }

    /// A result stands as operation `op` until it is paired. Says which call it answers. `open` tells
    /// of a call that it is not answered yet.
    pub fn result(&mut self, fact: &Fact, op: u32, open: impl Fn(u32) -> Option<Open>) -> Match {
        if fact.id != 0 {
            if let Some(found) = self.by_its_id(fact, &open) {
                return found;
            }
            if fact.named {
                let of = self.by_id.entry((fact.id, true)).or_default();
                if of.answered {
                    return Match::none(Why::Again);
                }
                of.early.push(op);
                return Match::none(Why::NoCall);
            }
        }
        self.by_place(fact, &open)
    }

    fn by_its_id(&mut self, fact: &Fact, open: &impl Fn(u32) -> Option<Open>) -> Option<Match> {
        let of = self.by_id.get_mut(&(fact.id, fact.named))?;
        while of.open.last().is_some_and(|call| open(*call).is_none()) {
            of.open.pop();
        }
        // Of several the one with the same tool; else the latest.
        let fits = |call: &u32| open(*call).is_some_and(|call| agree(call.tool, fact.tool));
        let at = match of.open.iter().rposition(fits) {
            Some(at) => Some(at),
            None if fact.named => of.open.len().checked_sub(1),
            None => None,
        };
        if let Some(at) = at {
            let call = of.open.remove(at);
            of.answered = true;
            return Some(Match::with(call, why_of(self.certain, fact, of.calls)));
        }
        let call = of.backwards.take()?;
        Some(Match {
            op: Some(call),
            why: why_of(self.certain, fact, of.calls),
            give_back: true,
        })
    }

    /// The same step, agent and tool in order, else the nearest open call that does not contradict.
    fn by_place(&mut self, fact: &Fact, open: &impl Fn(u32) -> Option<Open>) -> Match {
        // A call with a call id waits for the result with that id, unless this one has none.
        let free = |call: Open| !call.named || fact.id == 0;
        let lane = (fact.step, fact.agent);
        if fact.tool != 0
            && let Some(calls) = self.by_tool.get_mut(&(lane.0, lane.1, fact.tool))
        {
            while calls.front().is_some_and(|call| open(*call).is_none()) {
                calls.pop_front();
            }
            let mut near = calls.iter().take(NEAR);
            if let Some(call) = near.find(|call| open(**call).is_some_and(free)) {
                return Match::with(*call, Why::SameTool);
            }
        }
        let Some(calls) = self.by_lane.get_mut(&lane) else {
            return Match::none(Why::NoCall);
        };
        while calls.last().is_some_and(|call| open(*call).is_none()) {
            calls.pop();
        }
        let fits = |call: Open| !call.named && (call.tool == 0 || fact.tool == 0);
        let mut near = calls.iter().rev().take(NEAR);
        match near.find(|call| open(**call).is_some_and(fits)) {
            Some(call) => Match::with(*call, Why::Adjacent),
            None => Match::none(Why::NoCall),
        }
    }
}

fn agree(a: Word, b: Word) -> bool {
    a == b || a == 0 || b == 0
}

fn why_of(certain: bool, fact: &Fact, calls: u32) -> Why {
    match (certain && fact.named, calls) {
        (true, 0 | 1) => Why::CallId,
        (true, _) => Why::CallIdReused,
        (false, _) => Why::InnerId,
    }
}
