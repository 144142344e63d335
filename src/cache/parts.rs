//! The parts of a run as they are read, until all are there: the run itself, its plan, its events.

use std::collections::HashSet;

use crate::{
    model::{Ask, Event, Mission, Record, Row, Run, RunRef, Sort, Step, Store},
    provider::Provider,
};

/// What was read of a run so far.
#[derive(Default)]
pub(super) struct Parts {
    run: Option<Vec<Row>>,
    steps: Option<Vec<Row>>,
    events: Option<Vec<Row>>,
    of: Option<RunRef>,
}

/// A run with all that was read of it.
pub(super) struct Whole {
    pub run: Run,
    pub steps: Vec<Step>,
    pub children: Vec<Run>,
    pub events: Vec<Event>,
}

impl Parts {
    /// Takes what an ask brought.
    pub fn take(&mut self, ask: &Ask, rows: Vec<Row>) {
        self.of = ask.run().cloned();
        match ask {
            Ask::Run(_) => self.run = Some(rows),
            Ask::Steps(_) => self.steps = Some(rows),
            Ask::Events { .. } => self.events = Some(rows),
            _ => {}
        }
    }

    /// Whether nothing is missing that the service tells.
    pub fn are_all(&self, provider: &dyn Provider, run: &RunRef) -> bool {
        let has_plan = provider.request(&Ask::Steps(run.clone())).is_some();
        self.run.is_some() && self.events.is_some() && (self.steps.is_some() || !has_plan)
    }

    /// All of it, if the run has ended for good.
    pub fn whole(&self, provider: &dyn Provider) -> Option<Whole> {
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
        let rows = [&self.run, &self.steps, &self.events].into_iter().flatten();
        for row in rows.flatten() {
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
        Some(Whole {
            children: children.collect(),
            steps,
            events: store
                .events_of(node)
                .filter_map(|event| store.event(event))
                .collect(),
            run,
        })
    }
}
