//! OAuth 2.0 client credentials: one form posted to the token endpoint, the only request of sortie
//! that is no read. It is never redirected, never repeated, and its reply is read for a token alone.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::exchange::{self, Wire};
use super::judge::WORDS;
use crate::model::Trouble;
use crate::provider::wire::one_line;

const CAP: u64 = 1024 * 1024;
/// Where the service does not say how long its tokens live.
const USUAL_LIFE: Duration = Duration::from_secs(30 * 60);
/// Renewed this long before the end, so that none expires on the way.
const EARLY: Duration = Duration::from_secs(120);

/// A token and until when it is sent.
#[derive(Clone)]
pub(super) struct Token {
    pub secret: SecretString,
    pub bought: Instant,
    pub good_until: Instant,
}

/// What a token is bought with.
pub(super) struct Offer<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a SecretString,
    pub token_url: &'a Url,
    pub source: &'a str,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    expires_in: Option<f64>,
}

#[derive(Deserialize)]
struct Denied {
    error: Option<String>,
    error_description: Option<String>,
}

/// Exchanges the client's credentials for a token.
pub(super) async fn buy(wire: &Wire<'_>, offer: &Offer<'_>) -> Result<Token, Trouble> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", offer.client_id)
        .append_pair("client_secret", offer.client_secret.expose_secret())
        .finish();
    let mut request = reqwest::Request::new(Method::POST, offer.token_url.clone());
    let headers = request.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(form.into());
    let asked = Instant::now();
    let whole = wire
        .exchange(request, CAP)
        .await
        .map_err(|failure| failure.trouble)?;
    if !(200..300).contains(&whole.status) {
        return Err(denied(whole.status, &whole.body, offer));
    }
    let given: Given = serde_json::from_slice(&whole.body).map_err(|_| Trouble::BadReply {
        cause: format!("no token from {}", exchange::host(offer.token_url)),
    })?;
    let life = given
        .expires_in
        .and_then(|n| Duration::try_from_secs_f64(n).ok())
        .unwrap_or(USUAL_LIFE);
    Ok(Token {
        secret: given.access_token.into(),
        bought: Instant::now(),
        good_until: asked + life.saturating_sub(EARLY.min(life / 4)),
    })
}

fn denied(status: u16, body: &[u8], offer: &Offer<'_>) -> Trouble {
    let said = serde_json::from_slice::<Denied>(body)
        .ok()
        .and_then(|denied| denied.error_description.or(denied.error))
        .unwrap_or_else(|| format!("status {status}"));
    let secret = offer.client_secret.expose_secret();
    let said = if secret.is_empty() {
        said
    } else {
        said.replace(secret, "‹secret›")
    };
    // Cut last: half a secret is a secret too.
    let said = one_line(&said, WORDS);
    let message = format!("{} says: {said}", exchange::host(offer.token_url));
    match status {
        400 | 401 | 403 => Trouble::Refused {
            source_name: offer.source.to_owned(),
            message,
        },
        429 => Trouble::RateLimited {
            retry_after: None,
            message,
        },
        _ => Trouble::Service { status, message },
    }
}
