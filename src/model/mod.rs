//! The facts: missions, runs, plan steps and events, what one may ask for and what can go wrong.
//! Values only. Nothing here does I/O, reads a clock or knows how a service spells things.

mod ask;
mod id;
pub mod merge;
mod payload;
mod record;
mod segments;
mod sequence;
mod status;
mod store;
mod symbols;
mod time;
mod trouble;

pub use ask::{
    Arrival, Ask, AuthScheme, Batch, Caps, Got, Limit, Page, Record, Reply, Request, Row, RunRef,
    Ticket,
};
pub use id::{ContextId, Gen, NodeId};
pub use payload::{Payload, Span};
pub use record::{Event, Fact, Mission, Order, Run, Step, Tokens};
pub use segments::Snapshot;
pub use status::{Kind, RunStatus, StepStatus};
pub use store::{Change, Sort, Store};
pub use time::Time;
pub use trouble::{Trouble, TroubleClass};
