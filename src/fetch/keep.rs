//! Runs that have ended need not be asked for twice: whoever keeps them answers in place of the service,
//! and is told of what was read whole.

use std::{sync::Arc, time::SystemTime};

use super::line::{Inner, Line};
use crate::{
    model::{Ask, Page, Record, Row, RunRef, Time},
    source::Source,
};

/// Keeps what was read of runs that have ended. Everything here may take the time of reading a file.
pub trait Keep: Send + Sync {
    /// Who answers asks about the run in place of the service; none where it is not kept, or not any
    /// more as it is. With `goes_on` only who answered the beginning of the same list.
    fn find(&self, run: &RunRef, goes_on: bool) -> Option<Arc<Source>>;
    /// All that an ask brought, whole. `asked` is when it was sent: what came in between may be missing.
    fn take(&self, ask: &Ask, asked: Time, rows: Vec<Row>);
    /// What the service says of things meanwhile.
    fn hear(&self, record: &Record);
    /// The run is to be asked for again.
    fn forget(&self, run: &RunRef);
}

impl Line {
    /// Whether what is kept of a run answers in place of the service, as whole as it was read.
    pub async fn keeps(&self, run: &RunRef) -> bool {
        let Some(keep) = self.keep().cloned() else {
            return false;
        };
        let run = run.clone();
        let found = tokio::task::spawn_blocking(move || keep.find(&run, false)).await;
        found.is_ok_and(|found| found.is_some())
    }
}

/// The line that answers the ask: the service's, or what is kept in place of it.
pub(super) async fn instead(line: Line, ask: &Ask) -> Line {
    let (Some(keep), Some(run)) = (line.keep().cloned(), ask.run().cloned()) else {
        return line;
    };
    let goes_on = match ask {
        Ask::Run(_) | Ask::Steps(_) => false,
        Ask::Events { page, .. } => *page != Page::default(),
        // The service picks, or nobody does; and only the service has what its lists leave out.
        _ => return line,
    };
    let found = tokio::task::spawn_blocking(move || keep.find(&run, goes_on)).await;
    match found {
        Ok(Some(source)) => {
            tracing::debug!(context = line.name(), "answered from the cache");
            Line::from(source)
        }
        Ok(None) | Err(_) => line,
    }
}

/// The same, and when that was kept of a run that may have gone on since.
pub(super) async fn aged(line: Line, ask: &Ask) -> (Line, Option<Time>) {
    let goes_on = line
        .connection()
        .is_some_and(|service| service.provider.caps().resumes);
    let line = instead(line, ask).await;
    let kept = match line.inner() {
        Inner::File(source) if goes_on => source.offline().made_at,
        Inner::File(_) | Inner::Http(_) => None,
    };
    (line, kept)
}

/// Whether what an ask brought may be a part of a run that is kept.
pub(super) fn is_part(ask: &Ask) -> bool {
    match ask {
        Ask::Run(_) | Ask::Steps(_) => true,
        Ask::Events { page, .. } => *page == Page::default(),
        _ => false,
    }
}

/// The time by this machine's clock.
pub(super) fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Time(i64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(i64::MAX))
}
