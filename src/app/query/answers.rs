//! What a query says of a run itself, kept for all of its operations: a bit or two for each clause.

use super::Truth;

/// An answer for each clause by its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    yes: u128,
    not_read: u128,
}

impl Answers {
    pub(super) fn set(&mut self, clause: u8, truth: Truth) {
        let bit = 1u128.checked_shl(clause.into()).unwrap_or_default();
        match truth {
            Truth::Yes => self.yes |= bit,
            Truth::NotRead => self.not_read |= bit,
            Truth::No => {}
        }
    }

    pub(super) fn get(&self, clause: u8) -> Truth {
        let bit = 1u128.checked_shl(clause.into()).unwrap_or_default();
        if self.yes & bit != 0 {
            Truth::Yes
        } else if self.not_read & bit != 0 {
            Truth::NotRead
        } else {
            Truth::No
        }
    }
}
