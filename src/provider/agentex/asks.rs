//! What to send for each ask. Lists are ordered by creation, because the default order (last
//! change) moves while one pages; never a trailing slash, which the service answers with a redirect.

use super::paging::{is_numbered, number};
use crate::model::{Ask, Page, Request, RunRef, RunStatus};

/// Agents a page.
pub const AGENTS: usize = 200;
/// Tasks a page.
pub const TASKS: usize = 100;
/// Messages a page.
pub const MESSAGES: usize = 200;

/// The templates of all requests.
pub const ROUTES: &[&str] = &[
    "/agents",
    "/agents/{}",
    "/tasks",
    "/tasks/{}",
    "/messages",
    "/messages/{}",
    "/messages/paginated",
];

/// The request for an ask; none for plan steps, which the service does not have.
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
            let list = by_creation(of, TASKS, page).with("relationships", "agents");
            match status.and_then(word) {
                Some(word) => list.with("status", word),
                None => list,
            }
        }
        Ask::Run(run) => Request::get("/tasks/{}", &[&run.run]).with("relationships", "agents"),
        Ask::Events { run, page } => events(run, page),
        Ask::Event { event, .. } => Request::get("/messages/{}", &[event]),
        Ask::Steps(_)
        | Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Aside { .. }
        | Ask::Check => return None,
    };
    Some(request)
}

fn by_creation(request: Request, limit: usize, page: &Page) -> Request {
    request
        .with("limit", limit)
        .with("page_number", number(page))
        .with("order_by", "created_at")
}

/// By cursor, newest first, which is complete and stable. Where the server lacks that route, by
/// number and oldest first, so that new messages do not shift the pages.
fn events(run: &RunRef, page: &Page) -> Request {
    if is_numbered(page) {
        let list = Request::get("/messages", &[]).with("task_id", &run.run);
        return by_creation(list, MESSAGES, page).with("order_direction", "asc");
    }
    let list = Request::get("/messages/paginated", &[])
        .with("task_id", &run.run)
        .with("limit", MESSAGES);
    match &page.cursor {
        Some(cursor) => list.with("cursor", cursor),
        None => list,
    }
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
