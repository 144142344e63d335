//! What a tool usually gives, and which of its results are odd in that light: empty ones and web pages.
//! Results that came earlier are judged anew when a later one shows what is usual.

use std::collections::{HashMap, HashSet};

use super::{Digest, words::Word};
use crate::{
    analysis::{
        Rule,
        rules::{Elsewhere, Reading, RuleSet, Shape},
    },
    model::Kind,
};

/// Up to so many results of a tool its habits are looked at with each of them.
const FEW: u32 = 64;

/// What a tool gave elsewhere in this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Habit {
    pub(super) elsewhere: Elsewhere,
    /// Which of the rules that depend on that held when the results were judged last.
    pub(super) held: RuleSet,
    pub(super) answered: bool,
    pub(super) total: u32,
    /// Results that those rules may make failures.
    pub(super) odd: Vec<u32>,
    /// Arguments of queries that gave rows, hashed.
    pub(super) found: HashSet<u64>,
    /// Results without rows, by the arguments of their queries.
    pub(super) missed: HashMap<u64, Vec<u32>>,
    /// Open calls that are only unanswered if others are answered.
    pub(super) open: Vec<u32>,
}

impl Digest {
    /// A result shows what its tool usually gives; earlier ones may be odd in that light.
    pub(super) fn habit(&mut self, answer: u32) {
        let Some(result) = self.fact(answer) else {
            return;
        };
        let (node, shape, odd) = (result.node, result.shape, !result.may.is_empty());
        let Some(op) = self.op_of(node) else {
            return;
        };
        let tool = self.tool_of(op);
        if tool == 0 {
            return;
        }
        let habit = self.retries.by_tool.entry(tool).or_default();
        if odd {
            habit.odd.push(op);
        }
        habit.elsewhere.add(shape);
        habit.total = habit.total.saturating_add(1);
        habit.answered = true;
        let few = habit.total < FEW;
        for op in std::mem::take(&mut habit.open) {
            self.judge(op);
        }
        self.found(op, tool, shape);
        // Beyond that the habits are looked at once for everything that came together.
        if few {
            self.rejudge(tool);
        }
    }

    /// A query found something, so that it ought to whenever it is asked; or nothing.
    fn found(&mut self, op: u32, tool: Word, shape: Shape) {
        let head = self.op(op).and_then(|op| self.fact(op.head));
        let call = head.filter(|call| call.kind == Kind::ToolCall && call.says.is_query());
        let asked = call.map(|call| call.hash);
        let Some((asked, habit)) = asked.zip(self.retries.by_tool.get_mut(&tool)) else {
            return;
        };
        match shape {
            Shape::Empty => habit.missed.entry(asked).or_default().push(op),
            Shape::Rows if habit.found.insert(asked) => {
                for op in habit.missed.get(&asked).cloned().unwrap_or_default() {
                    self.judge(op);
                }
            }
            _ => {}
        }
    }

    /// Judges the odd results of all tools anew whose habits have changed.
    pub(super) fn rejudge_all(&mut self) {
        let tools: Vec<Word> = self.retries.by_tool.keys().copied().collect();
        for tool in tools {
            self.rejudge(tool);
        }
    }

    fn rejudge(&mut self, tool: Word) {
        let Some(habit) = self.retries.by_tool.get_mut(&tool) else {
            return;
        };
        let held = held(&habit.elsewhere);
        if held == habit.held {
            return;
        }
        habit.held = held;
        for op in habit.odd.clone() {
            self.judge(op);
        }
    }
}

/// Which rules about what a tool gives elsewhere hold for its results.
fn held(elsewhere: &Elsewhere) -> RuleSet {
    let holds = |shape: Shape, rule: Rule| {
        let reading = Reading {
            shape,
            may: RuleSet::of(rule),
            ..Reading::default()
        };
        elsewhere.bears_out(&reading)
    };
    holds(Shape::Html, Rule::Html).with(holds(Shape::Empty, Rule::Empty))
}
