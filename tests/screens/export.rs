//! The export menu: weighed, being weighed, to be read first, being written, and its help.

use sortie::app::{
    Msg,
    export::{Way, Weight},
};

use crate::desk::Desk;
use crate::picture::golden;

fn menu(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo(size);
    desk.open(&["Pager triage"]).go_to("Checkout latency alert");
    desk.press("enter x");
    desk
}

/// The number of the menu.
fn number(desk: &Desk) -> sortie::model::Gen {
    desk.app.export.as_ref().unwrap().number
}

#[test]
fn the_ways_out_with_what_they_weigh() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = menu(size);
        for (nth, way) in (1_u64..).zip(Way::ALL).take(4) {
            let weight = Weight {
                bytes: nth.pow(7) * 210,
                masked: usize::try_from(nth).unwrap() - 1,
                and_more: nth == 2,
            };
            let number = number(&desk);
            desk.tell(Msg::Weighed(number, way, weight));
        }
        desk.press("down");
        golden(&format!("export_{}x{}", size.0, size.1), &desk.text());
    }
    let mut desk = menu((80, 24));
    desk.paint(true, false);
    golden("export-ascii", &desk.text());
    desk.press("?");
    golden("export-help", &desk.text());
}

#[test]
fn what_is_read_first_and_what_is_being_written() {
    let mut desk = Desk::demo((80, 24));
    desk.open(&["Pager triage"]).go_to("Checkout latency alert");
    desk.press("x");
    golden("export-unread", &desk.text());
    desk.press("h");
    // Nothing is to be masked, and so it is written at once.
    desk.tell(Msg::Reviewed(number(&desk), Ok(Box::default())));
    let number = number(&desk);
    desk.tell(Msg::Exporting(number, 12_000));
    golden("export-writing", &desk.text());
    desk.press("esc");
    assert!(desk.text().contains("stopping"), "{}", desk.text());
    desk.tell(Msg::Exported(
        number,
        Err("stopped; nothing was written".to_owned()),
    ));
    golden("export-stopped", &desk.text());
}

#[test]
fn what_was_written_before_it_could_be_stopped_is_told() {
    let written = || Ok("wrote run.html (1.0 KB, 1 run, 0 masked)".to_owned());
    // Once is enough to stop it, twice closes the menu; neither hides that a file is there.
    for keys in ["esc", "esc esc"] {
        let mut desk = menu((120, 40));
        desk.press("h");
        // Nothing is to be masked, and so it is written at once.
        desk.tell(Msg::Reviewed(number(&desk), Ok(Box::default())));
        let number = number(&desk);
        desk.press(keys);
        desk.tell(Msg::Exported(number, written()));
        let shown = desk.text();
        assert!(shown.contains("wrote run.html"), "{keys}: {shown}");
        assert!(!shown.contains("one page for a browser"), "{keys}: {shown}");
    }
}
