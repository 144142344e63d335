//! What is read in the demo: each form that a payload can have, alone on the screen.

use crate::desk::Desk;
use crate::picture::golden;

/// In the demo's run that has one of each, reading the first row with that text.
fn reading(row: &str) -> Desk {
    let mut desk = Desk::demo((120, 40));
    desk.open(&["market-research", "Shelf audit"]);
    desk.go_to(row).press("enter");
    desk
}

#[test]
fn output_for_a_terminal_is_in_its_colours_and_bars_are_at_their_end() {
    let mut desk = reading("run_fetch");
    golden("payload of a terminal", &desk.text());
    assert!(!desk.text().contains("52%"), "{}", desk.text());
    desk.press("d d");
    golden("payload of a terminal raw", &desk.text());
}

#[test]
fn markdown_is_laid_out() {
    let mut desk = reading("read_list");
    desk.press("esc j enter");
    golden("payload in markdown", &desk.text());
}

#[test]
fn reasoning_reads_as_prose() {
    golden("payload of reasoning", &reading("Three shops").text());
}

#[test]
fn json_in_a_string_is_unwrapped_in_place() {
    let mut desk = reading("read_item");
    golden("payload in a string", &desk.text());
    desk.press("/").type_in("history").press("enter");
    golden("payload in a string found", &desk.text());
}

#[test]
fn pictures_are_named_and_times_are_told() {
    golden("payload of a picture", &reading("read_label").text());
}

#[test]
fn what_was_cut_off_is_read_as_far_as_it_goes() {
    golden("payload cut short", &reading("read_list").text());
}
