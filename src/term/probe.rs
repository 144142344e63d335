//! What this terminal can show, asked once at the start.
//!
//! The locale and the width of one printed dot decide between Unicode glyphs and
//! their ASCII twins, the environment whether there is colour. Everything is
//! decided by pure functions; only [`glyphs`] and [`refusal_here`] look.
use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::text::colour::Depth;

/// Which set of glyphs to draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    Unicode,
    Ascii,
}

/// How long the terminal may take to say where its cursor is.
const PROBE_LIMIT: Duration = Duration::from_millis(100);
/// The same where a network is between.
const FAR_LIMIT: Duration = Duration::from_secs(1);

/// Why the screen cannot open here, as a sentence for the person; `None` when it can.
pub fn refusal(stdin: bool, stdout: bool, term: Option<&str>) -> Option<String> {
    let what = match (stdin, stdout, term) {
        (_, false, _) => "standard output is not a terminal",
        (false, _, _) => "standard input is not a terminal",
        (_, _, Some("dumb")) => "TERM=dumb names a terminal without a screen",
        (_, _, _) => return None,
    };
    Some(format!(
        "sortie: the screen cannot open, {what}; `sortie runs` and `sortie events RUN` print the same as text."
    ))
}

/// The refusal for this process. `piped`: standard input is read as a file, and keys come from the terminal
/// that the process belongs to.
pub fn refusal_here(piped: bool) -> Option<String> {
    let term = env::var("TERM").ok();
    refusal(
        io::stdin().is_terminal() || piped && own_terminal().is_ok(),
        io::stdout().is_terminal(),
        term.as_deref(),
    )
}

fn own_terminal() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

/// Takes keys from the terminal that the process belongs to: standard input was read to its end as a file.
pub fn take_keys_from_terminal() -> io::Result<()> {
    rustix::stdio::dup2_stdin(own_terminal()?).map_err(io::Error::from)
}

/// How many colours the variables promise that people and terminals set, and which of them says so.
pub fn promised_colours(env: &dyn Fn(&str) -> Option<String>) -> (Depth, String) {
    let read = |name| env(name).filter(|value: &String| !value.is_empty());
    if read("NO_COLOR").is_some() {
        return (Depth::None, "NO_COLOR is set".to_owned());
    }
    let term = read("TERM").unwrap_or_default();
    let colorterm = read("COLORTERM").unwrap_or_default();
    let by = |name: &str, value: &str| format!("{name} is {value}");
    // GNU screen hands on what its terminal can, and cannot do all of it itself; tmux can.
    let in_screen = term.starts_with("screen") && read("TMUX").is_none();
    if matches!(colorterm.as_str(), "truecolor" | "24bit") && !in_screen {
        return (Depth::Full, by("COLORTERM", &colorterm));
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| term.ends_with(end));
    if ends(&["-direct", "-truecolor", "-24bit"])
        || matches!(
            term.as_str(),
            "xterm-kitty" | "xterm-ghostty" | "foot" | "wezterm" | "alacritty"
        )
    {
        return (Depth::Full, by("TERM", &term));
    }
    if term.contains("256") {
        return (Depth::Table, by("TERM", &term));
    }
    let colourless = matches!(term.as_str(), "" | "dumb")
        || term.starts_with("vt1")
        || term.starts_with("vt2")
        || ends(&["-m", "-mono"]);
    match (colourless, colorterm.is_empty()) {
        (true, true) if term.is_empty() => (Depth::None, "TERM is not set".to_owned()),
        (true, true) => (Depth::None, by("TERM", &term)),
        // COLORTERM is set by terminals that have colour, whatever TERM says.
        (true, false) => (Depth::Sixteen, by("COLORTERM", &colorterm)),
        (false, _) => (Depth::Sixteen, by("TERM", &term)),
    }
}

impl Glyphs {
    /// Decides from the locale and from how many columns the dot took, if the
    /// terminal said so in time. Without a locale an answer of one column is
    /// proof enough that the terminal reads UTF-8.
    pub fn choose(locale: Option<&str>, columns: Option<u16>) -> Self {
        let encoding = locale.map(|name| {
            let name = name.to_ascii_lowercase();
            let utf8 = name.contains("utf-8") || name.contains("utf8");
            let wide = ["zh", "ja", "ko"].iter().any(|cjk| name.starts_with(cjk));
            (utf8, wide)
        });
        match (encoding, columns) {
            (Some((true, _)) | None, Some(1)) | (Some((true, false)), None) => Self::Unicode,
            (_, _) => Self::Ascii,
        }
    }
}

/// Whether the terminal is a window that has a title. The Linux console and terminals of old have none.
pub(super) fn has_title() -> bool {
    let term = env::var("TERM").unwrap_or_default();
    is_window(&term)
}

fn is_window(term: &str) -> bool {
    let plain = ["", "dumb", "linux", "ansi", "cons25"];
    !plain.contains(&term) && !term.starts_with("vt")
}

