//! The steps of a plan. Ids are the writer's own, parents may point at nothing or in circles, ids may
//! repeat: every step is kept, a circle is cut, and a repeated id gets a mark of its own.

use std::collections::HashMap;

use super::event;
use crate::model::{Batch, Record, Reply, Row, Step, StepStatus};
use crate::provider::wire::{self, Object, Raw};

/// All steps, in the order sent.
pub(super) fn read_all(reply: &Reply<'_>, rows: &[Raw<'_>]) -> Batch {
    let mut batch = Batch::default();
    let mut steps = Vec::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (place, raw) in rows.iter().enumerate() {
        if let Some(mut step) = read(reply, raw, place) {
            let times = seen.entry(step.id.clone()).or_default();
            *times += 1;
            if *times > 1 {
                step.id = format!("{}#{times}", step.id);
            }
            steps.push(step);
        } else {
            batch.skipped += 1;
            let event = event::unreadable(reply, raw, place as u64);
            batch.rows.push(Row::Full(Record::Event(event)));
        }
    }
    cut_circles(&mut steps);
    let steps = steps.into_iter().map(|step| Row::Full(Record::Step(step)));
    batch.rows.splice(0..0, steps);
    batch
}

fn read(reply: &Reply<'_>, raw: Raw<'_>, place: usize) -> Option<Step> {
    let object = Object::read(raw)?;
    let id = object.some_text("step_id")?;
    let status_sent = object.some_text("status");
    let sequence = object.number("sequence").and_then(whole);
    Some(Step {
        title: object
            .some_text("description")
            .map_or_else(|| id.clone(), |text| wire::one_line(&text, 200)),
        id,
        parent_id: object.some_text("parent_step_id"),
        sequence: sequence.unwrap_or_else(|| i64::try_from(place).unwrap_or(i64::MAX)),
        status: status(status_sent.as_deref()),
        status_sent,
        started_at: object.time("started_at"),
        ended_at: object.time("completed_at"),
        raw: wire::payload(reply, raw),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
fn whole(n: f64) -> Option<i64> {
    (n.abs() < 9.0e18).then_some(n as i64)
}

fn status(sent: Option<&str>) -> StepStatus {
    match sent {
        Some("pending") => StepStatus::Pending,
        Some("in_progress") => StepStatus::Running,
        Some("completed") => StepStatus::Succeeded,
        Some("skipped") => StepStatus::Skipped,
        Some("failed") => StepStatus::Failed,
        _ => StepStatus::Unknown,
    }
}

/// Steps that lie in themselves, however far round, lie at the top instead.
fn cut_circles(steps: &mut [Step]) {
    let mut parents: HashMap<String, String> = steps
        .iter()
        .filter_map(|step| Some((step.id.clone(), step.parent_id.clone()?)))
        .collect();
    for step in steps {
        let mut above = step.parent_id.as_deref();
        let mut hops = 0;
        while let Some(id) = above
            && id != step.id
            && hops <= parents.len()
        {
            above = parents.get(id).map(String::as_str);
            hops += 1;
        }
        if above == Some(step.id.as_str()) {
            parents.remove(&step.id);
            step.parent_id = None;
        }
    }
}
