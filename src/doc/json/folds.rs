//! Which rows are hidden by folds: maximal ranges of rows, in chunks with sums, so that going from a
//! visible row to its place among all rows and back is a search and not a walk. It knows ranges only;
//! what is folded inside of what is folded is kept by `Marks`.

use std::ops::Range;

/// A chunk is parted above this, and made of half as many.
const CHUNK: usize = 512;

/// Hidden ranges of rows, in order; none touches the beginning of another's.
#[derive(Debug, Default)]
pub(super) struct Folds {
    chunks: Vec<Chunk>,
}

#[derive(Debug)]
struct Chunk {
    /// Never empty.
    ranges: Vec<Range<u32>>,
    /// Rows hidden by earlier chunks.
    before: u32,
}

impl Chunk {
    fn first(&self) -> u32 {
        self.ranges.first().map_or(0, |range| range.start)
    }

    fn last(&self) -> u32 {
        self.ranges.last().map_or(0, |range| range.start)
    }
}

impl Folds {
    /// How many of the first `rows` rows are hidden.
    pub(super) fn hidden(&self, rows: u32) -> u32 {
        let Some(chunk) = self.chunk_before(rows) else {
            return 0;
        };
        let within = chunk.ranges.iter().take_while(|range| range.start < rows);
        chunk.before
            + within
                .map(|range| range.end.min(rows) - range.start)
                .sum::<u32>()
    }

    /// The range that hides a row.
    pub(super) fn over(&self, row: u32) -> Option<Range<u32>> {
        let chunk = self.chunk_before(row.saturating_add(1))?;
        let at = chunk.ranges.partition_point(|range| range.start <= row);
        let range = chunk.ranges.get(at.checked_sub(1)?)?;
        range.contains(&row).then(|| range.clone())
    }

    /// The row that is the visible one of that number.
    pub(super) fn absolute(&self, visible: u32) -> u32 {
        let before = |chunk: &Chunk| chunk.first() - chunk.before <= visible;
        let at = self.chunks.partition_point(before);
        let Some(chunk) = at.checked_sub(1).and_then(|at| self.chunks.get(at)) else {
            return visible;
        };
        let mut hidden = chunk.before;
        for range in &chunk.ranges {
            if range.start - hidden > visible {
                break;
            }
            hidden = hidden.saturating_add(range.end - range.start);
        }
        visible.saturating_add(hidden)
    }

    /// The chunk with the last range that begins before a row.
    fn chunk_before(&self, row: u32) -> Option<&Chunk> {
        let at = self.chunks.partition_point(|chunk| chunk.first() < row);
        self.chunks.get(at.checked_sub(1)?)
    }

    /// Hides these rows of a range and no others of it. Ranges do not reach over its ends.
    pub(super) fn set(&mut self, within: Range<u32>, ranges: Vec<Range<u32>>) {
        let mut low = self
            .chunks
            .partition_point(|chunk| chunk.last() < within.start);
        let high = self
            .chunks
            .partition_point(|chunk| chunk.first() < within.end);
        let high = high.max(low);
        if low == high {
            // beside a neighbour, so that no small chunks pile up
            low = low.saturating_sub(1);
        }
        let old: Vec<Chunk> = self.chunks.drain(low..high).collect();
        let mut all = Vec::with_capacity(ranges.len() + 2 * CHUNK);
        let kept = |keep: fn(u32, &Range<u32>) -> bool| {
            let within = within.clone();
            old.iter()
                .flat_map(|chunk| chunk.ranges.iter())
                .filter(move |range| keep(range.start, &within))
                .cloned()
        };
        all.extend(kept(|start, within| start < within.start));
        all.extend(ranges);
        all.extend(kept(|start, within| start >= within.end));
        let part = if all.len() > CHUNK { CHUNK / 2 } else { CHUNK };
        let new = all.chunks(part).map(|part| Chunk {
            ranges: part.to_vec(),
            before: 0,
        });
        self.chunks.splice(low..low, new);
        let mut before = 0_u32;
        for chunk in &mut self.chunks {
            chunk.before = before;
            before = before.saturating_add(chunk.ranges.iter().map(|r| r.end - r.start).sum());
        }
    }

