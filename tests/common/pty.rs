//! A program on a pseudo-terminal, with an emulator that shows what a person would see.
//!
//! It answers the one question the program may ask (where the cursor is), keeps
//! every byte written, and looks at the terminal's own modes, which stay after
//! the program has gone. Each wait has a limit and shows the screen when it ends.
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

/// Generous: two cores may be compiling beside a debug build.
const LIMIT: Duration = Duration::from_secs(30);
/// How the program asks for the cursor.
const CURSOR_QUESTION: &[u8] = b"\x1b[6n";

pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    seen: Arc<Mutex<Seen>>,
    /// Kept so that its folders stay while the program runs.
    home: tempfile::TempDir,
}

struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

pub fn nonzero(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
}

impl Pty {
    /// Starts a program with a home of its own and nothing of our environment.
    pub fn start(argv: &[&str], env: &[(&str, &str)], columns: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::from_argv(argv.iter().map(Into::into).collect());
        command.env_clear();
        let path = std::env::var("PATH").unwrap();
        for (name, value) in [
            ("PATH", path.as_str()),
            ("HOME", home.path().to_str().unwrap()),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
        ]
        .iter()
        .chain(env)
        {
            command.env(name, value);
        }
        command.cwd(home.path());
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let seen = Arc::new(Mutex::new(Seen {
            parser: vt100::Parser::new(nonzero(rows), nonzero(columns), 0),
            bytes: Vec::new(),
        }));
        let reader = pair.master.try_clone_reader().unwrap();
        let (see, answer) = (Arc::clone(&seen), Arc::clone(&writer));
        thread::spawn(move || watch(reader, &see, &answer));
        Self {
            master: pair.master,
            child,
            writer,
            seen,
            home,
        }
    }

    /// The home that the program was started with, and started in.
    #[allow(dead_code, reason = "shared; not everybody looks into it")]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn type_keys(&self, keys: &str) {
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        let mut seen = self.seen.lock().unwrap();
        seen.parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
        self.master.resize(size(columns, rows)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// The emulator's screen as it is now.
    pub fn screen(&self) -> vt100::Screen {
        self.seen.lock().unwrap().parser.screen().clone()
    }

    /// Every byte written so far, as text.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap().bytes).into_owned()
    }

    /// How many bytes that were.
    #[allow(dead_code, reason = "shared; not everybody counts them")]
    pub fn sent(&self) -> usize {
        self.seen.lock().unwrap().bytes.len()
    }

    /// Waits until the screen is as wanted.
    pub fn wait(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        self.wait_until(what, || wanted(&self.screen()));
    }

    /// Waits until a text stands on the screen.
    pub fn wait_for(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    pub fn wait_until(&self, what: &str, done: impl Fn() -> bool) {
        let started = Instant::now();
        while !done() {
            assert!(
                started.elapsed() < LIMIT,
                "waited for: {what}\n{}",
                self.screen().contents()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether the program has ended by then.
    pub fn ends_within(&mut self, time: Duration) -> bool {
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if started.elapsed() > time {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Waits for the program's end and for its last bytes; answers its exit code.
    pub fn exit_code(&mut self) -> u32 {
        let over = self.ends_within(LIMIT);
        assert!(over, "it does not end\n{}", self.screen().contents());
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), None, "killed by a signal");
        // The reader may still hold what was written last.
        let mut before = usize::MAX;
        while before != self.seen.lock().unwrap().bytes.len() {
            before = self.seen.lock().unwrap().bytes.len();
            thread::sleep(Duration::from_millis(50));
        }
        status.exit_code()
    }

    /// Whether the terminal echoes and edits lines, as a shell expects.
    pub fn is_cooked(&self) -> bool {
        let modes = tcgetattr(self.slave()).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Whether everything a screen program switches on is off again.
    pub fn is_restored(&self) -> bool {
        let screen = self.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
            && self.is_cooked()
    }

    fn slave(&self) -> File {
        let path: PathBuf = self.master.tty_name().unwrap();
        let flags = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(path)
            .unwrap()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A test that failed must not leave its program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Feeds the emulator, and answers where the cursor is.
fn watch(
    mut reader: Box<dyn Read + Send>,
    seen: &Mutex<Seen>,
    answer: &Mutex<Box<dyn Write + Send>>,
) {
    let mut chunk = [0; 16 * 1024];
    let mut asked = 0;
    while let Ok(count) = reader.read(&mut chunk) {
        if count == 0 {
            return;
        }
        let mut seen = seen.lock().unwrap();
        seen.bytes.extend(&chunk[..count]);
        seen.parser.process(&chunk[..count]);
        let questions = count_of(CURSOR_QUESTION, &seen.bytes);
        if questions > asked {
            asked = questions;
            let (row, column) = seen.parser.screen().cursor_position();
            let report = format!("\x1b[{};{}R", row + 1, column + 1);
            answer.lock().unwrap().write_all(report.as_bytes()).unwrap();
        }
    }
}

fn count_of(wanted: &[u8], bytes: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .filter(|window| *window == wanted)
        .count()
}
