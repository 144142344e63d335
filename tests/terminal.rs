//! The real program on a pseudo-terminal: what a terminal gets, and gets back.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;

use pty::{Pty, nonzero};

#[path = "terminal/copies.rs"]
mod copies;
#[path = "terminal/doctor.rs"]
mod doctor;
#[path = "terminal/ended.rs"]
mod ended;
#[path = "terminal/mouse.rs"]
mod mouse;
#[path = "terminal/own.rs"]
mod own;
#[path = "terminal/piped.rs"]
mod piped;
#[path = "common/pty.rs"]
mod pty;
#[path = "terminal/resume.rs"]
mod resume;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "common/server.rs"]
mod server;
#[path = "terminal/themes.rs"]
mod themes;
#[path = "terminal/window.rs"]
mod window;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sortie");
const CONTEXTS: [&str; 4] = [
    "demo-telnyx",
    "demo-vectara",
    "demo-agentex",
    "demo-elizaos",
];

/// The demo at 120×40 with its four contexts on the screen.
fn demo(env: &[(&str, &str)]) -> Pty {
    let pty = Pty::start(&[PROGRAM, "demo"], env, 120, 40);
    for context in CONTEXTS {
        pty.wait_for(context);
    }
    pty
}

/// What runs a command in a tmux of its own.
fn in_tmux<'a>(socket: &'a Path, command: &'a str) -> [&'a str; 8] {
    let socket = socket.to_str().unwrap();
    [
        "tmux",
        "-u",
        "-S",
        socket,
        "-f",
        "/dev/null",
        "new-session",
        command,
    ]
}

#[test]
fn the_demo_opens_on_four_contexts_and_q_gives_the_terminal_back() {
    let mut pty = demo(&[]);
    assert!(pty.screen().alternate_screen() && !pty.is_cooked());
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
    assert_eq!(pty.screen().contents().trim(), "", "nothing is left behind");
}

#[test]
fn every_frame_is_a_synchronized_update() {
    let mut pty = demo(&[]);
    pty.type_keys("jjkq");
    pty.exit_code();
    let written = pty.written();
    let (_, painted) = written.split_once("\x1b[?2026h").unwrap();
    let (painted, _) = painted.rsplit_once("\x1b[?1049l").unwrap();
    for outside in painted.split("\x1b[?2026l").skip(1) {
        let between = outside.split("\x1b[?2026h").next().unwrap();
        assert!(between.is_empty() || between == "\x1b[0m", "{between:?}");
    }
}

#[test]
fn ctrl_c_quits() {
    let mut pty = demo(&[]);
    pty.type_keys("\x03");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn a_panic_while_drawing_gives_the_terminal_back_and_tells_where() {
    let mut pty = Pty::start(&[PROGRAM, "demo"], &[("SORTIE_PANIC", "frame")], 120, 40);
    assert_eq!(pty.exit_code(), 101);
    assert!(pty.is_restored());
    let told = pty.screen().contents();
    assert!(told.contains("stopped by a fault of its own"), "{told}");
    assert!(told.contains("src/fault.rs"), "{told}");
}

#[test]
fn a_panic_while_fetching_leaves_the_screen_alone() {
    let mut pty = Pty::start(&[PROGRAM, "demo"], &[("SORTIE_PANIC", "fetch")], 120, 40);
    pty.wait_for("✗ sortie broke while it read the answer");
    assert!(pty.screen().alternate_screen());
    pty.type_keys("jlQ");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
    let told = pty.screen().contents();
    assert!(told.contains("stopped by a fault of its own"), "{told}");
}

#[test]
fn a_signal_gives_the_terminal_back_and_names_itself_in_the_exit_code() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut pty = demo(&[]);
        pty.signal(signal);
        assert_eq!(pty.exit_code(), code, "{signal:?}");
        assert!(pty.is_restored(), "{signal:?}");
    }
}

