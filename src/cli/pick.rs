//! `--where`: a query read with the session's clock and zone, asked of runs and events as the commands
//! have them. What is wrong with one ends the command before anything is asked.

use std::{collections::HashMap, sync::Arc};

use super::{
    exit::Stop,
    gather::{Parts, Picked, Whole},
    session::{Asked, Session},
};
use crate::{
    analysis::{self, Digest, OpKind, Operation},
    app::query::{Field, OperationFacts, Paths, Query, RunFacts, Terms, Told, Truth},
    export::Course,
    model::{Elsewhere, Event, EventView, NodeId, Run},
};

/// Runs that are read at the same time.
pub(super) const AT_ONCE: usize = 4;

impl Session {
    /// Reads a query; says with a caret what is wrong with one that is none.
    pub fn query(&self, text: &str) -> Result<Query, Stop> {
        let terms = Terms {
            now: self.now,
            zone: self.zone.clone(),
        };
        Query::parse(text, &terms)
            .map_err(|fault| Stop::Usage(format!("this is no query:\n{}", fault.picture(text))))
    }

    /// The same for events of which only the ids of their runs are known.
    pub fn query_of_events(&self, text: &str) -> Result<Query, Stop> {
        let query = self.query(text)?;
        let beyond = [
            Field::Status,
            Field::Since,
            Field::Until,
            Field::Dur,
            Field::Tok,
            Field::Err,
            Field::Verdict,
            Field::Rule,
            Field::Is,
            Field::Has,
        ];
        match beyond.into_iter().find(|field| query.asks_about(*field)) {
            None => Ok(query),
            Some(field) => Err(Stop::Usage(format!(
                "the list of the events of all runs does not tell what `{}` asks; name a run",
                field.word()
            ))),
        }
    }

    /// What a query is asked of where a run is all that is known.
    pub fn facts<'a>(&self, asked: &'a Asked, mission: &'a str, run: &'a Run) -> RunFacts<'a> {
        let home = asked.home();
        RunFacts {
            context: home.context,
            provider: home.provider,
            mission,
            run,
            soft: None,
            now: self.now,
        }
    }

    /// A run that was read, as operations.
    pub(super) fn course<'w>(&self, asked: &Asked, whole: &'w Whole) -> Course<'w> {
        let over = !whole.run.status.is_going_on();
        let numbered = whole.seq(0).is_some();
        Course::read(&whole.events, over, numbered, self.terms(asked))
    }

    /// The same as long as somebody wants it.
    pub(super) fn course_while<'w>(
        &self,
        asked: &Asked,
        whole: &'w Whole,
        is_wanted: impl Fn() -> bool,
    ) -> Option<Course<'w>> {
        let over = !whole.run.status.is_going_on();
        let numbered = whole.seq(0).is_some();
        Course::read_while(&whole.events, over, numbered, self.terms(asked), is_wanted)
    }

    /// How runs of a context are read.
    pub(super) fn terms(&self, asked: &Asked) -> analysis::Terms {
        analysis::Terms {
            call_ids: asked.call_ids(),
            switches: Arc::clone(&self.switches),
        }
    }

    /// A run with those of its events that are wanted, and for each that came whether it is one. The
    /// service picks what it can.
    pub(super) async fn picked_by(
        &self,
        asked: &Asked,
        run: &Run,
        wanted: &Picked,
        query: Option<&Query>,
    ) -> (Whole, Vec<bool>) {
        let Some(query) = query else {
            let whole = self.picked(asked, run, wanted).await;
            let kept = whole.events.iter().map(|event| wanted.takes(event));
            let kept = kept.collect();
            return (whole, kept);
        };
        let mission = self.mission_name(asked, run, query).await;
        let keep = |whole: &Whole| {
            let fits = self.fitting(asked, &mission, query, whole);
            let both = whole.events.iter().zip(fits);
            both.map(|(event, fits)| fits && wanted.takes(event))
                .collect::<Vec<bool>>()
        };
        if !query.needs_verdicts() {
            let whole = self.picked(asked, run, &wanted.narrowed(query)).await;
            let kept = keep(&whole);
            // A step may be named by its title, an agent in other letters than the service's own.
            if !whole.picked || kept.contains(&true) || !whole.failures.is_empty() {
                return (whole, kept);
            }
        }
        let whole = self.whole(asked, run, parts(query)).await;
        let kept = keep(&whole);
        (whole, kept)
    }

    /// For each event of a run whether it matches.
    pub(super) fn fitting(
        &self,
        asked: &Asked,
        mission: &str,
        query: &Query,
        whole: &Whole,
    ) -> Vec<bool> {
        let mut facts = self.facts(asked, mission, &whole.run);
        if !query.needs_verdicts() {
            let alone = |event| {
                asked_alone(event, |operation| {
                    query.matches_operation(&facts, operation)
                })
            };
            return whole.events.iter().map(alone).collect();
        }
        let course = self.course(asked, whole);
        let telling = Telling::new(whole, &course);
        facts.soft = Some(telling.is_soft());
        (0..whole.events.len())
            .map(|at| {
                telling.asked_of_event(at, |operation| query.matches_operation(&facts, operation))
                    == Some(true)
            })
            .collect()
    }

    /// Whether an event of a list over all runs matches.
    pub(super) fn matches_alone(
        &self,
        asked: &Asked,
        mission: &str,
        query: &Query,
        row: &Elsewhere,
    ) -> bool {
        let run = Run {
            mission_id: row.mission.clone(),
            id: row.run.clone(),
            ..Run::default()
        };
        let facts = self.facts(asked, mission, &run);
        asked_alone(&row.event, |operation| {
            query.matches_operation(&facts, operation)
        })
    }

    /// The name of a run's mission, where a query asks about it.
    pub(super) async fn mission_name(&self, asked: &Asked, run: &Run, query: &Query) -> String {
        if !query.asks_about(Field::Mission) {
            return String::new();
        }
        let missions = self.missions_of(asked).await.rows.into_iter();
        let mut named = missions.filter(|mission| mission.id == run.mission_id);
        named.next().map(|mission| mission.name).unwrap_or_default()
    }

    /// Whether a run that was read matches.
    pub(super) fn matches(
        &self,
        asked: &Asked,
        mission: &str,
        query: &Query,
        whole: &Whole,
    ) -> Truth {
        let course = self.course(asked, whole);
        let told = Telling::new(whole, &course);
        let mut facts = self.facts(asked, mission, &whole.run);
        facts.soft = Some(told.is_soft());
        let mut tally = query.matches_run(facts);
        for operation in &told.operations {
            if told.asked(operation, |facts| tally.take(facts)) {
                break;
            }
        }
        tally.end(whole.failures.is_empty())
    }
}

