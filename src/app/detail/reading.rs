//! The detail of an operation: what became of it and why, how its call and its result were found to
//! belong together, what it repeats, and both sides one below the other.

use crate::app::{
    App,
    detail::facets,
    detail::inspect::{Facts, put, tokens},
    outline::Lens,
    time::when,
};
use crate::{
    analysis::{self, Confidence, Operation, Verdict, rules},
    doc::Part,
    model::{Event, NodeId, Time},
};

/// Records of an operation that are shown beside its two sides.
const OTHERS: usize = 16;

impl App {
    /// The operation that the detail of an event shows; none where records are shown as sent.
    pub(in crate::app) fn shown_operation(&self, node: NodeId) -> Option<Operation> {
        (self.outline.lens() != Lens::Raw).then_some(())?;
        self.operation(node)
            .filter(|operation| operation.node == node)
    }

    /// Facts and both sides of an operation.
    pub(in crate::app) fn operation_parts(
        &self,
        event: &Event,
        operation: &Operation,
    ) -> (Facts, Vec<Part>) {
        let answer = operation.answer.and_then(|node| self.store.event(node));
        let mut facts = Facts::new();
        self.verdict_facts(&mut facts, event, answer.as_ref(), operation);
        self.time_facts(&mut facts, operation);
        self.place_facts(&mut facts, event, operation);
        let mut body = Vec::new();
        let (call, result) = match (&answer, analysis::OpKind::Tool == operation.kind) {
            (Some(_), _) => ("request", "response"),
            (None, true) if operation.why == analysis::Why::NoResult => ("request", ""),
            (None, true) => ("response", ""),
            (None, false) => ("", ""),
        };
        let mut sides = vec![(call, event)];
        sides.extend(answer.as_ref().map(|answer| (result, answer)));
        if self.detail.answer_first {
            sides.reverse();
        }
        for (name, event) in sides {
            facets::of(&mut body, name, event);
        }
        self.other_records(&mut body, operation);
        (facts, body)
    }

    /// The records of what else belongs to it: an echo in the inbox, the span that times it.
    fn other_records(&self, body: &mut Vec<Part>, operation: &Operation) {
        let sides = [Some(operation.node), operation.answer];
        let others = operation
            .events
            .iter()
            .filter(|node| !sides.contains(&Some(**node)));
        for node in others.take(OTHERS) {
            let Some(event) = self
                .store
                .event(*node)
                .filter(|event| !event.raw.is_empty())
            else {
                continue;
            };
            let heading = format!("record as sent: {}", self.numbered(*node));
            facets::folded(body, &heading, &event.raw);
        }
    }

    /// How many operations a run has, and how they went.
    pub(in crate::app) fn operations_told(&self, run: NodeId) -> Option<String> {
        let digest = self.digest(run)?;
        let counts = digest.counts();
        let mut said = vec![counts.operations.to_string()];
        for verdict in Verdict::ALL {
            let count = counts.of(verdict);
            if count > 0 {
                said.push(format!("{count} {}", verdict.word().replace('_', " ")));
            }
        }
        if counts.recovered > 0 {
            said.push(format!("{} of them recovered", counts.recovered));
        }
        if counts.echoes > 0 {
            said.push(format!(
                "{} inbox events shown with their echo",
                counts.echoes
            ));
        }
        if let Some((node, took)) = digest.slowest() {
            said.push(format!(
                "slowest {} {}",
                self.numbered(node),
                when::span(took)
            ));
        }
        Some(said.join(", "))
    }

