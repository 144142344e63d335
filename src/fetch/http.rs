//! The reads of one connection: builds the address, proves who asks, follows a redirect only to where
//! it came from, and notes every request. It has no other verb, and it does not judge what came back.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, Method};
use tokio::sync::Semaphore;
use url::Url;

use super::auth::Authority;
use super::cause::Failure;
use super::exchange::{self, Whole, Wire};
use super::log::Log;
use super::{Connection, client, wait};
use crate::model::{Request, Sent, Time, Trouble};

/// Larger bodies are not taken.
pub(super) const BODY_CAP: u64 = 64 * 1024 * 1024;
/// Requests under way at once.
const AT_ONCE: usize = 4;
const REDIRECTS: u32 = 5;

/// One connection, opened.
pub(super) struct Http {
    pub connection: Connection,
    pub authority: Authority,
    pub log: Log,
    client: OnceLock<Result<Client, Trouble>>,
    permits: Semaphore,
    /// Until when the service wants to hear nothing, and what it said.
    quiet: Mutex<Option<(Instant, Trouble)>>,
}

/// What a service answered.
pub(super) struct Answer {
    pub status: u16,
    pub body: Bytes,
    pub received: Time,
    /// How long the service asks to be left alone.
    pub wish: Option<Duration>,
}

impl Http {
    /// Nothing is sent and no certificate is read before the first request.
    pub fn new(connection: Connection) -> Self {
        Self {
            authority: Authority::new(&connection),
            connection,
            log: Log::default(),
            client: OnceLock::new(),
            permits: Semaphore::new(AT_ONCE),
            quiet: Mutex::new(None),
        }
    }

    /// Sends one read. `retries` is how often it was sent before.
    pub async fn get(&self, request: &Request, retries: u32) -> Result<Answer, Failure> {
        let began = Instant::now();
        let whole = match self.sent(request, retries).await? {
            // The token may have been withdrawn before its time: a new one, once.
            whole if whole.status == 401 && self.authority.forget(began).await => {
                self.sent(request, retries).await?
            }
            whole => whole,
        };
        let now = SystemTime::now();
        Ok(Answer {
            status: whole.status,
            wish: wait::wish(&whole.headers, now),
            body: whole.body,
            received: time(now),
        })
    }

    /// Tells all requests of this connection to wait.
    pub fn hush(&self, until: Instant, trouble: Trouble) {
        *self.quiet.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, trouble));
    }

    /// How long to wait before anything is sent, and why.
    pub fn hushed(&self) -> Option<(Duration, Trouble)> {
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, trouble) = quiet.as_ref()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            *quiet = None;
            return None;
        }
        Some((left, trouble.clone()))
    }

    async fn sent(&self, request: &Request, retries: u32) -> Result<Whole, Failure> {
        let fail = |trouble| Failure {
            trouble,
            again: false,
        };
        let url = address(&self.connection.base_url, request).map_err(fail)?;
        // The semaphore is never closed; without a permit the request is sent all the same.
        let _permit = self.permits.acquire().await.ok();
        let client = self
            .client
            .get_or_init(|| client::build(&self.connection))
            .as_ref()
            .map_err(|trouble| fail(trouble.clone()))?;
        let wire = Wire {
            client,
            timeouts: &self.connection.timeouts,
        };
        let mut headers = self.authority.headers(&wire).await.map_err(fail)?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let began = (Instant::now(), SystemTime::now());
        let outcome = self.follow(&wire, url, headers).await;
        let whole = outcome.as_ref().ok();
        self.log.add(Sent {
            at: time(began.1),
            context: self.connection.name.clone(),
            method: "GET",
            path: spelled(request),
            status: whole.map(|whole| whole.status),
            took: began.0.elapsed(),
            bytes: whole.map_or(0, |whole| whole.body.len() as u64),
            retries,
            cached: false,
            reason: String::new(),
        });
        outcome
    }

    async fn follow(
        &self,
        wire: &Wire<'_>,
        mut url: Url,
        headers: HeaderMap,
    ) -> Result<Whole, Failure> {
        for _ in 0..=REDIRECTS {
            let mut request = reqwest::Request::new(Method::GET, url.clone());
            *request.headers_mut() = headers.clone();
            let whole = wire.exchange(request, BODY_CAP).await?;
            match onward(&url, &whole) {
                Ok(None) => return Ok(whole),
                Ok(Some(next)) => url = next,
                Err(trouble) => {
                    return Err(Failure {
                        trouble,
                        again: false,
                    });
                }
            }
        }
        Err(Failure {
            trouble: Trouble::Unwilling {
                cause: format!("the service redirects more than {REDIRECTS} times"),
            },
            again: false,
        })
    }
}

