//! Proving who asks: one header with a key, or a token bought with client credentials and renewed
//! before it expires. A secret leaves only in a header to the service; `scrub` keeps it out of texts.

use std::sync::PoisonError;
use std::time::Instant;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::exchange::Wire;
use super::token::{self, Offer, Token};
use super::{Auth, Connection};
use crate::model::{AuthScheme, Sent, Trouble};

/// Tokens that texts are kept free of.
const TOKENS: usize = 4;

/// What a connection sends to prove who asks.
pub(super) struct Authority {
    auth: Auth,
    extra: Vec<(String, SecretString)>,
    /// The token at hand, or the last attempt to get one. Whoever renews it holds the lock, so that
    /// many waiting requests cause one renewal.
    purse: Mutex<Purse>,
    /// The newest tokens, so that texts can be kept free of them while a new one is being bought.
    sold: std::sync::Mutex<Vec<SecretString>>,
}

#[derive(Default)]
struct Purse {
    token: Option<Token>,
    failed: Option<(Instant, Trouble)>,
}

impl Authority {
    pub fn new(connection: &Connection) -> Self {
        Self {
            auth: connection.auth.clone(),
            extra: connection.headers.clone(),
            purse: Mutex::default(),
            sold: std::sync::Mutex::default(),
        }
    }

    /// The headers to send. Where they take a token and there is none, it is bought by `wire`, and the
    /// request for it is noted.
    pub async fn headers(
        &self,
        wire: &Wire<'_>,
        note: &(dyn Fn(Sent) + Sync),
    ) -> Result<HeaderMap, Trouble> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.extra {
            put(&mut headers, name, value.expose_secret(), name)?;
        }
        match &self.auth {
            Auth::None => {}
            Auth::Missing(trouble) => return Err((**trouble).clone()),
            Auth::Key {
                scheme,
                secret,
                source,
                account_id,
            } => {
                let secret = secret.expose_secret();
                match scheme {
                    AuthScheme::Bearer => bearer(&mut headers, secret, source)?,
                    AuthScheme::XApiKey => put(&mut headers, "x-api-key", secret, source)?,
                    AuthScheme::AgentKey => put(&mut headers, "x-agent-api-key", secret, source)?,
                    AuthScheme::None => {}
                }
                if let Some(id) = account_id {
                    put(&mut headers, "x-selected-account-id", id, "account_id")?;
                }
            }
            Auth::Client {
                client_id,
                client_secret,
                token_url,
                source,
            } => {
                let offer = Offer {
                    client_id,
                    client_secret,
                    token_url,
                    source,
                };
                let token = self.token(wire, &offer, note).await?;
                bearer(&mut headers, token.secret.expose_secret(), source)?;
            }
        }
        Ok(headers)
    }

    /// The service refused a request that began at `began`: forgets the token that it carried, but
    /// not one that another request has bought since. False where no other credential can be had.
    pub async fn forget(&self, began: Instant) -> bool {
        if !matches!(self.auth, Auth::Client { .. }) {
            return false;
        }
        let mut purse = self.purse.lock().await;
        purse.token.take_if(|token| token.bought <= began);
        true
    }

    /// Where the credential came from; none where there is none.
    pub fn source(&self) -> Option<&str> {
        match &self.auth {
            Auth::Key { source, .. } | Auth::Client { source, .. } => Some(source),
            Auth::None | Auth::Missing(_) => None,
        }
    }

    /// `text` without the secrets that this connection sends, in case a service echoes them.
    pub fn scrub(&self, text: String) -> String {
        let key = match &self.auth {
            Auth::Key { secret, .. } => Some(secret),
            Auth::Client { client_secret, .. } => Some(client_secret),
            Auth::None | Auth::Missing(_) => None,
        };
        let bought = self.sold.lock().unwrap_or_else(PoisonError::into_inner);
        let all = key
            .into_iter()
            .chain(bought.iter())
            .chain(self.extra.iter().map(|(_, value)| value));
        all.map(ExposeSecret::expose_secret)
            .filter(|secret| secret.len() >= 4)
            .fold(text, |text, secret| text.replace(secret, "‹secret›"))
    }

    fn remember(&self, token: &SecretString) {
        let mut sold = self.sold.lock().unwrap_or_else(PoisonError::into_inner);
        if sold.len() >= TOKENS {
            sold.remove(0);
        }
        sold.push(token.clone());
    }

    async fn token(
        &self,
        wire: &Wire<'_>,
        offer: &Offer<'_>,
        note: &(dyn Fn(Sent) + Sync),
    ) -> Result<Token, Trouble> {
        let asked = Instant::now();
        let mut purse = self.purse.lock().await;
        if let Some(token) = &purse.token
            && token.good_until > Instant::now()
        {
            return Ok(token.clone());
        }
        // Somebody tried while this request waited: its answer is this one's too.
        if let Some((at, trouble)) = &purse.failed
            && *at > asked
        {
            return Err(trouble.clone());
        }
        match token::buy(wire, offer, note).await {
            Ok(token) => {
                self.remember(&token.secret);
                purse.token = Some(token.clone());
                purse.failed = None;
                Ok(token)
            }
            Err(trouble) => {
                purse.failed = Some((Instant::now(), trouble.clone()));
                Err(trouble)
            }
        }
    }
}

fn bearer(headers: &mut HeaderMap, secret: &str, source: &str) -> Result<(), Trouble> {
    put(
        headers,
        "authorization",
        &format!("Bearer {secret}"),
        source,
    )
}

fn put(headers: &mut HeaderMap, name: &str, value: &str, source: &str) -> Result<(), Trouble> {
    let unsendable = || Trouble::NoCredential {
        cause: format!("what {source} holds cannot be sent as a header (line breaks, controls?)"),
    };
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| unsendable())?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
