//! Hands the terminal to another program and takes it back: a pager, an editor, a command of the shell; or
//! to nobody, for a text to be read and selected on it.
//! The keys are let go first, or two programs would read them; whatever happens, the terminal is ours
//! again afterwards. What the text is, and whether it is safe to show, is the caller's business.

use std::{
    env,
    fs::{File, Permissions},
    io::{self, BufRead, BufReader, Read as _, Write},
    os::unix::fs::PermissionsExt as _,
    process::{Command, ExitStatus, Stdio},
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use crossterm::terminal;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{LENT, enter, keys, leave};
use crate::unfinished::Unfinished;

/// A program that reads the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// `$SORTIE_PAGER`, `$PAGER`, else `less`, else `more`.
    Pager,
    /// `$VISUAL`, else `$EDITOR`, else `vi`, on a copy that is removed afterwards.
    Editor {
        /// What its name ends in, for the editor's colours (`.json`).
        ends: &'static str,
    },
    /// A line for `$SHELL`, else `sh`.
    Shell(String),
    /// A command of the person's own, by its name.
    Own(String, Box<Call>),
    /// None: the text is printed below what was there before the screen opened, where a mouse selects
    /// it, until a key is pressed.
    Terminal,
}

/// A program with its arguments and its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Variables that it has beside ours.
    pub set: Vec<(String, String)>,
    /// Variables of ours that it has not.
    pub removed: Vec<String>,
    /// Whether what it printed is shown until Enter.
    pub waits: bool,
}

/// Lends the terminal to a program until it ends, and says how it went in a sentence: what it was and,
/// where it failed, why. An error means that the terminal could not be had back.
pub async fn lend(program: Program, text: Vec<u8>) -> io::Result<Result<String, String>> {
    keys::let_go();
    LENT.store(true, Ordering::SeqCst);
    leave();
    let told = tokio::task::spawn_blocking(move || run(&program, text)).await;
    LENT.store(false, Ordering::SeqCst);
    enter()?;
    Ok(told.unwrap_or_else(|_| Err("the program could not be run".to_owned())))
}

fn run(program: &Program, text: Vec<u8>) -> Result<String, String> {
    match program {
        Program::Pager => {
            let words = words(&["SORTIE_PAGER", "PAGER"]).unwrap_or_else(|| vec![usual_pager()]);
            // It was seen to be read: nothing is left to say.
            fed(&words, text).map(|_| String::new())
        }
        Program::Editor { ends } => edit(ends, &text),
        Program::Shell(line) => {
            let shell = env::var("SHELL").unwrap_or_else(|_| "sh".to_owned());
            let mut command = Command::new(&shell);
            command.args(["-c", line]);
            let told = feed(command, &format!("| {line}"), text);
            wait_for_enter();
            told.map(|_| format!("| {line}"))
        }
        Program::Own(name, call) => {
            let told = feed(called(call), name, text);
            if call.waits {
                wait_for_enter();
            }
            told.map(|_| format!("{name}: done"))
        }
        Program::Terminal => {
            let mut out = io::stdout().lock();
            let printed = out.write_all(&text).and_then(|()| out.flush());
            wait_for_key();
            printed
                .map(|()| String::new())
                .map_err(|fault| format!("it could not be printed: {fault}"))
        }
    }
}

fn usual_pager() -> String {
    let has = |name: &str| {
        env::var_os("PATH")
            .is_some_and(|path| env::split_paths(&path).any(|at| at.join(name).is_file()))
    };
    if has("less") { "less" } else { "more" }.to_owned()
}

/// The first of these variables that says something, in words.
fn words(names: &[&str]) -> Option<Vec<String>> {
    names
        .iter()
        .filter_map(|name| env::var(name).ok())
        .filter_map(|line| shell_words::split(&line).ok())
        .find(|words| !words.is_empty())
}

/// Runs a program that reads the text on its standard input and has the terminal for the rest.
fn fed(words: &[String], text: Vec<u8>) -> Result<String, String> {
    let (name, rest) = words.split_first().ok_or("there is no program")?;
    let mut command = Command::new(name);
    command.args(rest);
    feed(command, name, text)
}

/// A program with the environment that it is to have.
fn called(call: &Call) -> Command {
    let (name, rest) = call
        .words
        .split_first()
        .map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    let mut command = Command::new(name);
    command.args(rest);
    for variable in &call.removed {
        command.env_remove(variable);
    }
    for (variable, value) in &call.set {
        command.env(variable, value);
    }
    command
}

