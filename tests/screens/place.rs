//! Where the cursor is: on the same line of the screen in every layout, and in the list on the run that is
//! open.

use crate::desk::Desk;
use crate::panes::{cut, open};

/// The line of the screen that the cursor is on, in the pane with the keys.
fn cursor_line(desk: &Desk) -> Option<usize> {
    let text = desk.text();
    let panes = desk.app.measured.panes;
    let pane = if desk.app.screen().is_some() {
        panes.run
    } else {
        panes.list
    };
    let at = usize::from(pane.area.x);
    text.lines()
        .position(|line| line.chars().nth(at) == Some('▶'))
}

#[test]
fn the_selected_row_stays_on_its_line_of_the_screen_whatever_the_layout_becomes() {
    for in_list in [true, false] {
        let mut desk = open((120, 40));
        if in_list {
            desk.press("q");
        }
        // As many lines as the lowest screen has, too.
        desk.press("g j j j");
        let line = cursor_line(&desk);
        assert!(line.is_some_and(|line| line > 3), "{}", desk.text());
        let sizes = [(80, 24), (84, 46), (100, 30), (60, 16), (120, 40)];
        let wide = [(200, 60), (120, 40)];
        for size in sizes
            .into_iter()
            .chain(wide.into_iter().filter(|_| !in_list))
        {
            desk.resize(size);
            assert_eq!(cursor_line(&desk), line, "{size:?}\n{}", desk.text());
        }
    }
}

#[test]
fn a_run_that_is_opened_by_its_id_is_the_selected_row_of_the_list_beside_it() {
    let mut desk = Desk::demo((200, 60));
    desk.open(&["Pager triage"]);
    desk.press("h h g O").type_in("d3e9c082").press("enter");
    assert!(desk.app.screen().is_some(), "{}", desk.text());
    let list = cut(&desk, 0, desk.app.measured.panes.list.area.width);
    let cursor = list.iter().find(|line| line.starts_with('▶'));
    let cursor = cursor.unwrap_or_else(|| panic!("{}", desk.text()));
    assert!(cursor.contains("Checkout latency alert"), "{cursor}");
}
