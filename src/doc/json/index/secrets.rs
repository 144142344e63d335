//! Masking what is read, token by token: most say nothing of a secret, and of those nobody looks further.

use std::collections::VecDeque;

use super::{Indexer, Mask, Piece};
use crate::{
    guard::Edit,
    text::json::{Shape, Sort, Token},
};

impl Indexer {
    /// Masks what a token says or tells of its value; false where the text that is here is too short to
    /// know.
    #[inline]
    pub(super) fn mask(
        &mut self,
        token: Token,
        seen: &[u8],
        is_last: bool,
        piece: &mut Piece,
    ) -> bool {
        let Mask::Search(masking, walk) = &mut self.mask else {
            return true;
        };
        let minds = match token.sort {
            Sort::Open(Shape::Array) => {
                walk.open_array();
                return true;
            }
            Sort::Open(Shape::Object) => {
                walk.open();
                return true;
            }
            Sort::Close(_) => {
                walk.close();
                return true;
            }
            Sort::Key => walk.minds_key(seen, token.start, token.end),
            Sort::String => walk.minds_value(seen, token.start, token.end),
            Sort::Number | Sort::Word => walk.minds_atom(seen, token.start, token.end),
        };
        if !minds {
            walk.pass_by();
            return true;
        }
        let first = piece.edits.len();
        let at = (self.at, token.start);
        let known = walk.token(masking, seen, at, is_last, &mut piece.edits);
        let byte = |at: usize| seen.get(at.checked_sub(self.at)?).copied();
        for edit in piece.edits.get(first..).unwrap_or_default() {
            expect(&mut self.masked, edit, byte);
        }
        known
    }
}

/// Notes a container that is masked whole.
pub(super) fn expect(
    masked: &mut VecDeque<(usize, usize)>,
    edit: &Edit,
    byte: impl Fn(usize) -> Option<u8>,
) {
    if matches!(byte(edit.start), Some(b'{' | b'[')) {
        masked.push_back((edit.start, edit.end));
    }
}
