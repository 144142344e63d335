//! `sortie doctor` on a terminal, inside of tmux, and where there is neither.

use std::process::Command;

use super::*;

#[test]
fn on_a_terminal_it_says_what_works_and_leaves_it_as_it_was() {
    let mut pty = Pty::start(&["sh"], &[("PS1", "prompt> ")], 100, 50);
    pty.wait_for("prompt> ");
    pty.type_keys(&format!("{PROGRAM} doctor; echo ended with $?\n"));
    pty.wait_for("ended with 0");
    let told = pty.screen().contents();
    for words in [
        "as expected",
        "route osc52",
        "route file",
        "works:",
        "copies go by",
    ] {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    pty.wait_until("the shell's terminal", || pty.is_restored());
    pty.type_keys("exit\n");
    pty.exit_code();
}

#[test]
fn inside_tmux_it_asks_tmux() {
    if Command::new("tmux").arg("-V").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let command = format!("{PROGRAM} doctor; read line");
    let mut pty = Pty::start(&in_tmux(&socket, &command), &[], 100, 50);
    pty.wait_for("copies go by");
    let told = pty.screen().contents();
    for words in [
        "set-clipboard",
        "what tmux was given it gave back",
        "tmux, osc52, file",
    ] {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    pty.type_keys("\n");
    pty.exit_code();
}

#[test]
fn without_a_terminal_it_says_what_it_could_not_try() {
    let home = tempfile::tempdir().unwrap();
    let out = Command::new(PROGRAM)
        .args(["doctor", "-o", "json"])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["schema"], "sortie.doctor/1");
    let of = |name: &str| {
        let items = told["items"].as_array().unwrap().iter();
        let mut items = items.filter(|item| item["name"] == name);
        items.next().unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(of("route osc52"), "not_tried");
    assert_eq!(of("route file"), "ok");
    assert_eq!(of("TERM"), "bad");
}
