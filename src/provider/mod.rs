//! Four dialects. A provider turns an ask into a request and a reply into model rows; it sends
//! nothing, waits for nothing, holds no credential and reads no clock.

pub mod agentex;
pub mod capture;
pub mod elizaos;
mod listen;
pub mod refer;
mod strip;
pub mod telnyx;
pub mod vectara;
pub mod wire;

use capture::Capture;
pub use listen::{Heard, Listener};
use refer::Place;
use wire::Raw;

use bytes::Bytes;

use crate::model::{Ask, Batch, Caps, Known, Page, Reply, Request, Row, RunRef, Time};

/// One service, seen from outside.
pub trait Provider: Send + Sync {
    /// The name used in configuration and records.
    fn name(&self) -> &'static str;

    /// What is true of the service as a whole.
    fn caps(&self) -> Caps;

    /// The templates of all paths that it may ask for. `fetch` sends no other.
    fn routes(&self) -> &'static [&'static str];

    /// What to send for an ask; none where the service cannot answer it.
    fn request(&self, ask: &Ask) -> Option<Request>;

    /// What a reply means, whatever its status. Total and lenient: a record that cannot be read
    /// becomes an event of kind unknown with its bytes; only an unreadable reply is an error.
    fn read(&self, ask: &Ask, reply: &Reply<'_>) -> Result<Batch, ReadError>;

    /// The page after this one, as far as a glance at the reply tells of it without reading its rows, so
    /// that it can be sent for meanwhile; none where it takes more than a glance. What is read decides:
    /// where `Batch::next` asks for something else, this was asked in vain.
    fn ahead(&self, _ask: &Ask, _reply: &Reply<'_>) -> Option<Ahead> {
        None
    }

    /// What to make of an ask that failed although a list asked for it only besides, to tell more of
    /// its rows: rows that note the reason, or none. `None` where the ask cannot be done without.
    fn without(&self, _ask: &Ask, _why: &str) -> Option<Batch> {
        None
    }

    /// What one look at a followed run asks: the run, and what is younger than what is known of it.
    /// Looks that are worth more than others (a plan, spans) may ask more, every so often.
    fn looks(&self, run: &RunRef, known: &Known) -> Vec<Ask> {
        let page = Page {
            after: known.newest,
            seen: known.events,
            ..Page::default()
        };
        let events = Ask::Events {
            run: run.clone(),
            page,
        };
        vec![Ask::Run(run.clone()), events]
    }

    /// Where the service pushes what happens in a run, and who understands it; none where it does not
    /// push.
    fn stream(&self, _run: &RunRef) -> Option<(Request, Box<dyn Listener>)> {
        None
    }

    /// What a path of this service's API names, by its parts and its query, decoded; none where that is no
    /// run and nothing in one.
    fn locate(&self, _path: &[&str], _query: &[(String, String)]) -> Option<Place> {
        None
    }

    /// What captured records tell of an ask that reading others led to: of one for events the record of
    /// the youngest, of any other all records that are about no one run.
    fn recall(&self, _ask: &Ask, _records: &[Bytes], _received: Time) -> Vec<Row> {
        Vec::new()
    }

    /// The records of this service in a JSON value that somebody captured; none where it looks like
    /// another's.
    fn captured<'a>(&self, _whole: Raw<'a>) -> Option<Capture<'a>> {
        None
    }
}

/// What a glance at a page tells of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The next page. Makes the same request as `Batch::next`, but need not be equal to it.
    pub ask: Ask,
    /// Rows on the page that was glanced at, at most.
    pub rows: u64,
}

/// Why a reply has no rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The service said no, in its own words. The HTTP status says what kind of no.
    #[error("{0}")]
    Said(String),
    /// The thing does not exist, although the status may say 200.
    #[error("{0}")]
    Missing(String),
    /// Not a reply of this service: HTML, another shape, broken JSON. Says what and where.
    #[error("{0}")]
    Foreign(String),
}

/// The provider of that name.
pub fn named(name: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.name() == name)
}

/// All providers, in the order in which they are listed everywhere.
pub const ALL: [&dyn Provider; 4] = [
    &telnyx::Telnyx,
    &vectara::Vectara,
    &agentex::Agentex,
    &elizaos::ElizaOs,
];
