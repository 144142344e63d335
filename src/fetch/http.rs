//! The reads of one connection: builds the address, proves who asks, follows a redirect only to where
//! it came from, and notes every request. It has no other verb, and it does not judge what came back.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response};
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

/// A request with what the list of requests says of it.
#[derive(Clone, Copy)]
pub(super) struct Errand<'a> {
    pub request: &'a Request,
    pub reason: &'a str,
    /// How often it was sent before.
    pub retries: u32,
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

    /// Sends one read.
    pub async fn get(&self, errand: Errand<'_>) -> Result<Answer, Failure> {
        let began = Instant::now();
        let whole = match self.sent(errand).await? {
            // The token may have been withdrawn before its time: a new one, once.
            whole if whole.status == 401 && self.authority.forget(began).await => {
                self.sent(errand).await?
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

    /// Opens a stream: the head of its reply, whatever the status. Only the opening counts among what
    /// is under way at once, and it stands in the list of requests from then on.
    pub async fn open(&self, errand: Errand<'_>) -> Result<Response, Failure> {
        let began = Instant::now();
        let response = self.opened(errand).await?;
        if response.status() == 401 && self.authority.forget(began).await {
            return self.opened(errand).await;
        }
        Ok(response)
    }

    async fn opened(&self, errand: Errand<'_>) -> Result<Response, Failure> {
        let _permit = self.permits.acquire().await.ok();
        let wire = self.wire()?;
        let mut headers = self.headers(&wire, "text/event-stream").await?;
        // A compressor holds back what is small.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let began = (Instant::now(), SystemTime::now());
        let outcome = self.head(&wire, errand.request, headers).await;
        let status = outcome.as_ref().ok().map(|found| found.0.status().as_u16());
        self.note(errand, began, status, 0);
        outcome.map(|found| found.0)
    }

    async fn sent(&self, errand: Errand<'_>) -> Result<Whole, Failure> {
        // The semaphore is never closed; without a permit the request is sent all the same.
        let _permit = self.permits.acquire().await.ok();
        let wire = self.wire()?;
        let headers = self.headers(&wire, "application/json").await?;
        let began = (Instant::now(), SystemTime::now());
        let outcome = self.whole(&wire, errand.request, headers).await;
        let whole = outcome.as_ref().ok();
        let bytes = whole.map_or(0, |whole| whole.body.len() as u64);
        self.note(errand, began, whole.map(|whole| whole.status), bytes);
        outcome
    }

    fn wire(&self) -> Result<Wire<'_>, Failure> {
        let client = self
            .client
            .get_or_init(|| client::build(&self.connection))
            .as_ref()
            .map_err(|trouble| Failure::last(trouble.clone()))?;
        Ok(Wire {
            client,
            timeouts: &self.connection.timeouts,
        })
    }

    async fn headers(&self, wire: &Wire<'_>, accept: &'static str) -> Result<HeaderMap, Failure> {
        let mut headers = self.authority.headers(wire).await.map_err(Failure::last)?;
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Ok(headers)
    }

    fn note(
        &self,
        errand: Errand<'_>,
        began: (Instant, SystemTime),
        status: Option<u16>,
        bytes: u64,
    ) {
        self.log.add(Sent {
            at: time(began.1),
            context: self.connection.name.clone(),
            method: "GET",
            path: spelled(errand.request),
            status,
            took: began.0.elapsed(),
            bytes,
            retries: errand.retries,
            cached: false,
            reason: errand.reason.to_owned(),
        });
    }

    async fn whole(
        &self,
        wire: &Wire<'_>,
        request: &Request,
        headers: HeaderMap,
    ) -> Result<Whole, Failure> {
        let (response, url) = self.head(wire, request, headers).await?;
        wire.whole(response, BODY_CAP, &exchange::host(&url)).await
    }

    /// The head of the reply, from where redirects lead, and where that is.
    async fn head(
        &self,
        wire: &Wire<'_>,
        request: &Request,
        headers: HeaderMap,
    ) -> Result<(Response, Url), Failure> {
        let mut url = address(&self.connection.base_url, request).map_err(Failure::last)?;
        for _ in 0..=REDIRECTS {
            let mut request = reqwest::Request::new(Method::GET, url.clone());
            *request.headers_mut() = headers.clone();
            let response = wire.head(request).await?;
            let to = response.headers().get(LOCATION);
            match onward(&url, response.status().as_u16(), to).map_err(Failure::last)? {
                None => return Ok((response, url)),
                Some(next) => url = next,
            }
        }
        Err(Failure::last(Trouble::Unwilling {
            cause: format!("the service redirects more than {REDIRECTS} times"),
        }))
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
fn onward(from: &Url, status: u16, to: Option<&HeaderValue>) -> Result<Option<Url>, Trouble> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(to) = to
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
        let next = onward(&from, 307, Some(&HeaderValue::from_static("/v2/agents/"))).unwrap();
        assert_eq!(next.unwrap().as_str(), "https://h.example/v2/agents/");
        for elsewhere in [
            "https://evil.example/v2/agents",
            "http://h.example/v2/agents",
            "https://h.example:8443/v2/agents",
            "//evil.example/",
        ] {
            let trouble =
                onward(&from, 307, Some(&HeaderValue::from_static(elsewhere))).unwrap_err();
            assert!(trouble.to_string().contains("redirects to"), "{elsewhere}");
        }
    }
}
