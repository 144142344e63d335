//! One page: sent, judged, and sent again after a while where that may help. While it waits, the
//! ticket says so. A long one is read while the one after it is on its way.

use std::{
    panic::resume_unwind,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{task::spawn_blocking, time::sleep};

use super::ahead::Ahead;
use super::cause::Failure;
use super::engine::Post;
use super::gate::{Permit, Step};
use super::http::{self, Answer, Errand, Http};
use super::line::{Inner, Line};
use super::{judge, reason, wait};
use crate::{
    model::{Ask, Batch, Got, Limit, Record, Request, Row, Trouble},
    source::Source,
};

/// A page and how many bytes it took.
#[derive(Default)]
pub(super) struct Read {
    pub batch: Batch,
    pub bytes: u64,
    /// The page after it, where that was sent for meanwhile.
    pub ahead: Option<Ahead>,
}

/// What a page is to the list that it belongs to.
pub(super) struct Leg {
    /// Whether that is the ticket's own list.
    pub own: bool,
    /// How much the ticket wants, this page included.
    pub left: Limit,
    /// The page itself, where it was sent for before.
    pub ahead: Option<Ahead>,
}

/// Reads one page.
pub(super) async fn read(line: &Line, ask: &Ask, post: &Post, leg: Leg) -> Result<Read, Trouble> {
    match line.inner() {
        Inner::Http(http) => {
            let Some(request) = http.connection.provider.request(ask) else {
                return unanswerable(http, ask);
            };
            let way = Way {
                line,
                http,
                ask,
                post,
            };
            way.answered(&request, leg).await
        }
        Inner::File(source) => {
            let batch = looked_up(Arc::clone(source), ask.clone()).await?;
            let bytes = batch.rows.iter().map(size).sum();
            Ok(Read {
                batch,
                bytes,
                ahead: None,
            })
        }
    }
}

/// Reading a file takes a moment, and of a large one an answer may wait until it is found.
async fn looked_up(source: Arc<Source>, ask: Ask) -> Result<Batch, Trouble> {
    let answer = spawn_blocking(move || source.answer(&ask)).await;
    answer.unwrap_or_else(|broken| match broken.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        // The runtime ends, and nobody waits for the answer.
        Err(_) => Ok(Batch::default()),
    })
}

fn size(row: &Row) -> u64 {
    let raw = match row.record() {
        Record::Mission(mission) => &mission.raw,
        Record::Run(run) => &run.raw,
        Record::Step(step) => &step.raw,
        Record::Event(event) => &event.raw,
        Record::Elsewhere(elsewhere) => &elsewhere.event.raw,
    };
    raw.len() as u64
}

/// A service without plans has no steps, and that is an answer. Other asks should not have been made.
fn unanswerable(http: &Http, ask: &Ask) -> Result<Read, Trouble> {
    if matches!(ask, Ask::Steps(_)) {
        return Ok(Read::default());
    }
    Err(Trouble::Unwilling {
        cause: format!(
            "{} has no way to ask for this",
            http.connection.provider.name()
        ),
    })
}

/// A page on its way from a service.
struct Way<'a> {
    line: &'a Line,
    http: &'a Http,
    ask: &'a Ask,
    post: &'a Post,
}

