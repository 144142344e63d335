//! The HTTP client of one connection, as its settings want it. There is no limit on a request's total
//! time: a large answer may take long, and silence is what `http` watches for.

use std::{net::IpAddr, sync::Once, time::Duration};

use reqwest::{Certificate, Client, redirect::Policy};
use url::{Host, Url};

use super::{Auth, Connection};
use crate::model::Trouble;

/// Some services close a connection that was idle for 5 s: leave it before they do.
const POOL_IDLE: Duration = Duration::from_secs(4);

/// A client for `connection` to ask `url` with. It follows no redirect by itself.
pub(super) fn build(connection: &Connection, url: &Url) -> Result<Client, Trouble> {
    install_crypto();
    let mut builder = Client::builder()
        .user_agent(concat!("sortie/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connection.timeouts.connect)
        .pool_idle_timeout(POOL_IDLE)
        .gzip(true)
        .referer(false)
        .redirect(Policy::none());
    if is_loopback(url) {
        builder = builder.no_proxy();
    }
    if needs_no_tls(connection) {
        // Loading the system's certificates takes time, and fails where there are none.
        builder = builder.tls_certs_only([]);
    } else {
        builder = builder
            .tls_certs_merge(extra_certificates(connection)?)
            .tls_danger_accept_invalid_certs(connection.insecure);
    }
    builder.build().map_err(|error| Trouble::Unwilling {
        cause: format!("TLS cannot be set up: {}", super::cause::deepest(&error)),
    })
}

/// Whether `url` points at this very machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost") || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

fn needs_no_tls(connection: &Connection) -> bool {
    let token_url = match &connection.auth {
        Auth::Client { token_url, .. } => Some(token_url),
        Auth::None | Auth::Key { .. } | Auth::Missing(_) => None,
    };
    std::iter::once(&connection.base_url)
        .chain(token_url)
        .all(|url| url.scheme() == "http")
        && is_loopback(&connection.base_url)
        && token_url.is_none_or(is_loopback)
}

fn extra_certificates(connection: &Connection) -> Result<Vec<Certificate>, Trouble> {
    let Some(path) = &connection.ca_file else {
        return Ok(Vec::new());
    };
    let trouble = |cause: String| Trouble::File {
        name: path.display().to_string(),
        cause,
    };
    let pem = std::fs::read(path).map_err(|error| trouble(error.to_string()))?;
    let certificates = Certificate::from_pem_bundle(&pem)
        .map_err(|_| trouble("not a bundle of PEM certificates".to_owned()))?;
    if certificates.is_empty() {
        return Err(trouble("no PEM certificate in it".to_owned()));
    }
    Ok(certificates)
}

/// The client panics unless a provider of cryptography was installed before. Once for the process.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that somebody else installed one first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (url, expected) in [
            ("http://localhost:1/x", true),
            ("http://LOCALHOST./", true),
            ("http://agents.localhost/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:8080/", true),
            ("http://10.0.0.1/", false),
            ("https://localhost.example.com/", false),
            ("https://[2001:db8::1]/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
