//! Other columns than the usual ones: in lists of runs and in a run, while they are typed, and where there
//! is no room for them.

use crate::desk::Desk;
use crate::picture::golden;

fn columns(desk: &mut Desk, line: &str) {
    desk.press("C").type_in(line).press("enter");
}

#[test]
fn added_columns_stand_beside_the_runs() {
    for size in [(80, 24), (120, 40)] {
        let at = format!("{}x{}", size.0, size.1);
        let mut desk = Desk::demo(size);
        desk.open(&["nightly-billing", "▸ ✗"]).press("z a C");
        desk.type_in("+refund:payload.amount +tok");
        golden(&format!("columns typed {at}"), &desk.text());
        desk.press("tab").type_in("+status -started").press("enter");
        golden(&format!("columns {at}"), &desk.text());
        desk.press("a");
        golden(&format!("columns inbox {at}"), &desk.text());
    }
}

#[test]
fn added_columns_stand_beside_what_happened_in_a_run() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::demo(size);
        desk.open(&["nightly-billing"]).go_to("▸ ✗").press("enter");
        columns(
            &mut desk,
            "-number +amount:payload.amount +agent +verdict +key:payload.api_key",
        );
        golden(&format!("columns run {}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn what_is_no_column_is_told_under_its_place() {
    let mut desk = Desk::demo((80, 24));
    desk.press("C").type_in("+tokens +duratoin");
    golden("columns wrong 80x24", &desk.text());
    desk.paint(true, false).press("tab");
    golden("columns wrong ascii", &desk.text());
}
