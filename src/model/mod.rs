//! The facts: missions, runs, plan steps and events, what one may ask for and what can go wrong.
//! Values only. Nothing here does I/O, reads a clock or knows how a service spells things.

pub mod address;
mod ask;
mod far;
mod get;
mod id;
mod members;
pub mod merge;
mod offline;
mod payload;
mod record;
mod segments;
mod sequence;
mod status;
mod store;
mod stretch;
mod symbols;
mod ticket;
mod time;
mod trouble;
mod view;
mod watch;

pub use address::{Address, Fit};
pub use ask::{
    Ask, AuthScheme, Batch, Caps, Elsewhere, Of, Only, Page, Record, Reply, Request, Row, RunRef,
};
pub use far::Far;
pub use get::Get;
pub use id::{ContextId, Gen, NodeId};
pub use members::CallMembers;
pub use offline::{Left, Look, LookPlaces, Offline, Remark};
pub use payload::{Payload, Span};
pub use record::{Content, Event, Extra, Fact, Mission, Order, Run, Step, Tokens};
pub use segments::Snapshot;
pub use status::{Kind, RunStatus, StepStatus};
pub use store::{Change, Sort, Store};
pub use stretch::{Sieve, Stretch, Test};
pub use ticket::{Arrival, Got, Limit, Ticket, Urgency};
pub use time::Time;
pub use trouble::{Trouble, TroubleClass};
pub use view::EventView;
pub use watch::{Attention, Budget, Known, Live, Sent, Watch};
