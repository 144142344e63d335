//! Which events of a run that is followed a query picks, as they come. What became of an operation may be
//! known only later: its events are picked as soon as it is. What comes is asked about, and what it has
//! changed; never the whole run, but where events come out of their order.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    pick::{asked_alone, asked_within},
    session::{Asked, Session},
    trail::present,
};
use crate::{
    analysis::{Digest, Terms, Verdict},
    app::query::{Answers, OperationFacts, Query, RunFacts, Told, Truth},
    model::{Event, EventView, NodeId, Run, Step},
};

/// A query, and what was seen of a run.
pub(super) struct Sieve {
    query: Query,
    mission: String,
    /// Where the query asks what became of operations.
    seen: Option<Seen>,
}

/// The number of an event where it has one, and the event.
type Numbered = (Option<usize>, Event);

impl Sieve {
    /// For a run of this mission, with the steps of its plan.
    pub fn new(query: Query, mission: String, steps: &[Step], terms: Terms) -> Self {
        let seen = query.needs_verdicts().then(|| Seen::new(steps, terms));
        Self {
            query,
            mission,
            seen,
        }
    }

    /// Those that are picked now, of these and of what came before them.
    pub fn pick(
        &mut self,
        session: &Session,
        asked: &Asked,
        run: &Run,
        events: &[(Option<usize>, &Event)],
    ) -> Vec<Numbered> {
        let facts = session.facts(asked, &self.mission, run);
        if let Some(seen) = &mut self.seen {
            return seen.pick(&self.query, facts, events);
        }
        let fits = |event: &Event| {
            asked_alone(event, |operation| {
                self.query.matches_operation(&facts, operation)
            })
        };
        let fitting = events.iter().filter(|(_, event)| fits(event));
        fitting
            .map(|(number, event)| (*number, (*event).clone()))
            .collect()
    }
}

/// A query that the run itself or an operation in it is to match, asked again whenever one has changed.
pub(super) struct Condition {
    query: Query,
    mission: String,
    seen: Seen,
}

impl Condition {
    /// For a run of this mission, with the steps of its plan.
    pub fn new(query: Query, mission: String, steps: &[Step], terms: Terms) -> Self {
        Self {
            query,
            mission,
            seen: Seen::new(steps, terms),
        }
    }

    /// Whether the run as it stands now matches, whatever happens in it.
    pub fn is_met_by_run(&self, session: &Session, asked: &Asked, run: &Run) -> bool {
        let facts = RunFacts {
            now: present(),
            ..session.facts(asked, &self.mission, run)
        };
        self.query.matches_unread(&facts) == Truth::Yes
    }

    /// Takes in what came; whether an operation that it has changed matches now.
    pub fn is_met_by(
        &mut self,
        session: &Session,
        asked: &Asked,
        run: &Run,
        events: &[(Option<usize>, &Event)],
    ) -> bool {
        let facts = RunFacts {
            now: present(),
            ..session.facts(asked, &self.mission, run)
        };
        let (changed, answers) = self.seen.changed(&self.query, facts, events);
        let seen = &self.seen;
        let operations: BTreeSet<NodeId> = changed
            .into_iter()
            .filter_map(|at| Some(seen.digest.operation(node(at))?.node))
            .collect();
        let mut operations = operations.into_iter();
        operations.any(|operation| seen.passes(&self.query, &answers, operation))
    }
}

/// What was seen of a run, as operations.
struct Seen {
    digest: Digest,
    /// Each event by its node, with whether it was picked.
    events: Vec<(Numbered, bool)>,
    /// Titles of the plan's steps by their ids.
    steps: HashMap<String, String>,
    /// Operations that failed softly and were not made good, and first ones of loops.
    soft: HashSet<NodeId>,
    loops: HashSet<NodeId>,
    /// What the query said of the run itself.
    answers: Option<Answers>,
}

