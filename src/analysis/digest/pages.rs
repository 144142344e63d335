//! Node → number of its operation: four bytes each, in pages, because the nodes of a run lie close
//! together among those of all runs.

use std::collections::HashMap;

use crate::model::NodeId;

const PAGE: usize = 256;
/// No operation.
pub(super) const NONE: u32 = u32::MAX;

/// Numbers by node.
#[derive(Debug, Default)]
pub(super) struct Pages(HashMap<u32, Box<[u32; PAGE]>>);

impl Pages {
    pub fn get(&self, node: NodeId) -> Option<u32> {
        let page = self.0.get(&(node.0 / 256))?;
        let found = *page.get(node.index() % PAGE)?;
        (found != NONE).then_some(found)
    }

    pub fn set(&mut self, node: NodeId, number: u32) {
        let page = self
            .0
            .entry(node.0 / 256)
            .or_insert_with(|| Box::new([NONE; PAGE]));
        if let Some(cell) = page.get_mut(node.index() % PAGE) {
            *cell = number;
        }
    }
}
