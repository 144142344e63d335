//! What a key does to a document: folding, moving by structure, opening what is in a string. Each gives
//! the row at which the cursor is afterwards.

use super::{
    Doc, Rows as _,
    block::Block,
    facet::Spot,
    job::{Job, Work},
    json::{Fold, Go, Json},
    open::{self, LATER, Opening},
};
use crate::guard::{clean, redact::Masking};

impl Doc {
    /// Folds or unfolds at a row. None where there is nothing to fold.
    pub fn fold(&mut self, row: usize, fold: Fold) -> Option<usize> {
        match self.spot(row)? {
            Spot::Title { facet } => {
                let open = match fold {
                    Fold::Toggle => !self.is_open(facet),
                    Fold::Close | Fold::CloseDeep => false,
                    Fold::Open | Fold::OpenDeep => true,
                    Fold::CloseAll | Fold::OpenAll | Fold::Depth(_) => {
                        return self.fold_all(row, fold);
                    }
                };
                if open == self.is_open(facet) {
                    return None;
                }
                self.open_facet(facet, open);
                Some(row)
            }
            Spot::Row { .. } if matches!(fold, Fold::CloseAll | Fold::OpenAll | Fold::Depth(_)) => {
                self.fold_all(row, fold)
            }
            Spot::Row {
                facet,
                block,
                row: at,
            } => {
                let Block::Json(json, _) = self.block_mut(facet, block)? else {
                    return None;
                };
                let wanted = match (json.opens(at), fold) {
                    (Some(open), Fold::Toggle) => Some(!open),
                    (Some(false), Fold::Open) => Some(true),
                    (Some(true), Fold::Close) => Some(false),
                    _ => None,
                };
                if wanted.is_some() {
                    return self.unwrap(row);
                }
                let row = json.fold(at, fold)?;
                Some(self.row_of(Spot::Row { facet, block, row }))
            }
            Spot::More { .. } => None,
        }
    }

    /// Folds all JSON that is shown; the cursor stays where it is or on what it is folded away in.
    fn fold_all(&mut self, row: usize, fold: Fold) -> Option<usize> {
        let spot = self.spot(row)?;
        let at = match spot {
            Spot::Row { facet, block, .. } => Some((facet, block)),
            Spot::Title { .. } | Spot::More { .. } => None,
        };
        let blocks: Vec<_> = self
            .blocks()
            .map(|(facet, block, _)| (facet, block))
            .collect();
        let mut kept = spot;
        for (facet, block) in blocks {
            let Some(Block::Json(json, _)) = self.block_mut(facet, block) else {
                continue;
            };
            let own = match spot {
                Spot::Row { row, .. } if at == Some((facet, block)) => row,
                _ => 0,
            };
            let row = json.fold(own, fold).unwrap_or(own);
            if at == Some((facet, block)) {
                kept = Spot::Row { facet, block, row };
            }
        }
        Some(self.row_of(kept))
    }

    /// The row that lies in a direction of the structure.
    pub fn go(&self, row: usize, go: Go) -> Option<usize> {
        match self.spot(row)? {
            Spot::Title { facet } => match go {
                Go::Next => self.heading(facet, true),
                Go::Previous => self.heading(facet, false),
                Go::Child => (self.is_open(facet) && row + 1 < self.rows()).then_some(row + 1),
                Go::Parent | Go::First | Go::Last => None,
            },
            Spot::Row { facet, block, row } => {
                let title = || Some(self.row_of(Spot::Title { facet }));
                let Block::Json(json, _) = self.block(facet, block)? else {
                    return (go == Go::Parent).then(title).flatten();
                };
                match json.go(row, go) {
                    Some(row) => Some(self.row_of(Spot::Row { facet, block, row })),
                    None if go == Go::Parent => title(),
                    None => None,
                }
            }
            Spot::More { .. } => None,
        }
    }

    /// The heading of the next facet, or of this or the one before.
    pub fn facet(&self, row: usize, forward: bool) -> Option<usize> {
        let spot = self.spot(row)?;
        let (Spot::Title { facet } | Spot::Row { facet, .. } | Spot::More { facet }) = spot;
        if !forward && !matches!(spot, Spot::Title { .. }) {
            return Some(self.row_of(Spot::Title { facet }));
        }
        self.heading(facet, forward)
    }

