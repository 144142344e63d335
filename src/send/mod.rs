//! Hands traces to a receiver of them. The only thing in sortie that sends data to anyone: apart from the
//! client that reads services, which refuses everything but reading, with its own settings and none of the
//! credentials of any context. It runs when a command says so and at no other time, follows no redirect, and
//! sends again only where the receiver says that later is better.

mod receiver;
mod wait;

use std::{
    io::{self, Write as _},
    sync::Once,
    time::{Duration, SystemTime},
};

use flate2::{Compression, write::GzEncoder};
use prost::Message as _;
use reqwest::{
    Client, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
    redirect::Policy,
};
use serde_json::Value;

use crate::export::otlp::{
    json,
    wire::{Request, Taken},
};
pub use receiver::{Receiver, Wrong};

/// How long a connection may take, and one try in all.
const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(120);
/// How often one request is sent at most.
const TRIES: u32 = 5;
/// Characters of what a receiver says that are told.
const TOLD: usize = 400;
/// Bytes of an answer that are looked at.
const ANSWER: usize = 64 << 10;

/// How a request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coding {
    /// As JSON, which everybody can read.
    #[default]
    Json,
    /// As protobuf, for receivers that take nothing else.
    Protobuf,
}

impl Coding {
    /// The word for what happened.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Protobuf => "protobuf",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/x-protobuf",
        }
    }

    fn body(self, request: &Request) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Json => json(request).map_err(|fault| Refusal::Broken(fault.to_string())),
            Self::Protobuf => Ok(request.encode_to_vec()),
        }
    }
}

/// How requests are sent: what every receiver should take first, and from when one says that it does not
/// take that, the next.
const WAYS: [(Coding, bool); 4] = [
    (Coding::Json, true),
    (Coding::Protobuf, true),
    (Coding::Protobuf, false),
    (Coding::Json, false),
];
/// Bodies of fewer bytes are not worth packing.
const PACKED: usize = 1024;

fn packed(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body)?;
    packed.finish()
}

/// Why a receiver has not taken a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It wants to know who asks, or does not like who does.
    #[error(
        "the receiver refuses who sends ({status}){said}; give what it wants with --header NAME=env:VARIABLE"
    )]
    Credentials {
        /// 401 or 403.
        status: u16,
        /// What it says, after a colon.
        said: String,
    },
    /// It does not take it.
    #[error("the receiver answered {status}{said}")]
    Answer {
        /// The status.
        status: u16,
        /// What it says, after a colon.
        said: String,
    },
    /// It was not reached, or did not answer.
    #[error("the receiver was not reached: {0}")]
    Unreached(String),
    /// It did not answer until `--timeout` passed.
    #[error("no whole answer within --timeout {0:?}")]
    Late(Duration),
    /// The request could not be made.
    #[error("the request could not be made: {0}")]
    Broken(String),
}

/// What a receiver said to a request that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// How many spans it left out.
    pub rejected: u64,
    /// Why, or a warning.
    pub message: String,
    /// How the request was written.
    pub coding: Coding,
}

/// A way to a receiver.
pub struct Sender {
    client: Client,
    receiver: Receiver,
    patience: Duration,
    /// Which of the ways.
    way: usize,
}

