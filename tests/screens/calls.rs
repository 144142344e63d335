//! The table of tool calls, wide and narrow, sorted, scrolled and narrowed.

use crate::desk::Desk;
use crate::picture::golden;

fn calls(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage"]).go_to("Checkout latency alert");
    desk.press("enter :").type_in("calls").press("enter");
    desk
}

#[test]
fn every_call_of_a_run_with_its_arguments() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = calls(size);
        golden(&format!("calls_{}x{}", size.0, size.1), &desk.text());
        desk.press("s s s j .");
        golden(&format!("calls-sorted_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn calls_with_a_word_and_in_ascii_without_colour() {
    let mut desk = calls((80, 24));
    desk.press("/").type_in("metrics").press("enter S");
    golden("calls-narrowed", &desk.text());
    desk.paint(true, false);
    golden("calls-ascii", &desk.text());
    desk.press("/").type_in("no such word").press("enter");
    golden("calls-none", &desk.text());
}
