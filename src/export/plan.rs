//! The order in which a plan is read: each step after the one it lies in. Loses no step, whatever the
//! parents say.

use crate::model::Step;

/// Steps with their depth, each after its parent. What names a parent that is not there, or itself,
/// stands at the top.
pub(super) fn in_tree_order(steps: &[Step]) -> Vec<(usize, &Step)> {
    let parent = |step: &Step| {
        let parent = step.parent_id.as_deref()?;
        steps
            .iter()
            .position(|other| other.id == parent && other.id != step.id)
    };
    let parents: Vec<Option<usize>> = steps.iter().map(parent).collect();
    let mut order = Vec::new();
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    let mut placed = vec![false; steps.len()];
    // Tops first; then whatever a circle of parents has kept out.
    for tops in [true, false] {
        for start in 0..steps.len() {
            let is_top = parents.get(start).copied().flatten().is_none();
            if tops == is_top {
                waiting.push((0, start));
            }
            while let Some((depth, at)) = waiting.pop() {
                let Some(seen) = placed.get_mut(at).filter(|seen| !**seen) else {
                    continue;
                };
                *seen = true;
                order.extend(steps.get(at).map(|step| (depth, step)));
                let children = (0..steps.len()).rev();
                let own = children.filter(|child| parents.get(*child) == Some(&Some(at)));
                waiting.extend(own.map(|child| (depth + 1, child)));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stand_under_their_parents_and_none_is_lost() {
        let step = |id: &str, parent: Option<&str>| Step {
            id: id.to_owned(),
            parent_id: parent.map(str::to_owned),
            ..Step::default()
        };
        let steps = [
            step("b1", Some("b")),
            step("a", None),
            step("b", None),
            step("b2", Some("b")),
            step("lost", Some("gone")),
            step("x", Some("y")),
            step("y", Some("x")),
            step("self", Some("self")),
        ];
        let order: Vec<(usize, &str)> = in_tree_order(&steps)
            .into_iter()
            .map(|(depth, step)| (depth, step.id.as_str()))
            .collect();
        let expected = [
            (0, "a"),
            (0, "b"),
            (1, "b1"),
            (1, "b2"),
            (0, "lost"),
            (0, "self"),
            (0, "x"),
            (1, "y"),
        ];
        assert_eq!(order, expected);
    }
}
