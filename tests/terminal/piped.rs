//! `sortie open -` behind a pipe: events come on standard input, keys from the terminal itself.

use crate::PROGRAM;
use crate::pty::Pty;

/// What is piped in: a call, its answer and a last word.
const EVENTS: &str = "\
{\"run_id\":\"r1\",\"ts\":\"2026-11-20T08:00:01Z\",\"type\":\"tool_call\",\"tool\":\"pay.refund\",\"call_id\":\"c1\",\"data\":{\"order\":7}}
{\"run_id\":\"r1\",\"ts\":\"2026-11-20T08:00:03Z\",\"type\":\"tool_result\",\"tool\":\"pay.refund\",\"call_id\":\"c1\",\"data\":{\"refunded\":true}}
{\"run_id\":\"r1\",\"ts\":\"2026-11-20T08:00:04Z\",\"type\":\"message\",\"message\":\"all is well\",\"data\":{\"closing\":\"word of it\"}}
";

/// The program with its standard input at the end of a pipe. The shell leads a session of its own whose
/// terminal is this one, as a shell that a person types in does.
fn behind_a_pipe(writes: &str) -> Pty {
    let line = format!("{writes} | \"$SORTIE\" open -");
    let env = [("SORTIE", PROGRAM), ("EVENTS", EVENTS)];
    Pty::start(&["sh", "-c", &line], &env, 120, 40)
}

/// Whether the cursor is on a row with that text.
fn at(screen: &vt100::Screen, text: &str) -> bool {
    let contents = screen.contents();
    let mut rows = contents.lines().filter(|line| line.starts_with('▶'));
    rows.any(|row| row.contains(text))
}

#[test]
fn events_come_through_a_pipe_and_keys_from_the_terminal() {
    let mut pty = behind_a_pipe("printf %s \"$EVENTS\"");
    pty.wait_for("all is well");
    assert!(pty.screen().alternate_screen() && !pty.is_cooked());
    pty.wait("the cursor on the call", |screen| at(screen, "pay.refund"));
    pty.type_keys("j");
    pty.wait("the cursor on the last row", |screen| {
        at(screen, "all is well")
    });
    pty.type_keys("\r");
    pty.wait("the payload on the whole screen", |screen| {
        let contents = screen.contents();
        contents.contains("closing:") && !contents.contains("timeline")
    });
    // Out of the payload, out of the run, and out.
    pty.type_keys("qqq");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
    assert_eq!(pty.screen().contents().trim(), "", "nothing is left behind");
}

#[test]
fn a_pipe_that_stays_open_can_be_left() {
    let mut pty = behind_a_pipe("sleep 30");
    std::thread::sleep(std::time::Duration::from_millis(500));
    pty.type_keys("\x03");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
    assert!(pty.is_cooked());
}
