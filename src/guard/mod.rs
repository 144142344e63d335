//! What every exit passes through: hostile text made visible, secrets masked.