#[test]
fn a_file_that_may_not_grow_any_more_does_not_end_the_screen() {
    let mut pty = demo(&[]);
    pty.signal(Signal::XFSZ);
    pty.type_keys("?");
    pty.wait_for("Keys that work here");
    pty.type_keys("\u{1b}[27uQ");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn suspending_gives_the_shell_its_terminal_and_resuming_draws_everything() {
    let mut pty = Pty::start(&["sh", "-i"], &[("PS1", "prompt> ")], 120, 40);
    pty.wait_for("prompt> ");
    pty.type_keys(&format!("{PROGRAM} demo\n"));
    pty.wait_for("demo-elizaos");
    pty.type_keys("\x1a");
    pty.wait_until("the shell's terminal", || pty.is_restored());
    pty.type_keys("echo $((20+3))\n");
    pty.wait_for("23");
    pty.type_keys("fg\n");
    for context in CONTEXTS {
        pty.wait_for(context);
    }
    pty.wait_until("our terminal again", || {
        pty.screen().alternate_screen() && !pty.is_cooked()
    });
    pty.type_keys("q");
    pty.wait_until("the shell again", || pty.is_restored());
    pty.type_keys("echo left with $?\n");
    pty.wait_for("left with 0");
    pty.type_keys("exit\n");
    pty.exit_code();
}

#[test]
fn the_screen_follows_the_size_of_the_terminal() {
    let pty = demo(&[]);
    for (columns, rows) in [(80, 24), (200, 60), (120, 40)] {
        pty.resize(columns, rows);
        pty.wait("the status line at the bottom", |screen| {
            let last = screen.rows(0, columns).last().unwrap();
            screen.size() == (nonzero(rows), nonzero(columns)) && last.contains("contexts 4 ok")
        });
    }
    pty.resize(20, 5);
    pty.wait_for("60×16 needed,");
    pty.resize(120, 40);
    pty.wait_for("demo-elizaos");
}

/// What the terminal was asked to put on its clipboard.
fn sent_to_clipboard(pty: &Pty) -> String {
    let written = pty.written();
    let (_, sent) = written.split_once("\x1b]52;").unwrap();
    let (_, sent) = sent.split_once(';').unwrap();
    let (encoded, _) = sent.split_once(['\x07', '\x1b']).unwrap();
    String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
}

#[test]
fn without_tmux_and_display_a_copy_goes_to_the_terminal_and_the_notice_says_so() {
    let pty = demo(&[]);
    pty.wait_for("nightly-billing");
    pty.type_keys("jjyy");
    pty.wait_for("to the terminal (OSC 52)");
    let payload = sent_to_clipboard(&pty);
    let mission: serde_json::Value = serde_json::from_str(&payload).unwrap();
    assert_eq!(mission["name"], "nightly-billing");
    let notice = pty.screen().contents();
    let size = format!("sent {} B to the terminal (OSC 52)", payload.len());
    assert!(notice.contains(&size), "{notice}");
}

/// Runs where tmux is installed.
#[test]
fn inside_tmux_a_copy_reaches_its_buffer_and_the_terminal_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let socket = socket.to_str().unwrap();
    let tmux = ["tmux", "-u", "-S", socket, "-f", "/dev/null"];
    let command = format!("{PROGRAM} demo");
    let ask = |arguments: &[&str]| {
        let mut asked = std::process::Command::new("tmux");
        asked.args(["-S", socket]).args(arguments).output()
    };
    if ask(&["-V"]).is_err() {
        return;
    }
    let arguments: Vec<&str> = tmux.into_iter().chain(["new-session", &command]).collect();
    let mut pty = Pty::start(&arguments, &[], 120, 40);
    pty.wait_for("nightly-billing");
    pty.type_keys("jjyi");
    pty.wait_for("to the terminal (tmux + OSC 52)");
    let kept = String::from_utf8(ask(&["show-buffer"]).unwrap().stdout).unwrap();
    assert!(
        pty.screen().contents().contains(&kept),
        "the id is on the screen: {kept}"
    );
    assert_eq!(kept.len(), 36, "{kept}");
    assert_eq!(sent_to_clipboard(&pty), kept);
    pty.type_keys("q");
    pty.exit_code();
}

#[test]
fn a_display_that_does_not_answer_gives_way_to_the_terminal() {
    let pty = demo(&[("DISPLAY", ":59999")]);
    pty.type_keys("yp");
    pty.wait_for("to the terminal (OSC 52)");
    assert!(sent_to_clipboard(&pty).contains("demo-"));
}

#[test]
fn a_terminal_without_a_screen_gets_a_sentence() {
    let mut pty = Pty::start(&[PROGRAM, "demo"], &[("TERM", "dumb")], 120, 40);
    assert_eq!(pty.exit_code(), 2);
    let told = pty.screen().contents();
    assert!(
        told.contains("TERM=dumb") && told.contains("sortie runs"),
        "{told}"
    );
    assert!(!pty.written().contains("\x1b["), "no escape sequence");
}

#[test]
fn without_a_terminal_the_screen_names_the_commands() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["demo"][..], &[]] {
        let out = std::process::Command::new(PROGRAM)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("TERM", "xterm")
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(2));
        assert!(out.stdout.is_empty());
        let told = String::from_utf8(out.stderr).unwrap();
        assert!(
            told.contains("not a terminal") && told.contains("`sortie runs`"),
            "{told}"
        );
    }
}

#[test]
fn with_no_context_a_small_terminal_shows_all_that_can_be_done() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_str().unwrap();
    let pty = Pty::start(&[PROGRAM], &[("HOME", home)], 80, 24);
    for told in [
        "TELNYX_API_KEY",
        "ELIZA_SERVER_AUTH_TOKEN",
        "nothing to set up",
        "sortie config init",
        "set a service's variables",
    ] {
        pty.wait_for(told);
    }
}

#[test]
fn without_utf_8_the_screen_is_ascii() {
    let pty = demo(&[("LANG", "C")]);
    let screen = pty.screen().contents();
    assert!(screen.is_ascii(), "{screen}");
}

/// Whether any sequence in what was written chooses a colour.
fn is_coloured(written: &str) -> bool {
    let colours = written.split("\x1b[").filter_map(|sequence| {
        let (codes, _) = sequence.split_once('m')?;
        let numbers: Result<Vec<u8>, _> = codes.split(';').map(str::parse).collect();
        numbers.ok()
    });
    colours
        .flatten()
        .any(|code| matches!(code, 30..=38 | 40..=48 | 90..=107))
}

#[test]
fn no_color_means_no_colour() {
    let coloured = |env| {
        let mut pty = demo(env);
        pty.wait_for("nightly-billing");
        pty.type_keys("jj");
        pty.wait_for("metadata");
        pty.type_keys("Q");
        pty.exit_code();
        is_coloured(&pty.written())
    };
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}