/// What a program prints that reads the text, while the terminal stays ours; where it fails, its last words.
pub fn printed(call: &Call, text: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut command = called(call);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |fault: io::Error| format!("it could not be started: {fault}");
    let mut child = command.spawn().map_err(failed)?;
    let feeding = child.stdin.take().map(|mut stdin| {
        // Apart: it may print before it has read all.
        thread::spawn(move || stdin.write_all(&text))
    });
    let done = child.wait_with_output();
    if let Some(feeding) = feeding {
        // A pipe that nobody reads any more is no fault.
        let _ = feeding.join();
    }
    let done = done.map_err(failed)?;
    told("it", Ok(done.status)).map_err(|why| {
        let words = String::from_utf8_lossy(&done.stderr);
        let last = words.lines().rev().find(|line| !line.trim().is_empty());
        last.map_or(why.clone(), |last| format!("{why}: {last}"))
    })?;
    Ok(done.stdout)
}

/// Runs a program that reads the text on its standard input and has the terminal for the rest.
fn feed(mut command: Command, name: &str, text: Vec<u8>) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|fault| format!("{name} could not be started: {fault}"))?;
    let feeding = child.stdin.take().map(|mut stdin| {
        // Apart: whoever leaves a pager early has not read all of it.
        thread::spawn(move || stdin.write_all(&text))
    });
    let status = child.wait();
    if let Some(feeding) = feeding {
        // A pipe that nobody reads any more is no fault.
        let _ = feeding.join();
    }
    told(name, status)
}

fn edit(ends: &str, text: &[u8]) -> Result<String, String> {
    let failed = |fault: io::Error| format!("no copy could be made for the editor: {fault}");
    let mut words = words(&["VISUAL", "EDITOR"]).unwrap_or_else(|| vec!["vi".to_owned()]);
    // Only for this person, and to read: what is written into it would be thrown away.
    let mut file = Unfinished::begin(&env::temp_dir(), "sortie-", ends).map_err(failed)?;
    file.write_all(text).map_err(failed)?;
    let read_only = Permissions::from_mode(0o400);
    file.as_file().set_permissions(read_only).map_err(failed)?;
    words.push(file.path().display().to_string());
    let (name, rest) = words.split_first().ok_or("there is no editor")?;
    told(name, Command::new(name).args(rest).status())
}

fn told(name: &str, status: io::Result<ExitStatus>) -> Result<String, String> {
    let status = status.map_err(|fault| format!("{name} could not be started: {fault}"))?;
    match (status.success(), status.code()) {
        (true, _) => Ok(name.to_owned()),
        (false, Some(127)) => Err(format!("{name}: there is no such command")),
        (false, Some(code)) => Err(format!("{name} ended with {code}")),
        (false, None) => Err(format!("{name} was ended by a signal")),
    }
}

/// What was printed stays until it has been read.
fn wait_for_key() {
    let Ok(terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        return;
    };
    let _ = (&terminal).write_all(b"\n-- any key goes back to sortie --");
    let raw = terminal::enable_raw_mode().is_ok();
    let mut bytes = [0; 64];
    // A terminal that is gone is noticed by the loop.
    let _ = (&terminal).read(&mut bytes);
    // Keys may be several bytes long, of which none is meant for sortie.
    while is_ready(&terminal) && (&terminal).read(&mut bytes).is_ok_and(|read| read > 0) {}
    if raw {
        let _ = terminal::disable_raw_mode();
    }
    let _ = (&terminal).write_all(b"\r\x1b[K");
}

/// Whether more comes within a moment.
fn is_ready(terminal: &File) -> bool {
    let Ok(limit) = Timespec::try_from(Duration::from_millis(20)) else {
        return false;
    };
    let mut fds = [PollFd::new(terminal, PollFlags::IN)];
    poll(&mut fds, Some(&limit)).is_ok_and(|ready| ready > 0)
}

/// What a command printed stays until it has been read.
fn wait_for_enter() {
    let Ok(terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        return;
    };
    let _ = (&terminal).write_all(b"\n-- Enter goes back to sortie --");
    let mut line = String::new();
    // A terminal that is gone is noticed by the loop.
    let _ = BufReader::new(terminal).read_line(&mut line);
}
