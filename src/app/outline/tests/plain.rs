//! The plain tree: children by parent, properties by node, every question a walk.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::super::*;

const MARKS: [Mark; 9] = [
    Mark::Fault,
    Mark::Hit,
    Mark::Bookmark,
    Mark::Picked,
    Mark::Failed,
    Mark::Soft,
    Mark::Unanswered,
    Mark::Loop,
    Mark::Match,
];

#[derive(Clone, Debug)]
pub(super) enum Op {
    Insert { parent: usize, key: u32 },
    Move { node: usize, parent: usize },
    Remove { node: usize },
    Open { node: usize, yes: bool },
    Mark { node: usize, mark: usize, yes: bool },
    Part { node: usize, yes: bool },
    Always { node: usize, yes: bool },
    Matches { nodes: Vec<usize>, yes: bool },
    NoMatches,
}

pub(super) fn ops(most: usize) -> impl Strategy<Value = Vec<Op>> {
    let any_node = || 0..100_000usize;
    let yes = any::<bool>;
    let op = prop_oneof![
        9 => (any_node(), any::<u32>()).prop_map(|(parent, key)| Op::Insert { parent, key }),
        1 => (any_node(), any_node()).prop_map(|(node, parent)| Op::Move { node, parent }),
        1 => any_node().prop_map(|node| Op::Remove { node }),
        5 => (any_node(), yes()).prop_map(|(node, yes)| Op::Open { node, yes }),
        4 => (any_node(), 0..MARKS.len(), yes()).prop_map(|(node, mark, yes)| Op::Mark { node, mark, yes }),
        2 => (any_node(), yes()).prop_map(|(node, yes)| Op::Part { node, yes }),
        1 => (any_node(), yes()).prop_map(|(node, yes)| Op::Always { node, yes }),
        2 => (prop::collection::vec(any_node(), 1..9), yes())
            .prop_map(|(nodes, yes)| Op::Matches { nodes, yes }),
        1 => Just(Op::NoMatches),
    ];
    prop::collection::vec(op, 1..most)
}

#[derive(Default)]
struct Plain {
    children: HashMap<Option<u32>, Vec<u32>>,
    parents: HashMap<u32, Option<u32>>,
    open: HashSet<u32>,
    parts: HashSet<u32>,
    always: HashSet<u32>,
    marks: HashSet<(u32, usize)>,
}

impl Plain {
    fn of(&self, parent: Option<u32>) -> &[u32] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    fn has_own(&self, node: u32, mark: Mark) -> bool {
        self.marks.contains(&(node, mark as usize))
    }

    fn has_matching(&self, node: u32, failing: bool) -> bool {
        let fails = || MARKS[4..8].iter().any(|mark| self.has_own(node, *mark));
        !self.parts.contains(&node)
            && (self.has_own(node, Mark::Match) && (!failing || fails())
                || self
                    .of(Some(node))
                    .iter()
                    .any(|child| self.has_matching(*child, failing)))
    }

    fn has_failing(&self, node: u32) -> bool {
        let failing = &MARKS[4..8];
        !self.parts.contains(&node)
            && (failing
                .iter()
                .any(|mark| self.marks.contains(&(node, *mark as usize)))
                || self
                    .of(Some(node))
                    .iter()
                    .any(|child| self.has_failing(*child)))
    }

    fn shows(&self, node: u32, lens: Lens) -> bool {
        match lens {
            Lens::Raw => true,
            Lens::Operations => !self.parts.contains(&node),
            Lens::Failures => {
                !self.parts.contains(&node)
                    && (self.always.contains(&node) || self.has_failing(node))
            }
            Lens::Matching | Lens::MatchingFailures => {
                let failing = lens == Lens::MatchingFailures;
                !self.parts.contains(&node)
                    && (self.always.contains(&node) || self.has_matching(node, failing))
            }
        }
    }

    fn shown(&self, parent: Option<u32>, lens: Lens) -> Vec<u32> {
        let children = self.of(parent).iter().copied();
        children.filter(|child| self.shows(*child, lens)).collect()
    }

    fn walk(&self, of: Option<u32>, lens: Lens, folds: bool, out: &mut Vec<u32>) {
        for node in self.shown(of, lens) {
            out.push(node);
            if !folds || self.open.contains(&node) {
                self.walk(Some(node), lens, folds, out);
            }
        }
    }

    fn rows(&self, of: Option<u32>, lens: Lens, folds: bool) -> Vec<u32> {
        let mut out = Vec::new();
        self.walk(of, lens, folds, &mut out);
        out
    }

    /// The marked nodes below a node that count.
    fn marked(&self, of: Option<u32>, lens: Lens, mark: Mark) -> Vec<u32> {
        let lens = match mark {
            Mark::Fault | Mark::Hit | Mark::Bookmark | Mark::Picked => lens,
            Mark::Failed | Mark::Soft | Mark::Unanswered | Mark::Loop | Mark::Match => {
                Lens::Operations
            }
        };
        let mut all = self.rows(of, lens, false);
        all.retain(|node| self.marks.contains(&(*node, mark as usize)));
        all
    }

