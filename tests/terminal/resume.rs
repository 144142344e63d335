//! The program begins where it ended, however it ended.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{PROGRAM, pty::Pty};

/// The demo's services, a configuration for them and a folder for what outlives the program.
struct Services {
    child: Child,
    home: tempfile::TempDir,
}

impl Services {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config.toml");
        let child = Command::new(PROGRAM)
            .args(["demo", "--serve", "--config-out"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        let is_whole = || {
            let text = std::fs::read_to_string(&config).unwrap_or_default();
            text.contains("demo-elizaos")
        };
        while !is_whole() {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "nothing is served"
            );
            thread::sleep(Duration::from_millis(10));
        }
        Self { child, home }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// What the file that is kept says.
    fn kept(&self) -> String {
        let path = self.path("state").join("sortie").join("resume.json");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn screen(&self, arguments: &[&str]) -> Pty {
        let (config, state) = (self.path("config.toml"), self.path("state"));
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let (config, state) = (text(&config), text(&state));
        let line = [&[PROGRAM, "--config", config.as_str()][..], arguments].concat();
        Pty::start(&line, &[("XDG_STATE_HOME", state.as_str())], 120, 40)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The row with the cursor, as far as it is one of the list.
fn cursor(pty: &Pty) -> String {
    let shown = pty.screen().contents();
    let row = shown.lines().find(|line| line.contains('▶'));
    let row = row
        .unwrap_or_default()
        .split('│')
        .next()
        .unwrap_or_default();
    row.trim_end().to_owned()
}

#[test]
fn after_a_kill_the_program_begins_within_a_second_of_where_it_was() {
    let services = Services::start();
    let mut pty = services.screen(&[]);
    pty.wait_for("nightly-billing");
    pty.type_keys("jl");
    pty.wait_for("Call the southern");
    pty.type_keys("jjj\r");
    pty.wait("the timeline", |screen| screen.contents().contains("[2]"));
    pty.type_keys("gjjj");
    pty.wait_until("where it is to be kept", || {
        services.kept().contains("\"cursor\"")
    });
    thread::sleep(Duration::from_millis(1_200));
    let before = cursor(&pty);
    pty.signal(Signal::KILL);
    drop(pty);
    pty = services.screen(&[]);
    pty.wait_until("the same row", || cursor(&pty) == before);
    pty.type_keys("q");
    pty.wait_for("[1]");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
    // What was left by itself is kept at once, and `--fresh` takes nothing of it up.
    let mut pty = services.screen(&["--fresh"]);
    pty.wait_for("nightly-billing");
    assert!(cursor(&pty).contains("demo-telnyx"), "{}", cursor(&pty));
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
}
