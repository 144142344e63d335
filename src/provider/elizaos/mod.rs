//! The elizaos dialect: agents are missions, the handling of one incoming message is a run. The runs
//! API alone misleads (crashes that say completed, lists that know neither ends nor titles, actions
//! whose results are lost), so a page of runs is followed by a look at the run event rows and at the
//! messages that began the runs, and a run by its room's memories. What those do not tell either counts
//! as not reported, never as good.

mod agent;
mod asks;
mod besides;
mod capture;
mod detail;
mod envelope;
mod event;
mod lists;
mod looks;
mod plan;
mod rows;
mod secrets;
mod side;
mod state;

use super::{Provider, ReadError, capture::Capture, refer::Place, wire::Raw};
use bytes::Bytes;

use crate::model::{
    Ask, AuthScheme, Batch, CallMembers, Caps, Known, Page, Reply, Request, Row, RunRef, Time,
};

/// elizaos, seen from outside.
pub struct ElizaOs;

impl Provider for ElizaOs {
    fn name(&self) -> &'static str {
        "elizaos"
    }

    fn caps(&self) -> Caps {
        Caps {
            base_url: "http://localhost:3000",
            auth: AuthScheme::XApiKey,
            open: true,
            steps: false,
            call_ids: true,
            call_members: CallMembers::default(),
            resumes: false,
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn locate(&self, path: &[&str], _query: &[(String, String)]) -> Option<Place> {
        let ["api", "agents", mission, "runs", run, ..] = path else {
            return None;
        };
        Some(Place {
            mission: Some((*mission).to_owned()),
            run: (*run).to_owned(),
            event: None,
        })
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        asks::request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match ask {
            Ask::Missions { .. } => agent::all(reply),
            Ask::Mission { mission } => agent::one(mission, reply),
            Ask::Runs { mission, page, .. } => lists::runs(ask, mission, page, reply),
            Ask::Run(run) => detail::run(run, reply),
            Ask::Events { run, page } => detail::events(run, page, reply),
            Ask::Event { run, event } => detail::event(run, event, reply),
            Ask::Aside { of, page, .. } => match side::of(page) {
                Some(side) => side.read(of, reply),
                None => Ok(Batch::default()),
            },
            // No server lists them: this is what was captured of logs and memories.
            Ask::AllEvents { .. } => rows::read(reply),
            Ask::Check => check(reply),
            Ask::Steps(_)
            | Ask::Part { .. }
            | Ask::Picked { .. }
            | Ask::AllRuns { .. }
            | Ask::Named { .. } => Ok(Batch::default()),
        }
    }

    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        let Ask::Aside { of, page, .. } = ask else {
            return None;
        };
        Some(side::of(page).map_or_else(Batch::default, |side| side.unread(of, why)))
    }

    fn looks(&self, run: &RunRef, known: &Known) -> Vec<Ask> {
        looks::asks(run, known)
    }

    /// The memories of a room tell what was said in a run, and what became of its actions.
    fn recall(&self, ask: &Ask, records: &[Bytes], received: Time) -> Vec<Row> {
        match ask {
            Ask::Aside { of, page, .. } => side::of(page)
                .map(|side| side.recall(of, records, received))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn captured<'a>(&self, whole: Raw<'a>) -> Option<Capture<'a>> {
        capture::captured(whole)
    }
}

/// The version proves address and key; the list of agents proves that it is this service. A server too
/// old to tell its version is asked for its agents all the same.
fn check(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if reply.status != 404 {
        envelope::data(reply)?;
    }
    Ok(Batch {
        also: vec![Ask::Missions {
            page: Page::default(),
        }],
        ..Batch::default()
    })
}
