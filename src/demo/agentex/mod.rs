//! The demo server that speaks the agentex dialect.