    /// Hides rows behind all that are hidden.
    pub(super) fn push(&mut self, range: Range<u32>) {
        let last = self.chunks.last_mut();
        if let Some(last) = last.filter(|last| last.ranges.len() < CHUNK) {
            last.ranges.push(range);
            return;
        }
        let sum = |chunk: &Chunk| {
            let own: u32 = chunk.ranges.iter().map(|r| r.end - r.start).sum();
            chunk.before + own
        };
        let before = self.chunks.last().map_or(0, sum);
        self.chunks.push(Chunk {
            ranges: vec![range],
            before,
        });
    }

    /// The last range, to be lengthened or shortened.
    pub(super) fn last_mut(&mut self) -> Option<&mut Range<u32>> {
        self.chunks.last_mut()?.ranges.last_mut()
    }

    pub(super) fn clear(&mut self) {
        self.chunks.clear();
    }
}

/// Which containers are folded, hidden or not: one bit each.
#[derive(Debug, Default)]
pub(super) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    pub(super) fn get(&self, id: u32) -> bool {
        let word = self.words.get(id as usize / 64).copied().unwrap_or(0);
        word >> (id % 64) & 1 == 1
    }

    pub(super) fn set(&mut self, id: u32, is: bool) {
        let (word, bit) = (id as usize / 64, 1_u64 << (id % 64));
        if word >= self.words.len() {
            if !is {
                return;
            }
            self.words.resize(word + 1, 0);
        }
        if let Some(word) = self.words.get_mut(word) {
            *word = if is { *word | bit } else { *word & !bit };
        }
    }

    pub(super) fn set_all(&mut self, ids: Range<u32>, is: bool) {
        let mut id = ids.start;
        while id < ids.end {
            let whole = id.is_multiple_of(64) && ids.end - id >= 64;
            if whole && (id as usize / 64) < self.words.len() {
                if let Some(word) = self.words.get_mut(id as usize / 64) {
                    *word = if is { u64::MAX } else { 0 };
                }
                id += 64;
            } else {
                self.set(id, is);
                id += 1;
            }
        }
    }

    /// The first folded one from that on.
    pub(super) fn next(&self, id: u32) -> Option<u32> {
        let first = id as usize / 64;
        let mut mask = u64::MAX << (id % 64);
        for (at, word) in self.words.iter().enumerate().skip(first) {
            let found = word & mask;
            if found != 0 {
                let id = at * 64 + found.trailing_zeros() as usize;
                return u32::try_from(id).ok();
            }
            mask = u64::MAX;
        }
        None
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
    }

    pub(super) fn size(&self) -> usize {
        self.words.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hidden_ranges_are_those_of_a_plain_list(
            sets in prop::collection::vec((0_u32..3000, 1_u32..900, 1_u32..40), 1..60),
        ) {
            let (mut folds, mut plain) = (Folds::default(), vec![false; 5000]);
            for (from, len, step) in sets {
                // do not cut ranges that reach over the ends
                let start = folds.over(from).map_or(from, |range| range.start);
                let end = folds.over(from + len).map_or(from + len, |range| range.end);
                let ranges: Vec<_> = (start..end)
                    .step_by(step as usize + 1)
                    .map(|at| at..(at + step).min(end))
                    .collect();
                for row in start..end {
                    plain[row as usize] = ranges.iter().any(|range| range.contains(&row));
                }
                folds.set(start..end, ranges);
            }
            let shown: Vec<u32> = (0..5000).filter(|row| !plain[*row as usize]).collect();
            prop_assert_eq!(folds.hidden(5000) as usize, 5000 - shown.len());
            for (visible, row) in shown.iter().enumerate() {
                prop_assert_eq!(folds.absolute(u32::try_from(visible).unwrap()), *row);
                prop_assert_eq!(folds.hidden(*row) as usize, *row as usize - visible);
                prop_assert_eq!(folds.over(*row), None);
            }
            for row in (0..5000).filter(|row| plain[*row as usize]) {
                prop_assert!(folds.over(row).is_some_and(|range| range.contains(&row)));
            }
        }

        #[test]
        fn marks_are_a_set(sets in prop::collection::vec((0_u32..300, 0_u32..200, any::<bool>()), 0..20)) {
            let (mut marks, mut plain) = (Marks::default(), vec![false; 600]);
            for (from, len, is) in sets {
                marks.set_all(from..from + len, is);
                plain[from as usize..(from + len) as usize].fill(is);
            }
            for id in 0..600 {
                prop_assert_eq!(marks.get(id), plain[id as usize]);
                let next = (id..600).find(|id| plain[*id as usize]);
                prop_assert_eq!(marks.next(id), next);
            }
        }
    }
}
