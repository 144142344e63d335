//! One page: sent, judged, and sent again after a while where that may help. While it waits, the
//! ticket says so.

use std::time::{Duration, Instant, SystemTime};

use tokio::time::sleep;

use super::engine::Post;
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

/// Reads one page.
pub(super) async fn read(line: &Line, ask: &Ask, post: &Post) -> Result<Read, Trouble> {
    match line.inner() {
        Inner::Http(http) => {
            let Some(request) = http.connection.provider.request(ask) else {
                return unanswerable(http, ask);
            };
            from_service(http, line.patience(), ask, &request, post).await
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
) -> Result<Read, Trouble> {
    let mut tries = 0;
    let words = reason::words(ask);
    let mut reason = words.clone();
    loop {
        while let Some((left, trouble)) = http.hushed() {
            pause(post, ask, trouble, left).await?;
        }
        let (trouble, wish, again) = match http.get(errand(request, &reason, tries)).await {
            Ok(answer) => {
                let (bytes, wish) = (answer.body.len() as u64, answer.wish);
                let again = wait::may_pass(answer.status);
                match judge::judge(http, ask, answer).await {
                    Ok(batch) => return Ok(Read { batch, bytes }),
                    Err(trouble) => (trouble, wish, again),
                }
            }
            Err(failure) => (failure.trouble, None, failure.again),
        };
        tries += 1;
        reason = reason::again(&words, &trouble);
        if !again || tries >= wait::TRIES || wish.is_some_and(|wish| wish > patience) {
            return Err(trouble);
        }
        let delay = match wish {
            Some(wish) => {
                http.hush(Instant::now() + wish, trouble.clone());
                wish
            }
            None => wait::jitter(tries),
        };
        pause(post, ask, trouble, delay).await?;
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
