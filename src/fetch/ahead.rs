//! The page after the one that is being read, on its way meanwhile, so that neither waits for the other.
//! It queues like any request and is given up with whoever wants it. It says nothing while it waits, and
//! nothing that went wrong is lost: who takes it judges it as if it had been sent just then.

use tokio::task::JoinSet;

use super::engine::Post;
use super::gate::Step;
use super::line::{Inner, Line};
use super::page::{self, Sent};
use super::reason;
use crate::model::{Ask, Request};

/// One page under way. Dropping it stops it.
pub(super) struct Ahead {
    request: Request,
    /// One task; a set, because that ends with its owner.
    task: JoinSet<Option<Sent>>,
}

impl Ahead {
    /// Sends for a page, `own` where it belongs to the ticket's own list.
    pub fn begin(line: &Line, post: &Post, ask: Ask, own: bool) -> Option<Self> {
        let Inner::Http(http) = line.inner() else {
            return None;
        };
        let request = http.connection.provider.request(&ask)?;
        let rank = (post.ticket.urgency, post.ticket.generation, own);
        let (line, asked) = (line.clone(), request.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let Inner::Http(http) = line.inner() else {
                return None;
            };
            match http.gate.queue(rank).step().await {
                Step::Go(permit) => {
                    let words = reason::words(&ask);
                    let errand = page::errand(&asked, &words, 0);
                    Some(page::send(http, errand, permit).await)
                }
                // The host wants to be left alone. Who wants the page waits for that and says so.
                Step::Blocked { .. } => None,
            }
        });
        Some(Self { request, task })
    }

    /// What came of it; none where this is not the request that was sent, or none was.
    pub async fn sent(mut self, request: &Request) -> Option<Sent> {
        if self.request != *request {
            return None;
        }
        self.task.join_next().await?.ok().flatten()
    }
}
