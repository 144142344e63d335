//! Every way in which getting something can fail, and what to tell the person. Two voices: `Display`
//! says what happened, for rows, logs and error records; `hint` says what to do about it.

use std::time::Duration;

/// What went wrong. Cheap to clone: it is kept on the node that could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No credential could be had, before anything was sent.
    #[error("no credential: {cause}")]
    NoCredential {
        /// Which variable, file or command, and what it did.
        cause: String,
    },
    /// The program that prints the credential did not.
    #[error("no credential: {cause}")]
    NoCommand {
        /// Which program, how it ended and its last words, without its arguments.
        cause: String,
        /// Which setting names it: `api_key_command`.
        setting: &'static str,
        /// Of which context.
        context: String,
    },
    /// 401: the credential was refused.
    #[error("401, the credential from {source_name} was refused: {message}")]
    Refused {
        /// Where the credential came from (`TELNYX_API_KEY`, a file), never the credential.
        source_name: String,
        /// The service's words.
        message: String,
    },
    /// 403: the credential is good but not for this.
    #[error("403, not allowed with the credential from {source_name}: {message}")]
    Forbidden {
        /// As in `Refused`.
        source_name: String,
        /// The service's words.
        message: String,
    },
    /// The thing asked for does not exist, or not any more.
    #[error("not found: {message}")]
    NotFound {
        /// The service's words.
        message: String,
    },
    /// 429, and waiting did not help or would take too long.
    #[error("429, the service limits requests{}: {message}", wait_words(.retry_after.as_ref()))]
    RateLimited {
        /// How long the service wants to be left alone.
        retry_after: Option<Duration>,
        /// The service's words.
        message: String,
    },
    /// Any other answer that is no success.
    #[error("{status} from the service: {message}")]
    Service {
        /// HTTP status.
        status: u16,
        /// The service's words, or the beginning of the body.
        message: String,
    },
    /// No connection: refused, unreachable, name unknown, TLS.
    #[error("cannot reach {host}: {cause}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// Short cause.
        cause: String,
    },
    /// Connected, then silence.
    #[error("{host} did not answer in time: {waited_for} took more than {}", spelled(*.limit))]
    TimedOut {
        /// Host and port.
        host: String,
        /// The connection, the headers, the rest of the body.
        waited_for: &'static str,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The body ended before it was whole, or could not be decompressed.
    #[error("the answer broke off after {received} bytes: {cause}")]
    CutShort {
        /// Bytes that came.
        received: u64,
        /// Short cause.
        cause: String,
    },
    /// The body is larger than sortie takes.
    #[error("the answer is larger than {} MiB", .limit / (1024 * 1024))]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A success whose body is not what the service sends (HTML, another shape, no JSON).
    #[error("the answer is not what this service sends: {cause}")]
    BadReply {
        /// What was found instead and where.
        cause: String,
    },
    /// sortie itself broke while it read an answer.
    #[error("sortie broke while it read the answer")]
    Broken,
    /// A file that cannot be read.
    #[error("cannot read {name}: {cause}")]
    File {
        /// The file's name as given.
        name: String,
        /// Short cause.
        cause: String,
    },
    /// Something that sortie will not do (a redirect to another host, an unknown service).
    #[error("not done: {cause}")]
    Unwilling {
        /// What, and why.
        cause: String,
    },
    /// The person no longer wanted it.
    #[error("cancelled")]
    Cancelled,
}

/// A limit as one would write it in the config.
fn spelled(limit: Duration) -> String {
    match (limit.as_secs(), limit.subsec_millis()) {
        (seconds, 0) => format!("{seconds} s"),
        (0, millis) => format!("{millis} ms"),
        _ => format!("{:.1} s", limit.as_secs_f64()),
    }
}

fn wait_words(wait: Option<&Duration>) -> String {
    wait.map(|wait| format!(" and asks to wait {} s", whole_seconds(*wait)))
        .unwrap_or_default()
}

