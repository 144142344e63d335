//! Searching a document: each block is looked through by what it is made of, slice by slice, away from
//! the loop. What is folded is looked through as well; what was never unfolded is not.

use std::collections::VecDeque;

use super::{Doc, block::Block, facet::Spot, json, matcher::Matcher, row::FEW, text};
use crate::text::width;

/// Bytes of a slice.
const SLICE: usize = 8 << 20;

/// A match: its row, where no fold can move it, and which of those in that row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    facet: u32,
    block: u32,
    row: u32,
    nth: u32,
}

impl Hit {
    /// Which of the matches in its row it is, from 0.
    pub fn nth(self) -> usize {
        self.nth as usize
    }

    /// Whether both are in one row.
    pub fn shares_row(self, other: Self) -> bool {
        let row = |hit: Self| (hit.facet, hit.block, hit.row);
        row(self) == row(other)
    }

    /// The same row behind all its matches.
    #[must_use]
    pub fn behind(self) -> Self {
        Self {
            nth: u32::MAX,
            ..self
        }
    }
}

/// Where a match is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The row.
    pub row: usize,
    /// Which of the matches in that row it is, from 0.
    pub nth: usize,
    /// Whether what holds it has to be read first, beside the loop.
    pub later: bool,
}

/// What was unfolded for a hit, to be folded back.
#[derive(Debug, Default)]
pub struct Opened(Vec<(usize, usize, Vec<json::Node>)>);

/// Looks through a document.
#[derive(Debug)]
pub struct Finder {
    parts: VecDeque<(u32, u32, Sub)>,
    done: usize,
    len: usize,
}

#[derive(Debug)]
enum Sub {
    Json(Box<json::Finder>, usize),
    Text(Box<text::Search>, usize),
    /// Few rows, looked through already.
    Rows(Vec<u32>),
}

impl Finder {
    /// Bytes in all.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is nothing to look through.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Looks through a slice: the hits in it, bytes done so far, whether that was all.
    pub fn run(&mut self) -> (Vec<Hit>, usize, bool) {
        let Some((facet, block, mut sub)) = self.parts.pop_front() else {
            return (Vec::new(), self.len, true);
        };
        let (rows, at, done) = match &mut sub {
            Sub::Json(finder, _) => {
                let found = finder.run(SLICE);
                (found.rows, found.at, found.is_done)
            }
            Sub::Text(finder, _) => {
                let found = finder.run(SLICE);
                (
                    found.rows.into_iter().map(u32_of).collect(),
                    found.at,
                    found.done,
                )
            }
            Sub::Rows(rows) => (std::mem::take(rows), 0, true),
        };
        let mut hits: Vec<Hit> = Vec::with_capacity(rows.len());
        for row in rows {
            let before = hits.last().filter(|before| before.row == row);
            let nth = before.map_or(0, |before| before.nth + 1);
            hits.push(Hit {
                facet,
                block,
                row,
                nth,
            });
        }
        if done {
            self.done += sub.len();
            return (hits, self.done, self.parts.is_empty());
        }
        self.parts.push_front((facet, block, sub));
        (hits, self.done + at, false)
    }
}

impl Sub {
    fn len(&self) -> usize {
        match self {
            Self::Json(_, len) | Self::Text(_, len) => *len,
            Self::Rows(_) => 0,
        }
    }
}

impl Doc {
    /// What looks through the document as it is now.
    pub fn finder(&self, matcher: &Matcher) -> Finder {
        let parts: VecDeque<_> = self
            .blocks()
            .map(|(facet, block, own)| {
                let sub = match own {
                    Block::Json(json, source) => {
                        let finder = json.finder(matcher.bytes().clone(), 0);
                        Sub::Json(Box::new(finder), source.len())
                    }
                    Block::Text(text, source) => {
                        let search = text::Search::new(text, matcher.clone());
                        Sub::Text(Box::new(search), source.len())
                    }
                    Block::Fixed(_) | Block::Facts(_) | Block::Markdown(_) | Block::Hex(_) => {
                        let rows = 0..own.rows().min(FEW);
                        let hits = rows.flat_map(|row| {
                            let many = matcher.hits(&own.row(row).text());
                            std::iter::repeat_n(u32_of(row), many)
                        });
                        Sub::Rows(hits.collect())
                    }
                };
                (u32_of(facet), u32_of(block), sub)
            })
            .collect();
        Finder {
            len: parts.iter().map(|(_, _, sub)| sub.len()).sum(),
            done: 0,
            parts,
        }
    }

