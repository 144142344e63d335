//! The headless twin of every screen: one file per command.
