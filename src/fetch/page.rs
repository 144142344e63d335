//! One page: sent, judged, and sent again after a while where that may help. While it waits, the
//! ticket says so.

use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use super::engine::Post;
use super::gate::{Permit, Step};
use super::http::{self, Errand, Http};
use super::line::{Inner, Line};
use super::{judge, reason, wait};
use crate::model::{Ask, Batch, Got, Record, Request, Row, Trouble};

/// A page and how many bytes it took.
#[derive(Default)]
pub(super) struct Read {
    pub batch: Batch,
    pub bytes: u64,
}

/// Reads one page; `own` where it belongs to the ticket's own list.
pub(super) async fn read(line: &Line, ask: &Ask, post: &Post, own: bool) -> Result<Read, Trouble> {
    match line.inner() {
        Inner::Http(http) => {
            let Some(request) = http.connection.provider.request(ask) else {
                return unanswerable(http, ask);
            };
            from_service(http, line.patience(), ask, &request, post, own).await
        }
        Inner::File(source) => {
            let batch = source.answer(ask)?;
            let bytes = batch.rows.iter().map(size).sum();
            Ok(Read { batch, bytes })
        }
    }
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

async fn from_service(
    http: &Http,
    patience: Duration,
    ask: &Ask,
    request: &Request,
    post: &Post,
    own: bool,
) -> Result<Read, Trouble> {
    let mut tries = 0;
    let words = reason::words(ask);
    let mut reason = words.clone();
    loop {
        let permit = admitted(http, patience, ask, post, own).await?;
        let tried = once(http, ask, errand(request, &reason, tries), permit, post).await?;
        let (trouble, wish, again, limited) = match tried {
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
        pause(post, ask, trouble, delay).await?;
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

async fn once(
    http: &Http,
    ask: &Ask,
    errand: Errand<'_>,
    permit: Permit,
    post: &Post,
) -> Result<Tried, Trouble> {
    let answer = match http.get(errand).await {
        Ok(answer) => answer,
        Err(failure) => {
            permit.done();
            return Ok(Tried::Failed {
                trouble: failure.trouble,
                wish: None,
                again: failure.again,
                limited: None,
            });
        }
    };
    let (status, wish) = (answer.status, answer.wish);
    let limited = if status == 429 || wish.is_some() {
        Some(permit)
    } else {
        permit.done();
        None
    };
    if let Some(budget) = answer.budget {
        let told = post.send(ask, Got::Budget(budget)).await;
        told.map_err(|_| Trouble::Cancelled)?;
    }
    let bytes = answer.body.len() as u64;
    Ok(match judge::judge(http, ask, answer).await {
        Ok(batch) => Tried::Read(Read { batch, bytes }),
        Err(trouble) => Tried::Failed {
            trouble,
            wish,
            again: wait::may_pass(status),
            limited,
        },
    })
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

fn errand<'a>(request: &'a Request, reason: &'a str, retries: u32) -> Errand<'a> {
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
