//! Reads lists out of contexts for the commands: missions, runs over all missions, all events of a
//! run or of all runs. What fails is noted and the rest goes on.

mod everywhere;
mod runs;
mod sifted;
mod whole;

use futures_util::future::join_all;

use super::{
    exit::Failure,
    session::{Asked, Session},
};
use crate::model::{Ask, Limit, Mission, Page, Record};

pub use runs::Wanted;
pub(super) use runs::run;
pub(super) use sifted::Sifted;
pub use whole::{Parts, Picked, Whole, reference};

/// Rows that are read of a filtered list before looking whether enough of them fit.
const CHUNK: u32 = 500;

/// What was read of one thing, and why it is not all.
#[derive(Debug)]
pub struct Found<T> {
    /// What there is.
    pub rows: Vec<T>,
    /// What could not be had.
    pub failures: Vec<Failure>,
    /// What the person may want to know and no script must.
    pub notes: Vec<String>,
    /// What a query asks for and nothing that was read has.
    pub nowhere: Vec<String>,
    /// Records that could not be read and are kept as unknown.
    pub skipped: u32,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            failures: Vec::new(),
            notes: Vec::new(),
            nowhere: Vec::new(),
            skipped: 0,
        }
    }
}

impl<T> Found<T> {
    /// The same of other rows.
    fn map<U>(self, change: impl FnMut(T) -> U) -> Found<U> {
        Found {
            rows: self.rows.into_iter().map(change).collect(),
            failures: self.failures,
            notes: self.notes,
            nowhere: self.nowhere,
            skipped: self.skipped,
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.notes.extend(other.notes);
        self.nowhere.extend(other.nowhere);
        self.skipped = self.skipped.saturating_add(other.skipped);
        for failure in other.failures {
            // Fifty missions of a dead host are one failure.
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
    }
}

/// A run with its mission and the number of its context in the session.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// Which context.
    pub context: usize,
    /// What lies there.
    pub row: T,
}

impl Session {
    /// All missions of a context.
    pub async fn missions_of(&self, asked: &Asked) -> Found<Mission> {
        let page = Page::default();
        let (collected, failure) = self.ask(asked, Ask::Missions { page }, Limit::NONE).await;
        let rows = collected
            .records
            .into_iter()
            .filter_map(|record| match record {
                Record::Mission(mission) => Some(mission),
                Record::Run(_) | Record::Step(_) | Record::Event(_) | Record::Elsewhere(_) => None,
            });
        Found {
            rows: rows.collect(),
            failures: failure.into_iter().collect(),
            notes: Vec::new(),
            nowhere: Vec::new(),
            skipped: collected.skipped,
        }
    }

    /// All missions of all contexts.
    pub async fn missions(&self) -> Found<Placed<Mission>> {
        let each = self.contexts.iter().map(|asked| self.missions_of(asked));
        place(join_all(each).await)
    }
}

fn place<T>(each: Vec<Found<T>>) -> Found<Placed<T>> {
    let mut found = Found::default();
    for (context, of) in each.into_iter().enumerate() {
        found.absorb(of.map(|row| Placed { context, row }));
    }
    found
}
