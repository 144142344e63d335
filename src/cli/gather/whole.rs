//! A run read whole, or those of its events that are wanted, in final order.

use std::collections::HashMap;

use super::Found;
use crate::{
    app::query::Query,
    cli::{
        exit::Failure,
        session::{Asked, Session},
    },
    model::{Ask, Event, Fact, Kind, Limit, Only, Page, Record, Run, RunRef, Step, merge},
};

/// What is read of a run beside its events.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    detail: bool,
    plan: bool,
}

impl Parts {
    /// All there is.
    pub const ALL: Self = Self {
        detail: true,
        plan: true,
    };
    /// How it stands, which brings also the events that services keep apart: spans, artifacts.
    pub const STATE: Self = Self {
        detail: true,
        plan: false,
    };
}

impl Session {
    /// A run read whole: its detail laid over what is known, its plan, its events in final order.
    pub async fn whole(&self, asked: &Asked, run: &Run, parts: Parts) -> Whole {
        let at = reference(run);
        if asked.resumes()
            && let Some(kept) = asked.line.kept_at(&at).await
        {
            self.aged_from(kept);
        }
        let (detail, steps, events) = tokio::join!(
            self.if_answered(asked, parts.detail, Ask::Run(at.clone())),
            self.if_answered(asked, parts.plan, Ask::Steps(at.clone())),
            self.if_answered(
                asked,
                true,
                Ask::Events {
                    run: at,
                    page: Page::default(),
                },
            ),
        );
        let mut whole = Whole {
            run: run.clone(),
            ..Whole::default()
        };
        for found in [detail, steps, events] {
            whole.take(found);
        }
        whole.join_events();
        // Stable: what arrived first stays first among equals.
        whole.events.sort_by_key(|event| event.order);
        whole.steps.sort_by_key(|step| step.sequence);
        whole
    }

    /// A run with those of its events that are wanted, as far as the service picks them; it may bring
    /// more. Where it cannot pick, all are read.
    pub async fn picked(&self, asked: &Asked, run: &Run, wanted: &Picked) -> Whole {
        let pick = wanted.only().map(|only| Ask::Picked {
            run: reference(run),
            only,
            page: Page::default(),
        });
        let Some(pick) = pick.filter(|pick| asked.lists(pick)) else {
            return self.whole(asked, run, Parts::STATE).await;
        };
        let found = self.if_answered(asked, true, pick).await;
        if found.failures.iter().any(Failure::is_no_such_list) {
            return self.whole(asked, run, Parts::STATE).await;
        }
        let mut whole = Whole {
            run: run.clone(),
            picked: true,
            ..Whole::default()
        };
        whole.take(found);
        whole.events.sort_by_key(|event| event.order);
        whole
    }

    /// Whether a run can be read without asking anybody: it came from a file, or was kept when it had ended.
    pub async fn is_at_hand(&self, asked: &Asked, run: &Run) -> bool {
        asked.provider.is_none() || asked.line.keeps(&reference(run)).await
    }

    async fn if_answered(&self, asked: &Asked, wanted: bool, ask: Ask) -> Found<Record> {
        // A service without a list of its own for the plan tells it with the events: what is kept has it
        // as a list.
        if !wanted || !(asked.answers(&ask) || asked.line.is_kept(&ask).await) {
            return Found::default();
        }
        let (collected, failure) = self.ask(asked, ask, Limit::NONE).await;
        Found {
            rows: collected.records,
            failures: failure.into_iter().collect(),
            notes: Vec::new(),
            nowhere: Vec::new(),
            skipped: collected.skipped,
        }
    }
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// Of these kinds; all if empty.
    pub kinds: Vec<Kind>,
    /// Of this plan step.
    pub step: Option<String>,
    /// By this agent.
    pub agent: Option<String>,
}

impl Picked {
    /// What a service may pick by: one kind, a step, an agent.
    fn only(&self) -> Option<Only> {
        let only = Only {
            kind: match self.kinds.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            step: self.step.as_deref().map(Into::into),
            agent: self.agent.as_deref().map(Into::into),
        };
        (only != Only::default()).then_some(only)
    }

