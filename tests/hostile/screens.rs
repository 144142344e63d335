//! Every screen, painted by the backend that the program uses.

use proptest::prelude::*;
use sortie::app::Msg;

use crate::world::{Walk, text};
use crate::worst::{any_bytes, worst};

/// Each row with its detail, and what is read of it in each view, from its first line to its last.
fn read_all(walk: &mut Walk) {
    let mut events = 0;
    walk.each_event(|walk| {
        walk.press("enter G d d d");
        events += 1;
    });
    assert!(events >= 7, "{events}\n{}", walk.desk.text());
}

/// The lines that are typed, what is told, the lists that lie over the screen.
fn say_all(walk: &mut Walk, told: &str) {
    walk.press("? G esc @ j esc");
    for sign in ["/", ":", "|"] {
        walk.press(sign).tell(Msg::Paste(told.to_owned()));
        walk.press("home right delete esc");
    }
    walk.press("/").tell(Msg::Paste(told.to_owned()));
    walk.press("enter n N esc");
    walk.tell(Msg::Told(told.to_owned()));
    walk.tell(Msg::Copied(Ok(told.to_owned())));
    walk.tell(Msg::Copied(Err(told.to_owned())));
    walk.press("y");
    walk.press("esc T e ! ! 4 b 1");
}

#[test]
fn each_attack_is_harmless_in_what_is_read() {
    let attacks = worst();
    let mut walk = Walk::before((90, 14), b"hostile", &attacks, false);
    walk.open();
    read_all(&mut walk);
}

#[test]
fn each_attack_is_harmless_as_a_name_and_in_what_is_said() {
    for (at, attack) in worst().into_iter().enumerate() {
        // Every other time it is what an error says, too.
        let fails = at % 2 == 1;
        let mut walk = Walk::before((70, 12), &attack, std::slice::from_ref(&attack), fails);
        walk.press("j j").open();
        say_all(&mut walk, &text(&attack));
    }
}

#[test]
fn a_needle_that_attacks_is_found_and_marked() {
    for attack in worst() {
        let mut walk = Walk::before((80, 12), b"hostile", std::slice::from_ref(&attack), false);
        walk.open().press("j enter /");
        walk.tell(Msg::Paste(text(&attack)));
        walk.press("enter n n N esc");
    }
}

#[test]
fn no_size_is_too_small_for_an_attack() {
    for size in [(1, 1), (2, 3), (3, 9), (7, 5), (21, 6), (41, 8)] {
        let mut walk = Walk::before(size, "日\u{202e}👩\u{200d}💻".as_bytes(), &worst(), false);
        walk.open();
        for _ in 0..60 {
            walk.press("j");
        }
        walk.press("enter G d G d G d G w d g f");
        say_all(&mut walk, "日\u{1b}[2J\u{202e}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_bytes_are_harmful(name in any_bytes(), attack in any_bytes(), width in 1_u16..110) {
        let mut walk = Walk::before((width, 14), &name, std::slice::from_ref(&attack), false);
        walk.press("j j").open();
        read_all(&mut walk);
        say_all(&mut walk, &text(&attack));
    }
}
