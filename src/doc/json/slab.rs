//! A list in chunks: growing it never moves what is in it, and at most one chunk stands partly empty. So
//! an index of a hundred megabytes grows without a pause and without twice its room.

const BITS: usize = 12;
const CHUNK: usize = 1 << BITS;

/// The list.
#[derive(Debug)]
pub(super) struct Slab<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Copy> Slab<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, at: usize) -> Option<T> {
        self.chunks.get(at >> BITS)?.get(at & (CHUNK - 1)).copied()
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.chunks.get_mut(at >> BITS)?.get_mut(at & (CHUNK - 1))
    }

    pub(super) fn extend(&mut self, mut more: &[T]) {
        self.len += more.len();
        while !more.is_empty() {
            match self.chunks.last_mut().filter(|last| last.len() < CHUNK) {
                None => self.chunks.push(Vec::with_capacity(CHUNK.min(more.len()))),
                Some(last) => {
                    let room = CHUNK - last.len();
                    let (now, later) = more.split_at_checked(room).unwrap_or((more, &[]));
                    last.extend_from_slice(now);
                    more = later;
                }
            }
        }
    }

    /// How many of the first fulfil something that holds for a beginning of the list.
    pub(super) fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        self.partition_from(0, holds)
    }

    /// The same where it is known to hold up to `from`; quick where the point is near.
    pub(super) fn partition_from(&self, from: usize, holds: impl Fn(&T) -> bool) -> usize {
        let fits = |at: usize| self.get(at).is_some_and(|item| holds(&item));
        let (mut low, mut step) = (from, 1);
        while fits(low + step - 1) {
            low += step;
            step *= 2;
        }
        // it holds before `low`, and not at `low + step - 1`
        let mut high = (low + step - 1).min(self.len);
        while low < high {
            let middle = usize::midpoint(low, high);
            if fits(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// How many bytes it holds.
    pub(super) fn size(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum::<usize>() * size_of::<T>()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.chunks.iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list() {
        let mut slab = Slab::default();
        for part in [1..3, 3..9000, 9000..9001, 9001..20_000] {
            slab.extend(&part.collect::<Vec<u32>>());
        }
        assert_eq!(
            slab.iter().collect::<Vec<_>>(),
            (1..20_000).collect::<Vec<_>>()
        );
        assert_eq!(
            (slab.len(), slab.get(19_998), slab.get(4096)),
            (19_999, Some(19_999), Some(4097))
        );
        for limit in [0, 1, 2, 4095, 4096, 4097, 19_998, 19_999, 30_000] {
            let plain = (limit as usize).min(19_999);
            assert_eq!(slab.partition_point(|n| *n <= limit), plain);
            assert_eq!(slab.partition_from(plain / 2, |n| *n <= limit), plain);
        }
    }
}
