//! One request over the wire and its whole reply. Waits for each part as long as the connection's
//! limits say and takes no more bytes than it is told to, however they were compressed.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Response, header::HeaderMap};
use tokio::time::timeout;
use url::Url;

use super::Timeouts;
use super::cause::{self, Failure};
use crate::model::Trouble;

/// What a request is sent with.
pub(super) struct Wire<'a> {
    pub client: &'a Client,
    pub timeouts: &'a Timeouts,
}

/// A reply, whole.
pub(super) struct Whole {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Wire<'_> {
    /// Sends `request` and reads the reply, at most `cap` bytes of body.
    pub async fn exchange(&self, request: reqwest::Request, cap: u64) -> Result<Whole, Failure> {
        let host = host(request.url());
        let response = self.head(request).await?;
        self.whole(response, cap, &host).await
    }

    /// The rest of a reply whose head is there.
    pub async fn whole(&self, response: Response, cap: u64, host: &str) -> Result<Whole, Failure> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = read_body(response, self.timeouts.idle, cap, host)
            .await
            .map_err(|trouble| Failure {
                trouble,
                again: false,
            })?;
        Ok(Whole {
            status,
            headers,
            body,
        })
    }

    /// Sends `request` and waits for the head of the reply.
    pub async fn head(&self, request: reqwest::Request) -> Result<Response, Failure> {
        let host = &host(request.url());
        // A kept connection that the service closed in this very moment breaks under the request. A
        // read changes nothing, so it is sent once more without a word.
        let twin = request.try_clone().filter(|twin| twin.method() == "GET");
        match (self.once(request, host).await, twin) {
            (Err((_, true)), Some(twin)) => self.once(twin, host).await,
            (outcome, _) => outcome,
        }
        .map_err(|(failure, _)| failure)
    }

    /// The head of the reply, or why there is none and whether the connection broke under it.
    async fn once(
        &self,
        request: reqwest::Request,
        host: &str,
    ) -> Result<Response, (Failure, bool)> {
        // The client limits connecting by itself, so this limit can only be met after it.
        let limit = self.timeouts.connect.saturating_add(self.timeouts.header);
        match timeout(limit, self.client.execute(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                let failure = cause::of_request(&error, host, self.timeouts);
                let broke = error.is_request()
                    && !error.is_connect()
                    && matches!(failure.trouble, Trouble::Unreachable { .. });
                Err((failure, broke))
            }
            Err(_) => {
                let trouble = Trouble::TimedOut {
                    host: host.to_owned(),
                    waited_for: "the beginning of the answer",
                    limit: self.timeouts.header,
                };
                let again = false;
                Err((Failure { trouble, again }, false))
            }
        }
    }
}

/// Host and port, which is all of an address that messages show.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("?");
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

async fn read_body(
    mut response: Response,
    idle: Duration,
    cap: u64,
    host: &str,
) -> Result<Bytes, Trouble> {
    let too_large = Trouble::TooLarge { limit: cap };
    let announced = response.content_length().unwrap_or(0);
    if announced > cap {
        return Err(too_large);
    }
    let mut body: Vec<u8> = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    loop {
        let piece = match timeout(idle, response.chunk()).await {
            Ok(Ok(Some(piece))) => piece,
            Ok(Ok(None)) => {
                // Payloads are slices of it and keep it as large as it is.
                body.shrink_to_fit();
                return Ok(Bytes::from(body));
            }
            Ok(Err(error)) => return Err(cause::of_body(&error, body.len())),
            Err(_) => {
                return Err(Trouble::TimedOut {
                    host: host.to_owned(),
                    waited_for: "the rest of the body",
                    limit: idle,
                });
            }
        };
        if body.len().saturating_add(piece.len()) as u64 > cap {
            return Err(too_large);
        }
        body.extend_from_slice(&piece);
    }
}
