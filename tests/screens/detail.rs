//! The detail with the keys, scrolled, alone on the screen; help; what the last lines say.

use std::time::Duration;

use sortie::app::Msg;

use crate::desk::Desk;
use crate::picture::golden;

fn at_a_payload(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["refund-sweep", "Export all open"]);
    desk.go_to("orders.export");
    desk
}

#[test]
fn a_large_payload_scrolled() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = at_a_payload(size);
        desk.press("enter pgdn pgdn j j j");
        golden(
            &format!("detail scrolled_{}x{}", size.0, size.1),
            &desk.text(),
        );
        if size.0 >= 100 {
            desk.press("f");
            golden(&format!("detail alone_{}x{}", size.0, size.1), &desk.text());
        }
    }
}

#[test]
fn the_end_of_a_large_payload() {
    let mut desk = at_a_payload((100, 24));
    desk.press("3 G");
    golden("detail end", &desk.text());
}

#[test]
fn the_record_as_sent_and_long_lines_cut() {
    let mut desk = Desk::demo((120, 40));
    desk.open(&["Pager triage", "Checkout latency alert"])
        .press("e e d");
    golden("record", &desk.text());
    desk.press("d w");
    golden("lines cut", &desk.text());
}

#[test]
fn help_shows_the_keys_and_scrolls() {
    for size in [(60, 16), (80, 24), (120, 60)] {
        let mut desk = Desk::demo(size);
        desk.press("?");
        golden(&format!("help_{}x{}", size.0, size.1), &desk.text());
    }
    let mut desk = Desk::demo((80, 24));
    desk.press("?");
    for _ in 0..20 {
        desk.press("pgdn");
    }
    golden("help scrolled", &desk.text());
    let end = desk.text();
    assert_eq!(desk.press("G").text(), end);
    desk.press("k");
    assert_ne!(
        desk.text(),
        end,
        "one key up is one line up, also at the end"
    );
}

#[test]
fn what_may_follow_y_is_shown_after_a_while() {
    for size in [(60, 16), (80, 24)] {
        let mut desk = Desk::demo(size);
        desk.press("y").wait(Duration::from_millis(300));
        golden(&format!("after y_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn notices_of_what_went_well_and_what_did_not() {
    let mut desk = Desk::demo((80, 24));
    desk.tell(Msg::Copied(Ok(
        "payload: copied 412 B via tmux + OSC 52".to_owned()
    )));
    golden("notice", &desk.text());
    desk.wait(Duration::from_secs(5));
    assert!(!desk.text().contains("copied"), "{}", desk.text());
    let told =
        "payload: no way to copy: no display, not in tmux, and the file could not be written";
    desk.tell(Msg::Copied(Err(told.to_owned())));
    golden("notice of a failure", &desk.text());
    desk.wait(Duration::from_secs(60));
    assert!(
        desk.text().contains("no way to copy"),
        "it stays until a key"
    );
    desk.press("j");
    assert!(!desk.text().contains("no way to copy"), "{}", desk.text());
}

#[test]
fn a_pattern_that_is_none_shows_where_it_breaks() {
    let mut desk = at_a_payload((80, 24));
    desk.press("3 /").type_in("pay(ref");
    let text = desk.text();
    let lines: Vec<_> = text.lines().collect();
    let typed = lines
        .iter()
        .position(|line| line.contains("/pay(ref"))
        .unwrap();
    assert_eq!(lines[typed].find('('), lines[typed + 1].find('^'), "{text}");
    assert!(
        lines[typed + 1].contains("unclosed group: looked for as it stands"),
        "{text}"
    );
}