/// What is to be said where a query asks for what none of a run's events has in its payload.
pub(super) fn absent(query: Option<&Query>, whole: &Whole) -> Vec<String> {
    let Some(query) = query.filter(|_| whole.failures.is_empty() && !whole.picked) else {
        return Vec::new();
    };
    let mut paths = Paths::of(query);
    look_at(&mut paths, whole);
    let told = paths.told().into_iter();
    told.map(|path| format!("no event of the run has {path}"))
        .collect()
}

/// Looks at the events of a run that was read.
pub(super) fn look_at(paths: &mut Paths, whole: &Whole) {
    for event in &whole.events {
        paths.look(EventView::from(event));
    }
}

/// What must be read of a run: its plan only where steps are named.
pub(super) fn parts(query: &Query) -> Parts {
    if query.asks_about(Field::Step) {
        Parts::ALL
    } else {
        Parts::STATE
    }
}

/// What is told of the operations of a run.
pub(super) struct Telling<'a> {
    whole: &'a Whole,
    course: &'a Course<'a>,
    /// In order, repeats one by one.
    pub operations: Vec<Operation>,
    steps: HashMap<&'a str, &'a str>,
}

impl<'a> Telling<'a> {
    pub fn new(whole: &'a Whole, course: &'a Course<'a>) -> Self {
        let steps = whole.steps.iter();
        Self {
            whole,
            course,
            operations: course.operations().collect(),
            steps: steps
                .map(|step| (step.id.as_str(), step.title.as_str()))
                .collect(),
        }
    }

    /// Whether something failed softly and was not made good.
    pub fn is_soft(&self) -> bool {
        self.operations.iter().any(|operation| {
            operation.verdict == analysis::Verdict::SoftFailure && operation.recovered_by.is_none()
        })
    }

    /// Asks about an operation.
    pub fn asked<T>(&self, operation: &Operation, ask: impl FnOnce(&OperationFacts<'_>) -> T) -> T {
        let events = operation.events.iter();
        let views: Vec<EventView<'_>> = events
            .filter_map(|node| self.course.event(*node).map(EventView::from))
            .collect();
        let role = self.course.digest().role(operation.node);
        ask(&OperationFacts {
            events: &views,
            kind: operation.kind,
            step: self.title(operation.step.as_deref()),
            told: role.map(|role| Told::of(operation, &role)),
        })
    }

    /// Asks about one event, with what became of its operation.
    pub fn asked_of_event<T>(
        &self,
        at: usize,
        ask: impl FnOnce(&OperationFacts<'_>) -> T,
    ) -> Option<T> {
        let event = self.whole.events.get(at)?;
        let node = NodeId(u32::try_from(at).ok()?);
        let step = self.title(event.step_id.as_deref());
        let digest = self.course.digest();
        Some(asked_within(digest, (node, event), step, ask))
    }

    fn title(&self, step: Option<&str>) -> Option<&'a str> {
        self.steps.get(step?).copied()
    }
}

/// Asks about one event of a run that was read, with what became of its operation; `step` is the title of
/// its step.
pub(super) fn asked_within<T>(
    digest: &Digest,
    (node, event): (NodeId, &Event),
    step: Option<&str>,
    ask: impl FnOnce(&OperationFacts<'_>) -> T,
) -> T {
    let told = digest.operation(node).and_then(|operation| {
        let role = digest.role(operation.node)?;
        Some(Told::of(&operation, &role))
    });
    ask(&OperationFacts {
        events: &[EventView::from(event)],
        kind: OpKind::of(event.kind),
        step,
        told,
    })
}

/// Asks about an event of which nothing but itself is known.
pub(super) fn asked_alone<T>(event: &Event, ask: impl FnOnce(&OperationFacts<'_>) -> T) -> T {
    ask(&OperationFacts {
        events: &[EventView::from(event)],
        kind: OpKind::of(event.kind),
        step: None,
        told: None,
    })
}
