//! A run unfolded: its steps, its events, its failures, a search through them.

use crate::desk::Desk;
use crate::picture::golden;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (84, 46)];

#[test]
fn a_run_with_a_plan() {
    for size in SIZES {
        let mut desk = Desk::demo(size);
        desk.open(&["Pager triage", "Checkout latency alert"]);
        golden(&format!("run_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn a_failed_event_selected() {
    for size in SIZES {
        let mut desk = Desk::demo(size);
        desk.open(&["Pager triage", "Checkout latency alert"])
            .press("e");
        golden(&format!("failure_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn runs_of_each_service_with_everything_unfolded() {
    let ways = [
        ("telnyx", "nightly-billing", "▸ ✗"),
        ("vectara", "Incident Triage", "▸ ✗"),
        ("agentex", "incident-triage", "Postmortem"),
        ("agentex_live", "incident-triage", "Live: error"),
        ("elizaos", "Juno", "▸ ✗"),
    ];
    for (name, mission, run) in ways {
        let mut desk = Desk::demo((160, 50));
        desk.open(&[mission, run]);
        golden(&format!("events_{name}"), &desk.text());
    }
}

#[test]
fn a_search_is_typed_and_its_hits_are_set_apart() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::demo(size);
        desk.open(&["Pager triage", "Checkout latency alert"]);
        desk.press("/").type_in("checkout");
        golden(&format!("search typed_{}x{}", size.0, size.1), &desk.text());
        desk.press("enter");
        golden(&format!("search hits_{}x{}", size.0, size.1), &desk.text());
        desk.press("/").type_in("no such words").press("enter");
        golden(
            &format!("search in vain_{}x{}", size.0, size.1),
            &desk.text(),
        );
    }
}

#[test]
fn a_long_search_stays_on_its_line() {
    let mut desk = Desk::demo((60, 16));
    desk.press("/")
        .type_in(&"long and longer 日本語 ".repeat(6));
    golden("search long", &desk.text());
}
