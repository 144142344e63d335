//! The contexts that a command asks, opened, and the limits under which it asks. Everything a
//! command gets from outside comes through here, so that no command waits longer than it may.

use std::{
    collections::BTreeSet,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicUsize},
    time::Duration,
};

use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::{
    exit::{Failure, Fault, Stop},
    print::Outlet,
};
use crate::{
    analysis::rules::Switches,
    args::Format,
    cache::{Cache, Folder, Place},
    config::{self, Config, Context, Env},
    export::{
        curl::Tool,
        record::{ContextRecord, Home, timestamp},
        text::Sheet,
    },
    fetch::{Auth, Collected, Connection, Line, collect_counted},
    guard::{Masking, Redactor},
    model::{Ask, CallMembers, Limit, Look, Time},
    provider::{self, Provider},
};

/// How long a service's wish to be left alone is obeyed unless `--timeout` says otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// The contexts of a command and its limits.
pub struct Session {
    /// In the order of the configuration.
    pub contexts: Vec<Asked>,
    /// Masks the credentials of all contexts.
    pub redactor: Redactor,
    /// The zone of shown times.
    pub zone: TimeZone,
    /// When the command began, for times that are relative to it.
    pub now: Time,
    /// Which rules may call a result a soft failure.
    pub switches: Arc<Switches>,
    /// Templates of the pages of runs, by context.
    pub consoles: Vec<(String, String)>,
    /// How tools are reached, as far as somebody says so.
    pub tools: Vec<Tool>,
    /// Variables that no program gets which is started for somebody.
    pub hidden: BTreeSet<String>,
    /// Runs that were looked at for a reference.
    pub looked: AtomicUsize,
    /// Records that were read.
    pub read: AtomicUsize,
    /// Whether an opened file breaks off.
    pub damaged: bool,
    /// Since when something may have gone on that was answered as it was kept.
    aged: Mutex<Option<Time>>,
    /// Where named views are kept.
    pub state: Option<PathBuf>,
    /// `--timeout`, and when it passes.
    deadline: Option<(Duration, Instant)>,
}

/// One context, opened.
#[derive(Clone)]
pub struct Asked {
    /// What `sortie contexts` says of it.
    pub record: ContextRecord,
    /// Answers asks.
    pub line: Line,
    /// What it speaks; none for files.
    pub provider: Option<&'static dyn Provider>,
}

impl Asked {
    /// What its records say about where they come from.
    pub fn home(&self) -> Home<'_> {
        Home {
            context: &self.record.name,
            provider: self.record.provider.as_deref().unwrap_or_default(),
        }
    }

    /// The same context, where runs that have ended are kept and not asked for again.
    #[must_use]
    pub fn keeping(self, connection: &Connection, folder: &Folder, redactor: &Redactor) -> Self {
        let cache = Cache::new(folder.clone(), Place::of(connection), redactor.clone());
        Self {
            line: self.line.keeping(Arc::new(cache)),
            ..self
        }
    }

    /// The same context, for finding an id in its lists with as few requests as can be.
    #[must_use]
    pub fn bare(&self) -> Self {
        let line = self.line.clone().bare();
        Self {
            line,
            ..self.clone()
        }
    }

    /// How the maker of an opened bundle looked at a run.
    pub fn look(&self, mission: &str, run: &str) -> Look {
        let looks = self.line.offline().map(|told| told.looks.as_slice());
        let mut looks = looks.unwrap_or_default().iter();
        let is_it = |look: &&Look| {
            look.mission.as_deref() == Some(mission) && look.run.as_deref() == Some(run)
        };
        looks.find(is_it).cloned().unwrap_or_default()
    }

    /// Whether the service gives calls ids of their own.
    pub fn call_ids(&self) -> bool {
        self.known().is_none_or(|provider| provider.caps().call_ids)
    }

    /// What lies beside the arguments in the payload of a tool call.
    pub fn call_members(&self) -> CallMembers {
        let known = self.known().map(|provider| provider.caps().call_members);
        known.unwrap_or_default()
    }

    /// The service, also of what comes from a file, where that says it.
    fn known(&self) -> Option<&'static dyn Provider> {
        let name = self.record.provider.as_deref();
        self.provider.or_else(|| provider::named(name?))
    }

    /// Whether its runs may go on after they have stopped.
    pub fn resumes(&self) -> bool {
        self.provider
            .is_some_and(|provider| provider.caps().resumes)
    }

    /// Whether the service has an answer to that at all. Files answer everything.
    pub fn answers(&self, ask: &Ask) -> bool {
        self.provider
            .is_none_or(|provider| provider.request(ask).is_some())
    }

    /// Whether the service has a list that not every service has. Files have none of these.
    pub fn lists(&self, ask: &Ask) -> bool {
        self.provider
            .is_some_and(|provider| provider.request(ask).is_some())
    }
}

