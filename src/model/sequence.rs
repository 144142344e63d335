//! A long sorted list of nodes that stays cheap to grow at either end and in the middle: chunks of at
//! most 512, found by binary search.

use std::cmp::Ordering;

use super::NodeId;

const CHUNK: usize = 512;

/// Nodes in an order that the caller's comparison defines.
#[derive(Debug, Default)]
pub struct Sequence {
    chunks: Vec<Vec<NodeId>>,
    len: usize,
}

impl Sequence {
    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The last node.
    pub fn last(&self) -> Option<NodeId> {
        self.chunks.last()?.last().copied()
    }

    /// Puts a node behind all that do not compare greater than it.
    pub fn insert(&mut self, node: NodeId, order: impl Fn(NodeId) -> Ordering) {
        self.len += 1;
        let at = self.chunk_of(&order);
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(vec![node]);
            return;
        };
        let is_before = |other: &NodeId| order(*other) != Ordering::Greater;
        let place = match chunk.last() {
            Some(last) if is_before(last) => chunk.len(),
            _ => chunk.partition_point(is_before),
        };
        chunk.insert(place, node);
        if chunk.len() > CHUNK {
            // Half a chunk is left free at the seam, except at the end, where lists grow.
            let last = at + 1 == self.chunks.len();
            let keep = if last { CHUNK - CHUNK / 8 } else { CHUNK / 2 };
            let Some(chunk) = self.chunks.get_mut(at) else {
                return;
            };
            let rest = chunk.split_off(keep);
            self.chunks.insert(at + 1, rest);
        }
    }

    /// How many nodes compare less than the one that `order` describes (its 0-based place when all
    /// compare differently).
    pub fn rank(&self, order: impl Fn(NodeId) -> Ordering) -> usize {
        let at = self
            .chunks
            .partition_point(|chunk| {
                chunk
                    .first()
                    .is_some_and(|first| order(*first) == Ordering::Less)
            })
            .saturating_sub(1);
        let before: usize = self.chunks.iter().take(at).map(Vec::len).sum();
        let within = self.chunks.get(at).map_or(0, |chunk| {
            chunk.partition_point(|other| order(*other) == Ordering::Less)
        });
        before + within
    }

    /// The node that so many lie before.
    pub fn nth(&self, nth: usize) -> Option<NodeId> {
        let mut left = nth;
        let chunk = self.chunks.iter().find(|chunk| {
            let is_here = left < chunk.len();
            left -= if is_here { 0 } else { chunk.len() };
            is_here
        });
        chunk?.get(left).copied()
    }

    /// All nodes in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.chunks.iter().flatten().copied()
    }

    fn chunk_of(&self, order: &impl Fn(NodeId) -> Ordering) -> usize {
        // Where lists grow: what comes last is not looked for among all others.
        let last = self.chunks.last().and_then(|chunk| chunk.first());
        if last.is_some_and(|first| order(*first) != Ordering::Greater) {
            return self.chunks.len() - 1;
        }
        self.chunks
            .partition_point(|chunk| {
                chunk
                    .first()
                    .is_some_and(|first| order(*first) != Ordering::Greater)
            })
            .saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_a_place_is_the_one_that_so_many_lie_before() {
        let mut list = Sequence::default();
        for n in 0..2_000 {
            list.insert(NodeId(n), |other| other.0.cmp(&n));
        }
        for n in [0, 1, 447, 448, 511, 512, 1_999] {
            assert_eq!(list.nth(n), Some(NodeId(u32::try_from(n).unwrap())));
        }
        assert_eq!(list.nth(2_000), None);
    }

    #[test]
    fn it_is_a_sorted_list_however_it_grows() {
        let keys: Vec<u32> = (0..5000u32)
            .map(|n| n.wrapping_mul(2_654_435_761) % 1000)
            .collect();
        let mut sequence = Sequence::default();
        for n in 0..keys.len() {
            let key = keys[n];
            sequence.insert(NodeId(u32::try_from(n).unwrap()), |other| {
                keys[other.index()].cmp(&key)
            });
        }
        let got: Vec<_> = sequence
            .iter()
            .map(|node| (keys[node.index()], node.0))
            .collect();
        let mut expected: Vec<_> = got.clone();
        expected.sort_unstable();
        assert_eq!(got, expected, "equal keys keep the order of arrival");
        for (place, (key, _)) in got.iter().enumerate() {
            let rank = sequence.rank(|other| keys[other.index()].cmp(key));
            assert!(rank <= place && got[rank].0 == *key);
        }
        assert_eq!(sequence.len(), 5000);
    }
}
