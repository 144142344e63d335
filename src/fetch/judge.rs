//! What a reply is worth: rows, or a trouble in the service's own words. The status says what kind of
//! no it is, the dialect finds the words, and no word that is a secret gets through.

use std::time::Duration;

use super::auth::Authority;
use super::http::{Answer, Http};
use crate::model::{Ask, Batch, Limit, Reply, Trouble};
use crate::provider::{ReadError, wire::one_line};

/// Bodies larger than this are read on a thread that may block.
const INLINE: usize = 64 * 1024;
/// Characters of a service's words that are kept.
pub(super) const WORDS: usize = 300;

/// The rows of an answer, or why there are none.
pub(super) async fn judge(http: &Http, ask: &Ask, answer: Answer) -> Result<Batch, Trouble> {
    let (status, wish) = (answer.status, answer.wish);
    let read = read(http, ask, answer).await?;
    let ok = (200..300).contains(&status);
    match read {
        // A dialect that finds a meaning in a 404 knows that it says "none".
        Ok(batch) if ok || status == 404 => Ok(batch),
        Err(ReadError::Foreign(cause)) if ok => Err(Trouble::BadReply {
            cause: words(&http.authority, &cause),
        }),
        // What every context has cannot be deleted: the address leads somewhere else.
        Err(fault) if status == 404 && matches!(ask, Ask::Missions { .. } | Ask::Check) => {
            let said = words(&http.authority, &fault.to_string());
            Err(Trouble::BadReply {
                cause: format!("404, {said}"),
            })
        }
        Err(ReadError::Missing(said)) => Err(Trouble::NotFound {
            message: words(&http.authority, &said),
        }),
        Ok(_) => Err(refusal(&http.authority, status, wish, String::new())),
        Err(ReadError::Said(said) | ReadError::Foreign(said)) => {
            let message = words(&http.authority, &said);
            Err(refusal(&http.authority, status, wish, message))
        }
    }
}

/// The page after this one, where a glance tells of it and the ticket wants more than is here. What is
/// read at once is not worth a glance.
pub(super) fn ahead(http: &Http, ask: &Ask, answer: &Answer, left: Limit) -> Option<Ask> {
    let is_long = answer.status == 200 && answer.body.len() > INLINE;
    if !is_long || answer.wish.is_some() || answer.body.len() as u64 >= left.bytes {
        return None;
    }
    let ahead = http.connection.provider.ahead(ask, &reply(answer))?;
    (ahead.rows < u64::from(left.rows)).then_some(ahead.ask)
}

fn reply(answer: &Answer) -> Reply<'_> {
    Reply {
        status: answer.status,
        body: &answer.body,
        received: answer.received,
    }
}

/// What the dialect makes of an answer; the outer error is a reader that broke on it.
async fn read(http: &Http, ask: &Ask, answer: Answer) -> Result<Result<Batch, ReadError>, Trouble> {
    let provider = http.connection.provider;
    let of = move |ask: &Ask, answer: &Answer| provider.read(ask, &reply(answer));
    if answer.body.len() <= INLINE {
        return Ok(of(ask, &answer));
    }
    let ask = ask.clone();
    tokio::task::spawn_blocking(move || of(&ask, &answer))
        .await
        .map_err(|_| Trouble::Broken)
}

pub(super) fn refusal(
    authority: &Authority,
    status: u16,
    wish: Option<Duration>,
    message: String,
) -> Trouble {
    let message = if message.is_empty() {
        reason(status)
    } else {
        message
    };
    let source_name = authority.source().map(str::to_owned);
    match (status, source_name) {
        (401 | 403, None) => Trouble::NoCredential {
            cause: format!("the service wants one and the context has none: {status}, {message}"),
        },
        (401, Some(source_name)) => Trouble::Refused {
            source_name,
            message,
        },
        (403, Some(source_name)) => Trouble::Forbidden {
            source_name,
            message,
        },
        (404, _) => Trouble::NotFound { message },
        (429, _) => Trouble::RateLimited {
            retry_after: wish,
            message,
        },
        _ => Trouble::Service { status, message },
    }
}

/// The words that every reader of HTTP knows, where the service has none of its own.
fn reason(status: u16) -> String {
    reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("no reason given")
        .to_owned()
}

fn words(authority: &Authority, said: &str) -> String {
    // Cut last: half a secret is a secret too.
    one_line(&authority.scrub(said.to_owned()), WORDS)
}
