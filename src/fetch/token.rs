//! OAuth 2.0 client credentials: posted to the token endpoint, the only request of sortie that is no
//! read. It is never redirected, repeated only in its other spelling, and its reply is read for a token
//! alone.

use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::exchange::{self, Whole, Wire};
use super::http::time;
use super::judge::WORDS;
use crate::model::{Sent, Trouble};
use crate::provider::wire::one_line;

const CAP: u64 = 1024 * 1024;
/// Where the service does not say how long its tokens live.
const USUAL_LIFE: Duration = Duration::from_secs(30 * 60);
/// However long it says they live, one is renewed after this.
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);
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

/// How the credentials are spelled. Services have the standard's form, JSON, or both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Form,
    Json,
}

/// Exchanges the client's credentials for a token: as a form, and once more as JSON where the form is
/// not understood. Each request is noted by its path alone.
pub(super) async fn buy(
    wire: &Wire<'_>,
    offer: &Offer<'_>,
    note: &(dyn Fn(Sent) + Sync),
) -> Result<Token, Trouble> {
    let asked = Instant::now();
    let mut whole = post(wire, offer, Spelling::Form, note).await?;
    if is_misunderstood(&whole) {
        let second = post(wire, offer, Spelling::Json, note).await?;
        // What the standard's form was told is the better answer, if neither is good.
        if (200..300).contains(&second.status) {
            whole = second;
        }
    }
    if !(200..300).contains(&whole.status) {
        return Err(denied(whole.status, &whole.body, offer));
    }
    let given: Given = serde_json::from_slice(&whole.body).map_err(|_| Trouble::BadReply {
        cause: format!("no token from {}", exchange::host(offer.token_url)),
    })?;
    let life = given
        .expires_in
        .and_then(|n| Duration::try_from_secs_f64(n).ok())
        .unwrap_or(USUAL_LIFE)
        .min(LONGEST_LIFE);
    Ok(Token {
        secret: given.access_token.into(),
        bought: Instant::now(),
        good_until: asked + life.saturating_sub(EARLY.min(life / 4)),
    })
}

/// Whether the refusal is about how the request is spelled, and not about who asks.
fn is_misunderstood(whole: &Whole) -> bool {
    let about_the_client = || {
        let denied: Option<Denied> = serde_json::from_slice(&whole.body).ok();
        denied.and_then(|denied| denied.error).is_some_and(|error| {
            matches!(
                error.as_str(),
                "invalid_client" | "unauthorized_client" | "access_denied" | "invalid_scope"
            )
        })
    };
    matches!(whole.status, 400 | 406 | 415 | 422) && !about_the_client()
}

async fn post(
    wire: &Wire<'_>,
    offer: &Offer<'_>,
    spelling: Spelling,
    note: &(dyn Fn(Sent) + Sync),
) -> Result<Whole, Trouble> {
    let mut request = reqwest::Request::new(Method::POST, offer.token_url.clone());
    let kind = match spelling {
        Spelling::Form => "application/x-www-form-urlencoded",
        Spelling::Json => "application/json",
    };
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(spelled(offer, spelling).into());
    let began = (Instant::now(), SystemTime::now());
    let outcome = wire.exchange(request, CAP).await;
    let whole = outcome.as_ref().ok();
    note(Sent {
        at: time(began.1),
        context: String::new(),
        method: "POST",
        path: offer.token_url.path().to_owned(),
        status: whole.map(|whole| whole.status),
        took: began.0.elapsed(),
        bytes: whole.map_or(0, |whole| whole.body.len() as u64),
        retries: u32::from(spelling == Spelling::Json),
        cached: false,
        reason: match spelling {
            Spelling::Form => "a token".to_owned(),
            Spelling::Json => "a token, as JSON".to_owned(),
        },
    });
    outcome.map_err(|failure| failure.trouble)
}

fn spelled(offer: &Offer<'_>, spelling: Spelling) -> String {
    let secret = offer.client_secret.expose_secret();
    match spelling {
        Spelling::Form => form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", offer.client_id)
            .append_pair("client_secret", secret)
            .finish(),
        Spelling::Json => serde_json::json!({
            "client_id": offer.client_id,
            "client_secret": secret,
            "grant_type": "client_credentials",
        })
        .to_string(),
    }
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
