//! Looking at a followed run again. Nothing is pushed, and events have no ids that would allow to ask
//! for the younger ones only: a look reads the whole detail, in which late events may lie anywhere. What
//! costs more requests (memories, the log) is looked at now and then: the server allows 1,000 requests
//! in a quarter of an hour, all clients of a machine together.

use serde::{Deserialize, Serialize};

use crate::model::{Ask, Known, Page, RunRef, Time};

/// Every so many looks the memories are read, in case there are messages without any event.
const MEMORIES: u32 = 8;
/// Every so many looks the log is read for actions at work.
const LOG: u32 = 2;

/// Which look a page of events is. It travels as the page's cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Look {
    /// The run is opened.
    #[default]
    First,
    /// The same reading as before, without the room: nothing besides is asked again.
    Again,
    /// The run is followed.
    Next {
        /// How many looks came before.
        nth: u32,
        /// Whether it was known to have ended.
        ended: bool,
    },
}

/// One look.
pub(super) fn asks(run: &RunRef, known: &Known) -> Vec<Ask> {
    let look = Look::Next {
        nth: known.looks,
        ended: known.ended,
    };
    vec![Ask::Events {
        run: run.clone(),
        page: Page {
            cursor: look.cursor(),
            after: known.newest,
            seen: known.events,
            ..Page::default()
        },
    }]
}

impl Look {
    pub fn of(page: &Page) -> Self {
        let look = page.cursor.as_deref().map(serde_json::from_str);
        look.and_then(Result::ok).unwrap_or_default()
    }

    pub fn cursor(self) -> Option<std::sync::Arc<str>> {
        Some(serde_json::to_string(&self).ok()?.into())
    }

    /// Whether the memories are worth a request; `lost` is when the last action ended whose result is
    /// not known, `after` what was known before, `ended` whether the run has ended now.
    pub fn wants_memories(self, lost: Option<Time>, after: Option<i64>, ended: bool) -> bool {
        // What was stored in the same moment may have been missed.
        let fresh =
            |lost: Time| after.is_none_or(|after| lost.0 > after.saturating_sub(5_000_000_000));
        match self {
            Self::First => true,
            Self::Again => false,
            Self::Next { nth, ended: known } => {
                lost.is_some_and(fresh) || ended && !known || nth > 0 && nth % MEMORIES == 0
            }
        }
    }

    /// How many of the newest actions begun are looked at; none where it is not worth a request. A
    /// failed run may have been ended by an action that left no other trace.
    pub fn wants_begun(self, running: bool, failed: bool) -> Option<u32> {
        match self {
            Self::First if running => Some(10),
            Self::First if failed => Some(100),
            Self::Next { nth, .. } if running && nth % LOG == 0 => Some(10),
            Self::Next { ended: false, .. } if failed => Some(10),
            Self::First | Self::Again | Self::Next { .. } => None,
        }
    }
}
