//! One function per read of the service. Ids are checked before anything is looked up, as the
//! framework does; what is found is handed to `answers` as JSON text.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::answers::{all, invalid, missing, no_route, one, paged, raw};
use super::page::{Query, not_uuids};
use super::story::{Ledger, Mission, Row, Run, text, written};

type Books = State<Arc<Ledger>>;
type Two = Path<(String, String)>;
type Three = Path<(String, String, String)>;

const SIZE: usize = 20;
const EVENTS_SIZE: usize = 50;

pub(super) async fn missions(State(books): Books, RawQuery(query): RawQuery) -> Response {
    let page = match Query::parse(query.as_deref()).page(SIZE) {
        Ok(page) => page,
        Err(faults) => return invalid(&faults),
    };
    let mut newest: Vec<&Mission> = books.missions.iter().collect();
    newest.sort_by(|a, b| b.created().total_cmp(&a.created()));
    let told: Vec<String> = newest.iter().map(|m| m.told(books.clock)).collect();
    paged(&told, page)
}

pub(super) async fn mission(State(books): Books, Path(id): Path<String>) -> Response {
    match known_mission(&books, &id) {
        Ok(mission) => one(&mission.told_whole(books.clock)),
        Err(answer) => *answer,
    }
}

pub(super) async fn recent_runs(State(books): Books, RawQuery(query): RawQuery) -> Response {
    let of = books
        .missions
        .iter()
        .flat_map(|m| m.runs.iter().map(move |run| (m, run)));
    list_runs(&books, of.collect(), query.as_deref())
}

pub(super) async fn runs(
    State(books): Books,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match known_mission(&books, &id) {
        Ok(mission) => {
            let of = mission.runs.iter().map(|run| (mission, run)).collect();
            list_runs(&books, of, query.as_deref())
        }
        Err(answer) => *answer,
    }
}

fn list_runs(books: &Ledger, mut of: Vec<(&Mission, &Run)>, query: Option<&str>) -> Response {
    let query = Query::parse(query);
    let page = match query.page(SIZE) {
        Ok(page) => page,
        Err(faults) => return invalid(&faults),
    };
    of.sort_by(|(_, a), (_, b)| b.at.total_cmp(&a.at));
    let now = of
        .iter()
        .map(|(mission, run)| run.now(mission.id(), books.clock));
    let told: Vec<String> = now
        .filter(|run| query.lets("status", text(run, "status")))
        .map(written)
        .collect();
    paged(&told, page)
}

pub(super) async fn run(State(books): Books, Path((mission, run)): Two) -> Response {
    match known_run(&books, &mission, &run) {
        Ok(run) => one(&written(run.now(&mission, books.clock))),
        Err(answer) => *answer,
    }
}

pub(super) async fn plan(State(books): Books, Path((mission, run)): Two) -> Response {
    match known_run(&books, &mission, &run) {
        Ok(run) => {
            let steps: Vec<String> = run.plan(books.clock).into_iter().map(written).collect();
            all(&steps)
        }
        Err(answer) => *answer,
    }
}

pub(super) async fn step(State(books): Books, Path((mission, run, step)): Three) -> Response {
    let run = match known_run(&books, &mission, &run) {
        Ok(run) => run,
        Err(answer) => return *answer,
    };
    let mut steps = run.plan(books.clock).into_iter();
    match steps.find(|known| text(known, "step_id") == Some(&step)) {
        Some(step) => one(&written(step)),
        None => missing("Step"),
    }
}

pub(super) async fn recent_events(State(books): Books, RawQuery(query): RawQuery) -> Response {
    let runs = books.missions.iter().flat_map(|mission| &mission.runs);
    let mut rows: Vec<&Row> = runs.flat_map(|run| run.rows(books.clock)).collect();
    rows.sort_by(|a, b| b.at.total_cmp(&a.at));
    list_events(&books, rows, query.as_deref(), &["type"])
}

