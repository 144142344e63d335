//! Marks, bookmarks and notes: their signs in rows, the note in the detail, the list of all of them.

use std::time::Duration;

use sortie::{
    analysis::RunSort,
    app::{
        Msg,
        arrange::Arrangement,
        views::{Saved, View},
    },
};

use crate::desk::Desk;
use crate::picture::golden;

fn kept(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage"]).go_to("Checkout latency alert");
    desk.press("m space k enter g m space space");
    desk.press("j j ;")
        .type_in("looks like the new charge id, ask Dana before the next run");
    desk.press("enter");
    desk
}

#[test]
fn rows_show_what_was_marked_bookmarked_and_noted() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = kept(size);
        golden(&format!("kept-run_{}x{}", size.0, size.1), &desk.text());
        desk.press("'");
        golden(&format!("kept-list_{}x{}", size.0, size.1), &desk.text());
        desk.press("esc q");
        golden(&format!("kept-tree_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn a_terminal_without_colour_or_more_than_ascii_loses_nothing_of_it() {
    let mut desk = kept((80, 24));
    desk.paint(true, false);
    golden("kept-run_ascii", &desk.text());
    desk.press("'");
    golden("kept-list_ascii", &desk.text());
}

#[test]
fn nothing_kept_says_how_to_keep() {
    let mut desk = Desk::demo((80, 24));
    desk.press("'");
    golden("kept-nothing", &desk.text());
}

#[test]
fn what_was_said_is_listed_with_all_of_the_selected_message() {
    let refused = "no way to the clipboard took it: tmux: no server, OSC 52: 1.2 MB is more than the \
                   terminal takes; it was saved as ~/.local/state/sortie/y/8c41-36.sh";
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::demo(size);
        desk.press("n n L");
        golden(&format!("messages-one_{}x{}", size.0, size.1), &desk.text());
        desk.press("esc");
        for told in [
            Ok("payload: copied 2.1 KB".to_owned()),
            Err(refused.to_owned()),
        ] {
            desk.tell(Msg::Copied(told));
        }
        desk.press(":").type_in("messages").press("enter");
        golden(&format!("messages_{}x{}", size.0, size.1), &desk.text());
    }
}

#[test]
fn named_views_are_listed_with_what_they_show() {
    let views = [
        ("all", Arrangement::Missions, ""),
        (
            "oncall",
            Arrangement::Inbox,
            "status:failed,soft ctx:demo-telnyx -agent:qa",
        ),
        ("why", Arrangement::Causes, "tool:pay.* or err:~timeout/i"),
    ];
    let views = views.map(|(name, by, query)| View {
        name: name.to_owned(),
        query: query.to_owned(),
        by,
        window: Duration::from_secs(7 * 24 * 3600),
        order: RunSort::default(),
        columns: None,
    });
    for size in [(80, 24), (120, 40)] {
        let mut desk = Desk::demo(size);
        desk.press(":").type_in("views").press("enter");
        golden(
            &format!("views-nothing_{}x{}", size.0, size.1),
            &desk.text(),
        );
        let saved = Saved {
            views: views.to_vec(),
            ..Saved::default()
        };
        desk.tell(Msg::Saved(Box::new(saved))).press("j");
        golden(&format!("views-list_{}x{}", size.0, size.1), &desk.text());
    }
}
