//! An ask on its way: the app gives out tickets, `fetch` and `source` answer them in arrivals. Plain
//! data; what an ask means to a service is none of its business.

use super::{Ask, Budget, ContextId, Gen, Live, NodeId, Row, Time, Trouble};

/// An order to load something, as the app gives it to the fetcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which connection to ask.
    pub context: ContextId,
    /// The node that waits for the answer.
    pub node: NodeId,
    /// Which attempt this is.
    pub generation: Gen,
    /// What to load.
    pub ask: Ask,
    /// Following pages are read until this many rows or bytes have come.
    pub limit: Limit,
    /// Who goes first where not everything can be asked at once.
    pub urgency: Urgency,
}

/// Who goes first, least urgent first. Among equals the younger ticket does: it is what somebody
/// looks at now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Nobody waits for it: what is refreshed by itself.
    Idle,
    /// Likely to be wanted next.
    Ahead,
    /// Somebody waits for it.
    #[default]
    Wanted,
}

/// How much of a paged list to read before asking whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Rows.
    pub rows: u32,
    /// Bytes of replies.
    pub bytes: u64,
}

impl Limit {
    /// Read to the end.
    pub const NONE: Self = Self {
        rows: u32::MAX,
        bytes: u64::MAX,
    };
}

/// A piece of news about a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The ticket's.
    pub context: ContextId,
    /// The ticket's.
    pub node: NodeId,
    /// The ticket's.
    pub generation: Gen,
    /// The ask that this answers: the ticket's, or one that followed from it.
    pub ask: Ask,
    /// What there is.
    pub got: Got,
}

/// What came of an ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Got {
    /// At most 500 rows; more may come.
    Rows {
        /// What was read.
        rows: Vec<Row>,
        /// How many of them could not be read and are shown as unknown.
        skipped: u32,
    },
    /// The ticket is answered. With `more`, the limit was reached and the list goes on there.
    Done {
        /// Where to go on.
        more: Option<Ask>,
    },
    /// The ticket failed; rows that came before stay.
    Failed(Trouble),
    /// The fetcher waits before it tries again.
    Waiting {
        /// What happened.
        trouble: Trouble,
        /// When it tries again.
        until: Time,
    },
    /// The rows that come are as they were kept then: nobody was asked, and the run may have gone on since.
    Kept(Time),
    /// How much the service still allows, when that changed.
    Budget(Budget),
    /// How the run is being followed, when that changed.
    Live(Live),
}
