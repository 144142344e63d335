//! Asks → requests. Lists are asked a hundred rows at a time, the most that the service gives (its
//! default is ten), and events with those that a compaction hid. A look at a followed run asks for
//! fewer: bodies are always whole, so that a hundred events can be megabytes every few seconds.

use super::cursor::Cursor;
use super::look::Look;
use super::session::Peek;
use super::{artifact, aside, span};
use crate::model::{Ask, Page, Request, RunRef};

const AGENTS: &str = "/agents";
pub(super) const AGENT: &str = "/agents/{}";
pub(super) const SESSIONS: &str = "/agents/{}/sessions";
pub(super) const SESSION: &str = "/agents/{}/sessions/{}";
const EVENTS: &str = "/agents/{}/sessions/{}/events";
const EVENT: &str = "/agents/{}/sessions/{}/events/{}";
pub(super) const ARTIFACTS: &str = "/agents/{}/sessions/{}/artifacts";
const ARTIFACT: &str = "/agents/{}/sessions/{}/artifacts/{}";
pub(super) const WAITING: &str = "/agents/{}/sessions/{}/outstanding_client_tool_calls";
pub(super) const SCHEDULES: &str = "/agents/{}/schedules";
pub(super) const SCHEDULE: &str = "/agents/{}/schedules/{}";
pub(super) const EXECUTIONS: &str = "/agents/{}/schedules/{}/executions";
pub(super) const TRACES: &str = "/agent_analytics/traces";
pub(super) const SPANS: &str = "/agent_analytics/traces/{}/spans";
const SPAN: &str = "/agent_analytics/traces/{}/spans/{}";

/// The templates of all requests.
pub(super) const ROUTES: &[&str] = &[
    AGENTS, AGENT, SESSIONS, SESSION, EVENTS, EVENT, ARTIFACTS, ARTIFACT, WAITING, SCHEDULES,
    SCHEDULE, EXECUTIONS, TRACES, SPANS, SPAN,
];

/// Events in a page of a look at a followed run.
const LOOK: u32 = 20;

pub(super) fn request(ask: &Ask) -> Option<Request> {
    Some(match ask {
        Ask::Missions { page } => paged(Request::get(AGENTS, &[]), 100, page),
        Ask::Mission { mission } => Request::get(AGENT, &[mission]),
        Ask::Runs { mission, page, .. } => paged(Request::get(SESSIONS, &[mission]), 100, page),
        Ask::Run(run) => Request::get(SESSION, &[&run.mission, &run.run]),
        Ask::Events { run, page } => {
            let limit = match Look::of(page) {
                _ if Peek::of(page).is_some() => return Some(newest(run)),
                Some(look) if !look.wide => LOOK,
                _ => 100,
            };
            let events = Request::get(EVENTS, &[&run.mission, &run.run]);
            paged(events, limit, page).with("include_hidden", true)
        }
        Ask::Event { run, event } => {
            if let Some(artifact) = artifact::named(event) {
                Request::get(ARTIFACT, &[&run.mission, &run.run, artifact])
            } else if let Some((trace, span)) = span::named(event) {
                Request::get(SPAN, &[trace, span]).with("include_content", true)
            } else {
                Request::get(EVENT, &[&run.mission, &run.run, event])
            }
        }
        Ask::Aside { of, what, page } => return aside::request(of, what, page),
        Ask::Check => Request::get(AGENTS, &[]).with("limit", 1),
        // Steps are known from the events alone, and there are no lists over all agents.
        Ask::Steps(_)
        | Ask::Part { .. }
        | Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Named { .. } => {
            return None;
        }
    })
}

/// The newest event of a session.
pub(super) fn newest(run: &RunRef) -> Request {
    let events = Request::get(EVENTS, &[&run.mission, &run.run]);
    events.with("limit", 1).with("include_hidden", true)
}

pub(super) fn paged(request: Request, limit: u32, page: &Page) -> Request {
    let request = request.with("limit", limit);
    match Cursor::of(page).key {
        key if key.is_empty() => request,
        key => request.with("page_key", key),
    }
}

/// The same list from its beginning; none for what is no later page or was begun again before.
pub(super) fn from_the_start(ask: &Ask) -> Option<Ask> {
    let mut ask = ask.clone();
    let sums = matches!(&ask, Ask::Aside { what, .. } if *what == aside::TRACES);
    let (Ask::Missions { page }
    | Ask::Runs { page, .. }
    | Ask::Events { page, .. }
    | Ask::Aside { page, .. }) = &mut ask
    else {
        return None;
    };
    let cursor = Cursor::of(page);
    if cursor.key.is_empty() || cursor.again {
        return None;
    }
    // What the pages so far come to would be counted twice.
    let note = match cursor.note.split_once('/') {
        Some((which, _)) if sums => which.to_owned(),
        _ => cursor.note,
    };
    *page = Cursor::again(page, note);
    Some(ask)
}
