//! Making a document anew, when its node or the way to look at it changed: what was unfolded stays so, and
//! payloads of the same bytes are not read once more.

use super::{Doc, Part, block::Block, part::Look};
use crate::guard::redact::Masking;

impl Doc {
    /// Makes the document of what has changed: payloads that are the same bytes keep their rows and folds.
    #[must_use]
    pub fn again(self, parts: Vec<Part>, look: Look, masking: Masking) -> Self {
        let same = self.look.view == look.view && self.look.brackets == look.brackets;
        let open: Vec<_> = self
            .facets
            .iter()
            .filter_map(|facet| Some((facet.title.clone()?, facet.open)))
            .collect();
        let blocks = self.facets.into_iter().flat_map(|facet| facet.blocks);
        // What keeps its rows keeps the numbers of its secrets.
        let (masking, kept) = match self.masking.filter(|_| same) {
            Some(numbered) => (numbered, blocks.filter(Block::is_kept).collect()),
            None => (masking, Vec::new()),
        };
        let mut doc = Self::begun(parts, look, masking);
        doc.kept = kept;
        for facet in &mut doc.facets {
            let known = open
                .iter()
                .find(|(title, _)| facet.title.as_ref() == Some(title));
            facet.open = known.map_or(facet.open, |(_, open)| *open);
        }
        doc.advance();
        doc
    }

    /// The facets are unfolded that were unfolded in the document before.
    #[must_use]
    pub fn opened_as(mut self, before: &Self) -> Self {
        for facet in &mut self.facets {
            let known = before
                .facets
                .iter()
                .find(|known| known.title == facet.title);
            facet.open = known.map_or(facet.open, |known| known.open);
        }
        self.advance();
        self
    }
}
