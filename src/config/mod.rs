//! Configuration: defaults, file, environment, flags; contexts and where their credentials come from.
pub mod keys;
