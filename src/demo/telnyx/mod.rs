//! The demo server that speaks the telnyx dialect.
