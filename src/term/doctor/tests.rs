//! Answers of terminals, and findings where there is none.

use super::ask::{clipboard_in, column_in, name_in};
use super::route::osc52;
use super::*;
use crate::term::copy::Route;

#[test]
fn answers_are_found_among_whatever_else_comes() {
    let fence = "\x1b[?62;c";
    assert_eq!(
        name_in(&format!("jk\x1bP>|XTerm(390)\x1b\\{fence}")).as_deref(),
        Some("XTerm(390)")
    );
    assert_eq!(name_in(fence), None);
    assert_eq!(column_in(&format!("\x1b[12;3R{fence}")), Some(3));
    assert_eq!(
        clipboard_in(&format!("\x1b]52;c;aGk=\x07{fence}")).as_deref(),
        Some("aGk=")
    );
    assert_eq!(
        clipboard_in(&format!("\x1b]52;c;\x1b\\{fence}")).as_deref(),
        Some("")
    );
    assert_eq!(clipboard_in(fence), None);
}

#[test]
fn without_a_terminal_it_says_what_it_could_not_try() {
    let place = Surroundings::default();
    let wishes = Wishes::default();
    let found = terminal(&place, None);
    assert_eq!(found.state, State::Untried);
    assert!(found.advice.unwrap().contains("no terminal"));
    assert_eq!(widths(None).state, State::Untried);
    let found = osc52(&place, &wishes, None);
    assert_eq!(found.state, State::Untried);
    assert!(found.value.contains("74000 bytes"), "{}", found.value);
}

#[test]
fn the_order_of_copies_is_told_for_small_and_large_ones() {
    let ssh = Surroundings {
        ssh: true,
        tmux: true,
        ..Surroundings::default()
    };
    let found = order(&ssh, &Wishes::default());
    assert_eq!(found.value, "tmux, osc52, file; of 2 MB: file");
    let wishes = Wishes {
        order: Some(vec![Route::File]),
        ..Wishes::default()
    };
    let found = order(&ssh, &wishes);
    assert_eq!(found.value, "file; of 2 MB: file");
    assert!(found.advice.is_some() && found.state == State::Note);
}
