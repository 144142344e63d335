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
        self.len.checked_sub(1).map(|last| self.at(last))
    }

    /// Whether the innermost are of these shapes, the last one first.
    pub(super) fn are_on_top(&self, shapes: &[Shape]) -> bool {
        let held = (0..self.len).rev().map(|level| self.at(level));
        shapes.len() <= self.len && shapes.iter().copied().eq(held.take(shapes.len()))
    }

    /// From the outermost on.
    pub(super) fn iter(&self) -> impl Iterator<Item = Shape> + '_ {
        (0..self.len).map(|level| self.at(level))
    }

    #[inline]
    fn at(&self, level: usize) -> Shape {
        let bits = self.words.get(level / 64).copied().unwrap_or_default();
        if bits >> (level % 64) & 1 == 1 {
            Shape::Object
        } else {
            Shape::Array
        }
    }
}