    fn depth(&self, node: u32, root: Option<u32>) -> usize {
        match self.parents.get(&node).copied().flatten() {
            None => 0,
            parent if parent == root => 0,
            Some(parent) => 1 + self.depth(parent, root),
        }
    }
}

/// The outline and the plain tree. Siblings are sorted by their keys, equal ones by arrival.
pub(super) struct Both {
    outline: Outline,
    plain: Plain,
    keys: Vec<u32>,
}

impl Both {
    pub(super) fn new(room: usize) -> Self {
        let outline = Outline {
            room,
            ..Outline::default()
        };
        Self {
            outline,
            plain: Plain::default(),
            keys: Vec::new(),
        }
    }

    fn put(&mut self, parent: Option<u32>, node: u32) {
        let keys = &self.keys;
        let key = keys[node as usize];
        self.outline
            .insert(parent.map(NodeId), NodeId(node), |other| {
                keys[other.index()].cmp(&key)
            });
        let siblings = self.plain.children.entry(parent).or_default();
        let place = siblings.partition_point(|other| keys[*other as usize] <= key);
        siblings.insert(place, node);
        self.plain.parents.insert(node, parent);
    }

    fn take(&mut self, node: u32) {
        if let Some(parent) = self.plain.parents.remove(&node) {
            let siblings = self.plain.children.get_mut(&parent).unwrap();
            siblings.retain(|other| *other != node);
        }
    }

    fn is_below(&self, node: u32, top: u32) -> bool {
        let mut up = std::iter::successors(Some(node), |node| {
            self.plain.parents.get(node).copied().flatten()
        });
        up.any(|node| node == top)
    }

    pub(super) fn apply(&mut self, op: &Op) {
        let count = self.keys.len();
        let pick = |n: usize| u32::try_from(n % count.max(1)).unwrap();
        let placed = |node: &u32| self.plain.parents.contains_key(node);
        match *op {
            Op::Insert { parent, key } => {
                let wanted = Some(pick(parent / 4)).filter(|_| parent % 4 > 0);
                let parent = wanted.filter(placed);
                self.keys.push(key % 50);
                self.put(parent, u32::try_from(count).unwrap());
            }
            _ if count == 0 => {}
            Op::Move { node, parent } => {
                let (node, parent) = (pick(node), pick(parent));
                if placed(&node) && placed(&parent) && !self.is_below(parent, node) {
                    self.take(node);
                    self.put(Some(parent), node);
                }
            }
            Op::Remove { node } => {
                self.outline.remove(NodeId(pick(node)));
                self.take(pick(node));
            }
            Op::Open { node, yes } => {
                self.outline.set_open(NodeId(pick(node)), yes);
                say(&mut self.plain.open, pick(node), yes);
            }
            Op::Mark { node, mark, yes } => {
                self.outline.set_mark(NodeId(pick(node)), MARKS[mark], yes);
                say(
                    &mut self.plain.marks,
                    (pick(node), MARKS[mark] as usize),
                    yes,
                );
            }
            Op::Part { node, yes } => {
                self.outline.set_part(NodeId(pick(node)), yes);
                say(&mut self.plain.parts, pick(node), yes);
            }
            Op::Always { node, yes } => {
                self.outline.set_always(NodeId(pick(node)), yes);
                say(&mut self.plain.always, pick(node), yes);
            }
            Op::Matches { ref nodes, yes } => {
                let nodes: Vec<u32> = nodes.iter().map(|node| pick(*node)).collect();
                self.outline
                    .set_matches(nodes.iter().copied().map(NodeId), yes);
                for node in nodes {
                    say(&mut self.plain.marks, (node, Mark::Match as usize), yes);
                }
            }
            Op::NoMatches => {
                self.outline.clear_matches();
                self.plain
                    .marks
                    .retain(|(_, mark)| *mark != Mark::Match as usize);
            }
        }
    }

    /// How many rows and marked nodes there are, under every lens.
    pub(super) fn check_counts(&mut self) {
        for lens in Lens::ALL {
            self.outline.set_lens(lens);
            assert_eq!(self.outline.rows(), self.plain.rows(None, lens, true).len());
            for mark in MARKS {
                let marked = self.plain.marked(None, lens, mark);
                assert_eq!(self.outline.marked(mark), marked.len());
            }
        }
    }

    /// Everything, through every lens, from the top and from some nodes.
    pub(super) fn check_all(&mut self) {
        let count = u32::try_from(self.keys.len()).unwrap();
        let roots = [0, 1, count / 2].map(Some);
        for root in roots.into_iter().chain([None]) {
            let root = root.filter(|root| *root < count);
            self.outline.set_root(root.map(NodeId));
            for lens in Lens::ALL {
                self.outline.set_lens(lens);
                self.check_rows(root, lens);
                for mark in MARKS {
                    self.check_marks(root, lens, mark);
                }
                for node in 0..count {
                    self.check_node(node, root, lens);
                }
            }
        }
    }

