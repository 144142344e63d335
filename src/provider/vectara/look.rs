//! Looks at a followed session: the session itself and the newest events, and now and then what is
//! timed and what files there are. The service pushes nothing to those who only read.

use super::aside;
use super::cursor::Cursor;
use crate::model::{Ask, Known, Page, RunRef};

/// Every so many looks the costlier lists are read too.
const SELDOM: u32 = 10;
/// Positions in the pages of one look, far more than there are.
const ROOM: u64 = 1 << 22;
const LOOK: &str = "look";
/// Of a list that is read again while its run is followed.
pub(super) const NEWEST: &str = "newest";

const WIDE: &str = "wide";

/// Which look a page of events belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    number: u32,
    /// More events a page: so much came since the look before that few would not tell of which step
    /// it is.
    pub(super) wide: bool,
    /// The step of what was known before.
    pub(super) step: Option<String>,
}

impl Look {
    pub(super) fn of(page: &Page) -> Option<Self> {
        let note = Cursor::of(page).note;
        let mut parts = note.splitn(4, '/');
        (parts.next()? == LOOK).then_some(())?;
        Some(Self {
            number: parts.next()?.parse().ok()?,
            wide: parts.next() == Some(WIDE),
            step: parts
                .next()
                .filter(|step| !step.is_empty())
                .map(str::to_owned),
        })
    }

    fn page(&self, after: Option<i64>) -> Page {
        let width = if self.wide { WIDE } else { "" };
        let step = self.step.as_deref().unwrap_or_default();
        Page {
            after,
            ..Cursor::noted(format!("{LOOK}/{}/{width}/{step}", self.number))
        }
    }

    /// The same look at more events.
    pub(super) fn widened(self, run: &RunRef, after: Option<i64>) -> Ask {
        let look = Self { wide: true, ..self };
        Ask::Events {
            run: run.clone(),
            page: look.page(after),
        }
    }

    /// What is added to the places of its events, so that among equal times those of a later look
    /// come later.
    pub(super) fn room(&self) -> u64 {
        (u64::from(self.number) + 1) * ROOM
    }
}

pub(super) fn looks(run: &RunRef, known: &Known) -> Vec<Ask> {
    let ended = if known.ended { "ended" } else { LOOK };
    let session = Cursor::noted(ended.to_owned());
    let look = Look {
        number: known.looks,
        wide: false,
        step: known.step.as_deref().map(str::to_owned),
    };
    let mut asks = vec![
        aside::of_run(run, aside::SESSION, session),
        Ask::Events {
            run: run.clone(),
            page: look.page(known.newest),
        },
    ];
    if known.ended || known.looks % SELDOM == SELDOM - 1 {
        let traces = Cursor::noted(NEWEST.to_owned());
        asks.push(aside::of_run(run, aside::ARTIFACTS, Page::default()));
        asks.push(aside::of_run(run, aside::TRACES, traces));
    }
    asks
}