    /// The row with the cursor, among hits.
    pub fn hit_at(&self, row: usize) -> Option<Hit> {
        let (facet, block, row) = match self.spot(row)? {
            Spot::Title { facet } | Spot::More { facet } => (facet, 0, 0),
            Spot::Row { facet, block, row } => match self.block(facet, block)? {
                Block::Json(json, _) => (facet, block, json.absolute(row) as usize),
                _ => (facet, block, row),
            },
        };
        Some(Hit {
            facet: u32_of(facet),
            block: u32_of(block),
            row: u32_of(row),
            nth: 0,
        })
    }

    /// The row of a hit, with everything above it unfolded, and what had to be unfolded for it.
    pub fn reveal(&mut self, hit: Hit) -> (usize, Opened) {
        let (facet, block) = (hit.facet as usize, hit.block as usize);
        let mut opened = Opened::default();
        self.open_facet(facet, true);
        let row = match self.block_mut(facet, block) {
            Some(Block::Json(json, _)) => {
                let node = json.node_of(hit.row);
                let (row, nodes) = json.reveal(&node);
                if !nodes.is_empty() {
                    opened.0.push((facet, block, nodes));
                }
                row
            }
            _ => hit.row as usize,
        };
        (self.row_of(Spot::Row { facet, block, row }), opened)
    }

    /// The row in which the `nth` match of a row is seen, and which of those in there it is: the row itself,
    /// or one of those of its string, which is opened where only that shows it. Of a long string it is known
    /// once that was read beside the loop.
    pub fn inside_of(&mut self, row: usize, find: &Matcher, nth: usize) -> Inside {
        let seen = |doc: &Self, row: usize| find.hits(&doc.row(row).text());
        let own = seen(self, row);
        let here = |nth| Inside {
            row,
            nth,
            later: false,
        };
        if nth < own {
            return here(nth);
        }
        let opens = self.row(row).fold == Some(true) && self.unwrap(row).is_some();
        if self.is_unwrapped(row) {
            let left = nth.saturating_sub(seen(self, row));
            if let Some((row, nth)) = self.below(row, find, left) {
                let later = false;
                return Inside { row, nth, later };
            }
        }
        Inside {
            later: opens && self.opens_later(),
            ..here(own.saturating_sub(1))
        }
    }

    /// The same among the rows that are unwrapped below a row.
    fn below(&self, row: usize, find: &Matcher, nth: usize) -> Option<(usize, usize)> {
        let Spot::Row { facet, block, row } = self.spot(row)? else {
            return None;
        };
        let Block::Json(json, _) = self.block(facet, block)? else {
            return None;
        };
        let (row, nth) = json.hit_below(row, find, nth)?;
        Some((self.row_of(Spot::Row { facet, block, row }), nth))
    }

    /// Whether it stands in what was rendered, where the rendering does not show it.
    pub fn is_in_source(&self, find: &Matcher) -> bool {
        let mut blocks = self.blocks();
        blocks.any(|(.., own)| match own {
            Block::Markdown(markdown) => find.hits(markdown.text()) > 0,
            _ => false,
        })
    }

    /// How many columns are before the `nth` match of a row, those that never move not counted.
    pub fn columns_before(&self, row: usize, find: &Matcher, nth: usize) -> usize {
        let row = self.row(row);
        let text = row.text();
        let hits = find.text().find_iter(&text);
        let start = hits.filter(|found| !found.is_empty()).nth(nth);
        let start = start.map_or(0, |found| found.start());
        let fixed = row.spans.iter().take(usize::from(row.head));
        let head: usize = fixed.map(|(_, text)| text.len()).sum();
        text.get(head..start).map_or(0, width::width)
    }

    /// Folds what was unfolded for a hit.
    pub fn fold_back(&mut self, opened: Opened) {
        for (facet, block, nodes) in opened.0 {
            if let Some(Block::Json(json, _)) = self.block_mut(facet, block) {
                json.hide(&nodes);
            }
        }
    }
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
