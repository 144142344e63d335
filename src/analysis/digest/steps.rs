//! What a plan step's state was at any event: from its own events, else from whether anything in it has
//! happened yet.

use std::collections::HashMap;

use super::{Digest, fact::Told, words::Word};
use crate::model::{Kind, NodeId, Time};

/// State of a step as of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Nothing in it has happened.
    Pending,
    /// Something has, and more will.
    Running,
    /// An event said that it ended well.
    Done,
    /// An event said that it failed.
    Failed,
    /// An event said that it was left out, or stopped.
    Skipped,
    /// All its events lie before: what the plan says holds.
    Over,
}

#[derive(Clone, Debug, Default)]
struct Course {
    first: u32,
    last: u32,
    changes: Vec<(u32, StepState)>,
}

/// The courses of all steps of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps(HashMap<Word, Course>);

impl Digest {
    /// A new event: its step goes on.
    pub(super) fn steps_on(&mut self, at: u32) {
        let Some(fact) = self.fact(at).filter(|fact| fact.step != 0) else {
            return;
        };
        let (step, kind, failed, told) = (fact.step, fact.kind, fact.is_error, fact.told);
        let course = self.steps.0.entry(step).or_insert_with(|| Course {
            first: at,
            ..Course::default()
        });
        course.last = at;
        if kind != Kind::Step {
            return;
        }
        let state = match (failed, told) {
            (Some(true), _) => StepState::Failed,
            (_, Told::Cancelled | Told::Skipped) => StepState::Skipped,
            (_, Told::Done) => StepState::Done,
            (_, Told::Started | Told::Nothing) => StepState::Running,
        };
        course.changes.push((at, state));
    }

    /// When the first and the last event of a step were.
    pub fn step_extent(&self, step: &str) -> Option<(Time, Time)> {
        let course = self.steps.0.get(&self.words.find(step)?)?;
        let (first, last) = (self.time(course.first), self.time(course.last));
        let (first, last) = (first.or(last)?, last.or(first)?);
        Some((Time(first.min(last)), Time(last.max(first))))
    }

    /// The state of a step when that event had happened; none where nothing is known of the step.
    pub fn step_as_of(&self, step: &str, node: NodeId) -> Option<StepState> {
        let course = self.steps.0.get(&self.words.find(step)?)?;
        let at = self.place_of(node)?;
        if at < course.first {
            return Some(StepState::Pending);
        }
        let changed = course.changes.iter().rev().find(|(then, _)| *then <= at);
        let state = changed.map_or(StepState::Running, |(_, state)| *state);
        let is_last = at >= course.last;
        Some(match state {
            StepState::Running if is_last => StepState::Over,
            state => state,
        })
    }
}
