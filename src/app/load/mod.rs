//! How far each node is loaded. The state sits on the node, so that "still loading" and "failed" are
//! rows like any other.

mod appended;
mod arrive;
pub(super) mod follow;
pub(super) mod glance;
pub(super) mod grow;
pub(super) mod holes;
mod lost;
pub(super) mod parts;
pub mod silent;
pub mod single;
pub(super) mod stop;

use std::time::Duration;

use crate::model::{Ask, Gen, NodeId, Time, Trouble};

/// A load that lasts longer than this says so.
pub const PATIENCE: Duration = Duration::from_millis(250);

/// What is known about the loading of one node's children and details.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// Where it stands.
    pub state: State,
    /// The latest attempt.
    pub generation: Gen,
    /// Tickets of it that are not answered yet.
    pub pending: u32,
    /// What went wrong with it, the first of several.
    pub trouble: Option<Trouble>,
    /// Where the list goes on, when the limit was reached or going on failed.
    pub more: Option<Ask>,
    /// Where it is being gone on with.
    pub going_on: Option<Ask>,
    /// Whether the trouble is that of going on, which trying again takes away.
    pub broke_off: bool,
    /// When the attempt began.
    pub since: Option<Time>,
    /// When it was last loaded to the end or to the limit.
    pub synced: Option<Time>,
    /// As of when what was loaded is, where nobody was asked and it may have gone on since.
    pub kept: Option<Time>,
    /// The fetcher waits until then, because of this.
    pub waiting: Option<(Trouble, Time)>,
    /// Records that could not be read.
    pub skipped: u32,
    /// How many events are not loaded before the first part of a run that is loaded apart from its
    /// beginning, if there is such a part.
    pub hole: Option<Missing>,
    /// The row that says all this.
    pub note: Option<NodeId>,
}

/// How many events are not loaded in one place of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// So many.
    Counted(usize),
    /// The source does not know it yet.
    Uncounted,
}

impl Missing {
    pub(in crate::app) fn of(count: Option<usize>) -> Self {
        count.map_or(Self::Uncounted, Self::Counted)
    }
}

/// Where a load stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Never asked for.
    #[default]
    Cold,
    /// Asked for.
    Loading,
    /// Here, to the end or to the limit.
    Ready,
    /// Asked for in vain.
    Failed,
}

/// What the row about a load says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Nothing yet, it may still be quick.
    Blank,
    /// Loading; `waiting` says why it takes long.
    Loading,
    /// The service wants to be left alone until then.
    Waiting(Trouble, Time),
    /// It failed.
    Failed(Trouble),
    /// It failed, and more can be loaded.
    Stuck(Trouble),
    /// More can be loaded.
    More,
    /// So many lie between what is loaded, and whether they are coming.
    Between(Missing, bool),
    /// There is nothing.
    Empty,
}

impl Load {
    /// What there is to say, if anything; `children` is how many rows there are without the note.
    pub fn note(&self, children: usize, now: Time) -> Option<Note> {
        match self.state {
            State::Cold => None,
            State::Loading | State::Ready if let Some(count) = self.hole => {
                Some(Note::Between(count, self.state == State::Loading))
            }
            State::Loading => {
                if let Some((trouble, until)) = &self.waiting {
                    return Some(Note::Waiting(trouble.clone(), *until));
                }
                (children == 0).then(|| {
                    if self.is_slow(now) {
                        Note::Loading
                    } else {
                        Note::Blank
                    }
                })
            }
            State::Failed => {
                let trouble = self.trouble.clone()?;
                Some(match self.more {
                    Some(_) => Note::Stuck(trouble),
                    None => Note::Failed(trouble),
                })
            }
            State::Ready => match (&self.more, children) {
                (Some(_), _) => Some(Note::More),
                (None, 0) => Some(Note::Empty),
                (None, _) => None,
            },
        }
    }

    /// Takes where the list is to be gone on with, if that is known and nothing is under way.
    pub fn go_on(&mut self) -> Option<Ask> {
        if self.state == State::Loading {
            return None;
        }
        self.going_on = self.more.take();
        if self.going_on.is_some() && std::mem::take(&mut self.broke_off) {
            self.trouble = None;
        }
        self.going_on.clone()
    }

    /// A ticket was answered.
    pub fn done(&mut self, more: Option<Ask>) {
        self.going_on = None;
        self.more = more.or(self.more.take());
    }

    /// A ticket failed. The first trouble of several is the one to tell, and a list that was gone on
    /// with is gone on with from there again.
    pub fn fail(&mut self, trouble: Trouble) {
        if let Some(ask) = self.going_on.take() {
            self.more = Some(ask);
            self.broke_off = self.trouble.is_none();
        }
        self.trouble.get_or_insert(trouble);
    }

    /// When the row about it changes without any news.
    pub fn deadline(&self, now: Time) -> Option<Time> {
        if self.state != State::Loading {
            return None;
        }
        if let Some((_, until)) = self.waiting {
            // Once a second: a countdown is shown.
            return (until > now).then(|| Time(now.0.saturating_add(1_000_000_000).min(until.0)));
        }
        let slow = Time(self.since?.0.saturating_add(nanos(PATIENCE)));
        (slow > now).then_some(slow)
    }

    /// Whether it has lasted long enough to be mentioned.
    pub fn is_slow(&self, now: Time) -> bool {
        self.since
            .and_then(|since| now.since(since))
            .is_some_and(|waited| waited >= PATIENCE)
    }
}

/// As nanoseconds that fit the model's clock.
pub fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
