//! Programs that are lent the terminal, with a text to read: a pager, an editor, a command. What they are
//! called with and what they are given is searched.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::{Server, answer, clean, home, screen_on_event, settle};

/// A program that keeps its arguments and what it reads, and ends.
fn program(folder: &Path) -> String {
    let path = folder.join("taker");
    let kept = folder.join("lent").display().to_string();
    let script = format!(
        "#!/bin/sh\n{{ echo \"called: $*\"; if [ $# -gt 0 ]; then cat \"$1\"; else cat; fi; echo; \
         echo ended; }} >> '{kept}'\n"
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_program_that_is_lent_the_terminal_is_given_a_secret() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let bin = tempfile::tempdir().unwrap();
    let taker = program(bin.path());
    let pty = screen_on_event(
        home.path(),
        &[],
        &[("PAGER", &taker), ("VISUAL", &taker), ("SHELL", "/bin/sh")],
    );
    let lent = || fs::read_to_string(bin.path().join("lent")).unwrap_or_default();
    let hands = [("v", "the pager"), ("V", "the editor"), ("|", "a command")];
    for (ended, (keys, what)) in (1..).zip(hands) {
        pty.type_keys(keys);
        if keys == "|" {
            pty.wait_for("|");
            pty.type_keys(&format!("{taker}\r"));
        }
        pty.wait_until(what, || lent().matches("\nended").count() >= ended);
        if keys == "|" {
            pty.type_keys("\r");
        }
        pty.wait_until("the screen", || pty.screen().alternate_screen());
        settle(&pty);
        let all = lent();
        let here = all.rsplit("\nended").nth(1).unwrap_or_default();
        assert!(here.contains("canary"), "{what}: {here}");
        clean(&all, what);
    }
    assert!(lent().contains("canary"), "{}", lent());
    clean(&pty.written(), "the terminal");
}
