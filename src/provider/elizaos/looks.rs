//! Looking at a followed run again. Nothing is pushed, and events have no ids that would allow to ask
//! for the younger ones only: a look reads the whole detail, in which late events may lie anywhere. What
//! costs more requests (memories, the log) is looked at now and then: the server allows 1,000 requests
//! in a quarter of an hour, all clients of a machine together.

use serde::{Deserialize, Serialize};

use crate::model::{Ask, Known, Page, RunRef, Time};

/// Every so many looks the memories are read, in case there are messages without any event, and the
/// whole detail without its room. Each of the two costs more than the look itself.
const MEMORIES: u32 = 24;
/// Every so many looks the log is read for actions at work, and what came in the same moment as the
/// youngest known is looked up again.
const LOG: u32 = 12;
/// Every so many looks at a run that says nothing the server's age is asked. Such a run is looked at
/// seldom, so this may come sooner.
const BOOT: u32 = 6;

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
        let behind = |lag: i64| {
            let edge = after.map(|after| after.saturating_sub(lag));
            lost.is_some_and(|lost| edge.is_none_or(|edge| lost.0 > edge))
        };
        match self {
            Self::First => true,
            Self::Again => false,
            Self::Next { ended: known, .. } => {
                // What was stored in the same moment may have been missed; where nothing younger
                // comes, that moment lasts.
                behind(0)
                    || ended && !known
                    || self.is_due(LOG) && behind(5_000_000_000)
                    || self.is_due(MEMORIES)
            }
        }
    }

    /// Whether a reply without calls of models is worth a second reading without the room.
    pub fn wants_other_rooms(self, ended: bool) -> bool {
        match self {
            Self::First => true,
            Self::Again => false,
            Self::Next { ended: known, .. } => ended && !known || self.is_due(MEMORIES),
        }
    }

    /// Whether to ask, of a run that says nothing, whether its server was restarted.
    pub fn wants_boot(self) -> bool {
        self.is_due(BOOT)
    }

    /// Whether it is the one that sees the end. The last words are read besides it.
    pub fn sees_end(self, ended: bool) -> bool {
        matches!(self, Self::Next { ended: false, .. }) && ended
    }

    fn is_due(self, every: u32) -> bool {
        matches!(self, Self::Next { nth, .. } if nth > 0 && nth % every == 0)
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
