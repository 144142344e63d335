//! Folding, and going from row to row by what they are in. Every step keeps the cursor on its node, or
//! puts it on the row that hides the node.

use std::ops::Range;

use super::{
    Json, Mode,
    nested::At,
    piece::{OPEN, TOP},
    table::{Kind, Raw},
};

/// What to do with a fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Folds or unfolds the container of the row.
    Toggle,
    /// Folds the container of the row; where that is folded or none, the one around it.
    Close,
    /// Unfolds it.
    Open,
    /// Folds it and all in it.
    CloseDeep,
    /// Unfolds it and all in it.
    OpenDeep,
    /// Folds all containers but the value itself.
    CloseAll,
    /// Unfolds everything.
    OpenAll,
    /// Leaves so many levels open.
    Depth(u16),
}

/// Where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// To the container around.
    Parent,
    /// To the first row in it; nowhere where it is folded or has none.
    Child,
    /// To the next child of the same container.
    Next,
    /// To the one before.
    Previous,
    /// To the first child of the same container.
    First,
    /// To the last.
    Last,
}

impl Json {
    /// Folds or unfolds at a visible row; gives the row where the cursor is then. None where there was
    /// nothing to do.
    pub fn fold(&mut self, row: usize, how: Fold) -> Option<usize> {
        let node = self.node(row)?;
        match how {
            Fold::CloseAll => self.fold_levels(1),
            Fold::OpenAll => self.fold_levels(u16::MAX),
            Fold::Depth(levels) => self.fold_levels(levels.max(1)),
            _ => {
                if let At::Nested(at, inner) = self.at(row) {
                    let opened = self.opened.get_mut(at)?;
                    let inner = opened.json_mut()?.fold(inner, how)?;
                    return self.outer(at, inner);
                }
                let row = self.fold_one(self.own(row)?, how)?;
                return self.position(row);
            }
        }
        Some(self.visible(&node))
    }

    fn fold_levels(&mut self, levels: u16) {
        self.marks.clear();
        self.folds.clear();
        self.deepest = (levels < u16::MAX).then_some(levels);
        if levels < u16::MAX {
            self.fold_new(0, levels);
        }
        for nested in self.opened.iter_mut().filter_map(super::Opened::json_mut) {
            nested.fold_levels(levels);
        }
    }

    /// Folds or unfolds at a row of all; gives the row of the container.
    fn fold_one(&mut self, row: u32, how: Fold) -> Option<u32> {
        let raw = self.table.row(row)?;
        let own = match raw.kind {
            Kind::Container(id) | Kind::Close(id) => Some(id).filter(|id| self.span(*id).is_some()),
            Kind::Text | Kind::Number | Kind::Word | Kind::Sealed => None,
        };
        let id = match how {
            Fold::Close => own
                .filter(|id| !self.marks.get(*id))
                .or(Some(raw.parent).filter(|id| *id != TOP))?,
            _ => own?,
        };
        let is_folded = self.marks.get(id);
        let container = self.table.container(id)?;
        if container.row < self.first {
            return None;
        }
        let fold = match how {
            Fold::Toggle => !is_folded,
            Fold::Close | Fold::CloseDeep => true,
            _ => false,
        };
        let is_deep = matches!(how, Fold::CloseDeep | Fold::OpenDeep);
        if is_folded == fold && !is_deep {
            return None;
        }
        self.marks.set(id, fold);
        if is_deep {
            self.marks.set_all(id..self.after(id), fold);
        }
        self.apply(id);
        Some(container.row)
    }

    /// Hides and shows what is in a visible container as it is marked.
    pub(super) fn apply(&mut self, id: u32) {
        let Some(span) = self.span(id) else { return };
        let hidden = if self.marks.get(id) {
            vec![span.clone()]
        } else {
            self.outermost(id + 1..self.after(id))
        };
        self.folds.set(span, hidden);
    }

    /// What hides rows among containers: folded ones that are in no other folded one of them.
    fn outermost(&self, ids: Range<u32>) -> Vec<Range<u32>> {
        let mut hidden = Vec::new();
        let mut at = ids.start;
        while let Some(id) = self.marks.next(at).filter(|id| *id < ids.end) {
            hidden.extend(self.span(id));
            at = self.after(id);
        }
        hidden
    }

