//! Where traces go, and what is sent along: an address as it was typed, and headers whose values come out of
//! the environment. No secret stands on a command line.

use std::net::IpAddr;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

/// Where receivers take traces, unless the address says more than a host.
const PATH: &str = "/v1/traces";

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Receiver {
    url: Url,
    headers: HeaderMap,
}

/// Why that is no receiver.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is no address.
    #[error("`{0}` is no http or https address")]
    Address(String),
    /// It has a name and a password in it.
    #[error("an address with a password in it is refused; give it with --header NAME=env:VARIABLE")]
    Password,
    /// It is no header.
    #[error("`{0}` is no header that can be sent")]
    Header(String),
}

impl Receiver {
    /// At an address, with headers.
    pub fn new(address: &str, headers: &[(String, SecretString)]) -> Result<Self, Wrong> {
        let url = Url::parse(address).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let mut url = url.ok_or_else(|| Wrong::Address(address.to_owned()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Wrong::Password);
        }
        if url.path() == "/" {
            url.set_path(PATH);
        }
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let wrong = || Wrong::Header(name.clone());
            let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = HeaderValue::from_str(value.expose_secret().trim());
            let mut value = value.map_err(|_| wrong())?;
            value.set_sensitive(true);
            map.insert(known, value);
        }
        Ok(Self { url, headers: map })
    }

    /// Its address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The address without what may be secret in it.
    pub fn told(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.to_string()
    }

    pub(super) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    /// Whether it is on this very machine.
    pub(super) fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => {
                name.trim_end_matches('.').eq_ignore_ascii_case("localhost")
            }
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_completed_and_holds_no_password() {
        let told = |address: &str| Receiver::new(address, &[]).map(|one| one.url().to_string());
        for (address, expected) in [
            ("http://localhost:4318", "http://localhost:4318/v1/traces"),
            ("http://localhost:4318/", "http://localhost:4318/v1/traces"),
            ("https://x.example/otel", "https://x.example/otel"),
        ] {
            assert_eq!(told(address).unwrap(), expected);
        }
        assert_eq!(told("https://a:b@x.example/").unwrap_err(), Wrong::Password);
        for address in ["", "localhost:4318", "ftp://x/", "file:///x"] {
            assert!(
                matches!(told(address).unwrap_err(), Wrong::Address(_)),
                "{address}"
            );
        }
        let one = Receiver::new("https://x.example/p?token=hunter22", &[]).unwrap();
        assert_eq!(one.told(), "https://x.example/p");
    }

    #[test]
    fn a_header_is_not_told_in_a_debug_print() {
        let headers = [("Authorization".to_owned(), "Bearer hunter22".into())];
        let one = Receiver::new("http://localhost", &headers).unwrap();
        assert!(!format!("{one:?}").contains("hunter22"));
        let headers = [("a b".to_owned(), "x".into())];
        assert!(Receiver::new("http://localhost", &headers).is_err());
    }
}