    /// The same with what a query lets a service pick.
    #[must_use]
    pub fn narrowed(&self, query: &Query) -> Self {
        let service = query.service();
        let kinds = match self.kinds.as_slice() {
            [] => service.kind.into_iter().collect(),
            kinds => kinds.to_vec(),
        };
        Self {
            kinds,
            step: self.step.clone().or(service.step),
            agent: self.agent.clone().or(service.agent),
        }
    }

    /// Whether it is one of them.
    pub fn takes(&self, event: &Event) -> bool {
        let fits = |wanted: Option<&str>, has: Option<&str>| wanted.is_none() || wanted == has;
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && fits(self.step.as_deref(), event.step_id.as_deref())
            && fits(self.agent.as_deref(), event.agent.as_deref())
    }
}

/// A run with everything in it.
#[derive(Debug, Default)]
pub struct Whole {
    /// The run.
    pub run: Run,
    /// Its plan, in the order of the plan.
    pub steps: Vec<Step>,
    /// The runs that it started and that came with its records.
    pub children: Vec<Run>,
    /// Its events, in final order.
    pub events: Vec<Event>,
    /// What could not be had.
    pub failures: Vec<Failure>,
    /// Events that could not be read and are kept as unknown.
    pub skipped: u32,
    /// Whether the service picked the events, so that nobody knows which number they have.
    pub picked: bool,
}

impl Whole {
    /// The number of the event at that place; none where events may be missing before it.
    pub fn seq(&self, at: usize) -> Option<usize> {
        (self.failures.is_empty() && !self.picked).then_some(at + 1)
    }

    /// Lays what one list tells of another's events (how long they took) over them. What is told of
    /// an event that is not there has no record and is no event.
    fn join_events(&mut self) {
        let (events, told): (Vec<Event>, Vec<Event>) = std::mem::take(&mut self.events)
            .into_iter()
            .partition(|event| !event.raw.is_empty());
        let mut told: HashMap<String, Event> = told
            .into_iter()
            .map(|told| (told.id.clone(), told))
            .collect();
        self.events = events
            .into_iter()
            .map(|event| match told.remove(&event.id) {
                Some(told) => merge::event_patch(event, told),
                None => event,
            })
            .collect();
    }

    /// Lays what is told of the run over what a list said of it. Its own record counts, however long that
    /// of the list is, and so does the order of its facts: what was kept of the run has no other.
    fn lay(&mut self, told: Run) {
        let (raw, status) = (told.raw.clone(), told.status);
        let facts = told.facts.clone();
        merge::run(&mut self.run, told);
        if raw.is_empty() {
            return;
        }
        if self.run.status == status {
            self.run.raw = raw;
        }
        self.run.facts.sort_by_key(|known| {
            let same = |fact: &Fact| fact.label == known.label && fact.of == known.of;
            facts.iter().position(same).unwrap_or(facts.len())
        });
    }

    fn take(&mut self, found: Found<Record>) {
        self.skipped = self.skipped.saturating_add(found.skipped);
        for failure in found.failures {
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
        for record in found.rows {
            match record {
                Record::Run(run) if run.id == self.run.id => self.lay(run),
                Record::Step(step) => match self.steps.iter_mut().find(|old| old.id == step.id) {
                    Some(old) => {
                        merge::step(old, step);
                    }
                    None => self.steps.push(step),
                },
                Record::Event(event) => self.events.push(event),
                Record::Run(child) if child.parent_run_id.as_ref() == Some(&self.run.id) => {
                    match self.children.iter_mut().find(|old| old.id == child.id) {
                        Some(old) => {
                            merge::run(old, child);
                        }
                        None => self.children.push(child),
                    }
                }
                Record::Run(_) | Record::Mission(_) | Record::Elsewhere(_) => {}
            }
        }
    }
}

/// What asks about a run need.
pub fn reference(run: &Run) -> RunRef {
    RunRef {
        mission: run.mission_id.as_str().into(),
        run: run.id.as_str().into(),
        room: run.room.as_deref().map(Into::into),
    }
}
