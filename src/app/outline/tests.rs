//! The outline against a plain tree that is walked from the root for every question.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

#[derive(Default)]
struct Plain {
    children: HashMap<Option<u32>, Vec<u32>>,
    open: HashMap<u32, bool>,
    marked: HashMap<u32, bool>,
}

impl Plain {
    fn walk(&self, of: Option<u32>, folds: bool, out: &mut Vec<u32>) {
        for node in self.children.get(&of).into_iter().flatten() {
            out.push(*node);
            if !folds || self.open.get(node).copied().unwrap_or(false) {
                self.walk(Some(*node), folds, out);
            }
        }
    }

    fn rows(&self, folds: bool) -> Vec<u32> {
        let mut out = Vec::new();
        self.walk(None, folds, &mut out);
        out
    }
}

#[derive(Clone, Debug)]
enum Op {
    Insert { parent: usize, key: u32 },
    Move { node: usize, parent: usize },
    Remove { node: usize },
    Open { node: usize, open: bool },
    Mark { node: usize, yes: bool },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        8 => (any::<prop::sample::Index>(), any::<u32>()).prop_map(|(p, key)| Op::Insert { parent: p.index(100_000), key }),
        1 => (0..100_000usize, 0..100_000usize).prop_map(|(node, parent)| Op::Move { node, parent }),
        1 => (0..100_000usize).prop_map(|node| Op::Remove { node }),
        4 => (0..100_000usize, any::<bool>()).prop_map(|(node, open)| Op::Open { node, open }),
        3 => (0..100_000usize, any::<bool>()).prop_map(|(node, yes)| Op::Mark { node, yes }),
    ];
    prop::collection::vec(op, 1..300)
}

/// Keys: siblings are sorted by them, equal ones by arrival.
struct Both {
    outline: Outline,
    plain: Plain,
    keys: Vec<u32>,
    parents: HashMap<u32, Option<u32>>,
}

impl Both {
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
        self.parents.insert(node, parent);
    }

    fn take(&mut self, node: u32) {
        self.outline.remove(NodeId(node));
        if let Some(parent) = self.parents.remove(&node) {
            self.plain
                .children
                .get_mut(&parent)
                .unwrap()
                .retain(|other| *other != node);
        }
    }

    fn is_below(&self, node: u32, top: u32) -> bool {
        let mut at = Some(node);
        while let Some(n) = at {
            if n == top {
                return true;
            }
            at = self.parents.get(&n).copied().flatten();
        }
        false
    }

    fn apply(&mut self, op: &Op) {
        let count = self.keys.len();
        let pick = |n: usize| (count > 0).then(|| u32::try_from(n % count).unwrap());
        match *op {
            Op::Insert { parent, key } => {
                let parent = if parent % 4 == 0 {
                    None
                } else {
                    pick(parent).filter(|p| self.parents.contains_key(p))
                };
                let node = u32::try_from(count).unwrap();
                self.keys.push(key % 50);
                self.put(parent, node);
            }
            Op::Move { node, parent } => {
                let (Some(node), Some(parent)) = (pick(node), pick(parent)) else {
                    return;
                };
                if self.parents.contains_key(&node)
                    && self.parents.contains_key(&parent)
                    && !self.is_below(parent, node)
                {
                    self.take(node);
                    self.put(Some(parent), node);
                }
            }
            Op::Remove { node } => {
                if let Some(node) = pick(node) {
                    self.take(node);
                }
            }
            Op::Open { node, open } => {
                if let Some(node) = pick(node) {
                    self.outline.set_open(NodeId(node), open);
                    self.plain.open.insert(node, open);
                }
            }
            Op::Mark { node, yes } => {
                if let Some(node) = pick(node) {
                    self.outline.set_mark(NodeId(node), Mark::Hit, yes);
                    self.plain.marked.insert(node, yes);
                }
            }
        }
    }

    fn check(&self) {
        let rows = self.plain.rows(true);
        assert_eq!(self.outline.rows(), rows.len());
        let window: Vec<_> = self
            .outline
            .window(0, rows.len() + 5)
            .iter()
            .map(|n| n.0)
            .collect();
        assert_eq!(window, rows);
        for (row, node) in rows.iter().enumerate() {
            assert_eq!(self.outline.node_at(row), Some(NodeId(*node)));
            assert_eq!(self.outline.row_of(NodeId(*node)), Some(row));
        }
        let all = self.plain.rows(false);
        let hits: Vec<_> = all
            .iter()
            .filter(|n| self.plain.marked.get(n) == Some(&true))
            .collect();
        assert_eq!(self.outline.marked(Mark::Hit), hits.len());
        for (nth, node) in hits.iter().enumerate() {
            assert_eq!(
                self.outline.nth_marked(nth, Mark::Hit),
                Some(NodeId(**node))
            );
            assert_eq!(self.outline.marked_before(NodeId(**node), Mark::Hit), nth);
            let next = hits.get(nth + 1).map(|n| NodeId(**n));
            assert_eq!(self.outline.next_marked(NodeId(**node), Mark::Hit), next);
        }
        for (from, node) in all.iter().enumerate() {
            let before = all[..from]
                .iter()
                .rev()
                .find(|n| self.plain.marked.get(n) == Some(&true));
            assert_eq!(
                self.outline.prev_marked(NodeId(*node), Mark::Hit),
                before.map(|n| NodeId(*n))
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn it_answers_like_a_plain_walk(ops in ops()) {
        let mut both = Both { outline: Outline::default(), plain: Plain::default(), keys: Vec::new(), parents: HashMap::new() };
        for op in &ops {
            both.apply(op);
        }
        both.check();
    }
}

#[test]
fn ten_thousand_children_in_any_order_stay_sorted_and_findable() {
    let keys: Vec<u32> = (0..10_000u32)
        .map(|n| n.wrapping_mul(2_654_435_761))
        .collect();
    let mut outline = Outline::default();
    let parent = NodeId(10_000);
    outline.insert(None, parent, |_| Ordering::Less);
    outline.set_open(parent, true);
    for n in 0..10_000u32 {
        outline.insert(Some(parent), NodeId(n), |other| {
            keys[other.index()].cmp(&keys[n as usize])
        });
    }
    let mut expected: Vec<u32> = (0..10_000).collect();
    expected.sort_by_key(|n| keys[*n as usize]);
    let got: Vec<u32> = outline.children(Some(parent)).map(|n| n.0).collect();
    assert_eq!(got, expected);
    assert_eq!(outline.rows(), 10_001);
    assert_eq!(outline.row_of(NodeId(expected[7777])), Some(7778));
    outline.set_open(parent, false);
    assert_eq!(outline.rows(), 1);
    assert_eq!(outline.row_of(NodeId(3)), None);
}