    fn heading(&self, facet: usize, forward: bool) -> Option<usize> {
        let facet = if forward {
            facet + 1
        } else {
            facet.checked_sub(1)?
        };
        (facet < self.facets()).then(|| self.row_of(Spot::Title { facet }))
    }

    /// Unwraps the JSON in a string or reads a sealed container, in place; where that is done already,
    /// takes it back. What is long is left to a job.
    pub fn unwrap(&mut self, row: usize) -> Option<usize> {
        self.open_string(row, false)
    }

    /// Opens the strings of a small payload that have lines: nobody reads a log by its escapes.
    pub(super) fn open_texts(&mut self, facet: usize, block: usize) {
        let columns = self.look().columns;
        let Some(masking) = self.masking().cloned() else {
            return;
        };
        let Some(Block::Json(json, source)) = self.block_mut(facet, block) else {
            return;
        };
        let text = source.get(0..SMALL + 1).unwrap_or_default();
        if text.len() > SMALL
            || memchr::memmem::find(&text, b"\\n").is_none()
                && memchr::memmem::find(&text, b"\\u001b").is_none()
        {
            return;
        }
        for row in (0..json.len().min(MOST)).rev() {
            if json.opens(row) == Some(false) && json.is_lines(row) {
                open_text(json, row, &masking, columns);
            }
        }
    }

    /// Shows what a string says line by line, in place, or takes that back. What is long is left to a job.
    pub fn unescape(&mut self, row: usize) -> Option<usize> {
        self.open_string(row, true)
    }

    fn open_string(&mut self, row: usize, as_text: bool) -> Option<usize> {
        let columns = self.look().columns;
        let Spot::Row { facet, block, row } = self.spot(row)? else {
            return None;
        };
        // While a job has the masking there is none to number new secrets with.
        let masking = self.masking()?.clone();
        let Block::Json(json, _) = self.block_mut(facet, block)? else {
            return None;
        };
        if json.is_open(row) {
            json.shut(row)?;
            return Some(self.row_of(Spot::Row { facet, block, row }));
        }
        if !as_text {
            json.opens(row)?;
        }
        let long = json.literal(row);
        if let Some((node, literal)) = long.filter(|(_, literal)| literal.len() > LATER) {
            let opening = Opening {
                node,
                literal,
                as_text,
                masking,
                columns,
            };
            json.open_rows(row, Box::new(opening.told()))?;
            self.read_later(Job::new(facet, block, Work::Open(Box::new(opening))));
        } else {
            let unwrapped = (!as_text).then(|| json.open(row, &masking)).flatten();
            unwrapped.or_else(|| open_text(json, row, &masking, columns))?;
            self.read_inner(facet, block);
        }
        Some(self.row_of(Spot::Row { facet, block, row }))
    }

    /// Whether something is unwrapped below a row.
    pub fn is_unwrapped(&self, row: usize) -> bool {
        let Some(Spot::Row { facet, block, row }) = self.spot(row) else {
            return false;
        };
        matches!(self.block(facet, block), Some(Block::Json(json, _)) if json.is_open(row))
    }

    /// The row that shows the value which a row of the document before did, however JSON was laid out there.
    pub fn same_value(&self, before: &Self, row: usize) -> Option<usize> {
        let Spot::Row { facet, block, row } = before.spot(row)? else {
            return None;
        };
        let (Block::Json(old, _), Block::Json(new, _)) =
            (before.block(facet, block)?, self.block(facet, block)?)
        else {
            return None;
        };
        let node = new.find(&old.way(row)?)?;
        let row = new.visible(&node);
        Some(self.row_of(Spot::Row { facet, block, row }))
    }

    /// The path of the JSON value in a row; none where there is none.
    pub fn path(&self, row: usize) -> Option<String> {
        let Spot::Row { facet, block, row } = self.spot(row)? else {
            return None;
        };
        match self.block(facet, block)? {
            Block::Json(json, _) => Some(clean::line(&json.path(row)).into_owned()),
            _ => None,
        }
    }
}

/// A payload of so many bytes, and so many of its rows, are looked through for strings with lines.
const SMALL: usize = 16 << 10;
const MOST: usize = 200;

/// Puts the lines of what a string says below it.
fn open_text(json: &mut Json, row: usize, masking: &Masking, columns: usize) -> Option<()> {
    let says = json.unescaped(row)?;
    json.open_rows(row, open::lines(says, masking, columns))
}
