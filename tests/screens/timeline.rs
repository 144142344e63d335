//! The Run screen: rows with their columns, the plan, the waterfall, failures only, records as sent.

use crate::desk::Desk;
use crate::picture::golden;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A run of each service in which something failed or went round in circles.
const RUNS: [(&str, &str, &str); 4] = [
    ("telnyx", "nightly-billing", "▸ ✗"),
    ("vectara", "Incident Triage", "▸ ✗"),
    ("agentex", "incident-triage", "Postmortem"),
    ("elizaos", "Juno", "▸ ✗"),
];

fn on_run(size: (u16, u16), mission: &str, run: &str) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&[mission]);
    desk.go_to(run).press("enter");
    desk
}

#[test]
fn a_run_of_each_service_at_every_size() {
    for (name, mission, run) in RUNS {
        for size in SIZES {
            let desk = on_run(size, mission, run);
            golden(
                &format!("timeline {name}_{}x{}", size.0, size.1),
                &desk.text(),
            );
        }
    }
}

#[test]
fn failures_only_and_records_as_sent() {
    let mut desk = on_run((120, 40), "nightly-billing", "▸ ✗");
    desk.press("!");
    golden("timeline failures", &desk.text());
    desk.press("!").press(":").type_in("raw").press("enter");
    golden("timeline raw", &desk.text());
}

#[test]
fn bars_and_times_in_all_their_forms() {
    let mut desk = on_run((120, 40), "nightly-billing", "▸ ✗");
    desk.press("t b");
    golden("timeline clock", &desk.text());
    desk.press("t t b Z");
    golden("timeline zoomed", &desk.text());
    desk.press("Z i t b");
    golden("timeline unfolded", &desk.text());
}

#[test]
fn repeats_unfolded_and_the_other_side_first() {
    let mut desk = on_run((120, 40), "nightly-billing", "▸ ✗");
    desk.press("l %");
    golden("timeline repeats", &desk.text());
}
