//! The parts of a run as they are read, until all are there: the run itself, its plan, its events. They
//! make a whole only where they were asked for together, and long enough after the run's last sign of
//! life that nothing more can have come in between.

use std::{collections::HashSet, time::Duration};

use crate::{
    model::{Ask, Event, Mission, Record, Row, Run, RunRef, Sort, Step, Store, Time},
    provider::Provider,
};

/// Between the last that happened in a run and an ask that brings all of it: clocks differ, and services
/// write down late.
const SETTLED: Duration = Duration::from_secs(60);
/// Between the asks for the parts of one whole, at most.
const TOGETHER: Duration = Duration::from_secs(60);

/// What was read of a run so far.
#[derive(Default)]
pub(super) struct Parts {
    run: Option<Part>,
    steps: Option<Part>,
    events: Option<Part>,
    of: Option<RunRef>,
}

/// What one ask brought.
struct Part {
    asked: Time,
    rows: Vec<Row>,
}

/// A run with all that was read of it.
pub(super) struct Whole {
    pub run: Run,
    pub steps: Vec<Step>,
    pub children: Vec<Run>,
    pub events: Vec<Event>,
}

impl Parts {
    /// Takes what an ask brought. What was asked for at another time goes.
    pub fn take(&mut self, ask: &Ask, asked: Time, rows: Vec<Row>) {
        self.of = ask.run().cloned();
        for part in [&mut self.run, &mut self.steps, &mut self.events] {
            let _ = part.take_if(|part| {
                let apart = part.asked.since(asked).or(asked.since(part.asked));
                apart.is_none_or(|apart| apart > TOGETHER)
            });
        }
        let part = Some(Part { asked, rows });
        match ask {
            Ask::Run(_) => self.run = part,
            Ask::Steps(_) => self.steps = part,
            Ask::Events { .. } => self.events = part,
            _ => {}
        }
    }

    /// Whether nothing is missing that the service tells.
    pub fn are_all(&self, provider: &dyn Provider, run: &RunRef) -> bool {
        let has_plan = provider.request(&Ask::Steps(run.clone())).is_some();
        self.run.is_some() && self.events.is_some() && (self.steps.is_some() || !has_plan)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        [&self.run, &self.steps, &self.events].into_iter().flatten()
    }

    /// All of it, if the run has ended for good and nothing can be missing. `heard` is the last that lists
    /// told of it.
    pub fn whole(&self, provider: &dyn Provider, heard: Option<Time>) -> Option<Whole> {
        let of = self.of.as_ref()?;
        if !self.are_all(provider, of) {
            return None;
        }
        let mut store = Store::default();
        let context = store.add_context();
        let mission = Mission {
            id: of.mission.to_string(),
            ..Mission::default()
        };
        let (mission, _) = store.put(context, Row::Full(Record::Mission(mission)));
        let known = Run {
            id: of.run.to_string(),
            mission_id: of.mission.to_string(),
            room: of.room.as_deref().map(str::to_owned),
            ..Run::default()
        };
        let (node, _) = store.put(mission, Row::Patch(Record::Run(known)));
        let (mut children, mut seen) = (Vec::new(), HashSet::new());
        for row in self.parts().flat_map(|part| &part.rows) {
            let owner = match row.record() {
                Record::Run(run) if *run.id == *of.run => mission,
                Record::Run(run) => {
                    if run.parent_run_id.as_deref() == Some(&*of.run) && seen.insert(run.id.clone())
                    {
                        children.push(run.id.clone());
                    }
                    mission
                }
                Record::Step(_) | Record::Event(_) => node,
                Record::Mission(_) | Record::Elsewhere(_) => continue,
            };
            store.put(owner, row.clone());
        }
        let run = store.run(node)?.clone();
        if !run.status.is_final() || run.hearsay {
            return None;
        }
        let steps = store
            .all(Sort::Step)
            .filter(|step| store.owner(*step) == node);
        let mut steps: Vec<Step> = steps.filter_map(|step| store.step(step).cloned()).collect();
        steps.sort_by_key(|step| step.sequence);
        let children = children.into_iter().filter_map(|id| {
            let child = store.find(mission, Sort::Run, &id)?;
            store.run(child).cloned()
        });
        let whole = Whole {
            children: children.collect(),
            steps,
            events: store
                .events_of(node)
                .filter_map(|event| store.event(event))
                .collect(),
            run,
        };
        // A child that goes on would be shown as going on for ever.
        let goes_on = whole.children.iter().any(|run| run.status.is_going_on());
        (!goes_on && self.are_settled(&whole, heard)).then_some(whole)
    }

    /// Whether all of it was asked for when the run had been over for a while.
    fn are_settled(&self, whole: &Whole, heard: Option<Time>) -> bool {
        let events = whole.events.iter().filter_map(|event| event.time);
        let children = whole.children.iter().filter_map(Run::last_activity);
        let last = whole.run.last_activity().into_iter();
        let last = last.chain(events).chain(children).chain(heard).max();
        last.is_some_and(|last| {
            let mut parts = self.parts();
            parts.all(|part| part.asked.since(last).is_some_and(|past| past >= SETTLED))
        })
    }
}
