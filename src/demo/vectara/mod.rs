//! The demo server that speaks the vectara dialect.
