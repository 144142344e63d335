//! Asks → requests. Sizes are chosen here: the largest page the service allows holds 1,000 rows, but
//! payloads have no limit of their own, so event pages stay at half of that.

use super::page;
use crate::model::{Ask, Page, Request, RunStatus};

/// Rows in a page of missions or runs.
const RECORDS: u32 = 100;
/// Rows in a page of events.
const EVENTS: u32 = 500;

const MISSIONS: &str = "/ai/missions";
const MISSION: &str = "/ai/missions/{}";
const RUNS: &str = "/ai/missions/{}/runs";
const RUN: &str = "/ai/missions/{}/runs/{}";
const PLAN: &str = "/ai/missions/{}/runs/{}/plan";
const RUN_EVENTS: &str = "/ai/missions/{}/runs/{}/events";
const EVENT: &str = "/ai/missions/{}/runs/{}/events/{}";

/// What to send.
pub(super) fn request(ask: &Ask) -> Option<Request> {
    Some(match ask {
        Ask::Missions { page } => paged(Request::get(MISSIONS, &[]), page, RECORDS),
        Ask::Mission { mission } => Request::get(MISSION, &[mission]),
        Ask::Runs {
            mission,
            status,
            page,
        } => {
            let runs = Request::get(RUNS, &[mission]);
            let runs = match status.and_then(status_word) {
                Some(word) => runs.with("status", word),
                None => runs,
            };
            paged(runs, page, RECORDS)
        }
        Ask::Run(run) => Request::get(RUN, &[&run.mission, &run.run]),
        Ask::Steps(run) => Request::get(PLAN, &[&run.mission, &run.run]),
        Ask::Events { run, page } => {
            let events = Request::get(RUN_EVENTS, &[&run.mission, &run.run]);
            paged(events, page, EVENTS)
        }
        Ask::Event { run, event } => Request::get(EVENT, &[&run.mission, &run.run, event]),
        Ask::Picked { .. }
        | Ask::AllRuns { .. }
        | Ask::AllEvents { .. }
        | Ask::Aside { .. }
        | Ask::Check => return None,
    })
}

/// The templates of all of them.
pub(super) const ROUTES: &[&str] = &[MISSIONS, MISSION, RUNS, RUN, PLAN, RUN_EVENTS, EVENT];

fn paged(request: Request, page: &Page, size: u32) -> Request {
    request
        .with("page[number]", page::number(page))
        .with("page[size]", size)
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
