//! The demo server that speaks Vectara's agent API: agents, sessions and events under `/v2`.
//! It keeps the service's habits: newest events first, ten rows unless asked otherwise, events that
//! a compaction hid left out, a page key on the last page of events. It only answers GET.
//! Types that the service sends in streams only are listed here too, so that reading them can be
//! seen. Files, schedules and traces lie beside the sessions. `filter` matches plain text where the service takes a regular expression.

mod files;
mod long;
mod page;
mod refusal;
mod schedules;
mod tell;
mod traces;
mod world;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::page::Page;
use self::refusal::Refusal;
use self::world::World;
use crate::demo::clock::Clock;

type Params = Query<HashMap<String, String>>;
type Answer = Result<Response, Refusal>;

/// The service's API. Every request must carry `key` in `x-api-key`.
pub fn router(clock: Clock, key: &str) -> Router {
    let key: Arc<str> = key.into();
    Router::new()
        .route("/v2/agents", get(agents))
        .route("/v2/agents/{agent}", get(agent))
        .route("/v2/agents/{agent}/sessions", get(sessions))
        .route("/v2/agents/{agent}/sessions/{session}", get(session))
        .route("/v2/agents/{agent}/sessions/{session}/events", get(events))
        .route(
            "/v2/agents/{agent}/sessions/{session}/events/{event}",
            get(event),
        )
        .route(
            "/v2/agents/{agent}/sessions/{session}/outstanding_client_tool_calls",
            get(outstanding),
        )
        .merge(files::routes())
        .merge(schedules::routes())
        .merge(traces::routes())
        .fallback(no_route)
        .method_not_allowed_fallback(no_writing)
        .layer(middleware::from_fn(move |request, next| {
            admit(Arc::clone(&key), request, next)
        }))
        .with_state(Arc::new(World::told(clock)))
}

async fn admit(key: Arc<str>, request: Request, next: Next) -> Response {
    let headers: &HeaderMap = request.headers();
    let sent = headers
        .get("x-api-key")
        .and_then(|value| value.to_str().ok());
    if sent == Some(&*key) {
        return next.run(request).await;
    }
    Refusal::unauthorized().into_response()
}

async fn no_route(uri: Uri) -> Refusal {
    Refusal::no_route(uri.path())
}

async fn no_writing() -> Refusal {
    Refusal::read_only()
}

async fn agents(State(world): State<Arc<World>>, uri: Uri, Query(params): Params) -> Answer {
    let page = Page::asked(uri.path(), &params, 100)?;
    let enabled = params.get("enabled").map(|word| word == "true");
    let rows: Vec<String> = world
        .agents()
        .filter(|agent| enabled.is_none_or(|wanted| agent.enabled() == wanted))
        .filter(|agent| page::matches(&params, &agent.head))
        .map(|agent| world.agent_json(agent))
        .collect();
    Ok(json(page.cut("agents", &rows, false)))
}

async fn agent(State(world): State<Arc<World>>, Path(key): Path<String>) -> Answer {
    let agent = world.agent(&key)?;
    Ok(json(world.agent_json(agent)))
}

async fn sessions(
    State(world): State<Arc<World>>,
    Path(key): Path<String>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let page = Page::asked(uri.path(), &params, 100)?;
    if params.contains_key("metadata_filter") {
        return Err(Refusal::bad("metadata_filter", "is not supported here"));
    }
    let rows: Vec<String> = world
        .sessions(world.agent(&key)?)
        .filter(|session| page::matches(&params, &session.head))
        .map(|session| world.session_json(session))
        .collect();
    Ok(json(page.cut("sessions", &rows, false)))
}

async fn session(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
) -> Answer {
    let session = world.session(&agent, &key)?;
    Ok(json(world.session_json(session)))
}

async fn events(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let session = world.session(&agent, &key)?;
    let page = Page::asked(uri.path(), &params, 100)?;
    let hidden_too = match params.get("include_hidden").map(String::as_str) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::bad("include_hidden", "must be true or false")),
    };
    let rows: Vec<&str> = world
        .events(session)
        .rev()
        .filter(|event| hidden_too || !event.hidden)
        .map(|event| event.json.as_str())
        .collect();
    Ok(json(page.cut("events", &rows, true)))
}

async fn event(
    State(world): State<Arc<World>>,
    Path((agent, key, id)): Path<(String, String, String)>,
) -> Answer {
    let session = world.session(&agent, &key)?;
    world
        .events(session)
        .find(|event| event.id == id)
        .map(|event| json(event.json.clone()))
        .ok_or_else(|| Refusal::not_found(&id, "Event not found."))
}

async fn outstanding(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
) -> Answer {
    let session = world.session(&agent, &key)?;
    Ok(json(world.outstanding_json(session)))
}

fn json(body: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::OK, kind, body).into_response()
}

#[cfg(test)]
mod tests;
