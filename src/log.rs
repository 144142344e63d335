//! Tracing to a file, off unless asked; nothing secret can reach it.
