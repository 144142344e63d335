//! A run's events read as operations, with what names them on the way out: ids and numbers instead of
//! nodes. Reads what it is given once and asks for nothing.

use std::io;

use crate::{
    analysis::{
        Digest, Headline, OpKind, Operation, Repeat, Rule, Terms, Verdict, headline, rules, title,
    },
    model::{Event, Kind, NodeId},
};

/// Events that are read before it is asked whether somebody still wants them.
const AT_ONCE: usize = 1024;

/// A run, read.
#[derive(Debug)]
pub struct Course<'a> {
    events: &'a [Event],
    digest: Digest,
    numbered: bool,
}

impl<'a> Course<'a> {
    /// Of all events of a run in final order. `over` is whether nothing more is to be expected of it;
    /// `numbered` is whether none is missing, so that each has its number.
    pub fn read(events: &'a [Event], over: bool, numbered: bool, terms: Terms) -> Self {
        let mut digest = Digest::new(terms);
        for (node, event) in (0..).map(NodeId).zip(events) {
            digest.push(node, event);
        }
        Self::settled(events, digest, over, numbered)
    }

    /// The same as long as somebody wants it, which is asked again and again; none where nobody does.
    pub fn read_while(
        events: &'a [Event],
        over: bool,
        numbered: bool,
        terms: Terms,
        is_wanted: impl Fn() -> bool,
    ) -> Option<Self> {
        let mut digest = Digest::new(terms);
        let mut node = (0..).map(NodeId);
        for piece in events.chunks(AT_ONCE) {
            if !is_wanted() {
                return None;
            }
            for (event, node) in piece.iter().zip(&mut node) {
                digest.push(node, event);
            }
        }
        is_wanted().then(|| Self::settled(events, digest, over, numbered))
    }

    fn settled(events: &'a [Event], mut digest: Digest, over: bool, numbered: bool) -> Self {
        digest.settle();
        digest.finish(over);
        // A verdict that was found late may have changed what came before it.
        digest.settle();
        Self {
            events,
            digest,
            numbered,
        }
    }