impl Seen {
    fn new(steps: &[Step], terms: Terms) -> Self {
        let steps = steps.iter();
        Self {
            digest: Digest::new(terms),
            events: Vec::new(),
            steps: steps
                .map(|step| (step.id.clone(), step.title.clone()))
                .collect(),
            soft: HashSet::new(),
            loops: HashSet::new(),
            answers: None,
        }
    }

    fn pick(
        &mut self,
        query: &Query,
        facts: RunFacts<'_>,
        events: &[(Option<usize>, &Event)],
    ) -> Vec<Numbered> {
        let (asked, answers) = self.changed(query, facts, events);
        let mut picked = Vec::new();
        for at in asked {
            if self.fits(query, &answers, at)
                && let Some((event, told)) = self.events.get_mut(at)
            {
                *told = true;
                picked.push(event.clone());
            }
        }
        picked
    }

    /// Takes in what came; which events have to be asked about, and what the query says of the run itself.
    fn changed(
        &mut self,
        query: &Query,
        mut facts: RunFacts<'_>,
        events: &[(Option<usize>, &Event)],
    ) -> (Vec<usize>, Answers) {
        let asked = self.read(events, !facts.run.status.is_going_on());
        facts.soft = Some(!self.soft.is_empty());
        let answers = query.answers(&facts);
        let same = self.answers.replace(answers) == Some(answers);
        let asked = if same {
            asked.into_iter().collect()
        } else {
            (0..self.events.len()).collect()
        };
        (asked, answers)
    }

    /// Takes in what came; says which events have to be asked about.
    fn read(&mut self, events: &[(Option<usize>, &Event)], over: bool) -> BTreeSet<usize> {
        for (number, event) in events {
            self.digest.push(node(self.events.len()), event);
            self.events.push(((*number, (*event).clone()), false));
        }
        self.digest.settle();
        self.digest.finish(over);
        // A verdict that was found late may have changed what came before it.
        self.digest.settle();
        let mut asked = BTreeSet::new();
        for node in self.digest.take_changed() {
            self.change(node, &mut asked);
        }
        asked
    }

    /// The row of an event has changed, and with it all that is told of its operation.
    fn change(&mut self, node: NodeId, asked: &mut BTreeSet<usize>) {
        asked.insert(node.index());
        let Some(operation) = self.digest.operation(node) else {
            return;
        };
        asked.extend(operation.events.iter().map(|node| node.index()));
        let failed = operation.verdict == Verdict::SoftFailure;
        let row = operation.node;
        put(
            &mut self.soft,
            row,
            failed && operation.recovered_by.is_none(),
        );
        let repeat = operation.repeat.filter(|repeat| repeat.first == row);
        let loops = repeat.is_some_and(|repeat| repeat.is_loop);
        if put(&mut self.loops, row, loops) {
            // All of them are in a loop now, or in none.
            for repeated in self.digest.repeats_of(row) {
                let operation = self.digest.operation(repeated);
                let events = operation.into_iter().flat_map(|operation| operation.events);
                asked.extend(events.map(NodeId::index));
            }
        }
    }

    fn fits(&self, query: &Query, answers: &Answers, at: usize) -> bool {
        let Some(((_, event), false)) = self.events.get(at) else {
            return false;
        };
        let step = event.step_id.as_ref().and_then(|id| self.steps.get(id));
        asked_within(
            &self.digest,
            (node(at), event),
            step.map(String::as_str),
            |operation| query.passes(answers, operation),
        )
    }

    /// Whether the operation with that row matches, asked with all of its events.
    fn passes(&self, query: &Query, answers: &Answers, row: NodeId) -> bool {
        let Some(operation) = self.digest.operation(row) else {
            return false;
        };
        let events = operation.events.iter();
        let events = events.filter_map(|node| self.events.get(node.index()));
        let views: Vec<EventView<'_>> = events
            .map(|((_, event), _)| EventView::from(event))
            .collect();
        let step = operation.step.as_ref().and_then(|id| self.steps.get(id));
        let role = self.digest.role(operation.node);
        query.passes(
            answers,
            &OperationFacts {
                events: &views,
                kind: operation.kind,
                step: step.map(String::as_str),
                told: role.map(|role| Told::of(&operation, &role)),
            },
        )
    }
}

