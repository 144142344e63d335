//! What is handed out to be written: each run with all that is loaded of it, or its record alone where it has
//! to be read first.

use std::{collections::HashMap, sync::Arc};

use jiff::tz::TimeZone;

use super::Way;
use crate::{
    analysis::rules::Switches,
    app::{App, load::State},
    guard::redact::Redactor,
    model::{Event, Gen, Look, Mission, NodeId, Run, Snapshot, Sort, Step, Time},
};

/// Runs on their way out.
#[derive(Debug)]
pub struct Order {
    /// Its number.
    pub number: Gen,
    /// Which way; all of them are only weighed where it is none.
    pub way: Option<Way>,
    /// In the order of the rows.
    pub runs: Vec<Outgoing>,
    /// What masks them.
    pub redactor: Redactor,
    /// The zone of times in documents.
    pub zone: TimeZone,
    /// Which rules say that a result failed.
    pub switches: Arc<Switches>,
    /// Now, for what has not ended.
    pub now: Time,
}

/// A run on its way out.
#[derive(Debug)]
pub struct Outgoing {
    /// The name of its context.
    pub context: String,
    /// The name of its mission.
    pub mission: String,
    /// Its mission.
    pub known: Option<Mission>,
    /// How it is looked at.
    pub look: Look,
    /// The run.
    pub run: Run,
    /// All of it, where it is here.
    pub loaded: Option<Loaded>,
}

/// What is loaded of a run that is whole.
#[derive(Debug)]
pub struct Loaded {
    /// Its plan.
    pub steps: Vec<Step>,
    /// The runs that it started.
    pub children: Vec<Run>,
    /// Its events in their order, by their nodes.
    nodes: Vec<NodeId>,
    snapshot: Snapshot,
}

impl Loaded {
    /// Its events in their order. Takes time in proportion to all that is loaded: not for the loop.
    pub fn events(&self) -> Vec<Event> {
        let views = self.nodes.iter();
        views
            .filter_map(|node| self.snapshot.event(*node))
            .collect()
    }
}

impl App {
    /// Whether all of a run is here, and nothing more can come.
    pub(super) fn is_whole(&self, run: NodeId) -> bool {
        let over = self
            .store
            .run(run)
            .is_some_and(|run| !run.status.is_going_on());
        over && self.loads.get(&run).is_some_and(|load| {
            load.state == State::Ready && load.more.is_none() && load.trouble.is_none()
        })
    }

    pub(super) fn order(&self, way: Option<Way>) -> Option<Order> {
        let menu = self.export.as_ref()?;
        let mut children: HashMap<&str, Vec<&Run>> = HashMap::new();
        for run in self.store.all(Sort::Run) {
            let run = self.store.run(run);
            if let Some((parent, run)) =
                run.and_then(|run| Some((run.parent_run_id.as_deref()?, run)))
            {
                children.entry(parent).or_default().push(run);
            }
        }
        let runs = menu.runs.iter();
        Some(Order {
            number: menu.number,
            way,
            runs: runs
                .filter_map(|run| self.outgoing(*run, way, &children))
                .collect(),
            redactor: self.redactor.clone(),
            zone: self.zone.clone(),
            switches: Arc::clone(&self.switches),
            now: self.now,
        })
    }

    fn outgoing(
        &self,
        node: NodeId,
        way: Option<Way>,
        children: &HashMap<&str, Vec<&Run>>,
    ) -> Option<Outgoing> {
        let run = self.store.run(node)?.clone();
        let of = children.get(run.id.as_str());
        let children = of.map(Vec::as_slice).unwrap_or_default();
        let mission = self.store.mission(self.mission_of(node)?);
        Some(Outgoing {
            context: self.context_of(node)?.1.name.clone(),
            mission: mission.map_or_else(String::new, |mission| mission.name.clone()),
            known: mission.cloned(),
            // It takes time in proportion to the run.
            look: match way {
                Some(Way::Bundle) => self.look_of(node),
                _ => Look::default(),
            },
            run,
            loaded: self.is_whole(node).then(|| self.loaded(node, children)),
        })
    }

    pub(in crate::app) fn mission_of(&self, run: NodeId) -> Option<NodeId> {
        let owners = std::iter::successors(Some(run), |node| {
            let owner = self.store.owner(*node);
            (owner != *node).then_some(owner)
        });
        let mut missions = owners.filter(|node| self.store.sort(*node) == Sort::Mission);
        missions.next()
    }

    fn loaded(&self, run: NodeId, children: &[&Run]) -> Loaded {
        let steps = self.plans.get(&run).map(Vec::as_slice).unwrap_or_default();
        let steps = steps.iter().filter_map(|step| self.store.step(*step));
        // Steps that are only known from events are no part of the plan.
        let mut steps: Vec<Step> = steps.filter(|step| !step.raw.is_empty()).cloned().collect();
        steps.sort_by_key(|step| step.sequence);
        Loaded {
            steps,
            children: children.iter().copied().cloned().collect(),
            nodes: self.store.events_of(run).collect(),
            snapshot: self.store.snapshot(),
        }
    }
}
