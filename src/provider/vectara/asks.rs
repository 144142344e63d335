//! Asks → requests. Lists are asked a hundred rows at a time, the most that the service gives (its
//! default is ten), and events with those that a compaction hid.

use super::cursor::Cursor;
use super::session::Peek;
use crate::model::{Ask, Page, Request};

const AGENTS: &str = "/agents";
const AGENT: &str = "/agents/{}";
const SESSIONS: &str = "/agents/{}/sessions";
const SESSION: &str = "/agents/{}/sessions/{}";
const EVENTS: &str = "/agents/{}/sessions/{}/events";
const EVENT: &str = "/agents/{}/sessions/{}/events/{}";

/// The templates of all requests.
pub(super) const ROUTES: &[&str] = &[AGENTS, AGENT, SESSIONS, SESSION, EVENTS, EVENT];

pub(super) fn request(ask: &Ask) -> Option<Request> {
    Some(match ask {
        Ask::Missions { page } => paged(Request::get(AGENTS, &[]), page),
        Ask::Mission { mission } => Request::get(AGENT, &[mission]),
        Ask::Runs { mission, page, .. } => paged(Request::get(SESSIONS, &[mission]), page),
        Ask::Run(run) => Request::get(SESSION, &[&run.mission, &run.run]),
        Ask::Events { run, page } => {
            let events = Request::get(EVENTS, &[&run.mission, &run.run]);
            let events = match Peek::of(page) {
                Some(_) => events.with("limit", 1),
                None => paged(events, page),
            };
            events.with("include_hidden", true)
        }
        Ask::Event { run, event } => Request::get(EVENT, &[&run.mission, &run.run, event]),
        // Steps are known from the events alone.
        Ask::Steps(_)
        | Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Aside { .. }
        | Ask::Check => return None,
    })
}

fn paged(request: Request, page: &Page) -> Request {
    let request = request.with("limit", 100);
    match Cursor::of(page).key {
        key if key.is_empty() => request,
        key => request.with("page_key", key),
    }
}

/// The same list from its beginning; none for what is no later page or was begun again before.
pub(super) fn from_the_start(ask: &Ask) -> Option<Ask> {
    let mut ask = ask.clone();
    let (Ask::Missions { page } | Ask::Runs { page, .. } | Ask::Events { page, .. }) = &mut ask
    else {
        return None;
    };
    let cursor = Cursor::of(page);
    if cursor.key.is_empty() || cursor.again {
        return None;
    }
    *page = Cursor::again();
    Some(ask)
}
