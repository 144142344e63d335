//! A facet of a document: a heading and the blocks under it, made when it is first unfolded.

use std::collections::VecDeque;

use super::{Part, block::Block};

#[derive(Debug, Default)]
pub(super) struct Facet {
    /// Masked and cleaned; none of what stands at the top.
    pub title: Option<String>,
    pub open: bool,
    /// What has not been made into rows yet.
    pub parts: VecDeque<Part>,
    pub blocks: Vec<Block>,
}

/// What a row of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The heading of a facet.
    Title {
        /// Which.
        facet: usize,
    },
    /// A row of a block.
    Row {
        /// In which facet.
        facet: usize,
        /// In which of its blocks.
        block: usize,
        /// Which of its visible rows.
        row: usize,
    },
    /// What says that there is more.
    More {
        /// Of which facet.
        facet: usize,
    },
}

impl Facet {
    /// How many rows it has, its heading among them.
    pub fn rows(&self) -> usize {
        let title = usize::from(self.title.is_some());
        if !self.open {
            return title;
        }
        let rows: usize = self.blocks.iter().map(Block::rows).sum();
        title + rows + usize::from(self.is_unread())
    }

    fn is_unread(&self) -> bool {
        !self.parts.is_empty() || self.blocks.iter().any(|block| !block.is_whole())
    }

    /// What one of its rows is.
    pub fn spot(&self, facet: usize, row: usize) -> Spot {
        let mut left = row;
        if self.title.is_some() {
            if left == 0 {
                return Spot::Title { facet };
            }
            left -= 1;
        }
        for (at, block) in self.blocks.iter().enumerate() {
            let rows = block.rows();
            if left < rows {
                return Spot::Row {
                    facet,
                    block: at,
                    row: left,
                };
            }
            left -= rows;
        }
        Spot::More { facet }
    }
}
