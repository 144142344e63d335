//! The demo server that speaks the elizaos dialect.
