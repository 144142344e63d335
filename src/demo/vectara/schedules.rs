//! Schedules of an agent and what they started. The list has the service's habits: it names a
//! schedule by its key and calls every cron an hourly interval; only the single one tells the truth.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::page::Page;
use super::refusal::Refusal;
use super::world::{Schedule, World, text};
use super::{Answer, Params, tell};

pub(super) fn routes() -> Router<Arc<World>> {
    let one = "/v2/agents/{agent}/schedules/{schedule}";
    let executed = "/v2/agents/{agent}/schedules/{schedule}/executions";
    Router::new()
        .route("/v2/agents/{agent}/schedules", get(list))
        .route(one, get(schedule))
        .route(executed, get(executions))
}

async fn list(
    State(world): State<Arc<World>>,
    Path(agent): Path<String>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let page = Page::asked(uri.path(), &params, 100)?;
    let schedules = &world.agent(&agent)?.schedules;
    let rows: Vec<String> = schedules
        .iter()
        .map(|schedule| {
            let mut head = whole(&world, &agent, schedule);
            head.insert("name".to_owned(), text(&schedule.head, "key").into());
            let hourly = json!({"type": "interval", "interval": "PT1H"});
            head.insert("schedule".to_owned(), hourly);
            Value::Object(head).to_string()
        })
        .collect();
    Ok(super::json(page.cut("schedules", &rows, false)))
}

async fn schedule(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
) -> Answer {
    let found = found(&world, &agent, &key)?;
    let head = whole(&world, &agent, found);
    Ok(super::json(Value::Object(head).to_string()))
}

async fn executions(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let page = Page::asked(uri.path(), &params, 100)?;
    let found = found(&world, &agent, &key)?;
    let rows: Vec<String> = found
        .executions
        .iter()
        .map(|execution| {
            let mut execution = execution.clone();
            tell::date(&mut execution, world.clock);
            execution.to_string()
        })
        .collect();
    Ok(super::json(page.cut("executions", &rows, false)))
}

fn found<'a>(world: &'a World, agent: &str, key: &str) -> Result<&'a Schedule, Refusal> {
    let mut schedules = world.agent(agent)?.schedules.iter();
    schedules
        .find(|schedule| text(&schedule.head, "key") == key)
        .ok_or_else(|| Refusal::not_found(key, "Schedule not found."))
}

fn whole(world: &World, agent: &str, schedule: &Schedule) -> Map<String, Value> {
    let mut head = Value::Object(schedule.head.clone());
    tell::date(&mut head, world.clock);
    let Value::Object(mut head) = head else {
        return Map::new();
    };
    head.insert("agent_key".to_owned(), agent.into());
    head.insert("created_at".to_owned(), "1970-01-01T00:00:00Z".into());
    head
}
