//! Something that answers asks: a service behind a connection, or files. Cheap to clone; clones share
//! the client, its kept connections, the token and the log.

use std::sync::Arc;
use std::time::Duration;

use super::http::Http;
use super::keep::{self, Keep};
use super::{Connection, Sent, wait};
use crate::model::{Ask, Left, Mission, Offline, Run, RunRef, Time};
use crate::source::Source;

/// A context, opened.
#[derive(Clone)]
pub struct Line {
    inner: Arc<Inner>,
    patience: Duration,
    bare: bool,
    brisk: bool,
    keep: Option<Arc<dyn Keep>>,
}

pub(super) enum Inner {
    Http(Box<Http>),
    File(Arc<Source>),
}

impl Line {
    /// The same line, on which a service's wish to be left alone for longer than `patience` (60 s
    /// unless told otherwise) is a failure and not a wait.
    #[must_use]
    pub fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same line, on which a list comes as the service lists it, without what would be asked
    /// besides (titles, how a run ended): enough to find an id at a fraction of the requests.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// The same line, on which lists of their own that can be done without are not asked besides.
    pub(super) fn brisk(mut self) -> Self {
        self.brisk = true;
        self
    }

    /// The same line, where runs that have ended are kept and not asked for again.
    #[must_use]
    pub fn keeping(mut self, keep: Arc<dyn Keep>) -> Self {
        self.keep = Some(keep);
        self
    }

    pub(super) fn keep(&self) -> Option<&Arc<dyn Keep>> {
        self.keep.as_ref()
    }

    /// Whether what is kept would answer the ask in place of the service, which then need not know it.
    pub async fn is_kept(&self, ask: &Ask) -> bool {
        let line = keep::instead(self.clone(), ask).await;
        self.connection().is_some() && line.connection().is_none()
    }

    /// A run that has ended, as it is kept.
    pub async fn kept(&self, run: &RunRef) -> Option<Run> {
        let ask = Ask::Run(run.clone());
        match keep::instead(self.clone(), &ask).await.inner() {
            Inner::File(source) if self.connection().is_some() => source.known(run).cloned(),
            Inner::File(_) | Inner::Http(_) => None,
        }
    }

    /// When a run was kept that is answered as it was then; none where it is asked for.
    pub async fn kept_at(&self, run: &RunRef) -> Option<Time> {
        let ask = Ask::Run(run.clone());
        match keep::instead(self.clone(), &ask).await.inner() {
            Inner::File(source) if self.connection().is_some() => source.offline().made_at,
            Inner::File(_) | Inner::Http(_) => None,
        }
    }

    /// What is kept of the mission of a run that is kept; none where the run is not.
    pub async fn kept_mission(&self, run: &RunRef) -> Option<Option<Mission>> {
        let ask = Ask::Run(run.clone());
        match keep::instead(self.clone(), &ask).await.inner() {
            Inner::File(source) if self.connection().is_some() => {
                Some(source.mission(&run.mission).cloned())
            }
            Inner::File(_) | Inner::Http(_) => None,
        }
    }

    /// Whether anything was asked of the service.
    pub fn has_asked(&self) -> bool {
        match &*self.inner {
            Inner::Http(http) => http.log.since(0).1 > 0,
            Inner::File(_) => false,
        }
    }

    /// The context's name.
    pub fn name(&self) -> &str {
        match &*self.inner {
            Inner::Http(http) => &http.connection.name,
            Inner::File(source) => source.name(),
        }
    }

    /// What a newer sortie wrote of a run and its mission into an opened file, to be written again.
    pub fn left(&self, mission: &str, run: &str) -> Option<Left> {
        match &*self.inner {
            Inner::Http(_) => None,
            Inner::File(source) => source.left(mission, run),
        }
    }

    /// Where the records of opened files come from; none for a service.
    pub fn offline(&self) -> Option<&Offline> {
        match &*self.inner {
            Inner::Http(_) => None,
            Inner::File(source) => Some(source.offline()),
        }
    }

    /// Where it leads; none for files.
    pub fn connection(&self) -> Option<&Connection> {
        match &*self.inner {
            Inner::Http(http) => Some(&http.connection),
            Inner::File(_) => None,
        }
    }

    /// The newest requests that were sent.
    pub fn requests(&self) -> Vec<Sent> {
        match &*self.inner {
            Inner::Http(http) => http.log.all(),
            Inner::File(_) => Vec::new(),
        }
    }

    /// The requests after the first `seen`, as far as they are kept, and how many were sent in all:
    /// what there is to say since it was asked last.
    pub fn requests_since(&self, seen: usize) -> (Vec<Sent>, usize) {
        match &*self.inner {
            Inner::Http(http) => http.log.since(seen),
            Inner::File(_) => (Vec::new(), 0),
        }
    }

    /// The same at the end of it all, with those under way, of which nothing will come any more.
    pub fn requests_since_and_under_way(&self, seen: usize) -> Vec<Sent> {
        match &*self.inner {
            Inner::Http(http) => http.log.since_and_under_way(seen),
            Inner::File(_) => Vec::new(),
        }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    pub(super) fn is_bare(&self) -> bool {
        self.bare
    }

    pub(super) fn is_brisk(&self) -> bool {
        self.brisk
    }

    fn of(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
            patience: wait::PATIENCE,
            bare: false,
            brisk: false,
            keep: None,
        }
    }
}

impl From<Connection> for Line {
    fn from(connection: Connection) -> Self {
        Self::of(Inner::Http(Box::new(Http::new(connection))))
    }
}

impl From<&Connection> for Line {
    fn from(connection: &Connection) -> Self {
        connection.clone().into()
    }
}

impl From<Arc<Source>> for Line {
    fn from(source: Arc<Source>) -> Self {
        Self::of(Inner::File(source))
    }
}

impl From<&Line> for Line {
    fn from(line: &Line) -> Self {
        line.clone()
    }
}
