//! The tree at the start and on the way down to a run.

use crate::desk::Desk;
use crate::picture::golden;

#[test]
fn four_contexts_at_the_start() {
    for size in [
        (80, 24),
        (120, 40),
        (200, 60),
        (60, 16),
        (99, 40),
        (100, 24),
        (84, 46),
    ] {
        let desk = Desk::demo(size);
        golden(&format!("start_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn a_screen_that_is_too_small_says_what_it_needs() {
    for size in [(59, 15), (20, 5), (59, 40), (100, 15)] {
        let desk = Desk::demo(size);
        golden(&format!("start_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn every_mission_unfolded_shows_its_runs() {
    let mut desk = Desk::demo((120, 60));
    for mission in ["Pager triage", "Docs Expert", "incident-triage", "Atlas"] {
        desk.open(&[mission]);
        golden(&format!("runs of {mission}"), &desk.text());
        desk.press("h");
    }
}

#[test]
fn a_mission_below_the_tree_tells_what_it_is_for_once_and_then_its_facts() {
    for (name, mission) in [("told", "Incident Triage"), ("facts", "Pager triage")] {
        let mut desk = Desk::demo((80, 24));
        desk.go_to(mission);
        golden(&format!("mission {name}"), &desk.text());
    }
}
