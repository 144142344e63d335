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

/// Which look a page of events belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    number: u32,
}

impl Look {
    pub(super) fn of(page: &Page) -> Option<Self> {
        let note = Cursor::of(page).note;
        let number = note.strip_prefix(LOOK)?.strip_prefix('/')?.parse().ok()?;
        Some(Self { number })
    }

    /// What is added to the places of its events, so that among equal times those of a later look
    /// come later.
    pub(super) fn room(self) -> u64 {
        (u64::from(self.number) + 1) * ROOM
    }
}

pub(super) fn looks(run: &RunRef, known: &Known) -> Vec<Ask> {
    let ended = if known.ended { "ended" } else { LOOK };
    let session = Cursor::noted(ended.to_owned());
    let events = Page {
        after: known.newest,
        ..Cursor::noted(format!("{LOOK}/{}", known.looks))
    };
    let mut asks = vec![
        aside::of_run(run, aside::SESSION, session),
        Ask::Events {
            run: run.clone(),
            page: events,
        },
    ];
    if known.ended || known.looks % SELDOM == SELDOM - 1 {
        let traces = Cursor::noted(NEWEST.to_owned());
        asks.push(aside::of_run(run, aside::ARTIFACTS, Page::default()));
        asks.push(aside::of_run(run, aside::TRACES, traces));
    }
    asks
}
