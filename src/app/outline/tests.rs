//! The outline against a plain tree that is walked from the root for every question, and against sizes
//! at which only counts can answer.

mod plain;

use super::*;
use plain::{Both, ops};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Small chunks, so that they split and empty while little is in them.
    #[test]
    fn it_answers_like_a_plain_walk(ops in ops(250), room in 2usize..20) {
        let mut both = Both::new(room);
        for op in &ops {
            both.apply(op);
        }
        both.check_all();
    }

    #[test]
    fn its_counts_are_those_of_a_tree_built_anew(ops in ops(150)) {
        let mut both = Both::new(4);
        for op in &ops {
            both.apply(op);
            both.check_counts();
        }
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

#[test]
fn hidden_rows_are_passed_over_to_the_one_that_failed() {
    const ALL: u32 = 300_000;
    let mut outline = Outline::default();
    for n in 0..ALL {
        outline.insert(None, NodeId(n), |_| Ordering::Less);
    }
    let (early, late) = (NodeId(3), NodeId(ALL - 5));
    outline.set_mark(early, Mark::Failed, true);
    outline.set_mark(late, Mark::Soft, true);
    outline.set_lens(Lens::Failures);
    // Each answer would take a second if it took the hidden rows one by one.
    for _ in 0..2_000 {
        assert_eq!(outline.window(0, 60), [early, late]);
        assert_eq!(outline.next_sibling(early), Some(late));
        assert_eq!(outline.prev_sibling(late), Some(early));
        assert_eq!(outline.hidden_in(None), ALL as usize - 2);
        assert_eq!(outline.children(None).next_back(), Some(late));
    }
}

#[test]
fn a_node_takes_sixteen_bytes() {
    assert_eq!(size_of::<Cell>(), 16);
}

/// A run with a call, its result as a part, and a step with a failure that was not made good.
fn run() -> Outline {
    let mut outline = Outline::default();
    let mut put = |parent: Option<u32>, node| {
        outline.insert(parent.map(NodeId), NodeId(node), |_| Ordering::Less);
        outline.set_open(NodeId(node), true);
    };
    put(None, 0);
    put(Some(0), 1);
    put(Some(1), 2);
    put(Some(0), 3);
    put(Some(3), 4);
    put(Some(0), 5);
    outline.set_part(NodeId(2), true);
    outline.set_mark(NodeId(4), Mark::Failed, true);
    outline.set_always(NodeId(5), true);
    outline
}

fn rows(outline: &Outline) -> Vec<u32> {
    let window = outline.window(0, 100);
    window.iter().map(|node| node.0).collect()
}

#[test]
fn a_lens_shows_parts_or_not_and_failures_with_all_above_them() {
    let mut outline = run();
    assert_eq!(rows(&outline), [0, 1, 3, 4, 5]);
    outline.set_lens(Lens::Raw);
    assert_eq!(rows(&outline), [0, 1, 2, 3, 4, 5]);
    assert_eq!(outline.hidden_in(None), 0);
    outline.set_lens(Lens::Failures);
    assert_eq!(rows(&outline), [0, 3, 4, 5]);
    assert_eq!(outline.hidden_in(None), 1);
    assert_eq!(outline.child_count(NodeId(0)), 2);
    assert_eq!(outline.all_child_count(NodeId(0)), 3);
    outline.set_mark(NodeId(4), Mark::Failed, false);
    assert_eq!(rows(&outline), [] as [u32; 0]);
}

#[test]
fn under_a_root_rows_begin_with_its_children_even_if_it_is_folded() {
    let mut outline = run();
    outline.set_open(NodeId(0), false);
    outline.set_root(Some(NodeId(0)));
    assert_eq!(rows(&outline), [1, 3, 4, 5]);
    assert_eq!(outline.row_of(NodeId(0)), None);
    assert_eq!(outline.parent(NodeId(1)), None);
    assert_eq!(outline.true_parent(NodeId(1)), Some(NodeId(0)));
    assert_eq!(outline.depth(NodeId(4)), 1);
    assert_eq!(outline.true_depth(NodeId(4)), 2);
    outline.set_root(Some(NodeId(3)));
    assert_eq!(rows(&outline), [4]);
    assert_eq!(outline.row_of(NodeId(5)), None);
    assert_eq!(
        outline.next_marked(NodeId(5), Mark::Failed),
        Some(NodeId(4))
    );
    outline.set_root(None);
    assert_eq!(rows(&outline), [0]);
}