impl Sender {
    /// To a receiver. Its wish to be left alone for longer than `patience` is a refusal.
    pub fn new(receiver: Receiver, patience: Duration) -> Result<Self, Refusal> {
        install_crypto();
        let mut builder = Client::builder()
            .user_agent(concat!("sortie/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .referer(false)
            .redirect(Policy::none());
        if receiver.is_loopback() {
            builder = builder.no_proxy();
        }
        if receiver.url().scheme() == "http" {
            // Loading the system's certificates takes time, and fails where there are none.
            builder = builder.tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|fault| Refusal::Broken(deepest(&fault)))?;
        Ok(Self {
            client,
            receiver,
            patience,
            way: 0,
        })
    }

    /// Sends a request: as packed JSON, and in another way from when the receiver says that it does not
    /// take that.
    pub async fn send(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let mut done = 0;
        loop {
            let (response, is_packed) = self.post(request).await?;
            done += 1;
            let status = response.status();
            if status.is_success() {
                return Ok(self.taken(response).await);
            }
            if let Some(way) = self.next_way(status, is_packed) {
                self.way = way;
                done = 0;
                continue;
            }
            let wait =
                wait::before_next(status.as_u16(), response.headers(), done, SystemTime::now());
            match wait.filter(|wait| done < TRIES && *wait <= self.patience) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(self.refused(response).await),
            }
        }
    }

    /// The way to try after an answer; none where it is final. Receivers that know nothing of packing take
    /// a packed body for a broken one.
    fn next_way(&self, status: StatusCode, is_packed: bool) -> Option<usize> {
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            return Some(self.way + 1).filter(|way| *way < WAYS.len());
        }
        let is_unread = status == StatusCode::BAD_REQUEST && is_packed;
        let plain = (self.way().0, false);
        is_unread.then(|| WAYS.iter().position(|way| *way == plain))?
    }

    fn way(&self) -> (Coding, bool) {
        WAYS.get(self.way).copied().unwrap_or_default()
    }

    /// Sends a request once; says whether it was packed.
    async fn post(&self, request: &Request) -> Result<(Response, bool), Refusal> {
        let (coding, packs) = self.way();
        let mut body = coding.body(request)?;
        let mut post = self
            .client
            .post(self.receiver.url().clone())
            .headers(self.receiver.headers())
            .header(CONTENT_TYPE, coding.media_type());
        let is_packed = packs && body.len() >= PACKED;
        if is_packed {
            body = packed(&body).map_err(|fault| Refusal::Broken(fault.to_string()))?;
            post = post.header(CONTENT_ENCODING, "gzip");
        }
        let sent = post.body(body).send().await;
        sent.map(|response| (response, is_packed))
            .map_err(|fault| Refusal::Unreached(deepest(&fault)))
    }

    async fn taken(&self, response: Response) -> Answer {
        let is_json = is_json(response.headers());
        let body = beginning(response).await;
        let mut answer = if is_json {
            serde_json::from_slice(&body).map_or_else(|_| Answer::default(), |said| told(&said))
        } else {
            let taken = Taken::decode(body.as_slice()).unwrap_or_default();
            let partial = taken.partial_success.unwrap_or_default();
            Answer {
                rejected: u64::try_from(partial.rejected_spans).unwrap_or(0),
                message: partial.error_message,
                coding: Coding::default(),
            }
        };
        (answer.coding, _) = self.way();
        answer
    }

    async fn refused(&self, response: Response) -> Refusal {
        let status = response.status().as_u16();
        let body = beginning(response).await;
        let text = String::from_utf8_lossy(&body);
        let said: String = text.trim().chars().take(TOLD).collect();
        let said = if said.is_empty() || said.contains('\u{fffd}') {
            String::new()
        } else {
            format!(": {said}")
        };
        match status {
            401 | 403 => Refusal::Credentials { status, said },
            _ => Refusal::Answer { status, said },
        }
    }
}

fn told(said: &Value) -> Answer {
    let partial = &said["partialSuccess"];
    let rejected = &partial["rejectedSpans"];
    let number = rejected.as_u64();
    let number = number.or_else(|| rejected.as_str()?.parse().ok());
    Answer {
        rejected: number.unwrap_or(0),
        message: partial["errorMessage"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        coding: Coding::default(),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

/// As much of an answer as anybody wants to read.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= ANSWER {
            body.truncate(ANSWER);
            break;
        }
    }
    body
}

/// What lies at the bottom of an error, without the address, whose query may hold what is nobody's business.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(below) = at.source() {
        at = below;
    }
    at.to_string()
}

/// The client panics unless a provider of cryptography was installed before. Once for the process.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that somebody else installed one first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
