//! Text that is longer than the terminal goes through a pager, as git's does: `$SORTIE_PAGER`, `$PAGER`, or
//! less where it is there. What fits, what is no terminal and what has no end goes straight on. Whoever
//! leaves the pager early has seen enough: that is no failure.

use std::{
    io::{self, Write},
    path::Path,
    process::{Child, Command as Program, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    args::{About, Args, Command, ConfigCommand, Format, GridFormat, Output, TableOutput},
    config::{Env, VARIABLES},
    text::width,
};

/// Whether a pager has the terminal: then an interrupt is its own.
static SHOWS: AtomicBool = AtomicBool::new(false);

/// Whether a pager has the terminal.
pub fn shows() -> bool {
    SHOWS.load(Ordering::SeqCst)
}

/// The columns and rows of a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

/// Where text goes: held until it is longer than the terminal, then into a pager.
pub struct Paged<W: Write> {
    out: W,
    state: State,
}

enum State {
    /// As it comes.
    Straight,
    /// It fits so far.
    Held {
        text: Vec<u8>,
        line: String,
        size: Size,
    },
    /// Into a program.
    Fed(Child),
}

/// The pager's line for a shell; none where nobody wants one or none is there.
fn pager(env: &Env<'_>) -> Option<String> {
    let said = env("SORTIE_PAGER").or_else(|| env("PAGER"));
    match said {
        Some(line) => {
            let line = line.trim();
            let name = line.split(' ').next().unwrap_or_default();
            let is_plain = !line.contains(['\'', '"', '$', '`', '|', ';', '&', '=', '\\']);
            let is_none = line.is_empty() || line == "cat" || is_plain && !is_there(name, env);
            (!is_none).then(|| line.to_owned())
        }
        None => is_there("less", env).then(|| "less".to_owned()),
    }
}

fn is_there(name: &str, env: &Env<'_>) -> bool {
    if name.contains('/') {
        return Path::new(name).is_file();
    }
    let path = env("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|at| at.join(name).is_file())
}

/// Whether what a command prints is text of which a person wants to see the beginning first.
fn is_long_text(command: &Command) -> bool {
    let text = |format: Format| format == Format::Text;
    let table = |format: GridFormat| format == GridFormat::Text;
    match command {
        Command::Missions {
            output: Output { format },
            ..
        }
        | Command::Causes {
            output: Output { format },
            ..
        }
        | Command::Keys {
            check: false,
            output: Output { format },
            ..
        }
        | Command::Search {
            output: Output { format },
            ..
        }
        | Command::Show {
            output: Output { format },
            ..
        } => text(*format),
        Command::Runs {
            output: TableOutput { format },
            ..
        }
        | Command::Events {
            follow: false,
            output: TableOutput { format },
            ..
        }
        | Command::Calls { format, .. } => table(*format),
        Command::Config { what } => *what == ConfigCommand::Default,
        Command::About(about) => matches!(about, About::Schema { .. }),
        _ => false,
    }
}

impl<W: Write> Paged<W> {
    /// For what a command prints; `size` is that of the terminal, none where there is none.
    pub fn new(out: W, args: &Args, command: &Command, size: Option<Size>, env: &Env<'_>) -> Self {
        let is_dumb = env("TERM").is_some_and(|name| name == "dumb");
        let wanted = !args.global.no_pager && !is_dumb && is_long_text(command);
        let line = size.filter(|_| wanted).zip(pager(env));
        let state = line.map_or(State::Straight, |(size, line)| State::Held {
            text: Vec::new(),
            line,
            size,
        });
        Self { out, state }
    }

    /// Lends the terminal to the pager with what was held.
    fn feed(&mut self) -> io::Result<()> {
        let State::Held { text, line, .. } = std::mem::replace(&mut self.state, State::Straight)
        else {
            return Ok(());
        };
        let mut program = Program::new("sh");
        program.args(["-c", &line]).stdin(Stdio::piped());
        // It runs other programs for whoever asks it to.
        let credentials = VARIABLES.iter().flat_map(|(_, names)| names.iter());
        for name in credentials.filter(|name| !name.ends_with("_URL")) {
            program.env_remove(name);
        }
        for (name, usual) in [("LESS", "FRX"), ("LV", "-c")] {
            if std::env::var_os(name).is_none() {
                program.env(name, usual);
            }
        }
        let Ok(mut child) = program.spawn() else {
            return self.out.write_all(&text);
        };
        SHOWS.store(true, Ordering::SeqCst);
        let fed = child.stdin.as_mut().map(|stdin| stdin.write_all(&text));
        self.state = State::Fed(child);
        fed.unwrap_or(Ok(()))
    }
}

/// Whether a text takes more rows than there are, with one left for the prompt.
fn is_longer(text: &[u8], size: Size) -> bool {
    let text = String::from_utf8_lossy(text);
    let columns = size.columns.max(1);
    let rows = text
        .lines()
        .map(|line| width::width(line).div_ceil(columns).max(1));
    rows.sum::<usize>() >= size.rows
}

impl<W: Write> Write for Paged<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Straight => return self.out.write(bytes),
            State::Fed(child) => {
                let stdin = child.stdin.as_mut();
                return stdin.map_or(Ok(bytes.len()), |stdin| stdin.write(bytes));
            }
            State::Held { text, size, .. } => {
                text.extend_from_slice(bytes);
                if !is_longer(text, *size) {
                    return Ok(bytes.len());
                }
            }
        }
        self.feed().map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Straight => self.out.flush(),
            State::Held { .. } => Ok(()),
            State::Fed(child) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
        }
    }
}

