//! The reads of one connection: builds the address, proves who asks, follows a redirect only to where
//! it came from, and notes every request. It has no other verb, and it does not judge what came back.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, IF_NONE_MATCH, LOCATION};
use reqwest::{Client, Method, Response};
use url::Url;

use super::address::{self, address, onward, spelled};
use super::auth::Authority;
use super::cause::Failure;
use super::exchange::{self, Whole, Wire};
use super::gate::Gate;
use super::log::{Log, Ticket};
use super::memory::Memory;
use super::{Auth, Connection, budget, client, wait};
use crate::model::{Budget, Request, Sent, Time, Trouble};

/// Larger bodies are not taken.
pub(super) const BODY_CAP: u64 = 64 * 1024 * 1024;
const REDIRECTS: u32 = 5;

/// One connection, opened.
pub(super) struct Http {
    pub connection: Connection,
    pub authority: Authority,
    pub log: Log,
    pub gate: Arc<Gate>,
    client: OnceLock<Result<Client, Trouble>>,
    /// For where tokens are given out, unless that takes the same way.
    token_client: OnceLock<Result<Client, Trouble>>,
    memory: Memory,
    /// What the service said last of the requests that it still allows.
    budget: Mutex<Option<Budget>>,
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
    /// How much it still allows, where that has changed.
    pub budget: Option<Budget>,
}

impl Http {
    /// Nothing is sent and no certificate is read before the first request.
    pub fn new(connection: Connection) -> Self {
        Self {
            authority: Authority::new(&connection),
            gate: Gate::of(&connection.base_url),
            connection,
            log: Log::default(),
            client: OnceLock::new(),
            token_client: OnceLock::new(),
            memory: Memory::default(),
            budget: Mutex::new(None),
        }
    }

    /// Sends one read. Whoever calls has been let in by the gate.
    pub async fn get(&self, errand: Errand<'_>) -> Result<Answer, Failure> {
        address::check(self.connection.provider, errand.request).map_err(Failure::last)?;
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
            wish: wait::wish(whole.status, &whole.headers, now),
            budget: self.changed(budget::read(&whole.headers, now)),
            body: whole.body,
            received: time(now),
        })
    }

    /// The budget, where it differs from what was told last.
    fn changed(&self, told: Option<Budget>) -> Option<Budget> {
        let mut known = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &Budget, told: &Budget| (known.left, known.of) == (told.left, told.of);
        let told = told.filter(|told| !known.as_ref().is_some_and(|known| same(known, told)))?;
        *known = Some(told);
        Some(told)
    }

    /// Opens a stream: the head of its reply, whatever the status. Only the opening counts among what
    /// is under way at once, and it stands in the list of requests from then on.
    pub async fn open(&self, errand: Errand<'_>) -> Result<Response, Failure> {
        address::check(self.connection.provider, errand.request).map_err(Failure::last)?;
        let began = Instant::now();
        let response = self.opened(errand).await?;
        if response.status() == 401 && self.authority.forget(began).await {
            return self.opened(errand).await;
        }
        Ok(response)
    }

    async fn opened(&self, errand: Errand<'_>) -> Result<Response, Failure> {
        let wire = self.wire()?;
        let mut headers = self.headers("text/event-stream").await?;
        // A compressor holds back what is small.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let under_way = UnderWay::new(self, errand);
        let outcome = self.head(&wire, errand.request, headers).await;
        let status = outcome.as_ref().ok().map(|found| found.0.status().as_u16());
        under_way.over(status, (0, false));
        outcome.map(|found| found.0)
    }

    async fn sent(&self, errand: Errand<'_>) -> Result<Whole, Failure> {
        let wire = self.wire()?;
        let mut headers = self.headers("application/json").await?;
        let url = address(&self.connection.base_url, errand.request).map_err(Failure::last)?;
        let known = self.memory.get(url.as_str());
        if let Some((mark, _)) = &known {
            headers.insert(IF_NONE_MATCH, mark.clone());
        }
        let under_way = UnderWay::new(self, errand);
        let outcome = self.whole(&wire, errand.request, headers).await;
        let Ok(mut whole) = outcome else {
            under_way.over(None, (0, false));
            return outcome;
        };
        let unchanged = known.filter(|_| whole.status == 304);
        let size = (whole.body.len() as u64, unchanged.is_some());
        under_way.over(Some(whole.status), size);
        if let Some((_, body)) = unchanged {
            whole.status = 200;
            whole.body = body;
        } else if whole.status == 200 {
            self.memory.put(url.as_str(), &whole.headers, &whole.body);
        }
        Ok(whole)
    }

    fn wire(&self) -> Result<Wire<'_>, Failure> {
        let client = self
            .client
            .get_or_init(|| client::build(&self.connection, &self.connection.base_url));
        self.wire_of(client)
    }

    /// The wire to where tokens are given out, which may be this machine where the service is not, or
    /// the other way round.
    fn token_wire(&self) -> Result<Wire<'_>, Failure> {
        let base = &self.connection.base_url;
        match &self.connection.auth {
            Auth::Client { token_url, .. }
                if client::is_loopback(token_url) != client::is_loopback(base) =>
            {
                let build = || client::build(&self.connection, token_url);
                self.wire_of(self.token_client.get_or_init(build))
            }
            _ => self.wire(),
        }
    }

    fn wire_of<'a>(&'a self, client: &'a Result<Client, Trouble>) -> Result<Wire<'a>, Failure> {
        let client = client.as_ref();
        Ok(Wire {
            client: client.map_err(|trouble| Failure::last(trouble.clone()))?,
            timeouts: &self.connection.timeouts,
        })
    }

    async fn headers(&self, accept: &'static str) -> Result<HeaderMap, Failure> {
        let wire = self.token_wire()?;
        let bought = |sent: Sent| {
            let context = self.connection.name.clone();
            self.log.add(Sent { context, ..sent });
        };
        let mut headers = self
            .authority
            .headers(&wire, &bought)
            .await
            .map_err(Failure::last)?;
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Ok(headers)
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

/// A request that was sent. It is listed when it is over, and without a status when whoever wanted it
/// gives it up: one that hangs is the one to be found in the list.
struct UnderWay<'a> {
    http: &'a Http,
    errand: Errand<'a>,
    began: (Instant, SystemTime),
    ticket: Option<Ticket>,
}

impl<'a> UnderWay<'a> {
    fn new(http: &'a Http, errand: Errand<'a>) -> Self {
        let mut new = Self {
            http,
            errand,
            began: (Instant::now(), SystemTime::now()),
            ticket: None,
        };
        let sent = new.sent(None, (0, false));
        new.ticket = Some(http.log.begin(new.began.0, sent));
        new
    }

    fn over(mut self, status: Option<u16>, size: (u64, bool)) {
        self.list(status, size);
    }

    /// The first time only.
    fn list(&mut self, status: Option<u16>, size: (u64, bool)) {
        if let Some(ticket) = self.ticket.take() {
            self.http.log.over(ticket, self.sent(status, size));
        }
    }

    fn sent(&self, status: Option<u16>, (bytes, cached): (u64, bool)) -> Sent {
        Sent {
            at: time(self.began.1),
            context: self.http.connection.name.clone(),
            method: "GET",
            path: spelled(self.errand.request),
            status,
            took: self.began.0.elapsed(),
            bytes,
            retries: self.errand.retries,
            cached,
            reason: self.errand.reason.to_owned(),
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.list(None, (0, false));
    }
}

/// Now, as the model keeps time.
pub(super) fn time(now: SystemTime) -> Time {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Time(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