    fn verdict_facts(
        &self,
        facts: &mut Facts,
        event: &Event,
        answer: Option<&Event>,
        operation: &Operation,
    ) {
        let tool = operation.tool.clone().unwrap_or_default();
        put(
            facts,
            "operation",
            Some(format!("{} {tool}", operation.kind.word())),
        );
        let verdict = operation.verdict.word().replace('_', " ");
        put(facts, "verdict", Some(verdict));
        if let Some(rule) = operation.rule {
            let reason = rules::reason(answer.unwrap_or(event), rule);
            put(facts, "rule", Some(format!("{}: {reason}", rule.word())));
        }
        if operation.verdict == Verdict::Failed {
            let says = match (operation.kind, answer) {
                (analysis::OpKind::Error, _) => "it is an error event",
                (_, Some(_)) => "the service says so of its result",
                (_, None) => "the service says so",
            };
            put(facts, "reason", Some(says.to_owned()));
        }
        if let Some(by) = operation.recovered_by {
            put(
                facts,
                "recovered",
                Some(format!("by {}", self.numbered(by))),
            );
        }
        let why = operation.why;
        let sign = match why.confidence() {
            Confidence::Certain => "⇄ certain: ",
            Confidence::Inferred => "⇄? inferred: ",
            Confidence::None => "",
        };
        let early = if operation.early {
            "; the result stands before its call"
        } else {
            ""
        };
        put(
            facts,
            "pairing",
            Some(format!("{sign}{}{early}", why.words())),
        );
        if let Some(repeat) = &operation.repeat {
            let what = if repeat.cycle.len() > 1 {
                format!("({}) ×{}", repeat.cycle.join(" → "), repeat.count)
            } else {
                format!("×{}", repeat.count)
            };
            let sort = match (repeat.is_loop, repeat.differs) {
                (true, _) => ", a loop: the same results each time",
                (false, true) => ", polling: the results differ",
                (false, false) => ", the same results",
            };
            let took = repeat
                .took
                .map(|took| format!(" = {}", when::span(took)))
                .unwrap_or_default();
            let tokens = if repeat.tokens > 0 {
                format!(", {} tok", when::count(repeat.tokens))
            } else {
                String::new()
            };
            let first = self.numbered(repeat.first);
            put(
                facts,
                "repeats",
                Some(format!("{what}{took}{tokens} since {first}{sort}")),
            );
        }
    }

    fn time_facts(&self, facts: &mut Facts, operation: &Operation) {
        let at = |time: Option<Time>| time.map(|time| when::full(time, &self.zone));
        put(facts, "started", at(operation.started));
        if operation.took.is_some() || operation.answer.is_some() {
            put(facts, "ended", at(operation.ended));
        }
        let open = operation.verdict == Verdict::Running;
        let so_far = || {
            let waited = self.now.since(operation.started.filter(|_| open)?)?;
            Some(format!("{} so far", when::span(waited)))
        };
        put(facts, "dur", operation.took.map(when::span).or_else(so_far));
        if operation.skewed {
            let text = "the result is older than the call: clocks disagree".to_owned();
            put(facts, "clocks", Some(text));
        }
        put(facts, "tokens", operation.tokens.map(tokens));
    }

    fn place_facts(&self, facts: &mut Facts, event: &Event, operation: &Operation) {
        put(facts, "step", operation.step.clone());
        put(facts, "agent", event.agent.clone());
        put(facts, "call", event.call_id.clone());
        put(
            facts,
            "in",
            operation.parent.map(|parent| self.numbered(parent)),
        );
        for run in self.child_runs(operation.node) {
            let told = self.store.run(run).map(|run| {
                let status = run.status.word();
                format!("{status}  {} {} (Enter opens it)", run.id, run.title)
            });
            put(facts, "run", told);
        }
        let events: Vec<String> = operation
            .events
            .iter()
            .map(|node| self.numbered(*node))
            .collect();
        let s = if events.len() == 1 { "event" } else { "events" };
        put(facts, s, Some(events.join(", ")));
        let many = operation.events.len() > 1;
        for node in &operation.events {
            let Some(event) = self.store.event(*node) else {
                continue;
            };
            // Several ids are told apart by the numbers of the rows.
            let label = match self.store.number(*node).filter(|_| many) {
                Some(number) => format!("id #{number}"),
                None => "id".to_owned(),
            };
            put(facts, &label, Some(event.id));
        }
    }

    /// `#36 pay.refund`
    fn numbered(&self, node: NodeId) -> String {
        let number = self
            .store
            .number(node)
            .map(|number| format!("#{number} "))
            .unwrap_or_default();
        let event = self.store.event(node).unwrap_or_default();
        format!("{number}{}", analysis::headline(&event).title)
    }
}
