//! What stands under the mask of one row, for somebody who asks for that value. Nothing else of a document
//! is ever told unmasked, and no more of it than a person reads at once.

use super::{Doc, block::Block, facet::Spot};

/// Bytes that are told at most.
pub(in crate::doc) const MOST: usize = 4096;

impl Doc {
    /// What the masked value of a row is; of a line of text all that is masked in it. None where nothing
    /// on the row is masked, or it was masked before it was laid out.
    pub fn unmasked(&self, row: usize) -> Option<String> {
        let Spot::Row { facet, block, row } = self.spot(row)? else {
            return None;
        };
        match self.block(facet, block)? {
            Block::Json(json, _) => json.value(row)?.unmasked(),
            Block::Text(text, _) => text.unmasked(row),
            Block::Fixed(_) | Block::Markdown(_) | Block::Hex(_) => None,
        }
    }
}
