//! A read as somebody without sortie can send it again: its address and its headers, with the names of
//! variables where secrets go. It holds no secret, and sends nothing.

use crate::text::shell::Piece;

/// A read of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Get {
    /// Whole, with its query.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, Vec<Piece>)>,
    /// What has to be known besides, a sentence each: where a variable's value comes from.
    pub notes: Vec<String>,
    /// Whether certificates go unchecked.
    pub insecure: bool,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<String>,
}
