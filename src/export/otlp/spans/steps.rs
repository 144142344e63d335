//! The spans of a plan: each step below the one that it lies in, and below the run where that is none.

use super::{super::attribute::nanos, KeyValue, Span, Status, Trace, id};
use crate::model::{Step, StepStatus};

impl Trace<'_, '_, '_> {
    pub(super) fn steps(&mut self) -> Vec<Span> {
        let steps = self.parcel.steps.iter().enumerate();
        steps.map(|(nth, step)| self.step(nth, step)).collect()
    }

    fn step(&mut self, nth: usize, step: &Step) -> Span {
        let parent = match &step.parent_id {
            Some(parent) if self.lies_in(step, parent) => self.step_id(parent),
            _ => self.root.clone(),
        };
        let known = self.parcel.course.digest().step_extent(&step.id);
        let from = step.started_at.or(known.map(|(from, _)| from));
        let to = step.ended_at.or(known.map(|(_, to)| to)).or(from);
        let from = from.unwrap_or(self.from);
        let title = self.mask(&step.title);
        let mut span = self.span(self.step_id(&step.id), parent, "step", &title);
        span.start_time_unix_nano = nanos(from);
        span.end_time_unix_nano = nanos(to.unwrap_or(from).max(from));
        let put = &mut span.attributes;
        let step_id = self.masking.id(&step.id);
        put.push(KeyValue::text("sortie.plan.step.id", &step_id));
        put.push(KeyValue::text(
            "sortie.plan.step.status",
            step.status.word(),
        ));
        put.push(KeyValue::int("sortie.plan.step.index", nth as u64));
        if step.status == StepStatus::Running {
            put.push(KeyValue::flag("sortie.open"));
        }
        if step.status == StepStatus::Failed {
            span.status = Some(Status {
                message: String::new(),
                code: 2,
            });
        }
        span
    }

    pub(super) fn has_step(&self, id: &str) -> bool {
        self.plan.contains_key(id)
    }

    /// Whether a step lies in another of that id, and not that in it: what goes round in circles would
    /// hang in the air.
    fn lies_in(&self, step: &Step, parent: &str) -> bool {
        let above = |id: &&str| self.plan.get(*id).copied().flatten();
        let mut all = std::iter::successors(Some(parent), above);
        self.has_step(parent)
            && !all
                .by_ref()
                .take(self.plan.len() + 1)
                .any(|id| id == step.id)
    }

    pub(super) fn step_id(&self, id: &str) -> Vec<u8> {
        id::named(&self.id, &format!("step {id}"))
    }
}
