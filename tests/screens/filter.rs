//! The filter: typed, wrong, on its line, and where it hides everything.

use crate::desk::Desk;
use crate::picture::golden;

fn run(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage", "Checkout latency alert"]);
    desk
}

#[test]
fn a_filter_is_typed_and_stands_on_its_line() {
    for size in [(80, 24), (120, 40)] {
        let (columns, lines) = size;
        let name = |what: &str| format!("filter {what}_{columns}x{lines}");
        let mut desk = run(size);
        desk.press("&").type_in("kind:tool -verdict:ok");
        golden(&name("typed"), &desk.text());
        desk.press("enter");
        golden(&name("on"), &desk.text());
        desk.press("enter");
        golden(&name("in context"), &desk.text());
    }
}

#[test]
fn what_is_wrong_is_shown_under_the_character() {
    let mut desk = run((80, 24));
    desk.press("&").type_in("kind:tool stauts:failed");
    golden("filter wrong_80x24", &desk.text());
    desk.press("ctrl-u")
        .type_in("kind:tool tool:pay.* since:24h agent:x verdict:fai");
    golden("filter wrong at the end_80x24", &desk.text());
}

#[test]
fn words_are_offered() {
    let mut desk = run((80, 24));
    desk.press("&").type_in("ve").press("tab tab");
    golden("filter offers_80x24", &desk.text());
}

#[test]
fn where_nothing_matches_it_says_what_to_do() {
    let mut desk = run((120, 40));
    desk.press("&")
        .type_in("kind:tool payload.no.such:>5")
        .press("enter");
    golden("filter in vain_120x40", &desk.text());
}

#[test]
fn the_list_shows_runs_and_says_who_filters() {
    let mut desk = Desk::demo((120, 40));
    desk.open(&["Pager triage"]);
    desk.press("&")
        .type_in("status:failed,soft ctx:demo* since:7d");
    golden("filter of runs_120x40", &desk.text());
}

#[test]
fn a_search_that_is_no_regular_expression_says_where_it_is_wrong() {
    let mut desk = run((80, 24));
    desk.press("/").type_in("/pay(\\d/");
    golden("search wrong_80x24", &desk.text());
}

#[test]
fn a_reference_is_typed_and_where_nothing_is_it_says_what_was_tried() {
    let mut desk = Desk::demo((80, 24));
    desk.press("O").type_in("run=8c41e07b-none failed");
    golden("reference typed_80x24", &desk.text());
    desk.press("enter");
    golden("reference in vain_80x24", &desk.text());
}
