//! Three panes on a wide screen, each with its own cursor; borders that keys and the mouse move; and the
//! mouse itself.

use std::time::Duration;

use sortie::app::{
    Msg, Pane,
    key::{Pointer, Press},
    shares::{Layout, ScreenMode, Splits},
};

use crate::{desk::Desk, picture::golden};

const WIDE: (u16, u16) = (200, 60);

/// A list of runs, one of which is open.
pub fn open(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage"]);
    desk.go_to("Checkout latency alert").press("enter");
    desk
}

fn mouse(desk: &mut Desk, press: Press, (x, y): (u16, u16)) {
    desk.tell(Msg::Mouse(Pointer { press, x, y }));
}

fn click(desk: &mut Desk, at: (u16, u16)) {
    mouse(desk, Press::Down, at);
    mouse(desk, Press::Up, at);
}

/// Where a text stands, its first letter.
fn place(desk: &Desk, text: &str) -> (u16, u16) {
    let screen = desk.text();
    let found = screen.lines().enumerate().find_map(|(row, line)| {
        let at = line.find(text)?;
        Some((line[..at].chars().count(), row))
    });
    let (column, row) = found.unwrap_or_else(|| panic!("{text} in\n{screen}"));
    (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
}

/// The lines of a column of the screen.
pub fn cut(desk: &Desk, from: u16, to: u16) -> Vec<String> {
    let (from, to) = (usize::from(from), usize::from(to));
    let text = desk.text();
    let lines = text.lines();
    lines
        .map(|line| line.chars().skip(from).take(to - from).collect())
        .collect()
}

#[test]
fn a_run_on_a_wide_screen_stands_between_its_list_and_the_detail() {
    let mut desk = open(WIDE);
    let panes = desk.app.measured.panes;
    assert_eq!(panes.layout, Layout::Three);
    let list = cut(&desk, 0, panes.list.area.width);
    let cursor = list.iter().find(|line| line.starts_with('▶')).unwrap();
    assert!(cursor.contains("Checkout latency alert"), "{cursor}");
    golden("panes-three_200x60", &desk.text());
    desk.press("1");
    golden("panes-list_200x60", &desk.text());
    desk.resize((170, 50));
    golden("panes-list_170x50", &desk.text());
}

#[test]
fn every_pane_keeps_its_own_cursor() {
    let mut desk = open(WIDE);
    desk.press("j j j");
    let (run, row) = (desk.app.screen(), desk.app.selected);
    desk.press("1");
    assert_eq!(
        desk.app.selected, run,
        "the list is on the run that is open"
    );
    let text = desk.text();
    desk.press("j");
    let other = desk.app.selected;
    assert_ne!(other, run);
    assert_eq!(desk.app.shown_run(), run, "it stays open beside the list");
    assert_eq!(desk.app.cursor_in(run), row);
    let panes = desk.app.measured.panes;
    let (from, to) = (panes.run.area.x, panes.run.area.right());
    let before: Vec<String> = text
        .lines()
        .map(|line| {
            let line = line.chars();
            line.skip(usize::from(from))
                .take(usize::from(to - from))
                .collect()
        })
        .collect();
    assert_eq!(cut(&desk, from, to)[3..58], before[3..58]);
    desk.press("2");
    assert_eq!((desk.app.screen(), desk.app.selected), (run, row));
    desk.press("1");
    assert_eq!(desk.app.selected, other, "the list, too, is where it was");
    desk.press("k tab");
    assert_eq!(desk.app.screen(), run);
    desk.press("tab");
    assert_eq!(desk.app.focus, Pane::Detail);
    desk.press("tab");
    assert!(desk.app.screen().is_none() && desk.app.focus == Pane::Tree);
}

#[test]
fn enter_in_the_list_opens_the_run_beside_it() {
    for key in ["enter", "l"] {
        let mut desk = open(WIDE);
        let run = desk.app.screen();
        desk.press("1 j").press(key);
        assert!(desk.app.screen().is_some() && desk.app.screen() != run);
        let next = desk.app.screen();
        desk.press("[");
        assert_eq!(desk.app.screen(), run);
        assert_eq!(desk.app.cursor_in(None), run, "the list goes along");
        desk.press("]");
        assert_eq!(desk.app.screen(), next);
    }
}

#[test]
fn the_run_beside_the_list_is_closed_before_anything_else() {
    let mut desk = open(WIDE);
    desk.press("1 q");
    assert_eq!(desk.app.measured.panes.layout, Layout::Two);
    assert_eq!(desk.app.shown_run(), None);
    assert!(!desk.app.can_go_back());
    // Where it cannot be seen, q ends.
    let mut desk = open((120, 40));
    desk.press("1");
    assert!(!desk.app.can_go_back());
    desk.press("2");
    assert!(desk.app.screen().is_some(), "it is still there for 2");
}

#[test]
fn a_pane_that_has_no_room_is_shown_alone_and_comes_back_to_its_place() {
    let mut desk = open(WIDE);
    desk.press("3 j j");
    desk.resize((80, 24));
    assert_eq!(
        desk.app.full,
        Some(Pane::Detail),
        "the keys go to what is seen"
    );
    assert!(desk.text().contains("[3] detail"));
    desk.resize(WIDE);
    assert_eq!(desk.app.full, None);
    assert_eq!(desk.app.measured.panes.layout, Layout::Three);
    desk.resize((84, 46));
    assert_eq!(desk.app.full, None, "there is room below the rows");
    desk.resize((80, 24)).press("1");
    assert!(desk.text().contains("Pager triage"));
    desk.press("2 4");
    assert_eq!(desk.app.full, Some(Pane::Bars));
}

#[test]
fn keys_move_the_border_and_no_pane_vanishes() {
    for size in [
        (60, 16),
        (84, 46),
        (100, 30),
        (120, 40),
        (170, 50),
        (260, 30),
    ] {
        for focus in ["1", "2", "3"] {
            for key in ["<", ">"] {
                let mut desk = open(size);
                desk.press(focus);
                if desk.app.full.is_some() {
                    continue;
                }
                let before = desk.app.measured.panes;
                desk.press(key);
                let moved = desk.app.measured.panes;
                assert_ne!(before, moved, "{size:?} {focus} {key}");
                for _ in 0..14 {
                    desk.press(key);
                }
                let panes = desk.app.measured.panes;
                let shown = [panes.list.area, panes.run.area, panes.detail.area];
                for area in shown.into_iter().filter(|area| area.width > 0) {
                    assert!(area.width >= 30 && area.height >= 2, "{size:?} {panes:?}");
                }
                assert!(desk.text().contains("each pane keeps"), "{}", desk.text());
            }
        }
    }
}

#[test]
fn modes_give_the_pane_with_the_keys_more_room() {
    let mut desk = open(WIDE);
    desk.press("+");
    assert!(desk.app.measured.panes.run.area.width >= 98);
    desk.press("3");
    assert!(
        desk.app.measured.panes.detail.area.width >= 99,
        "it goes along"
    );
    desk.press("+");
    assert_eq!(desk.app.full, Some(Pane::Detail));
    desk.press("+");
    assert_eq!(
        (desk.app.full, desk.app.splits().mode),
        (None, ScreenMode::Normal)
    );
    desk.press("_ _");
    assert_eq!(desk.app.splits().mode, ScreenMode::Half);
    // Half of a narrow screen is the detail.
    let mut low = open((80, 24));
    low.press("+");
    golden("panes-half_80x24", &low.text());
    low.press("3 j");
    assert_eq!(low.app.full, None);
}

#[test]
fn what_was_kept_of_the_borders_is_as_it_was() {
    let mut desk = open(WIDE);
    desk.press("1 > > 3 <");
    let (splits, panes) = (desk.app.splits(), desk.app.measured.panes);
    assert_ne!(splits, Splits::default());
    let mut next = open(WIDE);
    next.app.set_splits(splits);
    next.press("3");
    assert_eq!(next.app.measured.panes, panes);
    // A nonsense of a state file harms nothing.
    next.app.set_splits(Splits {
        two: Some(0),
        list: Some(9000),
        detail: Some(9000),
        portrait: Some(0),
        peek: Some(u16::MAX),
        mode: ScreenMode::Half,
    });
    for size in [(60, 16), (84, 46), (100, 16), (170, 16), (400, 120)] {
        next.resize(size).press("j 1 j 2 j 3 j");
    }
}

#[test]
fn the_mouse_is_the_terminals_until_it_is_asked_for() {
    let mut desk = open((120, 40));
    let before = desk.app.selected;
    click(&mut desk, (10, 8));
    assert_eq!(desk.app.selected, before);
    assert!(desk.text().contains("mouse off"));
    desk.press("M");
    assert!(desk.text().contains("hold Shift to select text"));
    assert!(desk.text().contains("mouse on"));
    click(&mut desk, (10, 8));
    assert_ne!(desk.app.selected, before);
    desk.press("M");
    assert!(desk.text().contains("mouse off"));
}

#[test]
fn a_click_goes_to_a_row_and_a_second_one_opens_it() {
    let mut desk = open(WIDE);
    desk.press("M");
    let run = desk.app.screen();
    let panes = desk.app.measured.panes;
    // In pane 2, without going anywhere else.
    let row = (panes.run.rows.x + 30, panes.run.rows.y + 4);
    click(&mut desk, row);
    let cursor = desk.app.outline.row_of(desk.app.selected.unwrap());
    assert_eq!(cursor, Some(desk.app.top + 4));
    // A run of the list is selected there and opened by a double click.
    let at = place(&desk, "Disk of build-4");
    click(&mut desk, at);
    assert_eq!((desk.app.screen(), desk.app.shown_run()), (None, run));
    let other = desk.app.selected;
    desk.wait(Duration::from_millis(500));
    click(&mut desk, at);
    assert_eq!(
        desk.app.screen(),
        None,
        "too late to be one click with the other"
    );
    desk.wait(Duration::from_millis(300));
    click(&mut desk, at);
    assert_eq!(desk.app.screen(), other);
    // Pane 3.
    let at = (panes.detail.rows.x + 4, panes.detail.rows.y + 2);
    click(&mut desk, at);
    assert!(desk.app.in_detail());
    assert_eq!(desk.app.detail.cursor, 2);
}

#[test]
fn a_click_on_its_mark_folds_a_row() {
    let mut desk = Desk::demo((120, 40));
    desk.press("M");
    let rows = desk.app.outline.rows();
    let at = place(&desk, "▾");
    click(&mut desk, at);
    assert!(desk.app.outline.rows() < rows);
    click(&mut desk, at);
    assert_eq!(desk.app.outline.rows(), rows);
    desk.open(&["Pager triage"]);
    desk.go_to("Checkout latency alert").press("enter 3 G");
    let rows = desk.app.detail.rows();
    let panes = desk.app.measured.panes;
    let from = panes.detail.rows.x;
    let lines = cut(&desk, from, panes.detail.rows.right());
    let row = lines
        .iter()
        .rposition(|line| line.trim_start().starts_with('▾'));
    let row = row.unwrap();
    let column = lines[row].chars().position(|letter| letter == '▾').unwrap();
    let at = (
        from + u16::try_from(column).unwrap(),
        u16::try_from(row).unwrap(),
    );
    click(&mut desk, at);
    assert_ne!(desk.app.detail.rows(), rows);
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_leaves_the_keys_where_they_are() {
    let mut desk = open((200, 20));
    desk.press("M");
    let panes = desk.app.measured.panes;
    let (row, before) = (desk.app.selected, desk.app.top);
    mouse(&mut desk, Press::WheelDown, (panes.detail.rows.x + 1, 9));
    assert!(desk.app.detail.top.row > 0 && !desk.app.in_detail());
    mouse(&mut desk, Press::WheelUp, (panes.detail.rows.x + 1, 9));
    assert_eq!(desk.app.detail.top.row, 0);
    assert_eq!((desk.app.selected, desk.app.top), (row, before));
    for step in 1..=3 {
        mouse(&mut desk, Press::WheelUp, (panes.run.rows.x + 1, 9));
        assert_eq!(desk.app.top, before - 3 * step);
    }
    // The cursor stays on the screen, not on its row.
    let cursor = desk.app.outline.row_of(desk.app.selected.unwrap()).unwrap();
    let shown = desk.app.top..desk.app.top + usize::from(panes.run.rows.height);
    assert!(shown.contains(&cursor), "{cursor} in {shown:?}");
    let top = |desk: &Desk| desk.app.rows_of(None, panes.list.rows.height).top;
    let before = top(&desk);
    mouse(&mut desk, Press::WheelUp, (panes.list.rows.x + 1, 9));
    assert!(top(&desk) + 3 == before || before < 3 && top(&desk) == 0);
    assert!(desk.app.screen().is_some(), "the keys stay in the run");
}

#[test]
fn a_border_is_drawn_to_where_the_mouse_takes_it() {
    let mut desk = open((120, 40));
    desk.press("M");
    let border = desk.app.measured.panes.detail.area.x - 1;
    mouse(&mut desk, Press::Down, (border, 20));
    mouse(&mut desk, Press::Drag, (80, 20));
    let drawn = desk.app.measured.panes.detail.area.x - 1;
    assert!(drawn.abs_diff(80) <= 1, "{drawn}");
    mouse(&mut desk, Press::Drag, (119, 39));
    assert!(desk.app.measured.panes.detail.area.width >= 30);
    mouse(&mut desk, Press::Up, (119, 39));
    let panes = desk.app.measured.panes;
    mouse(&mut desk, Press::Drag, (60, 20));
    assert_eq!(desk.app.measured.panes, panes, "it was let go");
    desk.resize((84, 46));
    let border = desk.app.measured.panes.detail.area.y - 1;
    mouse(&mut desk, Press::Down, (10, border));
    mouse(&mut desk, Press::Drag, (10, 10));
    let drawn = desk.app.measured.panes.detail.area.y - 1;
    assert!(drawn.abs_diff(10) <= 1, "{drawn}");
}

#[test]
fn lists_over_the_panes_take_clicks_and_the_wheel() {
    let mut desk = open((120, 40));
    desk.press("M @");
    let over = desk.app.measured.panes.over;
    assert!(over.height > 0);
    desk.press("esc : ");
    let over = desk.app.measured.panes.over;
    click(&mut desk, (10, over.y + 3));
    assert_eq!(desk.app.palette.as_ref().unwrap().view.selected, 3);
    desk.press("esc ?");
    mouse(&mut desk, Press::WheelDown, (10, 10));
    let scrolled = desk.app.help.as_ref().map(|help| help.scrolled);
    assert_eq!(scrolled, Some(3));
    desk.press("esc x");
    let over = desk.app.measured.panes.over;
    click(&mut desk, (10, over.y + 2));
    assert_eq!(desk.app.export.as_ref().unwrap().view.selected, 2);
    let panes = desk.app.measured.panes;
    click(&mut desk, (10, panes.main.bottom() - 1));
    assert!(desk.app.export.is_some(), "nothing below is clicked");
}

#[test]
fn only_a_pane_that_somebody_wants_alone_is_kept_alone() {
    let mut desk = open((120, 40));
    desk.press("enter");
    assert_eq!(desk.app.full, Some(Pane::Detail), "a payload is read");
    assert_eq!(desk.app.splits().mode, ScreenMode::Normal);
    desk.press("q 3");
    desk.resize((80, 24));
    assert_eq!(desk.app.full, Some(Pane::Detail), "for want of room");
    assert_eq!(desk.app.splits().mode, ScreenMode::Normal);
    desk.press("+");
    assert_eq!(desk.app.full, None, "half of the screen is room enough");
    desk.resize((120, 40)).press("_ f");
    assert_eq!(desk.app.splits().mode, ScreenMode::Full);
    desk.press("f");
    assert_eq!(desk.app.splits().mode, ScreenMode::Normal);
}

#[test]
fn a_click_on_a_mark_keeps_the_cursor_on_its_row() {
    let mut desk = Desk::demo((120, 40));
    desk.press("M");
    let at = place(&desk, "▸ nightly-billing");
    click(&mut desk, at);
    desk.wait(Duration::from_millis(500));
    let opened = desk.app.outline.rows();
    click(&mut desk, at);
    assert!(desk.cursor().contains("nightly-billing"));
    assert!(desk.app.outline.rows() < opened);
}
