//! Where a copy goes in every surrounding: inside tmux or not, over SSH or not, with a display or not, for
//! small, large and very large texts. The notice tells what happened, and nothing is ever lost.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use super::*;

/// A document of about that many bytes, and what a copy of it holds.
fn document(folder: &Path, bytes: usize) -> (String, String) {
    let text = "x".repeat(bytes - 13);
    let path = folder.join("document.json");
    fs::write(&path, format!("{{\"k\":\"{text}\"}}")).unwrap();
    let copy = format!("{{\n  \"k\": \"{text}\"\n}}");
    (path.to_str().unwrap().to_owned(), copy)
}

/// The only file that was saved.
fn saved(state: &Path) -> String {
    let files: Vec<_> = fs::read_dir(state.join("sortie/y"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let mode = fs::metadata(&files[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::read_to_string(&files[0]).unwrap()
}

#[test]
fn in_every_surrounding_a_copy_arrives_and_the_notice_is_true() {
    let has_tmux = Command::new("tmux").arg("-V").output().is_ok();
    if !has_tmux {
        // Written where a run of the tests is read.
        std::io::Write::write_all(
            &mut std::io::stderr(),
            b"tmux is not installed: not tried\n",
        )
        .unwrap();
    }
    for tmux in [false, true] {
        for (ssh, display) in [(false, false), (true, false), (false, true), (true, true)] {
            for bytes in [1_000, 100_000, 2_000_000] {
                if has_tmux || !tmux {
                    cell(tmux, ssh, display, bytes);
                }
            }
        }
    }
}

fn cell(tmux: bool, ssh: bool, display: bool, bytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = document(folder.path(), bytes);
    let state = folder.path().join("state");
    let mut env = vec![("XDG_STATE_HOME", state.to_str().unwrap())];
    if ssh {
        env.push(("SSH_CONNECTION", "10.0.0.9 5022 10.0.0.5 22"));
    }
    if display {
        env.push(("DISPLAY", ":59999"));
    }
    let socket = folder.path().join("socket");
    let command = format!("{PROGRAM} open {path}");
    let argv: Vec<&str> = if tmux {
        in_tmux(&socket, &command).to_vec()
    } else {
        vec![PROGRAM, "open", &path]
    };
    let mut pty = Pty::start(&argv, &env, 120, 40);
    let place = format!("tmux {tmux}, ssh {ssh}, display {display}, {bytes} bytes");
    pty.wait_for("xxxx");
    pty.type_keys("yy");
    let size = match bytes {
        1_000 => "1.0 KB".to_owned(),
        100_000 => "100.0 KB".to_owned(),
        _ => "2.0 MB".to_owned(),
    };
    let way = if tmux { "tmux + OSC 52" } else { "OSC 52" };
    let says = match bytes {
        1_000 => format!("sent {size} to the terminal ({way})"),
        _ => format!("saved {size} to"),
    };
    pty.wait_for(&says);
    // The notice goes after a while, and is wrapped where it is long.
    let told = pty.screen().contents();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let tried = told.contains("clipboard:");
    assert_eq!(
        tried,
        display && !ssh,
        "the desktop's clipboard: {place}\n{told}"
    );
    if bytes == 1_000 {
        assert_eq!(sent_to_clipboard(&pty), copy, "{place}");
        assert!(!state.join("sortie/y").exists(), "{place}");
    } else {
        assert_eq!(saved(&state), copy, "{place}");
        assert_eq!(told.contains("scp 10.0.0.5:/"), ssh, "{place}\n{told}");
    }
    pty.type_keys("Q");
    pty.exit_code();
}

#[test]
fn what_is_wished_for_goes_before_the_surroundings() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = document(folder.path(), 1_000);
    let state = folder.path().join("state");
    let env = [("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut pty = Pty::start(
        &[PROGRAM, "open", &path, "--clipboard", "file"],
        &env,
        120,
        40,
    );
    pty.wait_for("xxxx");
    pty.wait_for("clip file");
    pty.type_keys("yy");
    pty.wait_for("saved 1.0 KB to");
    assert_eq!(saved(&state), copy);
    pty.type_keys("Q");
    pty.exit_code();
}

#[test]
fn a_print_shows_the_text_on_the_bare_terminal_until_a_key() {
    let mut pty = demo(&[]);
    pty.wait_for("nightly-billing");
    pty.type_keys("jjpl");
    pty.wait_for("any key goes back");
    let screen = pty.screen();
    assert!(
        !screen.alternate_screen(),
        "what is printed can be selected"
    );
    assert!(
        screen.contents().contains("sortie:demo-telnyx/"),
        "{}",
        screen.contents()
    );
    // A key of several bytes is one key, and means nothing to sortie.
    pty.type_keys("\x1b[B");
    pty.wait_for("locator: printed");
    assert!(pty.screen().alternate_screen() && !pty.is_cooked());
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(pty.is_restored());
    assert!(
        pty.screen().contents().contains("sortie:demo-telnyx/"),
        "it stays to be read"
    );
}

#[test]
fn a_signal_during_a_print_gives_the_terminal_back() {
    let mut pty = demo(&[]);
    pty.type_keys("pi");
    pty.wait_for("any key goes back");
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    assert!(pty.is_restored());
}
