//! The ground floor for text: an iterative JSON scanner and widths.
