//! Payloads as something to read: flat rows over the bytes as sent.
