//! What a frame says of itself: how much room each part had, and where. Keys that scroll and the mouse go
//! by it; it decides nothing.

use super::{panes::Panes, time::Bars};

/// What the last frame had room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Rows of the tree.
    pub tree_rows: u16,
    /// Rows of the detail; 0 when it is not shown.
    pub detail_rows: u16,
    /// Columns of the detail, also when only a peek of it is shown.
    pub detail_columns: u16,
    /// Whether rows and detail are shown together.
    pub wide: bool,
    /// How many lines the help can be scrolled, while it is shown.
    pub help_end: usize,
    /// Rows of the list of requests.
    pub log_rows: u16,
    /// Rows of the palette, while it is open.
    pub palette_rows: u16,
    /// Added columns of the list for which there was no room.
    pub crowded: usize,
    /// Where the panes were.
    pub panes: Panes,
    /// Where the waterfall is unless the person says otherwise.
    pub bars: Bars,
    /// Whether there is room for a waterfall of its own.
    pub bars_fit: bool,
}

impl Default for Measured {
    fn default() -> Self {
        Self {
            tree_rows: 20,
            detail_rows: 20,
            detail_columns: 78,
            wide: false,
            help_end: 0,
            log_rows: 20,
            palette_rows: 20,
            crowded: 0,
            panes: Panes::default(),
            bars: Bars::Inline,
            bars_fit: false,
        }
    }
}