    fn after(&self, id: u32) -> u32 {
        self.table.after(id).max(id.saturating_add(1))
    }

    /// The rows that a folded container hides; none where it has none.
    pub(super) fn span(&self, id: u32) -> Option<Range<u32>> {
        let container = self.table.container(id)?;
        let end = match container.last {
            OPEN => OPEN,
            last => last + 1,
        };
        let start = container.row + 1;
        (start < end).then_some(start..end)
    }

    /// Folds what came with the last piece.
    pub(super) fn fold_new(&mut self, from: u32, deepest: u16) {
        let count = u32::try_from(self.table.containers().len()).unwrap_or(u32::MAX);
        let mut hidden_to = self.folds.last_mut().map_or(0, |range| range.end);
        for id in from..count {
            let Some(container) = self.table.container(id) else {
                return;
            };
            let end = match container.last {
                OPEN => OPEN,
                last => last + 1,
            };
            let start = container.row + 1;
            if container.depth < deepest || start >= end {
                continue;
            }
            self.marks.set(id, true);
            if container.row >= hidden_to {
                self.folds.push(start..end);
                hidden_to = end;
            }
        }
    }

    /// Ends the fold of a container that was open when it was folded.
    pub(super) fn mend(&mut self) {
        let Some(open) = self.folds.last_mut().filter(|range| range.end == OPEN) else {
            return;
        };
        let start = open.start;
        let id = self.table.first_from(start - 1);
        match self.span(id) {
            Some(span) => {
                if let Some(open) = self.folds.last_mut() {
                    *open = span;
                }
            }
            None => self.folds.set(start..OPEN, Vec::new()),
        }
    }

    /// Goes from a visible row to another.
    pub fn go(&self, row: usize, to: Go) -> Option<usize> {
        if let At::Nested(at, inner) = self.at(row) {
            let opened = self.opened.get(at)?;
            return match opened.json().and_then(|json| json.go(inner, to)) {
                Some(inner) => self.outer(at, inner),
                None if to == Go::Parent => self.position(opened.row),
                None => None,
            };
        }
        let own = self.own(row)?;
        if to == Go::Child && self.opened.iter().any(|opened| opened.row == own) {
            return Some(row + 1);
        }
        let found = self.towards(&self.table.row(own)?, to)?;
        (found >= self.first)
            .then(|| self.position(found))
            .flatten()
    }

    fn towards(&self, raw: &Raw, to: Go) -> Option<u32> {
        let within = self.table.container(raw.parent);
        match to {
            Go::Parent => match raw.kind {
                Kind::Close(id) => Some(self.table.container(id)?.row),
                _ => Some(within?.row),
            },
            Go::Child => match raw.kind {
                Kind::Container(id) if !self.marks.get(id) => {
                    let next = raw.row + 1;
                    (self.span(id).is_some() && next < self.table.rows()).then_some(next)
                }
                _ => None,
            },
            Go::Next => {
                let next = match raw.kind {
                    Kind::Container(id) => self.table.last(&self.table.container(id)?) + 1,
                    _ => raw.row + 1,
                };
                let next = self.table.row(next)?;
                let is_sibling = next.parent == raw.parent && raw.parent != TOP;
                (is_sibling && !matches!(next.kind, Kind::Close(_))).then_some(next.row)
            }
            Go::Previous => {
                let own = match raw.kind {
                    Kind::Close(id) => self.table.container(id)?.row,
                    _ => raw.row,
                };
                self.child_at(own.checked_sub(1)?, raw.parent)
            }
            Go::First => Some(within?.row + 1),
            Go::Last => {
                let within = within?;
                let closes = self.table.mode == Mode::Line && within.end > 0;
                let last = self.table.last(&within) - u32::from(closes && within.last != OPEN);
                self.child_at(last, raw.parent)
            }
        }
    }

    /// The child of a container that is a row or around it.
    fn child_at(&self, row: u32, parent: u32) -> Option<u32> {
        let raw = self.table.row(row)?;
        let (mut row, mut around) = match raw.kind {
            Kind::Close(id) => (self.table.container(id)?.row, raw.parent),
            _ => (raw.row, raw.parent),
        };
        while around != parent {
            let container = self.table.container(around)?;
            (row, around) = (container.row, container.parent);
        }
        Some(row)
    }
}
