//! Decisions: everything the screen depends on, changed only by `update`. Pure.
