//! The terminal: enter, leave, suspend; keys; clipboard.