/// Whether there is a network between us and the terminal.
fn is_far() -> bool {
    ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Asks the terminal, which must be in raw mode and not be read by anybody
/// else; leaves whatever the dot printed to be cleared by the caller. Also how long the answer took, where
/// there was one and a network is between.
pub(super) fn glyphs() -> (Glyphs, Option<Duration>) {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    let far = is_far();
    let asked = Instant::now();
    let limit = if far { FAR_LIMIT } else { PROBE_LIMIT };
    let columns = dot_columns(asked + limit).ok().flatten();
    let trip = columns.filter(|_| far).map(|_| asked.elapsed());
    (Glyphs::choose(locale.as_deref(), columns), trip)
}

/// How many columns `·` took, or nothing when the terminal does not answer until then.
fn dot_columns(until: Instant) -> io::Result<Option<u16>> {
    let mut out = io::stdout().lock();
    out.write_all("\r·\x1b[6n".as_bytes())?;
    out.flush()?;
    let stdin = io::stdin();
    let mut answer = Vec::new();
    loop {
        if let Some(column) = cursor_column(&answer) {
            return Ok(column.checked_sub(1));
        }
        let left = until.saturating_duration_since(Instant::now());
        let limit = Timespec::try_from(left).map_err(io::Error::other)?;
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        if left.is_zero() || poll(&mut fds, Some(&limit))? == 0 {
            return Ok(None);
        }
        let mut bytes = [0; 64];
        let read = rustix::io::read(stdin.as_fd(), &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        answer.extend(bytes.iter().take(read));
    }
}

/// The column in a cursor report `ESC [ row ; column R`, which may stand among
/// keys typed meanwhile.
fn cursor_column(bytes: &[u8]) -> Option<u16> {
    let text = str::from_utf8(bytes).ok()?;
    text.split("\x1b[").skip(1).find_map(|report| {
        let (numbers, _) = report.split_once('R')?;
        let (row, column) = numbers.split_once(';')?;
        row.parse::<u16>().ok()?;
        column.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_follow_the_locale_and_the_width_of_a_dot() {
        use Glyphs::{Ascii, Unicode};
        let table = [
            (Some("en_US.UTF-8"), Some(1), Unicode),
            (Some("en_US.utf8"), None, Unicode),
            (Some("en_US.UTF-8"), Some(2), Ascii),
            (Some("ja_JP.UTF-8"), Some(1), Unicode),
            (Some("ja_JP.UTF-8"), None, Ascii),
            (Some("C"), Some(1), Ascii),
            (Some("de_DE.ISO-8859-1"), None, Ascii),
            (None, Some(1), Unicode),
            (None, Some(2), Ascii),
            (None, None, Ascii),
        ];
        for (locale, columns, expected) in table {
            let chosen = Glyphs::choose(locale, columns);
            assert_eq!(chosen, expected, "{locale:?} {columns:?}");
        }
    }

    #[test]
    fn colour_follows_what_people_and_terminals_set() {
        let table: [(&str, Depth, &str); 14] = [
            ("TERM=xterm", Depth::Sixteen, "TERM is xterm"),
            ("TERM=linux", Depth::Sixteen, "TERM is linux"),
            ("TERM=xterm-256color", Depth::Table, "TERM is"),
            ("TERM=xterm-kitty", Depth::Full, "TERM is"),
            ("TERM=xterm-direct", Depth::Full, "TERM is"),
            (
                "TERM=xterm-256color COLORTERM=truecolor",
                Depth::Full,
                "COLORTERM is truecolor",
            ),
            (
                "TERM=screen-256color COLORTERM=truecolor",
                Depth::Table,
                "TERM is screen-256color",
            ),
            (
                "TERM=screen-256color COLORTERM=truecolor TMUX=/tmp/tmux",
                Depth::Full,
                "COLORTERM",
            ),
            (
                "NO_COLOR=0 TERM=xterm COLORTERM=truecolor",
                Depth::None,
                "NO_COLOR is set",
            ),
            ("NO_COLOR= TERM=xterm", Depth::Sixteen, "TERM"),
            ("TERM=vt100", Depth::None, "TERM is vt100"),
            (
                "TERM=vt100 COLORTERM=yes",
                Depth::Sixteen,
                "COLORTERM is yes",
            ),
            ("TERM=xterm-m", Depth::None, "TERM is xterm-m"),
            ("", Depth::None, "TERM is not set"),
        ];
        for (set, depth, why) in table {
            let env = |name: &str| {
                let mut set = set.split(' ').filter_map(|set| set.split_once('='));
                let known = set.find(|(known, _)| *known == name);
                known.map(|(_, value)| value.to_owned())
            };
            let found = promised_colours(&env);
            assert_eq!(found.0, depth, "{set}");
            assert!(found.1.starts_with(why), "{set}: {}", found.1);
        }
    }

    #[test]
    fn where_there_is_no_screen_a_sentence_names_the_commands() {
        assert_eq!(refusal(true, true, Some("xterm")), None);
        assert_eq!(refusal(true, true, None), None);
        for (stdin, stdout, term, cause) in [
            (false, true, Some("xterm"), "standard input"),
            (true, false, Some("xterm"), "standard output"),
            (true, true, Some("dumb"), "TERM=dumb"),
        ] {
            let told = refusal(stdin, stdout, term).unwrap();
            assert!(
                told.contains(cause) && told.contains("`sortie runs`"),
                "{told}"
            );
            assert_eq!(told.lines().count(), 1);
        }
    }

    #[test]
    fn only_windows_have_titles() {
        for (term, has) in [
            ("xterm-256color", true),
            ("tmux-256color", true),
            ("screen", true),
            ("linux", false),
            ("vt220", false),
            ("", false),
        ] {
            assert_eq!(is_window(term), has, "{term}");
        }
    }

    #[test]
    fn the_cursor_report_is_found_among_keys() {
        assert_eq!(cursor_column(b"\x1b[12;2R"), Some(2));
        assert_eq!(cursor_column(b"jj\x1b[A\x1b[1;3Rk"), Some(3));
        assert_eq!(cursor_column(b"\x1b[1;"), None);
        assert_eq!(cursor_column(b"Rq"), None);
    }
}