/// The node of the event at that place.
fn node(at: usize) -> NodeId {
    NodeId(u32::try_from(at).unwrap_or(u32::MAX))
}

/// Puts a node in or takes it out; says whether that changed anything.
fn put(nodes: &mut HashSet<NodeId>, node: NodeId, yes: bool) -> bool {
    if yes {
        nodes.insert(node)
    } else {
        nodes.remove(&node)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        app::query,
        model::{Kind, Order, Payload, RunStatus, Span, Time},
    };

    fn event(at: i64, kind: Kind, tool: &str, payload: &str) -> Event {
        Event {
            id: format!("e{at}"),
            kind,
            tool: Some(tool.to_owned()),
            order: Order { at, tie: 0 },
            time: Some(Time(at)),
            raw: Payload::new(payload.to_owned().into()),
            body: Span::new(0, payload.len()),
            is_error: payload.contains("broken").then_some(true),
            ..Event::default()
        }
    }

    /// Six times the same call, a failure that is made good, a soft one, and one that nobody answers.
    fn run() -> Vec<Event> {
        let mut events = Vec::new();
        let mut call = |tool: &str, asks: &str, says: &str| {
            let at = i64::try_from(events.len()).unwrap();
            events.push(event(at, Kind::ToolCall, tool, asks));
            if !says.is_empty() {
                events.push(event(at + 1, Kind::ToolResult, tool, says));
            }
        };
        for _ in 0..6 {
            call("poll", r#"{"n":1}"#, r#"{"state":"same"}"#);
        }
        call("pay", r#"{"n":2}"#, r#"{"broken":true}"#);
        call("pay", r#"{"n":2}"#, r#"{"paid":true}"#);
        call("quote", r#"{"n":3}"#, r#"{"success":false}"#);
        call("send", r#"{"n":4}"#, "");
        events
    }

    fn picked(query: &str, portion: usize) -> Vec<String> {
        let terms = query::Terms {
            now: Time(100),
            zone: TimeZone::UTC,
        };
        let query = Query::parse(query, &terms).unwrap();
        let mut seen = Seen::new(&[], Terms::default());
        let mut run = Run {
            status: RunStatus::Running,
            ..Run::default()
        };
        let mut ids = Vec::new();
        let all = super::tests::run();
        let portions = all.chunks(portion).map(Some).chain([None]);
        for portion in portions {
            if portion.is_none() {
                run.status = RunStatus::Failed;
            }
            let facts = RunFacts {
                context: "c",
                provider: "telnyx",
                mission: "",
                run: &run,
                soft: None,
                now: Time(100),
            };
            let events: Vec<_> = portion
                .into_iter()
                .flatten()
                .map(|event| (None, event))
                .collect();
            let fits = seen.pick(&query, facts, &events);
            ids.extend(fits.into_iter().map(|(_, event)| event.id));
        }
        ids.sort_by_key(|id| id[1..].parse::<u32>().unwrap());
        ids
    }

    #[test]
    fn what_is_found_late_is_picked_whatever_came_together() {
        for (query, expected) in [
            ("is:loop", "e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11"),
            ("is:recovered", "e12 e13"),
            ("verdict:soft", "e16 e17"),
            ("status:soft tool:quote", "e16 e17"),
            ("status:soft payload.n:4", "e18"),
            ("has:failure tool:pay", "e12 e13"),
            ("status:failed payload.n:2", "e12 e14"),
        ] {
            for portion in [1, 2, 3, 7, 100] {
                assert_eq!(
                    picked(query, portion).join(" "),
                    expected,
                    "{query} {portion}"
                );
            }
        }
    }
}
