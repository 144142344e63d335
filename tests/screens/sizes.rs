//! Any size may come at any place: nothing breaks, and the selected row stays where it was.

use std::time::Duration;

use sortie::app::Msg;

use crate::desk::Desk;

const SIZE: (u16, u16) = (120, 40);

/// A screen with a run open, and keys pressed there.
fn at(keys: &str) -> Desk {
    let mut desk = Desk::demo(SIZE);
    desk.open(&["Pager triage", "Checkout latency alert"]);
    desk.press(keys);
    desk
}

/// Every place there is.
pub fn places() -> Vec<(&'static str, Desk)> {
    let mut searching = at("/");
    searching.type_in("check");
    let mut found = at("/");
    found.type_in("check").press("enter");
    let mut waiting = at("y");
    waiting.wait(Duration::from_millis(300));
    let mut noticed = at("j");
    noticed.tell(Msg::Copied(Err("no way to copy".to_owned())));
    vec![
        ("start", Desk::demo(SIZE)),
        ("run", at("j")),
        ("failure", at("e e")),
        ("detail", at("e e 3 j j")),
        ("record", at("e e 3 d G")),
        ("detail alone", at("e e 3 f j")),
        ("tree alone", at("e e f")),
        ("help", at("? pgdn")),
        ("searching", searching),
        ("found", found),
        ("waiting", waiting),
        ("noticed", noticed),
        ("empty", crate::states::nothing_configured(SIZE)),
        ("trouble", crate::states::troubles(SIZE)),
        ("hostile", crate::hostile::opened(SIZE)),
    ]
}

/// Panes and lists that colour tells nothing new of.
fn more_places() -> Vec<(&'static str, Desk)> {
    vec![
        ("run", at("j")),
        ("detail", at("e e 3 j j")),
        ("start", Desk::demo(SIZE)),
        ("empty", crate::states::nothing_configured(SIZE)),
        ("help", at("? pgdn")),
        ("list beside a run", at("1 j")),
        ("more room", at("+")),
        ("waterfall", at("4 4")),
        ("calls", commanded("calls")),
        ("requests", at("@ j")),
        ("bookmarks", at("m ' j")),
        ("views", commanded("views")),
        ("messages", commanded("messages")),
        ("palette", at(": f o")),
        ("menu of exports", at("x j")),
        ("filtered", commanded("filter kind:tool")),
    ]
}

/// A screen with a run open, where a command was typed.
fn commanded(command: &str) -> Desk {
    let mut desk = at(":");
    desk.type_in(command).press("enter");
    desk
}

#[test]
fn no_size_breaks_anything_and_no_line_is_longer_than_the_screen() {
    for (name, mut desk) in more_places() {
        // The same sizes each time, all over the plane.
        let mut drawn = 0x9e37_79b9_u32;
        for _ in 0..12 {
            drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let place = (drawn >> 8) % (401 * 121);
            let size = [place / 121, place % 121].map(|side| u16::try_from(side).unwrap());
            let [width, height] = size;
            desk.resize((width, height));
            for line in desk.text().lines() {
                let long = sortie::text::width::width(line);
                assert!(
                    long <= usize::from(width),
                    "{name} at {width}x{height}: {line}"
                );
            }
        }
    }
}

#[test]
fn nothing_breaks_at_any_size() {
    let edges = [
        (169, 50),
        (170, 50),
        (200, 16),
        (400, 120),
        (60, 16),
        (61, 17),
        (79, 39),
        (80, 40),
        (99, 40),
        (100, 16),
        (100, 41),
    ];
    for (_, mut desk) in places() {
        for height in 0..=6 {
            for width in 0..=20 {
                desk.resize((width, height));
                assert!(
                    desk.text()
                        .lines()
                        .all(|line| line.chars().count() <= usize::from(width))
                );
            }
        }
        for size in edges {
            desk.resize(size);
            desk.press("j k ctrl-d ctrl-u");
        }
        desk.resize((1, 1)).press("j j enter esc G g");
    }
}

#[test]
fn the_selected_row_keeps_its_line() {
    keeps_its_line(|desk| {
        desk.open(&["incident-triage", "Night watch"]);
    });
    // On the screen of a run, whatever stands beside it.
    keeps_its_line(|desk| {
        desk.open(&["incident-triage"]);
        desk.go_to("Night watch").press("enter g");
        desk.press(&"j ".repeat(15));
    });
}

fn keeps_its_line(open: impl Fn(&mut Desk)) {
    let mut desk = Desk::demo(SIZE);
    open(&mut desk);
    desk.press("pgdn pgdn pgdn k k k k k k k k k");
    let line = |desk: &Desk| {
        let row = desk.app.outline.row_of(desk.app.selected.unwrap()).unwrap();
        row - desk.app.top
    };
    let (before, row) = (line(&desk), desk.app.selected);
    assert!(before > 3, "in the middle: {before}");
    for size in [
        (200, 60),
        (120, 45),
        (80, 60),
        (84, 80),
        (100, 50),
        (3, 1),
        (120, 40),
    ] {
        desk.resize(size);
        assert_eq!(line(&desk), before, "{size:?}");
        assert_eq!(desk.app.selected, row);
    }
    // Where its line is gone, it is on the last one there is.
    desk.resize((80, 16));
    assert!(desk.cursor().starts_with('▶'), "{}", desk.text());
}