/// Who waits that many seconds has waited long enough.
fn whole_seconds(wait: Duration) -> u64 {
    let begun = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(begun).max(1)
}

/// What sort of trouble it is, as far as exit codes and retries care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleClass {
    /// Missing or refused credentials.
    Credentials,
    /// The service or the network.
    Service,
    /// The thing does not exist.
    NotFound,
    /// Somebody stopped it.
    Cancelled,
}

impl Trouble {
    /// Its class.
    pub fn class(&self) -> TroubleClass {
        match self {
            Self::NoCredential { .. }
            | Self::NoCommand { .. }
            | Self::Refused { .. }
            | Self::Forbidden { .. } => TroubleClass::Credentials,
            Self::NotFound { .. } => TroubleClass::NotFound,
            Self::Cancelled => TroubleClass::Cancelled,
            Self::RateLimited { .. }
            | Self::Service { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::CutShort { .. }
            | Self::TooLarge { .. }
            | Self::BadReply { .. }
            | Self::Broken
            | Self::File { .. }
            | Self::Unwilling { .. } => TroubleClass::Service,
        }
    }

    /// Whether nothing else can be had of the context either: the host or the credential is at fault,
    /// not what was asked.
    pub fn is_of_context(&self) -> bool {
        matches!(
            self,
            Self::NoCredential { .. }
                | Self::Refused { .. }
                | Self::Unreachable { .. }
                | Self::TimedOut { .. }
        )
    }

    /// A stable word for error records.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredential { .. } | Self::NoCommand { .. } => "no_credential",
            Self::Refused { .. } => "refused",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::Service { .. } => "service",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { .. } => "timed_out",
            Self::CutShort { .. } => "cut_short",
            Self::TooLarge { .. } => "too_large",
            Self::BadReply { .. } => "bad_reply",
            Self::Broken => "broken",
            Self::File { .. } => "file",
            Self::Unwilling { .. } => "unwilling",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the person can do, as a sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::NoCredential { .. } => {
                "Set the variable or file that the context names.".to_owned()
            }
            Self::NoCommand {
                setting, context, ..
            } => format!("Check `{setting}` of context `{context}`: run it by hand."),
            Self::Refused { source_name, .. } => {
                format!(
                    "Check the key in {source_name}: it may be expired, revoked or for another environment."
                )
            }
            Self::Forbidden { source_name, .. } => {
                format!("Ask for read access for the key in {source_name}, or use another context.")
            }
            Self::NotFound { .. } => {
                "It may be deleted or too old; refresh the list it came from.".to_owned()
            }
            Self::RateLimited { retry_after, .. } => match retry_after {
                Some(wait) => format!("Try again in {} s.", whole_seconds(*wait)),
                None => "Wait a little, then try again.".to_owned(),
            },
            Self::Service { status, .. } if *status >= 500 => {
                "The service has a problem of its own; try again later.".to_owned()
            }
            Self::Service { .. } => {
                "The service did not accept the request; its words say why.".to_owned()
            }
            Self::Unreachable { .. } => {
                "Check the context's base_url, the network and any proxy.".to_owned()
            }
            Self::TimedOut { .. } => {
                "Try again; the context's timeouts can be raised in the config.".to_owned()
            }
            Self::CutShort { .. } => "Try again; what was loaded before is kept.".to_owned(),
            Self::TooLarge { .. } => "Open it in the service's console.".to_owned(),
            Self::BadReply { .. } => {
                "Check that base_url points at the service's API and not at a login page or proxy."
                    .to_owned()
            }
            Self::Broken => {
                "The fault is sortie's, not the service's: please report it. All else goes on."
                    .to_owned()
            }
            Self::File { .. } => "Check the path and its permissions.".to_owned(),
            Self::Unwilling { .. } => "Check the context's base_url.".to_owned(),
            Self::Cancelled => "Ask again to load it.".to_owned(),
        }
    }
}
