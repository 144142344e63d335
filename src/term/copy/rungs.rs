//! The routes as they are outside of tests: the desktop, tmux, the terminal, a file.
//!
//! What the surroundings are is read from the environment at each copy. Nothing
//! here chooses a route.
use std::env;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::native::Native;
use super::{Rungs, Surroundings, Terminal};
use crate::term::Tty;

/// A tmux that takes longer is not going to answer.
const TMUX_LIMIT: Duration = Duration::from_secs(2);

/// The real routes. `terminal` takes the bytes for the terminal, in one piece.
pub struct World<W = Tty> {
    native: Native,
    terminal: W,
    tmux_program: PathBuf,
    /// Where copies are saved that fit nowhere else.
    folder: Option<PathBuf>,
}

impl World {
    /// The routes of this process.
    pub fn here() -> Self {
        Self {
            native: Native::default(),
            terminal: Tty,
            tmux_program: "tmux".into(),
            folder: state_folder(),
        }
    }
}

#[cfg(test)]
impl<W> World<W> {
    /// Routes that end in a test: a terminal, a program in place of tmux, a folder.
    pub(super) fn for_test(terminal: W, tmux_program: &Path, folder: &Path) -> Self {
        Self {
            native: Native::default(),
            terminal,
            tmux_program: tmux_program.to_owned(),
            folder: Some(folder.to_owned()),
        }
    }
}

/// What the environment of this process says.
pub fn surroundings() -> Surroundings {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    Surroundings {
        ssh: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
            .into_iter()
            .any(set),
        tmux: set("TMUX"),
        wayland: set("WAYLAND_DISPLAY"),
        x11: set("DISPLAY"),
        macos: cfg!(target_os = "macos"),
        terminal: Terminal::of(|name| env::var(name).ok().filter(|value| !value.is_empty())),
        size: 0,
    }
}

impl<W: Write> Rungs for World<W> {
    fn surroundings(&self, size: usize) -> Surroundings {
        Surroundings {
            size,
            ..surroundings()
        }
    }

    fn native(&mut self, text: &str) -> Result<(), String> {
        self.native.copy(text)
    }

    fn tmux(&mut self, text: &str) -> Result<(), String> {
        let mut child = Command::new(&self.tmux_program)
            .args(["load-buffer", "-w", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        if let Some(mut stdin) = child.stdin.take() {
            let text = text.to_owned();
            // Apart, since a tmux that reads nothing would hold us here. What it
            // could not take shows in its exit status.
            thread::spawn(move || stdin.write_all(text.as_bytes()));
        }
        wait(child)
    }

    fn osc52(&mut self, text: &str, inside_tmux: bool) -> Result<(), String> {
        let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
        let bytes = if inside_tmux {
            let wrapped = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}\x1bPtmux;{wrapped}\x1b\\")
        } else {
            plain
        };
        self.terminal
            .write_all(bytes.as_bytes())
            .and_then(|()| self.terminal.flush())
            .map_err(|error| error.to_string())
    }

    fn file(&mut self, text: &str) -> Result<PathBuf, String> {
        let folder = self.folder.as_deref().ok_or("there is no home folder")?;
        save(folder, text).map_err(|error| format!("{}: {error}", folder.display()))
    }

    fn host(&self) -> Option<String> {
        host(env::var("SSH_CONNECTION").ok().as_deref())
    }
}

/// Our own address as the SSH client saw it, the third of four words.
pub(super) fn host(connection: Option<&str>) -> Option<String> {
    let address = connection?.split_whitespace().nth(2)?;
    Some(if address.contains(':') {
        format!("[{address}]")
    } else {
        address.to_owned()
    })
}

fn state_folder() -> Option<PathBuf> {
    let absolute = |name| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let state =
        absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")))?;
    Some(state.join("sortie").join("y"))
}

fn save(folder: &Path, text: &str) -> io::Result<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let path = folder.join(format!("copy-{}.txt", now.as_micros()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    let written = file.write_all(text.as_bytes());
    kept(path, written)
}

/// The file if it was written whole; else it goes.
pub(super) fn kept(path: PathBuf, written: io::Result<()>) -> io::Result<PathBuf> {
    match written {
        Ok(()) => Ok(path),
        // Half of a copy, on a disk that is full already, is no use to anybody.
        Err(fault) => match fs::remove_file(&path) {
            Ok(()) => Err(fault),
            Err(stays) => {
                let path = path.display();
                let told = format!("{fault}; {path} is cut and could not be removed: {stays}");
                Err(io::Error::other(told))
            }
        },
    }
}

/// Waits for a child within the limit; its first line on stderr is the reason.
fn wait(mut child: Child) -> Result<(), String> {
    let until = Instant::now() + TMUX_LIMIT;
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no answer in {} s", TMUX_LIMIT.as_secs()));
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(500).read_to_string(&mut said);
    }
    let line = said.lines().next().unwrap_or_default().trim();
    Err(if line.is_empty() {
        status.to_string()
    } else {
        line.to_owned()
    })
}
