//! Asks as requests. Lists always carry `from=1`, because without a limit in time the server repeats
//! a list for 15 seconds. The status filter is never sent: the server cuts its window before it
//! filters, and its words do not know a crash. Nothing lists the runs or the events of all agents, and
//! nothing picks among the events of a run.

use super::side;
use crate::model::{Ask, Page, Request, RunRef};

/// The most runs that the server gives at once.
const PAGE: u32 = 100;

/// The templates of all requests.
pub(super) const ROUTES: &[&str] = &[
    "/api/system/version",
    "/api/agents",
    "/api/agents/{}",
    "/api/agents/{}/runs",
    "/api/agents/{}/runs/{}",
    "/api/agents/{}/logs",
    "/api/agents/{}/rooms",
    "/api/agents/{}/rooms/{}",
    "/api/agents/{}/rooms/{}/memories",
];

pub(super) fn request(ask: &Ask) -> Option<Request> {
    match ask {
        Ask::Missions { .. } => Some(Request::get("/api/agents", &[])),
        Ask::Mission { mission } => Some(Request::get("/api/agents/{}", &[mission])),
        Ask::Runs { mission, page, .. } => Some(runs(mission, page)),
        Ask::Run(run) | Ask::Events { run, .. } | Ask::Event { run, .. } => Some(detail(run)),
        Ask::Aside { of, page, .. } => Some(side::of(page)?.request(of)),
        Ask::Check => Some(Request::get("/api/system/version", &[])),
        Ask::Steps(_)
        | Ask::Part { .. }
        | Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Named { .. } => None,
    }
}

fn runs(mission: &str, page: &Page) -> Request {
    let list = Request::get("/api/agents/{}/runs", &[mission])
        .with("limit", PAGE)
        .with("from", 1);
    match to(page) {
        Some(to) => list.with("to", to),
        None => list,
    }
}

/// The instant, in epoch milliseconds, up to which a page of runs goes.
pub(super) fn to(page: &Page) -> Option<i64> {
    page.cursor.as_deref()?.parse().ok()
}

fn detail(run: &RunRef) -> Request {
    let detail = Request::get("/api/agents/{}/runs/{}", &[&run.mission, &run.run]);
    match &run.room {
        Some(room) => detail.with("roomId", room),
        None => detail,
    }
}
