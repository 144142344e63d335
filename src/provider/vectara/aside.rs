//! What the service keeps beside an agent or a session, each in a list of its own: what it is called
//! here, how it is asked for and what stands in for it where it cannot be had. A key may read the core
//! and not these; then the record says so, and nothing fails.

use super::cursor::Cursor;
use super::{artifact, asks, child, schedule, session, span, trace};
use crate::model::{Ask, Batch, Fact, Mission, Of, Page, Record, Reply, Request, Row, Run, RunRef};
use crate::provider::ReadError;
use crate::provider::wire::Raw;

/// The session alone, for a look at a followed run.
pub(super) const SESSION: &str = "session";
/// The files of a session.
pub(super) const ARTIFACTS: &str = "artifacts";
/// Its turns, as they were timed.
pub(super) const TRACES: &str = "traces";
/// What was timed in one turn.
pub(super) const SPANS: &str = "spans";
/// Calls that the caller must answer.
pub(super) const WAITING: &str = "waiting";
/// The agent of a session, for what it says of sub-agents.
pub(super) const CHILDREN: &str = "children";
/// The session of one sub-agent.
pub(super) const CHILD: &str = "child";
/// Its newest event.
pub(super) const CHILD_NEWEST: &str = "newest event of child";
/// What starts sessions of an agent.
pub(super) const SCHEDULES: &str = "schedules";
/// One of them: the list was seen to give wrong values.
pub(super) const SCHEDULE: &str = "schedule";
/// What one of them started.
pub(super) const EXECUTIONS: &str = "executions";
/// The sessions of an agent, to prove that they may be read.
pub(super) const PROOF: &str = "proof";

/// An ask beside a session.
pub(super) fn of_run(run: &RunRef, what: &'static str, page: Page) -> Ask {
    let of = Of::Run(run.clone());
    Ask::Aside { of, what, page }
}

/// An ask beside an agent; `note` says what of it.
pub(super) fn of_mission(mission: &str, what: &'static str, note: &str) -> Ask {
    let of = Of::Mission(mission.into());
    let page = if note.is_empty() {
        Page::default()
    } else {
        Cursor::noted(note.to_owned())
    };
    Ask::Aside { of, what, page }
}

pub(super) fn request(of: &Of, what: &str, page: &Page) -> Option<Request> {
    let note = Cursor::of(page).note;
    Some(match (of, what) {
        (Of::Run(run), SESSION) => Request::get(asks::SESSION, &[&run.mission, &run.run]),
        (Of::Run(run), WAITING) => Request::get(asks::WAITING, &[&run.mission, &run.run]),
        (Of::Run(run), CHILDREN) => Request::get(asks::AGENT, &[&run.mission]),
        (Of::Run(_), CHILD | CHILD_NEWEST) => return child::request(what, page),
        (Of::Run(run), ARTIFACTS) => {
            let request = Request::get(asks::ARTIFACTS, &[&run.mission, &run.run]);
            asks::paged(request, 100, page)
        }
        (Of::Run(run), TRACES) => {
            let request = Request::get(asks::TRACES, &[])
                .with("agent_key", &run.mission)
                .with("session_key", &run.run);
            asks::paged(request, 100, page)
        }
        (Of::Run(_), SPANS) => {
            // A sub-agent's spans join the events of its own session.
            let request = Request::get(asks::SPANS, &[&note]).with("exclude_subagents", true);
            asks::paged(request, 500, page)
        }
        (Of::Mission(agent), SCHEDULES) => {
            asks::paged(Request::get(asks::SCHEDULES, &[agent]), 100, page)
        }
        (Of::Mission(agent), SCHEDULE) => Request::get(asks::SCHEDULE, &[agent, &note]),
        (Of::Mission(agent), EXECUTIONS) => {
            asks::paged(Request::get(asks::EXECUTIONS, &[agent, &note]), 100, page)
        }
        (Of::Mission(agent), PROOF) => Request::get(asks::SESSIONS, &[agent]).with("limit", 1),
        _ => return None,
    })
}

pub(super) fn read(
    of: &Of,
    what: &str,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    match (of, what) {
        (Of::Run(run), SESSION) => session::looked(run, page, whole, reply),
        (Of::Run(run), WAITING) => session::waited(run, whole),
        (Of::Run(run), CHILDREN) => child::read(run, page, whole),
        (Of::Run(run), CHILD) => child::session(run, page, whole, reply),
        (Of::Run(run), CHILD_NEWEST) => child::newest(run, page, whole, reply),
        (Of::Run(run), ARTIFACTS) => artifact::list(run, page, whole, reply),
        (Of::Run(run), TRACES) => trace::list(run, page, whole, reply),
        (Of::Run(run), SPANS) => span::list(run, page, whole, reply),
        (Of::Mission(agent), SCHEDULES) => schedule::list(agent, page, whole, reply),
        (Of::Mission(agent), SCHEDULE) => schedule::one(agent, page, whole, reply),
        (Of::Mission(agent), EXECUTIONS) => schedule::executions(agent, page, whole, reply),
        (Of::Mission(_), PROOF) => {
            let whole = super::object(whole)?;
            super::rows(&whole, "sessions").map(|_| Batch::default())
        }
        _ => Ok(Batch::default()),
    }
}

/// What a refusal of an aside means. That this key may not read it, or that a server has no such
/// list, is said once on the record; anything else may pass and is tried again.
pub(super) fn refused(of: &Of, what: &str, status: u16) -> Option<Batch> {
    let why = match status {
        403 => "not readable with this key (403)",
        404 => "none here (404)",
        400 | 405 | 410 | 501 => return without(of, what, &format!("not read: {status}")),
        _ => return None,
    };
    without(of, what, why)
}

/// What stands in for an aside that cannot be had; none for what cannot be done without.
pub(super) fn without(of: &Of, what: &str, why: &str) -> Option<Batch> {
    let label = match what {
        ARTIFACTS => "artifacts",
        TRACES => "traces",
        SPANS => "spans",
        SCHEDULES | SCHEDULE | EXECUTIONS => "schedules",
        WAITING | CHILDREN | CHILD | CHILD_NEWEST => return Some(Batch::default()),
        _ => return None,
    };
    let value = why.to_owned();
    let facts = vec![Fact {
        label,
        value,
        of: None,
    }];
    let record = match of {
        Of::Run(run) => Record::Run(Run {
            facts,
            ..session::patch(run)
        }),
        Of::Mission(agent) => Record::Mission(Mission {
            id: agent.to_string(),
            facts,
            ..Mission::default()
        }),
    };
    Some(Batch {
        rows: vec![Row::Patch(record)],
        ..Batch::default()
    })
}
