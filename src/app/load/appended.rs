//! Following a run in a file that is long: it begins at the end of what there is, not in the middle.

use crate::{app::App, model::NodeId};

impl App {
    /// Whether the end of a run could be had before what lies between, and is not there.
    pub(in crate::app) fn lacks_end(&self, run: NodeId) -> bool {
        self.has_parts(run)
            && self.has_hole_at_end(run)
            && self.shown_run() == Some(run)
            && !self.in_detail()
            && !self.is_filtering()
    }
}
