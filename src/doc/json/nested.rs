//! What is unwrapped stands below its row: JSON that was in a string, a container that was not indexed, a
//! string's text. Rows are counted with it; closing gives everything back. A place is the chain of rows
//! from the outside in, so that folding and unwrapping do not move it.

use std::fmt;

use super::{Json, index::Indexer, unwrap::Left};
use crate::doc::{RowText, Rows, matcher::Matcher};

/// A row whatever is folded: its number among all rows, behind those of the rows it is unwrapped under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub(super) Vec<u32>);

/// Something unwrapped.
#[derive(Debug)]
pub(super) struct Opened {
    /// The row it stands below, of all rows.
    pub(super) row: u32,
    pub(super) what: What,
}

pub(in crate::doc) enum What {
    #[expect(private_interfaces, reason = "others only hand it on")]
    Json {
        json: Box<Json>,
        /// What reads the rest of it; none while that is done elsewhere, and afterwards.
        indexer: Option<Box<Indexer>>,
        /// Whether it was in a string.
        is_string: bool,
        /// What is left below the rows where it breaks off.
        left: Box<Left>,
    },
    Rows(Box<dyn Rows + Send + Sync>),
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { json, .. } => json.fmt(f),
            Self::Rows(rows) => write!(f, "{} rows", rows.len()),
        }
    }
}

/// Where a visible row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// The visible row of that number when nothing is unwrapped.
    Own(usize),
    /// A row in what is unwrapped.
    Nested(usize, usize),
}

impl Opened {
    fn len(&self) -> usize {
        match &self.what {
            What::Json { json, left, .. } => json.len() + left.rows.len(),
            What::Rows(rows) => rows.len(),
        }
    }

    fn row_text(&self, at: usize) -> RowText {
        match &self.what {
            What::Json { json, left, .. } => match at.checked_sub(json.len()) {
                None => json.row(at),
                Some(below) => left.rows.get(below).cloned().unwrap_or_default(),
            },
            What::Rows(rows) => rows.row(at),
        }
    }

    pub(super) fn size(&self) -> usize {
        match &self.what {
            What::Json { json, .. } => json.size() + json.table.sheet.len(),
            What::Rows(_) => 0,
        }
    }

    pub(super) fn json(&self) -> Option<&Json> {
        match &self.what {
            What::Json { json, .. } => Some(json),
            What::Rows(_) => None,
        }
    }

    pub(super) fn json_mut(&mut self) -> Option<&mut Json> {
        match &mut self.what {
            What::Json { json, .. } => Some(json),
            What::Rows(_) => None,
        }
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(
            self.what,
            What::Json {
                is_string: true,
                ..
            }
        )
    }
}

impl Rows for Json {
    fn len(&self) -> usize {
        let nested = self.opened.iter().filter(|opened| self.shows(opened.row));
        self.own_len() + nested.map(Opened::len).sum::<usize>()
    }

    fn row(&self, at: usize) -> RowText {
        match self.at(at) {
            At::Own(row) => self.own_row(row),
            At::Nested(nested, inner) => {
                let Some(opened) = self.opened.get(nested) else {
                    return RowText::default();
                };
                let mut text = opened.row_text(inner);
                let depth = self.table.row(opened.row).map_or(0, |host| host.depth);
                text.indent = text
                    .indent
                    .saturating_add(self.indent(depth))
                    .saturating_add(2);
                text
            }
        }
    }
}

impl Json {
    fn own_len(&self) -> usize {
        let rows = self.table.rows();
        (rows - self.folds.hidden(rows) - self.first.min(rows)) as usize
    }

    fn shows(&self, row: u32) -> bool {
        row >= self.first && self.folds.over(row).is_none()
    }

    /// The place of a row that is not hidden among the visible ones, with nothing unwrapped.
    fn own_position(&self, row: u32) -> Option<usize> {
        let shown = self.shows(row).then(|| row - self.folds.hidden(row))?;
        Some(shown.checked_sub(self.first)? as usize)
    }

    pub(super) fn at(&self, row: usize) -> At {
        let mut shift = 0;
        for (at, opened) in self.opened.iter().enumerate() {
            let Some(host) = self.own_position(opened.row) else {
                continue;
            };
            if row <= host + shift {
                break;
            }
            let (inner, len) = (row - host - shift - 1, opened.len());
            if inner < len {
                return At::Nested(at, inner);
            }
            shift += len;
        }
        At::Own(row - shift)
    }

