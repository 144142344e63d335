//! The window around the screen: its title, text that is pasted, what it says when it comes to the front.

use crate::{PROGRAM, demo, pty::Pty};

#[test]
fn the_window_is_called_after_what_it_shows_and_gets_its_own_title_back() {
    let mut pty = demo(&[]);
    pty.wait_for("nightly-billing");
    pty.wait_until("a title", || {
        pty.written().contains("\x1b]2;sortie · missions\x07")
    });
    pty.type_keys("jl");
    pty.wait_for("Call the southern");
    pty.type_keys("jjj\r");
    pty.wait_until("the title of the run", || {
        let written = pty.written();
        let titles = written.split("\x1b]2;").skip(1);
        let last = titles.last().and_then(|rest| rest.split('\x07').next());
        last.is_some_and(|title| {
            title.starts_with("sortie · Confirm depot night contacts ") && title.ends_with(" ✓")
        })
    });
    pty.type_keys("Q");
    assert_eq!(pty.exit_code(), 0);
    let written = pty.written();
    assert_eq!(written.matches("\x1b[22;2t").count(), 1);
    assert_eq!(written.matches("\x1b[23;2t").count(), 1);
    let (before, after) = written.split_once("\x1b[22;2t").unwrap();
    assert!(!before.contains("\x1b]2;") && after.contains("\x1b[23;2t"));
}

#[test]
fn a_console_without_windows_gets_no_title() {
    let mut pty = demo(&[("TERM", "linux")]);
    pty.wait_for("nightly-billing");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(!pty.written().contains("\x1b]2;") && !pty.written().contains(";2t"));
}

#[test]
fn pasted_lines_are_one_line_of_a_prompt_and_no_keys_elsewhere() {
    let mut pty = demo(&[]);
    pty.type_keys("\x1b[200~q\nQ\nq\x1b[201~");
    pty.type_keys("/");
    pty.type_keys("\x1b[200~nightly\nbilling\n\x1b[201~");
    pty.wait_for("/nightly billing");
    pty.type_keys("\x1b");
    // Both at once would be another key.
    pty.wait("the prompt is closed", |screen| {
        !screen.contents().contains("/nightly billing")
    });
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn coming_back_to_the_window_paints_what_is_there() {
    let pty = Pty::start(&[PROGRAM, "demo"], &[], 120, 40);
    pty.wait_for("nightly-billing");
    assert!(
        pty.written().contains("\x1b[?1004h"),
        "the focus is asked for"
    );
    pty.type_keys("\x1b[O");
    pty.type_keys("\x1b[I");
    pty.type_keys("j");
    pty.wait_for("nightly-billing");
}
