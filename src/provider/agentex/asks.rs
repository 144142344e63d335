//! What to send for each ask. Lists are ordered by creation, because the default order (last
//! change) moves while one pages; never a trailing slash, which the service answers with a redirect.

use super::paging::{is_export, is_numbered, number};
use super::{aside, named};
use crate::model::{Ask, Kind, Of, Only, Page, Request, RunRef, RunStatus};

/// Agents a page.
pub const AGENTS: usize = 200;
/// Tasks a page.
pub const TASKS: usize = 100;
/// Messages a page.
pub const MESSAGES: usize = 200;
/// Messages a page of a transcript that is followed: the newest, and those still being written.
const NEWEST: usize = 50;
/// Inbox events a page, which is the most that the service allows.
pub const INBOX: usize = 1000;
/// Spans a page, which is the most that the service allows.
const SPANS: usize = 1000;
/// Spans a page where only new ones are wanted.
const NEW_SPANS: usize = 100;
/// States, trackers and deployments a page.
pub const SIDE: usize = 200;

/// The templates of all requests.
pub const ROUTES: &[&str] = &[
    "/agents",
    "/agents/{}",
    "/agents/name/{}",
    "/agents/{}/deployments",
    "/agents/{}/schedules",
    "/tasks",
    "/tasks/{}",
    "/tasks/name/{}",
    "/tasks/{}/export",
    "/tasks/{}/stream",
    "/messages",
    "/messages/{}",
    "/messages/paginated",
    "/events",
    "/events/{}",
    "/spans",
    "/spans/{}",
    "/states",
    "/tracker",
];

/// The request for an ask; none for plan steps, which the service does not have, and for events of
/// all tasks, which it does not list.
pub fn request(ask: &Ask) -> Option<Request> {
    let request = match ask {
        Ask::Missions { page } => by_creation(Request::get("/agents", &[]), AGENTS, page),
        Ask::Mission { mission } => Request::get("/agents/{}", &[mission]),
        Ask::Runs {
            mission,
            status,
            page,
        } => {
            let of = Request::get("/tasks", &[]).with("agent_id", mission);
            tasks(of, *status, page)
        }
        Ask::AllRuns { status, page } => tasks(Request::get("/tasks", &[]), *status, page),
        Ask::Run(run) => Request::get("/tasks/{}", &[&run.run]).with("relationships", "agents"),
        Ask::Events { run, page } => events(run, page),
        Ask::Picked { run, only, page } => picked(run, only, page)?,
        Ask::Event { event, .. } => Request::get("/messages/{}", &[event]),
        Ask::Named { id, way } => named::request(id, *way)?,
        Ask::Aside { of, what, page } => beside(of, what, page)?,
        // The list is narrowed to what the credential may see, and refused without a good one.
        Ask::Check => Request::get("/agents", &[]).with("limit", 1),
        Ask::Steps(_) | Ask::Part { .. } | Ask::AllEvents { .. } => return None,
    };
    Some(request)
}

/// Where the service pushes what happens in a task.
pub fn stream(run: &RunRef) -> Request {
    Request::get("/tasks/{}/stream", &[&run.run])
}

fn tasks(of: Request, status: Option<RunStatus>, page: &Page) -> Request {
    let list = by_creation(of, TASKS, page).with("relationships", "agents");
    match status.and_then(word) {
        Some(word) => list.with("status", word),
        None => list,
    }
}

fn by_creation(request: Request, limit: usize, page: &Page) -> Request {
    request
        .with("limit", limit)
        .with("page_number", number(page))
        .with("order_by", "created_at")
}

/// How many messages a page is asked for with.
pub fn messages_limit(page: &Page) -> usize {
    page.after.map_or(MESSAGES, |_| NEWEST)
}