/// Now, as the model keeps time.
pub(super) fn time(now: SystemTime) -> Time {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Time(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Where a reply redirects to, if it does. Another host would get the credential: never followed.
fn onward(from: &Url, whole: &Whole) -> Result<Option<Url>, Trouble> {
    if !matches!(whole.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(to) = whole
        .headers
        .get(LOCATION)
        .and_then(|to| to.to_str().ok())
        .and_then(|to| from.join(to).ok())
    else {
        return Ok(None);
    };
    if to.origin() != from.origin() {
        return Err(Trouble::Unwilling {
            cause: format!(
                "the service redirects to {}://{}, which would be shown the credential",
                to.scheme(),
                exchange::host(&to)
            ),
        });
    }
    Ok(Some(to))
}

/// The request's path under the base's, and its query.
fn address(base: &Url, request: &Request) -> Result<Url, Trouble> {
    let mut url = base.clone();
    let path = format!("{}{}", base.path().trim_end_matches('/'), request.path);
    url.set_path(&path);
    // A segment of dots, encoded or not, is a way up for whoever parses addresses.
    if url.path() != path {
        return Err(Trouble::Unwilling {
            cause: "an id that cannot be part of an address".to_owned(),
        });
    }
    url.set_fragment(None);
    url.set_query(None);
    if !request.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&request.query);
    }
    Ok(url)
}

/// Path and parameters for the log. A dialect knows no secret, so neither does this.
fn spelled(request: &Request) -> String {
    let mut path = request.path.clone();
    for (i, (name, value)) in request.query.iter().enumerate() {
        path.push(if i == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        path.push_str(value);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &str, request: &Request) -> Result<String, Trouble> {
        address(&Url::parse(base).unwrap(), request).map(String::from)
    }

    #[test]
    fn a_path_goes_under_the_base_and_no_id_leaves_it() {
        let request = Request::get("/missions/{}/runs", &["a/b ?ü"]).with("page[size]", "1 &");
        let expected = "https://h.example/v2/missions/a%2Fb%20%3F%C3%BC/runs?page%5Bsize%5D=1+%26";
        assert_eq!(
            at("https://h.example/v2", &request).as_deref(),
            Ok(expected)
        );
        assert_eq!(
            at("https://h.example/v2/", &request).as_deref(),
            Ok(expected)
        );
        let up = Request::get("/missions/{}/runs", &[".."]);
        assert!(at("https://h.example/v2", &up).is_err());
    }

    #[test]
    fn only_the_same_origin_is_followed() {
        let from = Url::parse("https://h.example/v2/agents").unwrap();
        let whole = |to: &'static str| Whole {
            status: 307,
            headers: [(LOCATION, HeaderValue::from_static(to))]
                .into_iter()
                .collect(),
            body: Bytes::new(),
        };
        let next = onward(&from, &whole("/v2/agents/")).unwrap();
        assert_eq!(next.unwrap().as_str(), "https://h.example/v2/agents/");
        for elsewhere in [
            "https://evil.example/v2/agents",
            "http://h.example/v2/agents",
            "https://h.example:8443/v2/agents",
            "//evil.example/",
        ] {
            let trouble = onward(&from, &whole(elsewhere)).unwrap_err();
            assert!(trouble.to_string().contains("redirects to"), "{elsewhere}");
        }
    }
}
