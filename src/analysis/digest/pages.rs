//! Node → number of its operation: four bytes each, in pages, because the nodes of a run lie close
//! together among those of all runs. Rows are ordered by what is found here, so finding costs nothing.

use crate::model::NodeId;

const PAGE: usize = 256;
/// No operation.
pub(super) const NONE: u32 = u32::MAX;

/// Numbers by node.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    /// The number of the first page there is.
    first: usize,
    /// It and those behind it, as far as anything is in them.
    pages: Vec<Option<Box<[u32; PAGE]>>>,
}

impl Pages {
    pub fn get(&self, node: NodeId) -> Option<u32> {
        let at = (node.index() / PAGE).checked_sub(self.first)?;
        let found = *self.pages.get(at)?.as_ref()?.get(node.index() % PAGE)?;
        (found != NONE).then_some(found)
    }

    pub fn set(&mut self, node: NodeId, number: u32) {
        let page = node.index() / PAGE;
        if self.pages.is_empty() {
            self.first = page;
        }
        let before = self.first.saturating_sub(page);
        if before > 0 {
            self.pages.splice(..0, (0..before).map(|_| None));
            self.first = page;
        }
        let at = page - self.first;
        if at >= self.pages.len() {
            self.pages.resize_with(at + 1, || None);
        }
        let cell = self.pages.get_mut(at).and_then(|page| {
            page.get_or_insert_with(|| Box::new([NONE; PAGE]))
                .get_mut(node.index() % PAGE)
        });
        if let Some(cell) = cell {
            *cell = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_wherever_their_nodes_lie() {
        let mut pages = Pages::default();
        let nodes = [70_000, 70_001, 3, 1_000_000, 69_000];
        for (number, node) in (0..).zip(nodes) {
            pages.set(NodeId(node), number);
        }
        let found = nodes.map(|node| pages.get(NodeId(node)));
        assert_eq!(found, [0, 1, 2, 3, 4].map(Some));
        for node in [0, 4, 70_002, 2_000_000] {
            assert_eq!(pages.get(NodeId(node)), None);
        }
    }
}