pub(super) async fn events(
    State(books): Books,
    Path((mission, run)): Two,
    RawQuery(query): RawQuery,
) -> Response {
    match known_run(&books, &mission, &run) {
        Ok(run) => {
            let rows = run.rows(books.clock).iter().collect();
            list_events(
                &books,
                rows,
                query.as_deref(),
                &["type", "step_id", "agent_id"],
            )
        }
        Err(answer) => *answer,
    }
}

fn list_events(books: &Ledger, rows: Vec<&Row>, query: Option<&str>, by: &[&str]) -> Response {
    let query = Query::parse(query);
    let page = match query.page(EVENTS_SIZE) {
        Ok(page) => page,
        Err(faults) => return invalid(&faults),
    };
    let told: Vec<&str> = rows
        .into_iter()
        .filter(|row| books.clock.has_happened(row.at))
        .filter(|row| by.iter().all(|name| query.lets(name, member(row, name))))
        .map(|row| row.text.as_str())
        .collect();
    paged(&told, page)
}

fn member<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    match name {
        "type" => Some(&row.kind),
        "step_id" => row.step.as_deref(),
        _ => row.agent.as_deref(),
    }
}

pub(super) async fn event(State(books): Books, Path((mission, run, event)): Three) -> Response {
    let run = match known_run(&books, &mission, &run) {
        Ok(run) => run,
        Err(answer) => return *answer,
    };
    let mut happened = run
        .rows(books.clock)
        .iter()
        .filter(|row| books.clock.has_happened(row.at));
    match happened.find(|row| row.id == event) {
        Some(row) => one(&row.text),
        None => missing("Event"),
    }
}

pub(super) async fn agents(State(books): Books, Path((mission, run)): Two) -> Response {
    match known_run(&books, &mission, &run) {
        Ok(run) => all(&run.agents(books.clock)),
        Err(answer) => *answer,
    }
}

/// Tools, knowledge bases and MCP servers: untyped in the contract, and no UUID asked for.
pub(super) async fn side_list(State(books): Books, Path((mission, side)): Two) -> Response {
    let Some(name) = side_name(&side) else {
        return no_route();
    };
    match books.mission(&mission) {
        Some(mission) if mission.lacks(name) => no_route(),
        Some(mission) => {
            let body = mission.side(name).map(Value::to_string);
            raw(
                StatusCode::OK,
                body.unwrap_or_else(|| "{\"data\":[]}".to_owned()),
            )
        }
        None => missing("Mission"),
    }
}

pub(super) async fn side_item(State(books): Books, Path((mission, side, item)): Three) -> Response {
    let Some(name) = side_name(&side) else {
        return no_route();
    };
    let body = books
        .mission(&mission)
        .and_then(|mission| mission.side(name));
    let list = body.map(|body| body.get("data").unwrap_or(body));
    let mut rows = list.and_then(Value::as_array).into_iter().flatten();
    let ids = ["id", "tool_id", "knowledge_base_id", "mcp_server_id"];
    match rows.find(|row| {
        ids.iter()
            .any(|id| row.get(id).and_then(Value::as_str) == Some(&item))
    }) {
        Some(row) => one(&row.to_string()),
        None => missing("Item"),
    }
}

fn side_name(segment: &str) -> Option<&'static str> {
    match segment {
        "tools" => Some("tools"),
        "knowledge-bases" => Some("knowledge_bases"),
        "mcp-servers" => Some("mcp_servers"),
        _ => None,
    }
}

fn known_mission<'a>(books: &'a Ledger, id: &str) -> Result<&'a Mission, Box<Response>> {
    let faults = not_uuids(&[("mission_id", id)]);
    if !faults.is_empty() {
        return Err(Box::new(invalid(&faults)));
    }
    books
        .mission(id)
        .ok_or_else(|| Box::new(missing("Mission")))
}

fn known_run<'a>(books: &'a Ledger, mission: &str, run: &str) -> Result<&'a Run, Box<Response>> {
    let faults = not_uuids(&[("mission_id", mission), ("run_id", run)]);
    if !faults.is_empty() {
        return Err(Box::new(invalid(&faults)));
    }
    let mission = books
        .mission(mission)
        .ok_or_else(|| Box::new(missing("Mission")))?;
    mission.run(run).ok_or_else(|| Box::new(missing("Run")))
}
