//! The routes: a request in, a status and a body out. Credentials first, then the path; every
//! refusal in the service's own words.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

use super::fault::Fault;
use super::lists::{agents, by_task, known, spans, tasks, whole_task};
use super::messages::{events, export, message, messages, paginated};
use super::query::{Checks, Query};
use super::world::World;

/// What goes back over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: String,
    pub location: Option<String>,
    /// The task whose stream the answer is, instead of a body.
    pub stream_of: Option<String>,
}

type Body = Result<String, Fault>;

/// Answers one request.
pub fn answer(world: &World, method: &Method, uri: &Uri, headers: &HeaderMap) -> Answer {
    let path = uri.path();
    if path.len() > 1 && path.ends_with('/') {
        let host = headers
            .get("host")
            .and_then(|host| host.to_str().ok())
            .unwrap_or("localhost");
        let to = format!("http://{host}{}", path.trim_end_matches('/'));
        return Answer {
            status: StatusCode::TEMPORARY_REDIRECT,
            body: String::new(),
            location: Some(to),
            stream_of: None,
        };
    }
    let (status, body) = match route(world, method, uri, headers) {
        Ok(body) => (StatusCode::OK, body),
        Err(fault) => (fault.status, fault.body),
    };
    let is_stream = status == StatusCode::OK && path.ends_with("/stream");
    Answer {
        status,
        stream_of: is_stream.then(|| body.clone()),
        body,
        location: None,
    }
}

fn route(world: &World, method: &Method, uri: &Uri, headers: &HeaderMap) -> Body {
    let parts: Vec<&str> = uri.path().split('/').skip(1).collect();
    if let Some(body) = open(&parts) {
        return Ok(body);
    }
    admit(world, headers)?;
    if method != Method::GET {
        return Err(Fault::detail(
            StatusCode::METHOD_NOT_ALLOWED,
            "Method Not Allowed",
        ));
    }
    let query = Query::parse(uri.query().unwrap_or_default());
    match parts.as_slice() {
        ["agents"] => agents(world, &query),
        ["agents", "name", name] => one(world.agents.iter().find(|a| a.cast.name == *name), |a| {
            world.agent_row(a)
        })
        .ok_or_else(|| Fault::no_name(name)),
        ["agents", id, "deployments"] => {
            let agent = world.agents.iter().find(|agent| agent.id == *id);
            let agent = agent.ok_or_else(|| Fault::no_id(id))?;
            cut_page(&query, world.deployments(agent))
        }
        ["agents", id, "schedules"] => {
            let agent = world.agents.iter().find(|agent| agent.id == *id);
            let agent = agent.ok_or_else(|| Fault::no_id(id))?;
            query.bounded("limit", 100, 1000)?;
            let rows = world.schedules(agent);
            Ok(json!({"total": rows.len(), "run_schedules": rows}).to_string())
        }
        ["agents", id] => one(world.agents.iter().find(|a| a.id == *id), |a| {
            world.agent_row(a)
        })
        .ok_or_else(|| Fault::no_id(id)),
        ["tasks"] => tasks(world, &query),
        ["tasks", "name", name] => {
            let named = world
                .tasks
                .iter()
                .find(|task| task.script.slug == *name && !task.script.unnamed);
            named
                .map(|task| whole_task(world, task, &query))
                .ok_or_else(|| Fault::no_name(name))
        }
        ["tasks", id] => Ok(whole_task(world, known(world, id)?, &query)),
        // The body is the task's id, for the stream that takes its place.
        ["tasks", id, "stream"] => Ok(known(world, id)?.id.clone()),
        ["tasks", id, "export"] => Ok(export(world, known(world, id)?)),
        ["messages"] => messages(world, &query),
        ["messages", "paginated"] => paginated(world, &query),
        ["messages", id] => message(world, id),
        ["events"] => events(world, &query),
        ["events", id] => one(
            world
                .inbox
                .iter()
                .find(|e| e.id == *id && world.clock.has_happened(e.at)),
            |e| world.event_row(e),
        )
        .ok_or_else(|| Fault::no_id(id)),
        ["spans"] => spans(world, &query),
        ["spans", id] => by_id(world.tasks.iter().flat_map(|task| world.spans(task)), id),
        ["states"] => by_task(world, &query, World::states, &[]),
        ["states", id] => by_id(world.tasks.iter().flat_map(|task| world.states(task)), id),
        ["tracker"] => by_task(
            world,
            &query,
            World::trackers,
            &["updated_at", "created_at"],
        ),
        ["tracker", id] => by_id(world.tasks.iter().flat_map(|task| world.trackers(task)), id),
        _ => Err(Fault::detail(StatusCode::NOT_FOUND, "Not Found")),
    }
}

/// Paths that need no credential.
fn open(parts: &[&str]) -> Option<String> {
    let body = match parts {
        ["openapi.json"] => {
            json!({"openapi": "3.1.0", "info": {"title": "Agentex API", "version": "0.1.0"}, "paths": {}})
        }
        ["healthz" | "health"] => json!({"status": "ok"}),
        ["readyz" | "healthcheck"] => {
            let well = json!({"healthy": true});
            json!({"status": "ok", "checks": {"postgres": well, "redis": well, "mongodb": well}})
        }
        _ => return None,
    };
    Some(body.to_string())
}

/// Looks at the credentials in the service's order: agent identity, agent key, then people.
fn admit(world: &World, headers: &HeaderMap) -> Result<(), Fault> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let stranger = || Fault::detail(StatusCode::UNAUTHORIZED, "Agent Unauthorized");
    if let Some(id) = header("x-agent-identity") {
        return if world.agents.iter().any(|agent| agent.id == id) {
            Ok(())
        } else {
            Err(stranger())
        };
    }
    if let Some(key) = header("x-agent-api-key") {
        return if key == world.key {
            Ok(())
        } else {
            Err(stranger())
        };
    }
    let bearer =
        header("authorization").and_then(|value| value.strip_prefix("Bearer ")) == Some(&world.key);
    let account = header("x-selected-account-id").is_some_and(|id| !id.is_empty());
    let keyed = header("x-api-key") == Some(&world.key) && account;
    if bearer || keyed {
        return Ok(());
    }
    Err(Fault::detail(StatusCode::UNAUTHORIZED, "Unauthorized"))
}

/// A page of a small list, in the order given.
fn cut_page(query: &Query, rows: Vec<Value>) -> Body {
    let (limit, skip) = query.page(Checks::Bounded(i64::MAX))?;
    let page = rows.into_iter().skip(skip).take(limit).collect();
    Ok(Value::Array(page).to_string())
}

fn one<T>(found: Option<T>, row: impl Fn(T) -> Value) -> Option<String> {
    found.map(|found| row(found).to_string())
}

fn by_id(mut rows: impl Iterator<Item = Value>, id: &str) -> Body {
    let found = rows.find(|row| row.get("id").and_then(Value::as_str) == Some(id));
    found
        .map(|row| row.to_string())
        .ok_or_else(|| Fault::no_id(id))
}
