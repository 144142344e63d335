//! The mouse on a real terminal: nothing is asked of it until somebody wants that, clicks arrive, and
//! whoever has the terminal next has the mouse, too.

use rustix::process::Signal;
use vt100::{MouseProtocolEncoding, MouseProtocolMode};

use super::{PROGRAM, demo};
use crate::pty::Pty;

const ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

fn is_listened_to(pty: &Pty) -> bool {
    pty.screen().mouse_protocol_mode() != MouseProtocolMode::None
}

/// The row of the screen with the cursor, counted from 1.
fn cursor(screen: &vt100::Screen) -> Option<usize> {
    let row = screen.rows(0, 2).position(|start| start.starts_with('▶'))?;
    Some(row + 1)
}

#[test]
fn the_mouse_stays_the_terminals_unless_somebody_asks_for_it() {
    let mut pty = demo(&[]);
    pty.wait_for("nightly-billing");
    let before = cursor(&pty.screen());
    pty.type_keys("\x1b[<0;10;9M\x1b[<0;10;9mjQ");
    pty.exit_code();
    let written = pty.written();
    assert_eq!(before, Some(3));
    for mode in ["?1000", "?1002", "?1003", "?1006"] {
        assert!(!written.contains(mode), "{mode}");
    }
}

#[test]
fn clicks_the_wheel_and_drawn_borders_arrive() {
    let mut pty = demo(&[]);
    pty.wait_for("nightly-billing");
    pty.type_keys("M");
    pty.wait_for("hold Shift to select text");
    assert!(pty.written().contains(ON));
    let encoding = pty.screen().mouse_protocol_encoding();
    assert_eq!(encoding, MouseProtocolEncoding::Sgr);
    pty.type_keys("\x1b[<0;10;5M\x1b[<0;10;5m");
    pty.wait("the cursor on the row that was clicked", |screen| {
        cursor(screen) == Some(5)
    });
    // The border is in column 67 of 120, and goes to column 60.
    pty.type_keys("\x1b[<0;67;20M\x1b[<32;64;20M\x1b[<32;60;20M\x1b[<0;60;20m");
    pty.wait("the border where it was drawn to", |screen| {
        let row = screen.rows(0, 120).nth(20).unwrap();
        let wall = row.chars().position(|letter| letter == '│').unwrap();
        wall.abs_diff(59) <= 1
    });
    pty.type_keys("\x1b[<65;100;20M\x1b[<64;100;20MM");
    pty.wait_for("it is the terminal's again");
    assert!(!is_listened_to(&pty));
    pty.type_keys("MQ");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
    assert_eq!(pty.written().matches(OFF).count(), 2);
}

#[test]
fn whoever_has_the_terminal_has_the_mouse() {
    let pager = "sh -c 'echo in the pager; read line </dev/tty'";
    let mut pty = demo(&[("PAGER", pager)]);
    pty.wait_for("nightly-billing");
    pty.type_keys("M");
    pty.wait_until("the mouse", || is_listened_to(&pty));
    pty.type_keys("jjv");
    pty.wait_for("in the pager");
    assert!(!is_listened_to(&pty));
    pty.type_keys("\n");
    pty.wait_until("the mouse again", || is_listened_to(&pty));
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    assert!(pty.is_restored());
}

#[test]
fn suspending_gives_the_mouse_back_too() {
    let mut pty = Pty::start(&["sh", "-i"], &[("PS1", "prompt> ")], 120, 40);
    pty.wait_for("prompt> ");
    pty.type_keys(&format!("{PROGRAM} demo\n"));
    pty.wait_for("demo-elizaos");
    pty.type_keys("M");
    pty.wait_until("the mouse", || is_listened_to(&pty));
    pty.type_keys("\x1a");
    pty.wait_until("the shell's terminal", || pty.is_restored());
    pty.type_keys("fg\n");
    pty.wait_until("the mouse again", || is_listened_to(&pty));
    pty.type_keys("q");
    pty.wait_until("the shell again", || pty.is_restored());
    pty.type_keys("exit\n");
    pty.exit_code();
}

#[test]
fn the_configuration_can_begin_with_the_mouse() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    std::fs::write(&file, "mouse = true\n").unwrap();
    let file = file.to_str().unwrap();
    let mut pty = Pty::start(&[PROGRAM, "--config", file, "demo"], &[], 120, 40);
    pty.wait_until("the mouse", || is_listened_to(&pty));
    pty.wait_for("mouse on");
    pty.type_keys("q");
    pty.exit_code();
    assert!(pty.is_restored());
}
