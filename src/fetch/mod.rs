//! The network: the only place that sends anything, and it can send nothing but reads. It answers
//! tickets by mail and decides nothing about what is shown; dropping it stops everything under way.

mod address;
mod again;
mod ahead;
mod auth;
mod budget;
mod cause;
mod client;
mod collect;
mod connection;
mod engine;
mod exchange;
mod gate;
mod http;
mod judge;
mod keep;
mod line;
mod live;
mod local;
mod log;
mod memory;
mod page;
mod reason;
mod sse;
mod token;
mod wait;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::model::{Arrival, Attention, ContextId, Gen, RunRef, Sent, Ticket, Urgency, Watch};

pub use collect::{Collected, collect, collect_counted};
pub use connection::{Auth, Connection, Timeouts};
pub use keep::Keep;
pub use line::Line;
pub use live::follow;

/// Answers tickets by mail.
pub struct Fetcher {
    lines: Vec<Line>,
    /// Names of those that came later.
    added: Vec<String>,
    mail: Sender<Arrival>,
    runtime: Handle,
    under_way: Mutex<Vec<(Gen, AbortHandle)>>,
    attention: watch::Sender<Attention>,
}

impl Fetcher {
    /// For these contexts, in the order of their `ContextId`: connections, opened files or lines.
    /// Must be called inside a tokio runtime, on which everything then runs.
    pub fn new(contexts: impl IntoIterator<Item = impl Into<Line>>, mail: Sender<Arrival>) -> Self {
        Self {
            lines: contexts.into_iter().map(Into::into).collect(),
            added: Vec::new(),
            mail,
            runtime: Handle::current(),
            under_way: Mutex::default(),
            attention: watch::Sender::new(Attention::Here),
        }
    }

    /// Begins to answer. The mails are any number of `Rows` and `Waiting`, then one `Done` or
    /// `Failed`.
    pub fn load(&self, ticket: Ticket) {
        let generation = ticket.generation;
        // What is refreshed by itself brings no lists beside: nobody waits for them.
        let line = self
            .line(ticket.context)
            .cloned()
            .map(|line| match ticket.urgency {
                Urgency::Idle => line.brisk(),
                Urgency::Ahead | Urgency::Wanted => line,
            });
        let post = engine::Post {
            ticket: Arc::new(ticket),
            mail: self.mail.clone(),
        };
        self.spawn(generation, async move {
            match line {
                Some(line) => engine::answer(line, post).await,
                None => engine::refuse(post).await,
            }
        });
    }

    /// The connection of a context; none for files.
    pub fn connection(&self, context: ContextId) -> Option<&Connection> {
        self.line(context)?.connection()
    }

    /// What can be said at once, which is then the whole answer; what cannot is mailed as by `load`.
    pub fn answer(&self, ticket: Ticket) -> Vec<Arrival> {
        let line = self.line(ticket.context);
        if let Some(told) = line.and_then(|line| local::answer(line, &ticket)) {
            return told;
        }
        self.load(ticket);
        Vec::new()
    }

    /// Begins to follow a run, until its generation is cancelled or the run has ended. The mails are
    /// any number of `Rows`, `Waiting`, `Budget` and `Live`; unless it is cancelled, the last one is
    /// `Live::Over` or `Live::GivenUp`. What fails is tried again and told as `Live::Lost`.
    pub fn follow(&self, watch: Watch) {
        let (mail, attention) = (self.mail.clone(), self.attention.subscribe());
        let line = self.line(watch.context).cloned();
        self.spawn(watch.generation, async move {
            if let Some(line) = line {
                live::watch_over(line, watch, mail, attention).await;
            } else {
                live::refuse(watch, mail).await;
            }
        });
    }

    /// Says whether somebody looks at the screen; what is followed while nobody does is looked at less
    /// often.
    pub fn attend(&self, attention: Attention) {
        self.attention.send_if_modified(|known| {
            let changed = *known != attention;
            *known = attention;
            changed
        });
    }

    fn spawn(&self, generation: Gen, work: impl Future<Output = ()> + Send + 'static) {
        let task = self.runtime.spawn(work);
        let mut under_way = self.under_way();
        under_way.retain(|(_, task)| !task.is_finished());
        under_way.push((generation, task.abort_handle()));
    }

    /// Stops all that was asked in that generation. Nothing more is said about it, but mails that
    /// are already in the channel stay there.
    pub fn cancel(&self, generation: Gen) {
        self.under_way().retain(|(of, task)| {
            if *of == generation {
                task.abort();
            }
            *of != generation
        });
    }

    /// Has a run asked for again that may be kept.
    pub fn forget(&self, context: ContextId, run: &RunRef) {
        if let Some(keep) = self.line(context).and_then(Line::keep) {
            keep.forget(run);
        }
    }

    /// One more context, the last in their order, under a name of its own.
    pub fn add(&mut self, line: Line, name: &str) {
        self.lines.push(line);
        self.added.push(name.to_owned());
    }

    /// Whether a context has that name.
    pub fn has(&self, name: &str) -> bool {
        let known = self.lines.iter().map(Line::name);
        let mut names = known.chain(self.added.iter().map(String::as_str));
        names.any(|known| known == name)
    }

    /// The line of a context.
    pub fn line(&self, context: ContextId) -> Option<&Line> {
        self.lines.get(usize::from(context.0))
    }

    /// The newest requests of all contexts, oldest first.
    pub fn requests(&self) -> Vec<Sent> {
        let mut all: Vec<Sent> = self.lines.iter().flat_map(Line::requests).collect();
        all.sort_by_key(|sent| sent.at);
        all
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, Vec<(Gen, AbortHandle)>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        for (_, task) in self.under_way().drain(..) {
            task.abort();
        }
    }
}
