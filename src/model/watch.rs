//! Following a run: what is known of it when it is looked at again, how it is being followed, and what
//! a service says of the requests that it still allows.

use std::{sync::Arc, time::Duration};

use super::{ContextId, Gen, NodeId, RunRef, Time, Trouble};

/// An order to follow a run until it is cancelled or the run has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Which connection to ask.
    pub context: ContextId,
    /// The node of the run.
    pub node: NodeId,
    /// Which attempt this is; cancelling it stops the following.
    pub generation: Gen,
    /// Which run.
    pub run: RunRef,
    /// What is loaded already.
    pub known: Known,
}

/// What is known of a followed run when it is looked at again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The largest `Order::at` of its events.
    pub newest: Option<i64>,
    /// The plan step of the newest event that names one, for services whose new rows do not.
    pub step: Option<Arc<str>>,
    /// How many events.
    pub events: u32,
    /// How many times it was looked at before.
    pub looks: u32,
    /// Whether it has ended as far as is known: these are the last looks.
    pub ended: bool,
}

/// How a run is being followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// The service pushes.
    Streaming,
    /// It is asked again and again.
    Polling {
        /// How long between two looks.
        every: Duration,
    },
    /// It was asked, and there is no answer yet; asking goes on.
    Asking {
        /// When it was asked, or last answered a part of it.
        since: Time,
    },
    /// What carried the news broke; it is taken up again then.
    Lost {
        /// What happened.
        trouble: Trouble,
        /// When it is tried again.
        until: Time,
    },
    /// The run has ended, and so has the following.
    Over,
    /// Following was given up: asking again cannot help.
    GivenUp(Trouble),
}

/// Whether somebody looks at the screen: what nobody sees is asked for more slowly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attention {
    /// As far as is known.
    #[default]
    Here,
    /// The terminal has lost the focus.
    Away,
}

/// What a service says of the requests that it still allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Requests left in this window.
    pub left: u64,
    /// Requests in a whole window, where it says so.
    pub of: Option<u64>,
    /// When the window ends, where it says so.
    pub resets: Option<Time>,
}

/// One request and what became of it, as the list of requests shows it. No header, no body, no
/// credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When it was sent.
    pub at: Time,
    /// The context's name.
    pub context: String,
    /// `GET`, or `POST` for what buys a token.
    pub method: &'static str,
    /// Path under the base URL, with the parameters that the dialect put there.
    pub path: String,
    /// HTTP status; none where no reply came.
    pub status: Option<u16>,
    /// Until the last byte of the body, or until it failed.
    pub took: Duration,
    /// Bytes of the body, decompressed.
    pub bytes: u64,
    /// How many times it had been sent before.
    pub retries: u32,
    /// Whether the service said that nothing had changed and the body came from memory.
    pub cached: bool,
    /// Why it was sent: the words of the ask (`events of run 8c41, page 3`).
    pub reason: String,
}