impl Session {
    /// A sheet of text output with the session's zone, as wide as the outlet and in its characters.
    pub fn sheet<'a>(&'a self, masking: &'a mut Masking, outlet: &Outlet<'_>) -> Sheet<'a> {
        Sheet {
            masking,
            zone: &self.zone,
            columns: outlet.columns,
            ascii: outlet.ascii,
        }
    }

    /// Over opened contexts.
    pub fn new(
        contexts: Vec<Asked>,
        redactor: Redactor,
        zone: TimeZone,
        now: Time,
        timeout: Option<Duration>,
    ) -> Self {
        let patience = timeout.unwrap_or(PATIENCE);
        let contexts = contexts.into_iter().map(|asked| Asked {
            line: asked.line.patient(patience),
            ..asked
        });
        Self {
            contexts: contexts.collect(),
            redactor,
            zone,
            now,
            switches: Arc::default(),
            consoles: Vec::new(),
            tools: Vec::new(),
            hidden: BTreeSet::new(),
            looked: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            damaged: false,
            aged: Mutex::default(),
            state: None,
            deadline: timeout.map(|timeout| (timeout, Instant::now() + timeout)),
        }
    }

    /// The same with other switches of rules.
    #[must_use]
    pub fn judging_by(self, switches: Switches) -> Self {
        Self {
            switches: Arc::new(switches),
            ..self
        }
    }

    /// Something is answered as it was kept then, and may have gone on since.
    pub(super) fn aged_from(&self, kept: Time) {
        let mut aged = self.aged.lock().unwrap_or_else(PoisonError::into_inner);
        *aged = Some(aged.map_or(kept, |known| known.min(kept)));
    }

    /// Says so.
    pub(super) fn tell_age(&self, format: Format, outlet: &mut Outlet<'_>) -> io::Result<()> {
        let aged = *self.aged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = aged else {
            return Ok(());
        };
        let kept = timestamp(kept).strftime("%Y-%m-%d %H:%M");
        let note = format!(
            "as it was kept {kept}Z: a session may go on after it has stopped; --no-cache reads it anew"
        );
        outlet.note(format, &note)
    }

    /// When `--timeout` passes, and what it is then.
    pub(super) fn deadline(&self) -> Option<(Instant, Fault)> {
        self.deadline.map(|(limit, at)| (at, Fault::Timeout(limit)))
    }

    /// Waits for something until the deadline at most; where that passes, it gives the limit.
    pub(super) async fn in_time<T>(&self, answer: impl Future<Output = T>) -> Result<T, Duration> {
        match self.deadline {
            None => Ok(answer.await),
            Some((limit, at)) => tokio::time::timeout_at(at, answer).await.map_err(|_| limit),
        }
    }

    /// Asks one context, until the deadline at most.
    pub async fn ask(&self, asked: &Asked, ask: Ask, limit: Limit) -> (Collected, Option<Failure>) {
        let name = &asked.record.name;
        let answer = collect_counted(&asked.line, ask, limit, &self.read);
        // Boxed: it is held twice, by whoever asks and while it is waited for.
        let mut collected = match Box::pin(self.in_time(answer)).await {
            Ok(collected) => collected,
            Err(limit) => {
                let failure = Failure {
                    context: Some(name.clone()),
                    fault: Fault::Timeout(limit),
                };
                return (Collected::default(), Some(failure));
            }
        };
        let trouble = collected.trouble.take();
        (collected, trouble.map(|trouble| Failure::of(name, trouble)))
    }
}

