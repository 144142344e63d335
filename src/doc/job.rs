//! What is left to be read of a document, done away from the loop in slices: each gives a piece that the
//! document takes. Whoever runs a job may stop between slices.

use super::{
    Source,
    block::{Block, Later, Made},
    hide::{Hidden, Hiding},
    json,
    open::Opening,
    text,
};
use crate::guard::redact::Masking;

/// Bytes of a slice: some ten milliseconds.
const SLICE: usize = 4 << 20;

/// The rest of a block.
#[derive(Debug)]
pub struct Job {
    pub(super) facet: usize,
    pub(super) block: usize,
    work: Work,
}

/// What is done in a job.
#[derive(Debug)]
pub(super) enum Work {
    Json(Box<json::Indexer>, Source),
    Text(Box<text::Index>, Source),
    Later(Later, Box<Masking>),
    /// Looks for what has to be hidden of bytes.
    Hide(Box<Hiding>),
    /// What was unwrapped in a string, below that row.
    Inner(json::Node, Box<json::Indexer>, Source),
    /// A long string.
    Open(Box<Opening>),
}

/// What is left to do, or the masking.
pub(super) fn or_rest(indexer: json::Indexer, source: Source) -> Result<Masking, Work> {
    if !indexer.is_done() {
        return Err(Work::Json(Box::new(indexer), source));
    }
    // An indexer that was given a masking gives it back.
    Ok(indexer.into_masking().unwrap_or_default())
}

/// What a slice gave.
#[derive(Debug)]
pub struct Step {
    pub(super) facet: usize,
    pub(super) block: usize,
    pub(super) piece: Piece,
    pub(super) at: usize,
    pub(super) len: usize,
    /// Home again, with the last piece of what had it.
    pub(super) masking: Option<Masking>,
    last: bool,
}

impl Step {
    /// Whether there is no more to do.
    pub fn is_last(&self) -> bool {
        self.last
    }
}

#[derive(Debug)]
pub(super) enum Piece {
    Json(json::Piece),
    Text(text::Piece),
    /// Nothing yet.
    None,
    /// Of what was unwrapped below that row.
    Inner(json::Node, json::Piece),
    /// What is in a string, below that row.
    Opened(json::Node, json::What),
    /// What the block turned out to be.
    Become(Box<Block>),
}

impl Work {
    pub fn len(&self) -> usize {
        match self {
            Self::Json(_, source) | Self::Text(_, source) | Self::Inner(_, _, source) => {
                source.len()
            }
            Self::Later(later, _) => later.len(),
            Self::Hide(hiding) => hiding.len(),
            Self::Open(opening) => opening.literal.len(),
        }
    }

    pub fn at(&self) -> usize {
        match self {
            Self::Json(indexer, _) | Self::Inner(_, indexer, _) => indexer.at(),
            Self::Text(indexer, _) => indexer.at(),
            Self::Hide(hiding) => hiding.at(),
            Self::Later(..) | Self::Open(_) => 0,
        }
    }

    /// Does a slice: its piece, and what is left or, where it was had, the masking.
    fn run(self) -> (Piece, Result<Option<Masking>, Self>) {
        match self {
            Self::Json(mut indexer, source) => {
                let piece = indexer.here(&source, SLICE);
                (Piece::Json(piece), or_rest(*indexer, source).map(Some))
            }
            Self::Inner(node, mut indexer, source) => {
                let piece = Piece::Inner(node.clone(), indexer.here(&source, SLICE));
                let rest = if indexer.is_done() {
                    Ok(None)
                } else {
                    Err(Self::Inner(node, indexer, source))
                };
                (piece, rest)
            }
            Self::Text(mut indexer, source) => {
                let piece = indexer.here(&source);
                // What cannot be read now will not be later.
                let rest = if indexer.is_done() || piece.is_none() {
                    Ok(Some(indexer.into_masking()))
                } else {
                    Err(Self::Text(indexer, source))
                };
                (piece.map_or(Piece::None, Piece::Text), rest)
            }
            Self::Open(opening) => {
                let (node, what) = opening.run();
                (Piece::Opened(node, what), Ok(None))
            }
            Self::Hide(hiding) => match hiding.run() {
                Hidden::NotYet(rest) => (Piece::None, Err(Self::Hide(Box::new(rest)))),
                Hidden::All(block, masking) => (Piece::Become(Box::new(block)), Ok(Some(masking))),
            },
            Self::Later(later, masking) => {
                let Made { block, rest } = later.make(*masking);
                (Piece::Become(Box::new(block)), rest.map(Some))
            }
        }
    }
}

impl Job {
    pub(super) fn new(facet: usize, block: usize, work: Work) -> Self {
        Self { facet, block, work }
    }

    /// Bytes in all.
    pub fn len(&self) -> usize {
        self.work.len()
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does a slice, and gives itself back while there is more.
    pub fn run(self) -> (Step, Option<Self>) {
        let (facet, block, len) = (self.facet, self.block, self.len());
        let (piece, rest) = self.work.run();
        let at = rest.as_ref().err().map_or(len, Work::at);
        let (masking, more) = match rest {
            Ok(masking) => (masking, None),
            Err(work) => (None, Some(Self { facet, block, work })),
        };
        let step = Step {
            facet,
            block,
            piece,
            at,
            len,
            masking,
            last: more.is_none(),
        };
        (step, more)
    }
}
