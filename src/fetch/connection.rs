//! One context, ready to be asked: where it is and how to prove who asks. The credential is resolved
//! before the screen opens; what could not be resolved is kept as the trouble that every ask answers.

use std::{path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::{
    model::{AuthScheme, Trouble},
    provider::Provider,
};

/// A context with its credential.
#[derive(Clone)]
pub struct Connection {
    /// The context's name.
    pub name: String,
    /// Which dialect it speaks.
    pub provider: &'static dyn Provider,
    /// Scheme, host, port and path prefix. Paths of requests are appended to its path.
    pub base_url: Url,
    /// How to prove who asks.
    pub auth: Auth,
    /// Sent with every request; values may be secrets.
    pub headers: Vec<(String, SecretString)>,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Accept any certificate. Shown in the status line.
    pub insecure: bool,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For the reply's head.
    pub header: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// Between two signs of life of a stream, comments included.
    pub sse_idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            header: Duration::from_secs(20),
            idle: Duration::from_secs(20),
            sse_idle: Duration::from_secs(45),
        }
    }
}

/// How to prove who asks.
#[derive(Clone)]
pub enum Auth {
    /// Nothing is sent.
    None,
    /// One secret in one header.
    Key {
        /// Which header.
        scheme: AuthScheme,
        /// The secret.
        secret: SecretString,
        /// Where it came from (`$TELNYX_API_KEY`, a file's path, `api_key_command`), for messages.
        source: String,
        /// `x-selected-account-id`, where the service wants one.
        account_id: Option<String>,
    },
    /// OAuth 2.0 client credentials, exchanged for a token that is renewed before it expires.
    Client {
        /// The client's id.
        client_id: String,
        /// The client's secret.
        client_secret: SecretString,
        /// Where tokens are given out.
        token_url: Url,
        /// Where the secret came from, for messages.
        source: String,
    },
    /// There should be a credential and there is none: every ask answers this.
    Missing(Arc<Trouble>),
}