    fn check_rows(&self, root: Option<u32>, lens: Lens) {
        let (outline, plain) = (&self.outline, &self.plain);
        let rows = plain.rows(root, lens, true);
        assert_eq!(outline.rows(), rows.len());
        let operations = plain.rows(root, Lens::Operations, true).len();
        assert_eq!(
            outline.hidden_in(None),
            operations.saturating_sub(rows.len())
        );
        assert_eq!(outline.first(), rows.first().copied().map(NodeId));
        for top in [0, 1, rows.len() / 2, rows.len()] {
            let window: Vec<u32> = outline.window(top, 40).iter().map(|node| node.0).collect();
            let end = rows.len().min(top + 40);
            assert_eq!(window, rows.get(top..end).unwrap_or_default());
        }
        for node in 0..u32::try_from(self.keys.len()).unwrap() {
            let row = rows.iter().position(|other| *other == node);
            assert_eq!(outline.row_of(NodeId(node)), row);
            let below = row.and_then(|row| rows.get(row + 1));
            assert_eq!(outline.below(NodeId(node)), below.copied().map(NodeId));
        }
        for (row, node) in rows.iter().enumerate() {
            assert_eq!(outline.node_at(row), Some(NodeId(*node)));
            let depth = plain.depth(*node, root);
            assert_eq!(outline.depth(NodeId(*node)), depth);
            if root.is_none() {
                assert_eq!(outline.true_depth(NodeId(*node)), depth);
            }
        }
        assert_eq!(outline.node_at(rows.len()), None);
    }

    /// A node's neighbours, children and sums, whether or not it is in the tree.
    fn check_node(&self, node: u32, root: Option<u32>, lens: Lens) {
        let (outline, plain) = (&self.outline, &self.plain);
        let id = NodeId(node);
        let shown = plain.shown(Some(node), lens);
        let children: Vec<u32> = outline.children(Some(id)).map(|child| child.0).collect();
        assert_eq!(children, shown);
        assert_eq!(outline.child_count(id), shown.len());
        assert_eq!(outline.first_child(id), shown.first().copied().map(NodeId));
        let mut all: Vec<u32> = outline
            .all_children(Some(id))
            .map(|child| child.0)
            .collect();
        assert_eq!(all, plain.of(Some(node)));
        assert_eq!(outline.all_child_count(id), all.len());
        for mark in MARKS {
            let marked = plain.marked(Some(node), lens, mark);
            assert_eq!(outline.marked_below(id, mark), marked.len());
            let counted = match mark {
                Mark::Fault | Mark::Hit | Mark::Bookmark | Mark::Picked => plain.shows(node, lens),
                _ => !plain.parts.contains(&node),
            };
            let own = plain.marks.contains(&(node, mark as usize));
            assert_eq!(outline.has_mark(id, mark), own);
            let all = (marked.len() + usize::from(own)) * usize::from(counted);
            assert_eq!(outline.marked_in(id, mark), all);
        }
        assert_eq!(outline.contains(id), plain.parents.contains_key(&node));
        let Some(parent) = plain.parents.get(&node).copied() else {
            return;
        };
        assert_eq!(outline.true_parent(id), parent.map(NodeId));
        if root == Some(node) {
            assert_eq!(outline.next_sibling(id), None);
            return;
        }
        all = plain.of(parent).to_vec();
        let at = all.iter().position(|other| *other == node).unwrap();
        let shown = |other: &&u32| plain.shows(**other, lens);
        let next = all[at + 1..].iter().find(shown).copied();
        let before = all[..at].iter().rfind(shown).copied();
        assert_eq!(outline.next_sibling(id), next.map(NodeId));
        assert_eq!(outline.prev_sibling(id), before.map(NodeId));
    }

    fn check_marks(&self, root: Option<u32>, lens: Lens, mark: Mark) {
        let (outline, plain) = (&self.outline, &self.plain);
        let hits = plain.marked(root, lens, mark);
        assert_eq!(outline.marked(mark), hits.len());
        for (nth, node) in hits.iter().enumerate() {
            assert_eq!(outline.nth_marked(nth, mark), Some(NodeId(*node)));
        }
        assert_eq!(outline.nth_marked(hits.len(), mark), None);
        let order = plain.rows(root, Lens::Raw, false);
        let place = |node: &u32| order.iter().position(|other| other == node).unwrap();
        for (at, node) in order.iter().enumerate() {
            let id = NodeId(*node);
            let before = hits.iter().take_while(|hit| place(hit) < at).count();
            let next = hits.iter().find(|hit| place(hit) > at);
            let prev = before.checked_sub(1).map(|nth| NodeId(hits[nth]));
            assert_eq!(outline.marked_before(id, mark), before);
            assert_eq!(outline.next_marked(id, mark), next.copied().map(NodeId));
            assert_eq!(outline.prev_marked(id, mark), prev);
        }
        for node in (0..u32::try_from(self.keys.len()).unwrap()).filter(|n| !order.contains(n)) {
            assert_eq!(outline.marked_before(NodeId(node), mark), 0);
            let first = hits.first().copied().map(NodeId);
            assert_eq!(outline.next_marked(NodeId(node), mark), first);
        }
    }
}

fn say<T: Eq + std::hash::Hash>(set: &mut HashSet<T>, what: T, yes: bool) {
    if yes {
        set.insert(what);
    } else {
        set.remove(&what);
    }
}
