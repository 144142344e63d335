//! Which containers are open around a place in JSON text. One bit a level, so that depth costs nothing;
//! where they begin is not kept.

use super::json::Shape;

/// A stack of shapes, one bit each.
#[derive(Debug, Default)]
pub(super) struct Levels {
    words: Vec<u64>,
    len: usize,
}

impl Levels {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, shape: Shape) {
        let (word, bit) = (self.len / 64, self.len % 64);
        if word == self.words.len() {
            self.words.push(0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            let mask = 1_u64 << bit;
            match shape {
                Shape::Object => *bits |= mask,
                Shape::Array => *bits &= !mask,
            }
        }
        self.len += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
    }

    #[inline]
    pub(super) fn top(&self) -> Option<Shape> {
        let last = self.len.checked_sub(1)?;
        let bits = self.words.get(last / 64)?;
        Some(if bits >> (last % 64) & 1 == 1 {
            Shape::Object
        } else {
            Shape::Array
        })
    }
}
