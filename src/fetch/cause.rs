//! What the HTTP client's errors mean, in a few words. The client's own texts carry addresses with
//! their queries; none of them is passed on, only the innermost reason.

use std::error::Error;
use std::io;

use crate::model::Trouble;

use super::Timeouts;

/// Why nothing came back, and whether asking again may help.
pub(super) struct Failure {
    pub trouble: Trouble,
    pub again: bool,
}

impl Failure {
    /// Asking again cannot help.
    pub fn last(trouble: Trouble) -> Self {
        Self {
            trouble,
            again: false,
        }
    }
}

/// Before the head of the reply: no connection, or one that broke.
pub(super) fn of_request(error: &reqwest::Error, host: &str, timeouts: &Timeouts) -> Failure {
    if error.is_timeout() {
        return Failure {
            trouble: Trouble::TimedOut {
                host: host.to_owned(),
                waited_for: "the connection",
                limit: timeouts.connect,
            },
            // Whoever waited through the whole limit is told at once.
            again: false,
        };
    }
    let http = find::<hyper::Error>(error);
    if let Some(broken) = http.filter(|http| http.is_parse()) {
        return Failure {
            trouble: Trouble::BadReply {
                cause: format!("no HTTP, {broken}"),
            },
            again: false,
        };
    }
    let tls = find::<rustls::Error>(error);
    let cause = if let Some(tls) = tls {
        tls_words(tls)
    } else if error.is_dns() {
        dns_words(&deepest(error)).to_owned()
    } else if let Some(io) = find::<io::Error>(error) {
        io_words(io)
    } else if http.is_some_and(hyper::Error::is_incomplete_message) {
        "it closed the connection without an answer".to_owned()
    } else {
        deepest(error)
    };
    Failure {
        trouble: Trouble::Unreachable {
            host: host.to_owned(),
            cause,
        },
        again: error.is_connect() && tls.is_none(),
    }
}

/// In the middle of the body.
pub(super) fn of_body(error: &reqwest::Error, received: usize) -> Trouble {
    let io = find::<io::Error>(error);
    let spoilt = matches!(
        io.map(io::Error::kind),
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    );
    let cause = if spoilt && find::<hyper::Error>(error).is_some() {
        "what came is no HTTP".to_owned()
    } else if let Some(io) = io {
        io_words(io)
    } else if error.is_decode() {
        "it cannot be decompressed".to_owned()
    } else {
        "the connection was closed".to_owned()
    };
    Trouble::CutShort {
        received: received as u64,
        cause,
    }
}

/// The text of the innermost cause, which holds no address.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() {
        return "the request failed".to_owned();
    }
    cause.to_string()
}

/// The system tells a name that does not exist from a look-up that failed in its words alone.
fn dns_words(said: &str) -> &'static str {
    let said = said.to_ascii_lowercase();
    if ["temporary failure", "try again", "timed out"]
        .iter()
        .any(|words| said.contains(words))
    {
        "the name cannot be looked up at the moment (temporary failure)"
    } else {
        "the name is unknown"
    }
}

fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the connection was reset".to_owned()
        }
        io::ErrorKind::NetworkUnreachable => "the network is unreachable".to_owned(),
        io::ErrorKind::HostUnreachable => "the host is unreachable".to_owned(),
        io::ErrorKind::UnexpectedEof => "the data ended too early".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            "it cannot be decompressed".to_owned()
        }
        _ => error.to_string(),
    }
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Cert;
    let rustls::Error::InvalidCertificate(cert) = error else {
        return format!("TLS failed: {error}");
    };
    let words = match cert {
        Cert::UnknownIssuer => "its issuer is not trusted here (see ca_file)",
        Cert::Expired | Cert::ExpiredContext { .. } => "it has expired",
        Cert::NotValidYet | Cert::NotValidYetContext { .. } => "it is not valid yet",
        Cert::NotValidForName | Cert::NotValidForNameContext { .. } => "it is for another name",
        Cert::BadSignature => "its signature is not its issuer's",
        Cert::Revoked => "it was revoked",
        other => return format!("the certificate was refused: {other:?}"),
    };
    format!("the certificate was refused: {words}")
}

/// The first cause of type `E`. An I/O error hides the error that it wraps from `source`.
fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(found) = current.downcast_ref::<E>() {
            return Some(found);
        }
        let wrapped = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::dns_words;

    #[test]
    fn a_lookup_that_failed_is_not_a_name_that_does_not_exist() {
        let said = |words| format!("failed to lookup address information: {words}");
        for words in ["Temporary failure in name resolution", "Try again"] {
            assert!(dns_words(&said(words)).contains("temporary"), "{words}");
        }
        for words in [
            "Name or service not known",
            "nodename nor servname provided, or not known",
        ] {
            assert_eq!(dns_words(&said(words)), "the name is unknown");
        }
    }
}