impl<W: Write> Drop for Paged<W> {
    /// Prints what fits; waits until a pager is left.
    fn drop(&mut self) {
        match &mut self.state {
            State::Straight => {}
            State::Held { text, .. } => {
                // Nobody is left to tell if that fails.
                let _ = self.out.write_all(text).and_then(|()| self.out.flush());
            }
            State::Fed(child) => {
                drop(child.stdin.take());
                let _ = child.wait();
                SHOWS.store(false, Ordering::SeqCst);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    const SIZE: Size = Size {
        columns: 10,
        rows: 4,
    };

    fn goes_through(line: &str, variables: &[(&str, &str)], size: Option<Size>) -> bool {
        let args = Args::parse_from(line.split(' '));
        let env = |name: &str| {
            let mut all = variables.iter().chain(&[("PATH", "/usr/bin:/bin")]);
            let found = all.find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let command = args.command.clone().unwrap();
        let paged = Paged::new(Vec::new(), &args, &command, size, &env);
        matches!(paged.state, State::Held { .. })
    }

    #[test]
    fn long_text_on_a_terminal_and_nothing_else() {
        let sh = &[("PAGER", "sh")];
        for (line, variables, size, expected) in [
            ("sortie show r", &sh[..], Some(SIZE), true),
            ("sortie runs", sh, Some(SIZE), true),
            ("sortie show r", sh, None, false),
            ("sortie --no-pager show r", sh, Some(SIZE), false),
            ("sortie runs -o csv", sh, Some(SIZE), false),
            ("sortie show r -o json", sh, Some(SIZE), false),
            ("sortie events r --follow", sh, Some(SIZE), false),
            ("sortie contexts test", sh, Some(SIZE), false),
            ("sortie completions bash", sh, Some(SIZE), false),
            ("sortie show r", &[("PAGER", "cat")], Some(SIZE), false),
            ("sortie show r", &[("PAGER", "")], Some(SIZE), false),
            (
                "sortie show r",
                &[("PAGER", "no-such-pager-here -x")],
                Some(SIZE),
                false,
            ),
            (
                "sortie show r",
                &[("SORTIE_PAGER", "cat"), ("PAGER", "sh")],
                Some(SIZE),
                false,
            ),
            (
                "sortie show r",
                &[("SORTIE_PAGER", "LESS= sh"), ("PAGER", "cat")],
                Some(SIZE),
                true,
            ),
            (
                "sortie show r",
                &[("PAGER", "sh"), ("TERM", "dumb")],
                Some(SIZE),
                false,
            ),
        ] {
            assert_eq!(
                goes_through(line, variables, size),
                expected,
                "{line} {variables:?}"
            );
        }
    }

    #[test]
    fn rows_are_counted_as_the_terminal_wraps_them() {
        for (text, longer) in [
            ("a\nb\nc\n", false),
            ("a\nb\nc\nd\n", true),
            ("0123456789\n01234567890\n", false),
            ("0123456789\n012345678901234567890\n", true),
            ("\n\n\n\n", true),
        ] {
            assert_eq!(is_longer(text.as_bytes(), SIZE), longer, "{text:?}");
        }
    }

    #[test]
    fn what_fits_is_printed_at_the_end() {
        let mut out = Vec::new();
        let held = State::Held {
            text: Vec::new(),
            line: "false".to_owned(),
            size: SIZE,
        };
        let mut paged = Paged {
            out: &mut out,
            state: held,
        };
        paged.write_all(b"one\ntwo\n").unwrap();
        paged.flush().unwrap();
        drop(paged);
        assert_eq!(out, b"one\ntwo\n");
    }
}