impl Way<'_> {
    async fn answered(&self, request: &Request, leg: Leg) -> Result<Read, Trouble> {
        let (http, patience) = (self.http, self.line.patience());
        let Leg { own, left, ahead } = leg;
        let mut sent = match ahead {
            Some(ahead) => ahead.sent(request).await,
            None => None,
        };
        let mut tries = 0;
        let words = reason::words(self.ask);
        let mut reason = words.clone();
        loop {
            let reply = if let Some(sent) = sent.take() {
                sent
            } else {
                let permit = admitted(http, patience, self.ask, self.post, own).await?;
                send(http, errand(request, &reason, tries), permit).await
            };
            let (trouble, wish, again, limited) = match self.weigh(reply, own, left).await? {
                Tried::Read(read) => return Ok(read),
                Tried::Failed {
                    trouble,
                    wish,
                    again,
                    limited,
                } => (trouble, wish, again, limited),
            };
            tries += 1;
            reason = reason::again(&words, &trouble);
            let delay = wait::again(wish, tries);
            if let Some(permit) = limited {
                // Before the permit is given back, lest somebody else slips in.
                http.gate.hush(delay, trouble.clone());
                drop(permit);
                if again && tries < wait::TRIES && delay <= patience {
                    continue;
                }
                return Err(trouble);
            }
            if !again || tries >= wait::TRIES {
                return Err(trouble);
            }
            pause(self.post, self.ask, trouble, delay).await?;
        }
    }

    /// What a reply is worth. Where it is a page of more than a few rows and the list goes on as far as
    /// the ticket wants it, the next page is sent for before this one is read.
    async fn weigh(&self, sent: Sent, own: bool, left: Limit) -> Result<Tried, Trouble> {
        let Sent { outcome, limited } = sent;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(failure) => {
                return Ok(Tried::Failed {
                    trouble: failure.trouble,
                    wish: None,
                    again: failure.again,
                    limited,
                });
            }
        };
        let (status, wish) = (answer.status, answer.wish);
        if let Some(budget) = answer.budget {
            let told = self.post.send(self.ask, Got::Budget(budget)).await;
            told.map_err(|_| Trouble::Cancelled)?;
        }
        let bytes = answer.body.len() as u64;
        let next = judge::ahead(self.http, self.ask, &answer, left);
        let ahead = next.and_then(|next| Ahead::begin(self.line, self.post, next, own));
        Ok(match judge::judge(self.http, self.ask, answer).await {
            Ok(batch) => Tried::Read(Read {
                batch,
                bytes,
                ahead,
            }),
            Err(trouble) => Tried::Failed {
                trouble,
                wish,
                again: wait::may_pass(status),
                limited,
            },
        })
    }
}

/// What came of one try.
enum Tried {
    Read(Read),
    Failed {
        trouble: Trouble,
        wish: Option<Duration>,
        again: bool,
        /// The permit, kept where the whole host wants to be left alone.
        limited: Option<Permit>,
    },
}

/// A request that was sent, and what came back.
pub(super) struct Sent {
    outcome: Result<Answer, Failure>,
    /// The permit, kept where the whole host wants to be left alone.
    limited: Option<Permit>,
}

/// Sends once.
pub(super) async fn send(http: &Http, errand: Errand<'_>, permit: Permit) -> Sent {
    let outcome = http.get(errand).await;
    let limits = |answer: &Answer| answer.status == 429 || answer.wish.is_some();
    let limited = if outcome.as_ref().is_ok_and(limits) {
        Some(permit)
    } else {
        permit.done();
        None
    };
    Sent { outcome, limited }
}

/// Waits until it may send. While the host wants to be left alone the ticket says so; where that takes
/// longer than its patience, it fails as if it had asked.
async fn admitted(
    http: &Http,
    patience: Duration,
    ask: &Ask,
    post: &Post,
    own: bool,
) -> Result<Permit, Trouble> {
    let ticket = &post.ticket;
    let mut place = http.gate.queue((ticket.urgency, ticket.generation, own));
    loop {
        let (trouble, left) = match place.step().await {
            Step::Go(permit) => return Ok(permit),
            Step::Blocked { trouble, left } => (trouble, left),
        };
        if left > patience {
            return Err(match trouble {
                Trouble::RateLimited { message, .. } => Trouble::RateLimited {
                    retry_after: Some(left),
                    message,
                },
                other => other,
            });
        }
        let until = http::time(SystemTime::now() + left);
        post.send(ask, Got::Waiting { trouble, until })
            .await
            .map_err(|_| Trouble::Cancelled)?;
    }
}

pub(super) fn errand<'a>(request: &'a Request, reason: &'a str, retries: u32) -> Errand<'a> {
    Errand {
        request,
        reason,
        retries,
    }
}

/// Says that it waits, and waits.
async fn pause(post: &Post, ask: &Ask, trouble: Trouble, delay: Duration) -> Result<(), Trouble> {
    let until = http::time(SystemTime::now() + delay);
    post.send(ask, Got::Waiting { trouble, until })
        .await
        .map_err(|_| Trouble::Cancelled)?;
    sleep(delay).await;
    Ok(())
}
