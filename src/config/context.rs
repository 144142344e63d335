//! A context as configured: where a service is and where its credential comes from. Holds names of
//! variables, files and commands, and no credential: `credential` fetches those once, at the start.

use std::path::PathBuf;

use url::Url;

use crate::{fetch::Timeouts, model::AuthScheme, provider::Provider};

/// One configured connection.
#[derive(Clone)]
pub struct Context {
    /// Matches `[A-Za-z0-9._-]+`.
    pub name: String,
    /// Which dialect it speaks.
    pub provider: &'static dyn Provider,
    /// http or https, without user, query or fragment.
    pub base_url: Url,
    /// How the credential is sent.
    pub auth: AuthScheme,
    /// Where the credential comes from.
    pub credential: Credential,
    /// `x-selected-account-id`.
    pub account_id: Option<String>,
    /// Sent with every request.
    pub headers: Vec<(String, HeaderText)>,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// Template of the page of a run in the service's console.
    pub console_url: Option<String>,
    /// The named view that the screen begins with where only this context is in use.
    pub view: Option<String>,
}

/// Where a header's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderText {
    /// Written in the file.
    Literal(String),
    /// In this variable.
    Env(String),
}

/// What proves who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    None,
    /// One key.
    Key(Secret),
    /// OAuth 2.0 client credentials.
    Client {
        /// The client's id, which is no secret.
        id: String,
        /// Its secret.
        secret: Secret,
        /// Where tokens are given out.
        token_url: Url,
    },
    /// The configuration names none that can be used; says why.
    Fault(String),
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// This variable.
    Env(String),
    /// This file, which nobody else may read.
    File(PathBuf),
    /// What this program prints.
    Command(Vec<String>),
}

/// A context that cannot be asked, because its configuration is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Whether contexts may be called so.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Whether a variable may be called so. Keys of some services have the letters of a name: what is
/// long and has small letters and digits is taken for a key, lest it be shown as a name.
pub fn is_variable(name: &str) -> bool {
    let count = |is: fn(&u8) -> bool| name.bytes().filter(is).count();
    let of_letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let looks_like_a_key =
        name.len() >= 20 && count(u8::is_ascii_digit) >= 3 && count(u8::is_ascii_lowercase) >= 1;
    of_letters && !name.starts_with(|c: char| c.is_ascii_digit()) && !looks_like_a_key
}

/// How a credential is sent, as the file writes it.
pub(super) fn scheme(word: &str) -> Result<AuthScheme, String> {
    match word {
        "bearer" => Ok(AuthScheme::Bearer),
        "x-api-key" => Ok(AuthScheme::XApiKey),
        "agent-key" => Ok(AuthScheme::AgentKey),
        "none" => Ok(AuthScheme::None),
        _ => Err("must be bearer, x-api-key, agent-key or none".to_owned()),
    }
}

/// Reads a base URL. The reason for a refusal does not repeat it, since it may hold a password.
pub fn base_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|_| "is no URL; write it with its scheme, like `https://api.example.com/v2`")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user or password; use api_key_env, api_key_file or headers");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not hold a query or fragment");
    }
    Ok(url)
}

/// Where the service gives out tokens for client credentials, unless told otherwise.
/// Telnyx has it under its own base URL.
pub(super) fn default_token_url(provider: &str, base: Option<&Url>) -> Option<Url> {
    match provider {
        "vectara" => Url::parse("https://auth.vectara.io/oauth2/token").ok(),
        "telnyx" => {
            let mut url = base?.clone();
            url.path_segments_mut()
                .ok()?
                .pop_if_empty()
                .extend(["oauth", "token"]);
            Some(url)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for good in ["prod", "a.b-c_d", "1"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "a b", "a/b", "ä", "a#1"] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn base_urls_hold_no_secret_and_no_query() {
        assert_eq!(
            base_url("https://a.example/v2/").unwrap().as_str(),
            "https://a.example/v2"
        );
        for bad in [
            "a.example",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example?k=1",
            "https://a.example#x",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn token_url_lies_where_the_service_has_it() {
        let base = base_url("https://api.telnyx.com/v2").unwrap();
        let url = default_token_url("telnyx", Some(&base)).unwrap();
        assert_eq!(url.as_str(), "https://api.telnyx.com/v2/oauth/token");
        assert!(default_token_url("elizaos", Some(&base)).is_none());
    }
}
