//! The elizaos dialect: agents are missions, the handling of one incoming message is a run. The runs
//! API alone misleads (crashes that say completed, lists that know neither ends nor titles), so a
//! page of runs is followed by a look at the run event rows and at the messages that began the runs.
//! True results of actions are in the memories, which this provider does not read yet: an action
//! whose result was lost counts as not reported, never as good.

mod asks;
mod detail;
mod envelope;
mod event;
mod lists;
mod secrets;
mod side;
mod state;

use super::{Provider, ReadError};
use crate::model::{Ask, AuthScheme, Batch, Caps, Reply, Request};

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
        }
    }

    fn routes(&self) -> &'static [&'static str] {
        asks::ROUTES
    }

    fn request(&self, ask: &Ask) -> Option<Request> {
        asks::request(ask)
    }

    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match ask {
            Ask::Missions { .. } => lists::missions(reply),
            Ask::Mission { mission } => lists::mission(mission, reply),
            Ask::Runs { mission, page, .. } => match side::of(page) {
                // What a side list cannot tell stays as the run list said it.
                Some(side) => Ok(side.read(ask, mission, reply).unwrap_or_default()),
                None => lists::runs(ask, mission, page, reply),
            },
            Ask::Run(run) => detail::run(run, reply),
            Ask::Events { run, page } => detail::events(run, page, reply),
            Ask::Event { run, event } => detail::event(run, event, reply),
            Ask::Steps(_)
            | Ask::Picked { .. }
            | Ask::AllRuns { .. }
            | Ask::AllEvents { .. }
            | Ask::Aside { .. }
            | Ask::Check => Ok(Batch::default()),
        }
    }

    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        let Ask::Runs { mission, page, .. } = ask else {
            return None;
        };
        Some(side::of(page)?.unread(mission, why))
    }
}