/// By cursor, newest first, which is complete and stable. Where the server lacks that route, by
/// number and oldest first, so that new messages do not shift the pages; of a followed transcript
/// the newest ones are wanted, shifted or not.
fn events(run: &RunRef, page: &Page) -> Request {
    let limit = messages_limit(page);
    if is_export(page) {
        return Request::get("/tasks/{}/export", &[&run.run]);
    }
    if is_numbered(page) {
        let list = Request::get("/messages", &[]).with("task_id", &run.run);
        let way = page.after.map_or("asc", |_| "desc");
        return by_creation(list, limit, page).with("order_direction", way);
    }
    let list = Request::get("/messages/paginated", &[])
        .with("task_id", &run.run)
        .with("limit", limit);
    match &page.cursor {
        Some(cursor) => list.with("cursor", cursor),
        None => list,
    }
}

/// Messages of one type. Not by cursor: there the filter is lost after the first page.
fn picked(run: &RunRef, only: &Only, page: &Page) -> Option<Request> {
    if only.step.is_some() || only.agent.is_some() {
        return None;
    }
    let kind = only.kind?;
    if kind == Kind::Span {
        return beside(&Of::Run(run.clone()), aside::SPANS, page);
    }
    let sort = content_type(kind)?;
    let list = Request::get("/messages", &[]).with("task_id", &run.run);
    let list = by_creation(list, MESSAGES, page).with("order_direction", "asc");
    Some(list.with("filters", format!(r#"[{{"content":{{"type":"{sort}"}}}}]"#)))
}

/// The service's word for a kind of message. It refuses words that it does not know.
fn content_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Message => Some("text"),
        Kind::Reasoning => Some("reasoning"),
        Kind::Data => Some("data"),
        Kind::ToolCall => Some("tool_request"),
        Kind::ToolResult => Some("tool_response"),
        _ => None,
    }
}

/// How many spans a page is asked for with.
pub fn spans_limit(page: &Page) -> usize {
    page.after.map_or(SPANS, |_| NEW_SPANS)
}

fn beside(of: &Of, what: &str, page: &Page) -> Option<Request> {
    let numbered = |path, limit: usize| {
        Request::get(path, &[])
            .with("limit", limit)
            .with("page_number", number(page))
    };
    let request = match (of, what) {
        (Of::Run(run), aside::INBOX | aside::INBOX_OF_OTHER) => {
            let list = Request::get("/events", &[])
                .with("task_id", &run.run)
                .with("agent_id", &run.mission)
                .with("limit", INBOX);
            match &page.cursor {
                Some(last) => list.with("last_processed_event_id", last),
                None => list,
            }
        }
        (Of::Run(run), aside::SPANS | aside::TRACES) => {
            let way = page.after.map_or("asc", |_| "desc");
            let by = if what == aside::SPANS {
                "task_id"
            } else {
                "trace_id"
            };
            numbered("/spans", spans_limit(page))
                .with(by, &run.run)
                .with("order_direction", way)
        }
        (Of::Run(run), aside::STATES) => numbered("/states", SIDE).with("task_id", &run.run),
        (Of::Run(run), aside::TRACKERS) => numbered("/tracker", SIDE).with("task_id", &run.run),
        (Of::Run(run), aside::TASK) => Request::get("/tasks/{}", &[&run.run]),
        (Of::Run(run), aside::NAMED) => {
            Request::get("/tasks/name/{}", &[&run.run]).with("relationships", "agents")
        }
        (Of::Mission(mission), aside::NAMED) => Request::get("/agents/name/{}", &[mission]),
        (Of::Mission(mission), aside::DEPLOYMENTS) => {
            Request::get("/agents/{}/deployments", &[mission])
                .with("limit", SIDE)
                .with("order_by", "created_at")
        }
        (Of::Mission(mission), aside::SCHEDULES) => {
            Request::get("/agents/{}/schedules", &[mission]).with("limit", 1000)
        }
        _ => return None,
    };
    Some(request)
}

/// The service's word to filter by. Cancelled is two words there, and servers before `INTERRUPTED`
/// refuse it as a bad parameter: those are left to the caller's own filter.
fn word(status: RunStatus) -> Option<&'static str> {
    match status {
        RunStatus::Running => Some("RUNNING"),
        RunStatus::Succeeded => Some("COMPLETED"),
        RunStatus::Failed => Some("FAILED"),
        RunStatus::TimedOut => Some("TIMED_OUT"),
        RunStatus::Pending | RunStatus::Paused | RunStatus::Cancelled | RunStatus::Unknown => None,
    }
}
