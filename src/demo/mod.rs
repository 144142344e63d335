//! Loopback servers that speak the four services' dialects, with stories worth browsing. The demo
//! goes through the ordinary fetcher over real HTTP; nothing here knows the screen or the model.

pub mod agentex;
pub mod clock;
pub mod elizaos;
pub mod tales;
pub mod telnyx;
pub mod vectara;
