//! The lists whose rows are small objects: agents, tasks, spans, states, trackers. Filters, order
//! and pages as this service does them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::fault::Fault;
use super::query::{Checks, Query};
use super::world::{Task, World};

type Body = Result<String, Fault>;

const STATUSES: [&str; 8] = [
    "RUNNING",
    "INTERRUPTED",
    "COMPLETED",
    "FAILED",
    "CANCELED",
    "TERMINATED",
    "TIMED_OUT",
    "DELETED",
];

pub fn agents(world: &World, query: &Query) -> Body {
    let page = query.page(Checks::Bounded(i64::MAX))?;
    let of = query.text("task_id").map(|id| {
        world
            .task(id)
            .map(|task| task.agents.as_slice())
            .unwrap_or_default()
    });
    let wanted = world
        .agents
        .iter()
        .filter(|agent| of.is_none_or(|ids| ids.contains(&agent.id)));
    let mut rows: Vec<Value> = wanted.map(|agent| world.agent_row(agent)).collect();
    query.sort(&mut rows, &["updated_at", "created_at"]);
    Ok(cut(rows, page))
}

pub fn tasks(world: &World, query: &Query) -> Body {
    let page = query.page(Checks::Tasks)?;
    let status = query.text("status");
    if let Some(status) = status.filter(|status| !STATUSES.contains(status)) {
        let why = format!("Input should be one of {}", STATUSES.join(", "));
        return Err(Fault::parameter(
            "status",
            "enum",
            &why,
            &format!("'{status}'"),
        ));
    }
    if status == Some("DELETED") {
        return Err(Fault::app(
            StatusCode::BAD_REQUEST,
            "Deleted tasks cannot be listed",
        ));
    }
    let metadata = query
        .text("task_metadata")
        .map(metadata_filter)
        .transpose()?;
    let agent = query.text("agent_id");
    let named = query.text("agent_name").map(|name| {
        world
            .agents
            .iter()
            .find(|a| a.cast.name == name)
            .map(|a| &a.id)
    });
    let of = |task: &Task| {
        world.clock.has_happened(task.script.created)
            && agent.is_none_or(|id| task.agents.iter().any(|own| own == id))
            && named.is_none_or(|id| id.is_some_and(|id| task.agents.contains(id)))
    };
    let with_agents = wants_agents(query)?;
    let mut rows: Vec<Value> = world
        .tasks
        .iter()
        .filter(|task| of(task))
        .map(|task| world.task_row(task, with_agents))
        .collect();
    rows.retain(|row| status.is_none_or(|status| row.get("status") == Some(&json!(status))));
    rows.retain(|row| {
        metadata
            .as_ref()
            .is_none_or(|want| contains(row.get("task_metadata"), want))
    });
    query.sort(&mut rows, &["updated_at", "created_at"]);
    Ok(cut(rows, page))
}

/// `relationships` may be repeated, and knows one value.
fn wants_agents(query: &Query) -> Result<bool, Fault> {
    if let Some(odd) = query.all("relationships").find(|value| *value != "agents") {
        return Err(Fault::parameter(
            "relationships",
            "enum",
            "Input should be 'agents'",
            &format!("'{odd}'"),
        ));
    }
    Ok(query.all("relationships").next().is_some())
}

fn metadata_filter(text: &str) -> Result<Value, Fault> {
    let bad = || {
        Fault::app(
            StatusCode::BAD_REQUEST,
            "task_metadata must be a non-empty JSON object",
        )
    };
    let value: Value = serde_json::from_str(text).map_err(|_| bad())?;
    if value.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(bad());
    }
    Ok(value)
}

/// Whether `has` holds everything `want` names.
fn contains(has: Option<&Value>, want: &Value) -> bool {
    match (has, want) {
        (Some(has), Value::Object(want)) => {
            want.iter().all(|(key, want)| contains(has.get(key), want))
        }
        (has, want) => has == Some(want),
    }
}

pub fn known<'a>(world: &'a World, id: &str) -> Result<&'a Task, Fault> {
    world.task(id).ok_or_else(|| Fault::no_id(id))
}

/// One task: the row of the list and its `params`.
pub fn whole_task(world: &World, task: &Task, query: &Query) -> String {
    let mut row = world.task_row(task, query.all("relationships").next().is_some());
    if let Some(fields) = row.as_object_mut() {
        fields.insert("params".into(), task.script.params.clone());
    }
    row.to_string()
}

pub fn spans(world: &World, query: &Query) -> Body {
    let page = query.page(Checks::Bounded(1000))?;
    let mut rows: Vec<Value> = world
        .tasks
        .iter()
        .flat_map(|task| world.spans(task))
        .collect();
    let is = |row: &Value, key: &str, id: &str| row.get(key).and_then(Value::as_str) == Some(id);
    if let Some(id) = query.text("task_id") {
        rows.retain(|row| is(row, "task_id", id) || is(row, "trace_id", id));
    }
    if let Some(id) = query.text("trace_id") {
        rows.retain(|row| is(row, "trace_id", id));
    }
    query.sort(&mut rows, &["start_time"]);
    Ok(cut(rows, page))
}

/// States and trackers: by task, by agent, or all there are.
pub fn by_task(
    world: &World,
    query: &Query,
    of: fn(&World, &Task) -> Vec<Value>,
    own: &[&str],
) -> Body {
    let page = query.page(Checks::Bounded(i64::MAX))?;
    let mut rows: Vec<Value> = match query.text("task_id") {
        Some(id) => of(world, known(world, id)?),
        None => world
            .tasks
            .iter()
            .flat_map(|task| of(world, task))
            .collect(),
    };
    if let Some(agent) = query.text("agent_id") {
        rows.retain(|row| row.get("agent_id") == Some(&json!(agent)));
    }
    query.sort(&mut rows, own);
    Ok(cut(rows, page))
}

fn cut(rows: Vec<Value>, (limit, skip): (usize, usize)) -> String {
    Value::Array(rows.into_iter().skip(skip).take(limit).collect()).to_string()
}
