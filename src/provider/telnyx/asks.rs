//! Asks → requests. Sizes are chosen here: the largest page the service allows holds 1,000 rows, but
//! payloads have no limit of their own, so event pages stay at half of that. Filters take one of the
//! service's own words; what has none is asked for without a filter.

use super::{asides, follow, page};
use crate::model::{Ask, Kind, Only, Page, Request, RunRef, RunStatus};

/// Rows in a page of missions or runs.
const RECORDS: u32 = 100;
/// Rows in a page of events.
const EVENTS: u32 = 500;

const MISSIONS: &str = "/ai/missions";
const MISSION: &str = "/ai/missions/{}";
const ALL_RUNS: &str = "/ai/missions/runs";
const ALL_EVENTS: &str = "/ai/missions/events";
const RUNS: &str = "/ai/missions/{}/runs";
const RUN: &str = "/ai/missions/{}/runs/{}";
const PLAN: &str = "/ai/missions/{}/runs/{}/plan";
const RUN_EVENTS: &str = "/ai/missions/{}/runs/{}/events";
const EVENT: &str = "/ai/missions/{}/runs/{}/events/{}";

/// The templates of all of them.
pub(super) const ROUTES: &[&str] = &[
    MISSIONS,
    MISSION,
    ALL_RUNS,
    ALL_EVENTS,
    RUNS,
    RUN,
    PLAN,
    RUN_EVENTS,
    EVENT,
    asides::TOOLS,
    asides::KNOWLEDGE_BASES,
    asides::MCP_SERVERS,
    asides::AGENTS,
];

/// What to send.
pub(super) fn request(ask: &Ask) -> Option<Request> {
    Some(match ask {
        Ask::Missions { page } => paged(Request::get(MISSIONS, &[]), page, RECORDS),
        Ask::Mission { mission } if is_literal(mission) => return None,
        Ask::Mission { mission } => Request::get(MISSION, &[mission]),
        Ask::Runs {
            mission,
            status,
            page,
        } => runs(Request::get(RUNS, &[mission]), *status, page),
        Ask::AllRuns { status, page } => runs(Request::get(ALL_RUNS, &[]), *status, page),
        Ask::Run(run) => Request::get(RUN, &[&run.mission, &run.run]),
        Ask::Steps(run) => Request::get(PLAN, &[&run.mission, &run.run]),
        Ask::Events { run, page } if page.after.is_some() => follow::request(events(run), page),
        Ask::Events { run, page } => paged(events(run), page, EVENTS),
        Ask::Picked { run, only, page } => paged(picked(run, only, page), page, EVENTS),
        Ask::AllEvents { kind, page } => {
            let all = Request::get(ALL_EVENTS, &[]);
            // Of several words only the first list would be read in time, so it is all or one.
            let all = match kind.map(words) {
                Some([word]) => all.with("type", word),
                _ => all,
            };
            paged(all, page, EVENTS)
        }
        Ask::Event { run, event } => Request::get(EVENT, &[&run.mission, &run.run, event]),
        Ask::Aside { of, what, page } => return asides::request(of, what, page),
        // There is no such list: who asks knows which source has one.
        Ask::Named { .. } | Ask::Part { .. } => return None,
        Ask::Check => paged(Request::get(MISSIONS, &[]), &Page::default(), 1),
    })
}

/// Two words stand where a mission's id does, and are lists of their own.
fn is_literal(mission: &str) -> bool {
    matches!(mission, "" | "runs" | "events")
}

fn events(run: &RunRef) -> Request {
    Request::get(RUN_EVENTS, &[&run.mission, &run.run])
}

fn runs(request: Request, status: Option<RunStatus>, page: &Page) -> Request {
    let request = match status.and_then(status_word) {
        Some(word) => request.with("status", word),
        None => request,
    };
    paged(request, page, RECORDS)
}

fn picked(run: &RunRef, only: &Only, page: &Page) -> Request {
    let words = only.kind.map_or(&[][..], words);
    let filters = [
        ("type", words.get(page::list(page)).copied()),
        ("step_id", only.step.as_deref()),
        ("agent_id", only.agent.as_deref()),
    ];
    let given = filters.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some((name, value))
    });
    given.fold(events(run), |request, (name, value)| {
        request.with(name, value)
    })
}

fn paged(request: Request, page: &Page, size: u32) -> Request {
    request
        .with("page[number]", page::number(page))
        .with("page[size]", size)
}

/// How many lists answer the ask one after the other: the filter by type takes one word, and some
/// kinds have several.
pub(super) fn lists(ask: &Ask) -> usize {
    match ask {
        Ask::Picked { only, .. } => only.kind.map_or(1, |kind| words(kind).len().max(1)),
        _ => 1,
    }
}

/// The service's filter takes one of its own words; states that it does not have are not filtered.
fn status_word(status: RunStatus) -> Option<&'static str> {
    match status {
        RunStatus::Pending
        | RunStatus::Running
        | RunStatus::Paused
        | RunStatus::Succeeded
        | RunStatus::Failed
        | RunStatus::Cancelled => Some(status.word()),
        RunStatus::TimedOut | RunStatus::Unknown => None,
    }
}

/// The service's words for a kind; none where it has none, or any word would do.
fn words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::ToolCall => &["tool_call"],
        Kind::ToolResult => &["tool_result"],
        Kind::Message => &["message"],
        Kind::Error => &["error"],
        Kind::Data => &["custom"],
        Kind::Status => &["status_change"],
        Kind::Step => &["step_started", "step_completed", "step_failed"],
        _ => &[],
    }
}
