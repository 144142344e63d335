//! What tmux is and what it lets through, asked of tmux itself; and a word that it is given and gives back.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Finding, State, Surroundings, route::nonce};

const PROGRAM: &str = "tmux";
/// One that takes longer to answer is not going to.
const LIMIT: Duration = Duration::from_secs(2);
/// The buffer that a word is put in: nobody pastes it, and it is deleted again.
const BUFFER: &str = "sortie-doctor";

/// What it says of itself and of what it lets through.
pub(super) fn findings(place: &Surroundings) -> Vec<Finding> {
    if !place.tmux {
        return vec![Finding::new("tmux", "no", State::Fine)];
    }
    let Some(version) = told(&["-V"]) else {
        return vec![
            Finding::new(
                "tmux",
                "there is none to be asked, although TMUX is set",
                State::Bad,
            )
            .with("put tmux on the PATH of this shell"),
        ];
    };
    let mut found = vec![version_of(&version)];
    found.push(match told(&["show-options", "-gv", "set-clipboard"]).as_deref() {
        Some("off") => Finding::new("set-clipboard", "off", State::Note)
            .with("tmux tells its terminal nothing by itself: set -g set-clipboard on"),
        Some("external") => Finding::new("set-clipboard", "external", State::Note).with(
            "what programs send by OSC 52 is dropped, what tmux is given by load-buffer is not; \
             set -g set-clipboard on lets both through",
        ),
        Some(value) => Finding::new("set-clipboard", value, State::Fine),
        None => Finding::new("set-clipboard", "tmux does not say", State::Untried),
    });
    found.push(
        match told(&["show-options", "-gv", "allow-passthrough"]).as_deref() {
            Some("off") => Finding::new("allow-passthrough", "off", State::Note)
                .with("nothing passes tmux unread; sortie needs that only where load-buffer fails"),
            Some(value) => Finding::new("allow-passthrough", value, State::Fine),
            None => Finding::new(
                "allow-passthrough",
                "this tmux has no such option",
                State::Note,
            ),
        },
    );
    let terminal = told(&["display-message", "-p", "#{client_termname}"]);
    if let Some(terminal) = terminal.filter(|name| !name.is_empty()) {
        found.push(Finding::new("tmux's terminal", terminal, State::Fine));
    }
    found
}

/// `load-buffer -w` came with 3.2.
fn version_of(version: &str) -> Finding {
    let number = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = number.split(|c: char| !c.is_ascii_digit());
    let mut part = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let old = part().is_some_and(|major| (major, part().unwrap_or(0)) < (3, 2));
    if old {
        return Finding::new("tmux", version, State::Bad)
            .with("before 3.2 it cannot tell its terminal of a copy: a newer tmux can");
    }
    Finding::new("tmux", version, State::Fine)
}

/// Whether it passes on what a program wraps for its terminal.
pub(in crate::term) fn passes() -> bool {
    let told = told(&["display-message", "-p", "#{allow-passthrough}"]);
    matches!(told.as_deref(), Some("on" | "all" | "1"))
}

/// A word put in a buffer and read back.
pub(super) fn way(place: &Surroundings) -> Finding {
    let name = "route tmux";
    if !place.tmux {
        return Finding::new(name, "closed: this is not inside of tmux", State::Note);
    }
    let word = nonce();
    if !given(&["load-buffer", "-b", BUFFER, "-"], &word) {
        return Finding::new(name, "does not work: tmux takes no text", State::Bad);
    }
    let back = told(&["save-buffer", "-b", BUFFER, "-"]);
    let _ = told(&["delete-buffer", "-b", BUFFER]);
    if back.as_deref() == Some(word.as_str()) {
        let told = "works: what tmux was given it gave back; its terminal does not answer";
        return Finding::new(name, told, State::Fine);
    }
    Finding::new(name, "does not work: something else came back", State::Bad)
}

/// What tmux prints, without the line end; none where it fails.
fn told(arguments: &[&str]) -> Option<String> {
    run(PROGRAM, arguments, "")
}

fn given(arguments: &[&str], text: &str) -> bool {
    run(PROGRAM, arguments, text).is_some()
}

/// What a program prints that is given a text; none where it fails, or does not end in time.
fn run(program: &str, arguments: &[&str], text: &str) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (tell, told) = mpsc::channel();
    let text = text.to_owned();
    // Apart, since one that neither reads nor ends would hold us here.
    thread::spawn(move || {
        // What it could not take shows in its exit status.
        let _ = stdin.map(|mut stdin| stdin.write_all(text.as_bytes()));
        let mut said = Vec::new();
        let read = stdout.map(|mut stdout| stdout.read_to_end(&mut said));
        let _ = tell.send(read.is_some_and(|read| read.is_ok()).then_some(said));
    });
    let said = told.recv_timeout(LIMIT).ok().flatten();
    if said.is_none() {
        let _ = child.kill();
    }
    let ended = child.wait().is_ok_and(|status| status.success());
    let said = said.filter(|_| ended)?;
    Some(String::from_utf8_lossy(&said).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_tmux_is_told() {
        for (version, state) in [
            ("tmux 3.1c", State::Bad),
            ("tmux 2.9", State::Bad),
            ("tmux 3.2", State::Fine),
            ("tmux 3.3a", State::Fine),
            ("tmux next-3.5", State::Fine),
            ("tmux master", State::Fine),
        ] {
            assert_eq!(version_of(version).state, state, "{version}");
        }
    }

    #[test]
    fn one_that_hangs_is_not_waited_for() {
        assert_eq!(run("cat", &[], "word\n").as_deref(), Some("word"));
        assert_eq!(run("false", &[], ""), None);
        assert_eq!(run("sleep", &["600"], ""), None);
        assert_eq!(run("no-such-program-anywhere", &[], ""), None);
    }
}