    /// All events in final order.
    pub fn events(&self) -> &'a [Event] {
        self.events
    }

    /// What was read out of the events.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// All operations in order, repeats one by one.
    pub fn operations(&self) -> impl Iterator<Item = Operation> + '_ {
        let nodes = self.digest.operations();
        nodes.filter_map(|node| self.digest.operation(node))
    }

    /// The operation that the event at that place belongs to.
    pub fn operation_at(&self, at: usize) -> Option<Operation> {
        self.digest.operation(NodeId(u32::try_from(at).ok()?))
    }

    /// The arguments and the result of a tool call, each with the event that has it.
    pub(super) fn sides(&self, operation: &Operation) -> [(&'static str, Option<&'a Event>); 2] {
        let is_call = |event: &&Event| event.kind == Kind::ToolCall;
        let asked = self.event(operation.node).filter(is_call);
        let answer = match operation.answer {
            Some(answer) => self.event(answer),
            None if asked.is_none() => self.event(operation.node),
            None => None,
        };
        [("arguments", asked), ("result", answer)]
    }

    /// The event of a node.
    pub fn event(&self, node: NodeId) -> Option<&'a Event> {
        self.events.get(node.index())
    }

    /// Its id; empty where there is none.
    pub fn id(&self, node: NodeId) -> &'a str {
        self.event(node).map_or("", |event| &event.id)
    }

    /// Whether no event is missing.
    pub fn is_numbered(&self) -> bool {
        self.numbered
    }

    /// Its number, from 1 in final order; none while that is not known.
    pub fn number(&self, node: NodeId) -> Option<usize> {
        self.numbered.then_some(node.index() + 1)
    }

    /// What a person calls it: `#36`, or the id where there is no number.
    pub fn name(&self, node: NodeId) -> String {
        match self.number(node) {
            Some(number) => format!("#{number}"),
            None => self.id(node).to_owned(),
        }
    }

    /// Title and summary; neither cleaned nor masked.
    pub fn headline(&self, operation: &Operation) -> Headline {
        let answer = operation.answer.and_then(|node| self.event(node));
        match self.event(operation.node) {
            Some(call) => title(call, answer, operation.verdict),
            None => Headline::default(),
        }
    }

    /// Why it counts as a failure, in one line, neither cleaned nor masked; none where it does not.
    pub fn reason(&self, operation: &Operation) -> Option<String> {
        let last = operation.answer.unwrap_or(operation.node);
        let event = self.event(last)?;
        match (operation.verdict, operation.rule) {
            (Verdict::SoftFailure, Some(rule)) => Some(rules::reason(event, rule)),
            (Verdict::Unanswered, _) => Some(operation.why.words().to_owned()),
            (Verdict::Failed, _) => {
                let said = headline(event).summary;
                let source = match operation.kind {
                    OpKind::Error => "an error event",
                    _ => "the service says so",
                };
                Some(match said.trim() {
                    "" => source.to_owned(),
                    said => format!("{source}: {said}"),
                })
            }
            _ => None,
        }
    }

    /// Of the operations that a row stands for, the one that says why it failed.
    pub(super) fn culprit(&self, operation: Operation, worst: Verdict) -> Operation {
        if operation.verdict == worst {
            return operation;
        }
        let others = self.digest.repeats_of(operation.node).into_iter();
        let mut others = others.filter_map(|node| self.digest.operation(node));
        others
            .find(|other| other.verdict == worst)
            .unwrap_or(operation)
    }

    /// The rows that somebody who looks for failures wants to see, in order: failures that nothing
    /// recovered, and loops.
    pub fn failures(&self) -> Vec<Failing> {
        self.failures_while(&|| Ok(())).unwrap_or_default()
    }

    /// The same; `go_on` is asked before each operation, and its fault ends it.
    pub(super) fn failures_while(
        &self,
        go_on: &dyn Fn() -> io::Result<()>,
    ) -> io::Result<Vec<Failing>> {
        let mut failing = Vec::new();
        for node in self.digest.operations() {
            go_on()?;
            failing.extend(self.failing(node));
        }
        Ok(failing)
    }

    /// The row of an operation, if that shows a failure or a loop.
    fn failing(&self, node: NodeId) -> Option<Failing> {
        let role = self.digest.role(node)?;
        let counts = role.part_of.is_none() && role.repeats.is_none();
        if !counts || !(role.fails || role.is_loop) {
            return None;
        }
        let row = self.digest.operation(node)?;
        let culprit = self.culprit(row.clone(), role.verdict);
        let fails = role.fails;
        Some(Failing {
            rule: culprit.rule.filter(|_| fails),
            reason: fails.then(|| self.reason(&culprit)).flatten(),
            loops: row.repeat.clone(),
            culprit,
            row,
        })
    }
}

/// A row that shows a failure or a loop.
#[derive(Clone, Debug)]
pub struct Failing {
    /// The operation of the row; of repeats, the first.
    pub row: Operation,
    /// Of the operations that the row stands for, the one with the worst verdict.
    pub culprit: Operation,
    /// What the row repeats.
    pub loops: Option<Repeat>,
    /// The rule that found it.
    pub rule: Option<Rule>,
    /// Why, in one line; none for a loop of which nothing failed.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn nobody_waits_for_a_run_that_nobody_wants_any_more() {
        let events = vec![Event::default(); AT_ONCE * 3];
        let asked = Cell::new(0);
        let read = |wanted: usize| {
            asked.set(0);
            let is_wanted = || {
                asked.set(asked.get() + 1);
                asked.get() <= wanted
            };
            Course::read_while(&events, true, true, Terms::default(), is_wanted)
        };
        let whole = read(usize::MAX).unwrap();
        assert_eq!(whole.events().len(), events.len());
        assert_eq!(asked.get(), 4, "again and again, and once before the end");
        for wanted in 0..4 {
            assert!(read(wanted).is_none(), "{wanted}");
            assert_eq!(asked.get(), wanted + 1);
        }
    }
}
