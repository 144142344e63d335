//! What broke while a run is followed, as its detail tells it.

use crate::{
    app::{App, load::follow::Follow, time::when},
    doc::Part,
    model::NodeId,
};

impl App {
    /// What broke while this run is followed, and what to do about it.
    pub(in crate::app) fn follow_parts(&self, node: NodeId) -> Vec<Part> {
        let follow = self.follow.as_ref().filter(|follow| follow.run == node);
        let Some((trouble, until)) = follow.and_then(Follow::broken) else {
            return Vec::new();
        };
        let at = when::clock(until, &self.zone);
        vec![
            Part::Heading("following".to_owned()),
            Part::Prose(format!("{trouble}. Trying again at {at}.")),
            Part::Prose(trouble.hint()),
        ]
    }
}
