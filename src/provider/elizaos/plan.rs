//! The plan of a run, as far as its actions tell it: `2/5` is the second step of five. Only the start of
//! an action names its step; its end and the model calls inside it belong there too.

use std::collections::HashMap;

use crate::model::{Event, Kind, Step, StepStatus, Time};
use crate::provider::wire::{Object, Raw};

/// When an action began and ended, and the step that it names.
#[derive(Debug, Default)]
struct Action {
    begun: Option<Time>,
    ended: Option<Time>,
    step: Option<String>,
}

/// Gives actions what their two events tell only together: the step to both and to the model calls
/// between them, which lie in the action, and the time from one to the other, which the server does not
/// give.
pub(super) fn pair(events: &mut [Event], rows: &[Raw<'_>]) {
    let actions = actions(events);
    for (event, raw) in events.iter_mut().zip(rows) {
        let own = event.call_id.as_ref().and_then(|id| actions.get(id));
        if event.kind == Kind::ToolResult
            && event.duration.is_none()
            && let (Some(begun), Some(ended)) = (own.and_then(|own| own.begun), event.time)
        {
            event.duration = ended.since(begun);
        }
        let around = match own {
            Some(_) => None,
            None => around(event, raw, &actions),
        };
        event.parent_id = around.as_ref().map(|(id, _)| id.clone());
        if event.step_id.is_none() {
            let action = own.or(around.map(|(_, action)| action));
            event.step_id = action.and_then(|action| action.step.clone());
        }
    }
}

/// The action inside of which a model was called, with its id. With two messages in flight a call may
/// name an action that is over, or one of another run.
fn around<'a>(
    event: &Event,
    raw: Raw<'_>,
    actions: &'a HashMap<String, Action>,
) -> Option<(String, &'a Action)> {
    let data = Object::read(raw)?.object("data")?;
    let id = data.object("actionContext")?.some_text("actionId")?;
    let action = actions.get(&id)?;
    let within =
        action.begun <= event.time && action.ended.is_none_or(|ended| event.time <= Some(ended));
    within.then_some((id, action))
}

fn actions(events: &[Event]) -> HashMap<String, Action> {
    let mut actions: HashMap<String, Action> = HashMap::new();
    for event in events {
        let Some(id) = &event.call_id else {
            continue;
        };
        let action = actions.entry(id.clone()).or_default();
        match event.kind {
            Kind::ToolCall => action.begun = action.begun.or(event.time),
            Kind::ToolResult => action.ended = event.time.or(action.ended),
            _ => {}
        }
        if action.step.is_none() {
            action.step.clone_from(&event.step_id);
        }
    }
    actions
}

/// The place of a step that is called `2/5`.
pub(super) fn sequence(id: &str) -> i64 {
    let first = id.split('/').next().and_then(|n| n.trim().parse().ok());
    first.unwrap_or_default()
}

/// Why a run that completed is worth a look.
pub(super) fn with_failed(actions: usize) -> String {
    match actions {
        1 => "completed, with a failed action".to_owned(),
        n => format!("completed, with {n} failed actions"),
    }
}

/// The plan as its actions tell it: `2/5` is the second of five.
pub(super) fn steps(events: &[Event]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for event in events {
        let (Some(id), Kind::ToolCall | Kind::ToolResult) = (&event.step_id, event.kind) else {
            continue;
        };
        let at = steps
            .iter()
            .position(|step| step.id == *id)
            .unwrap_or_else(|| {
                steps.push(Step {
                    id: id.clone(),
                    sequence: sequence(id),
                    title: event.tool.clone().unwrap_or_default(),
                    status: StepStatus::Running,
                    started_at: event.time,
                    ..Step::default()
                });
                steps.len() - 1
            });
        if let (Kind::ToolResult, Some(step)) = (event.kind, steps.get_mut(at)) {
            step.ended_at = event.time;
            step.status = match event.is_error {
                Some(true) => StepStatus::Failed,
                Some(false) => StepStatus::Succeeded,
                None => StepStatus::Unknown,
            };
        }
    }
    steps
}
