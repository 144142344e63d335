//! The palette over several places, in several sizes, in ASCII and without colour.

use crate::desk::Desk;
use crate::hostile;
use crate::picture::{golden, looks};

fn typed(size: (u16, u16), text: &str) -> Desk {
    let mut desk = Desk::demo(size);
    for mission in ["Pager triage", "incident-triage"] {
        desk.open(&[mission]);
    }
    desk.press("ctrl-p").type_in(text);
    desk
}

#[test]
fn what_fits_is_listed_with_its_keys() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        for text in ["triag", "zone e", "no such thing"] {
            let desk = typed((width, height), text);
            let name = format!("palette {text}_{width}x{height}");
            golden(&name, &desk.text());
        }
    }
}

#[test]
fn letters_that_fit_are_marked_with_colour_and_without() {
    let mut desk = typed((80, 24), "triag");
    golden("palette looks", &looks(desk.buffer()));
    desk.press("down down").paint(true, false);
    golden("palette ascii", &desk.text());
    golden("palette looks mono", &looks(desk.buffer()));
}

#[test]
fn hostile_names_are_harmless_in_it() {
    let mut desk = hostile::opened((80, 24));
    desk.press(":").type_in("gone");
    golden("palette hostile", &desk.text());
    desk.press("ctrl-u").type_in("invoice");
    golden("palette hostile title", &desk.text());
}

#[test]
fn what_would_do_nothing_says_why_in_place_of_what_it_does() {
    let mut desk = Desk::demo((80, 24));
    desk.press(":").type_in("search.next");
    let row = desk.text();
    let row = row
        .lines()
        .find(|line| line.contains("do      search.next"));
    let why = "nothing was searched for yet: / searches";
    assert!(row.is_some_and(|row| row.contains(why)), "{}", desk.text());
    desk.press("esc").press("/").type_in("pager").press("enter");
    desk.press(":").type_in("search.next");
    assert!(
        desk.text().contains("Go to the next hit."),
        "{}",
        desk.text()
    );
}