/// The contexts that the person wants: those named, else all. A name that does not exist or whose
/// configuration is wrong is a fault of usage; that there are none at all is for the caller to judge.
pub fn select<'c>(config: &'c Config, names: &[String]) -> Result<Vec<&'c Context>, Stop> {
    if names.is_empty() {
        return Ok(config.contexts.iter().collect());
    }
    let mut selected: Vec<&Context> = Vec::new();
    for name in names {
        let known = config.contexts.iter().find(|context| context.name == *name);
        let broken = config.broken.iter().find(|broken| broken.name == *name);
        match (known, broken) {
            (Some(context), _) => {
                if !selected.iter().any(|other| other.name == *name) {
                    selected.push(context);
                }
            }
            (None, Some(broken)) => {
                let message = format!("context `{name}` cannot be used: {}", broken.reason);
                return Err(Stop::Usage(message));
            }
            (None, None) => return Err(Stop::Usage(unknown_context(config, name))),
        }
    }
    Ok(selected)
}

fn unknown_context(config: &Config, name: &str) -> String {
    let known: Vec<&str> = config
        .contexts
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    if known.is_empty() {
        return format!(
            "there is no context `{name}`; {}",
            nothing_configured(config)
        );
    }
    format!(
        "there is no context `{name}`; there are: {}",
        known.join(", ")
    )
}

/// What was looked for and not found, and what to do: two lines.
pub fn nothing_configured(config: &Config) -> String {
    let path = config.path.display();
    let state = match (&config.wrong, config.found) {
        (Some(wrong), _) => wrong.to_string(),
        (None, true) => format!("{path} names no context"),
        (None, false) => format!("{path} is not there"),
    };
    let firsts = config::VARIABLES
        .iter()
        .filter_map(|(_, names)| names.first());
    let firsts: Vec<&str> = firsts.copied().collect();
    format!(
        "no context is configured: {state}, and none of {} is set.\n`sortie config init` writes a first \
         context; `sortie demo` needs nothing.",
        firsts.join(", ")
    )
}

/// Fetches the credentials of contexts, all at once.
pub async fn connect(contexts: &[&Context], env: &Env<'_>) -> Vec<Connection> {
    let all = contexts.iter().map(|context| config::resolve(context, env));
    futures_util::future::join_all(all).await
}

/// Opens a connection.
pub fn asked(connection: &Connection) -> Asked {
    let error = match &connection.auth {
        Auth::Missing(trouble) => Some(trouble.to_string()),
        Auth::None | Auth::Key { .. } | Auth::Client { .. } => None,
    };
    Asked {
        record: ContextRecord {
            name: connection.name.clone(),
            provider: Some(connection.provider.name().to_owned()),
            base_url: Some(
                connection
                    .base_url
                    .as_str()
                    .trim_end_matches('/')
                    .to_owned(),
            ),
            credential_source: config::credential_source(connection).map(str::to_owned),
            ok: error.is_none(),
            error,
        },
        line: connection.into(),
        provider: Some(connection.provider),
    }
}

/// Opened files, or what was kept, of a context that nobody is asked about.
pub fn offline(line: Line) -> Asked {
    let told = line.offline().cloned().unwrap_or_default();
    Asked {
        record: ContextRecord {
            name: told.context,
            provider: Some(told.provider),
            base_url: told.base_url,
            credential_source: None,
            ok: true,
            error: None,
        },
        line,
        provider: None,
    }
}