    /// The row of all that is a visible row of the value's own.
    pub(super) fn own(&self, row: usize) -> Option<u32> {
        match self.at(row) {
            At::Own(row) => {
                let visible = u32::try_from(row).ok()?.checked_add(self.first)?;
                let row = self.folds.absolute(visible);
                (row < self.table.rows()).then_some(row)
            }
            At::Nested(..) => None,
        }
    }

    fn own_row(&self, row: usize) -> RowText {
        let visible = u32::try_from(row)
            .unwrap_or(u32::MAX)
            .saturating_add(self.first);
        let row = self.folds.absolute(visible);
        match self.table.row(row) {
            Some(raw) => {
                let opened = self.opened.iter().any(|opened| opened.row == row);
                self.text_of(&raw, opened)
            }
            None => RowText::default(),
        }
    }

    /// The visible row of a row of all; none where it is hidden.
    pub(super) fn position(&self, row: u32) -> Option<usize> {
        let own = self.own_position(row)?;
        let before = self.opened.iter().take_while(|opened| opened.row < row);
        let shift: usize = before.filter(|o| self.shows(o.row)).map(Opened::len).sum();
        Some(own + shift)
    }

    /// The visible row of a row in what is unwrapped.
    pub(super) fn outer(&self, nested: usize, inner: usize) -> Option<usize> {
        let host = self.opened.get(nested)?.row;
        Some(self.position(host)? + 1 + inner)
    }

    /// The row, among all with nothing folded, that a visible row is or stands below.
    pub fn absolute(&self, row: usize) -> u32 {
        let node = self.node(row);
        node.and_then(|node| node.0.first().copied()).unwrap_or(0)
    }

    /// What a visible row is, to find it again whatever is folded meanwhile.
    pub fn node(&self, row: usize) -> Option<Node> {
        match self.at(row) {
            At::Own(_) => Some(Node(vec![self.own(row)?])),
            At::Nested(at, inner) => {
                let opened = self.opened.get(at)?;
                let mut chain = vec![opened.row];
                match opened.json() {
                    // What is left of JSON that breaks off belongs to its string.
                    Some(json) => chain.extend(json.node(inner).unwrap_or_default().0),
                    None => chain.push(u32::try_from(inner).ok()?),
                }
                Some(Node(chain))
            }
        }
    }

    /// The node of a row of all, as searching tells it.
    pub fn node_of(&self, row: u32) -> Node {
        Node(vec![row])
    }

    /// The visible row of a node, or of what hides it.
    pub fn visible(&self, node: &Node) -> usize {
        let Some((row, inner)) = node.0.split_first() else {
            return 0;
        };
        let row = (*row).max(self.first);
        if let Some(over) = self.folds.over(row) {
            return self.position(over.start - 1).unwrap_or(0);
        }
        let host = self.position(row).unwrap_or(0);
        if inner.is_empty() {
            return host;
        }
        let opened = self.opened.iter().find(|opened| opened.row == row);
        let within = match opened.map(|opened| &opened.what) {
            None => return host,
            Some(What::Json { json, .. }) => json.visible(&Node(inner.to_vec())),
            Some(What::Rows(_)) => inner.first().map_or(0, |row| *row as usize),
        };
        host + 1 + within
    }

    /// Of the rows unwrapped below a visible row, the one with the match of that number, and which of those
    /// in it it is.
    pub fn hit_below(&self, row: usize, find: &Matcher, nth: usize) -> Option<(usize, usize)> {
        let own = self.own(row)?;
        let opened = self.opened.iter().find(|opened| opened.row == own)?;
        let rows: &dyn Rows = match &opened.what {
            What::Json { json, .. } => &**json,
            What::Rows(rows) => &**rows,
        };
        let (below, nth) = rows.row_of_hit(find, nth)?;
        Some((row + 1 + below, nth))
    }

    /// Unfolds what hides a node; gives its row and what was unfolded, to be folded back.
    pub fn reveal(&mut self, node: &Node) -> (usize, Vec<Node>) {
        let mut unfolded = Vec::new();
        if let Some(row) = node.0.first().copied() {
            while let Some(over) = self.folds.over(row) {
                let id = self.table.first_from(over.start - 1);
                self.marks.set(id, false);
                self.apply(id);
                unfolded.push(Node(vec![over.start - 1]));
                if self.folds.over(row) == Some(over) {
                    break;
                }
            }
        }
        (self.visible(node), unfolded)
    }

    /// Folds again what was unfolded on the way to a node.
    pub fn hide(&mut self, unfolded: &[Node]) {
        for node in unfolded.iter().rev() {
            let Some(row) = node.0.first().copied() else {
                continue;
            };
            let id = self.table.first_from(row);
            self.marks.set(id, true);
            if self.shows(row) {
                self.apply(id);
            }
        }
    }
}
