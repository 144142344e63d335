//! The manual: a page for sortie and one for each command, from the same definition by which the command line
//! is read, so that neither can say what the other does not. Written for man(7), which groff and mandoc
//! read.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Arg, Command, CommandFactory as _};

use crate::{
    args::{Args, EXIT_CODES},
    source::reason,
};

/// Writes `sortie.1` and a page for each command into a folder, and says their names.
pub(super) fn write(folder: &Path) -> Result<Vec<String>, String> {
    let told = |fault: io::Error| reason(&fault);
    fs::create_dir_all(folder).map_err(told)?;
    let mut names = Vec::new();
    for path in pages() {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let name = format!("{}.1", page_name(&words));
        let at: PathBuf = folder.join(&name);
        fs::write(at, page(&words)).map_err(told)?;
        names.push(name);
    }
    Ok(names)
}

/// The words of every command that has a page, sortie itself first.
pub(super) fn pages() -> Vec<Vec<String>> {
    fn walk(command: &Command, path: &[String], out: &mut Vec<Vec<String>>) {
        out.push(path.to_vec());
        for own in shown(command) {
            let mut path = path.to_vec();
            path.push(own.get_name().to_owned());
            walk(own, &path, out);
        }
    }
    let mut out = Vec::new();
    walk(&root(), &[], &mut out);
    out
}

fn root() -> Command {
    let mut root = Args::command().disable_help_subcommand(true);
    root.build();
    root
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    let all = command.get_subcommands();
    all.filter(|own| !own.is_hide_set() && own.get_name() != "help")
}

/// `sortie-config-init`.
fn page_name(path: &[&str]) -> String {
    let words = std::iter::once("sortie").chain(path.iter().copied());
    words.collect::<Vec<_>>().join("-")
}

/// The page of a command by its words; of sortie itself without any, and so for words that are no command.
pub(super) fn page(path: &[&str]) -> String {
    let root = root();
    let found = path
        .iter()
        .try_fold(&root, |at, word| at.find_subcommand(word));
    let path = if found.is_some() { path } else { &[] };
    let command = found.unwrap_or(&root);
    let name = page_name(path);
    let mut page = Page::default();
    page.macro_line(&format!(
        ".TH \"{}\" 1 \"\" \"sortie {}\" \"sortie\"",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    ));
    page.section("NAME");
    let about = text(command.get_about());
    let short = about
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    page.line(&format!("{name} - {short}"));
    page.section("SYNOPSIS");
    let usage = command.clone().render_usage().to_string();
    for line in usage.lines() {
        let line = line.trim().trim_start_matches("Usage:").trim();
        page.macro_line(&format!("\\fB{}\\fR", escaped(line)));
        page.macro_line(".br");
    }
    page.section("DESCRIPTION");
    let long = command.get_long_about().or_else(|| command.get_about());
    page.paragraphs(&text(long), ".PP");
    arguments(command, &mut page);
    if shown(command).next().is_some() {
        page.section("COMMANDS");
        for own in shown(command) {
            let mut path = path.to_vec();
            path.push(own.get_name());
            page.tag(&format!("\\fB{}\\fR(1)", escaped(&page_name(&path))));
            page.prose(&text(own.get_about()));
        }
    }
    last(command, path, &mut page);
    page.0
}

/// What can be said to a command, its own before what every command takes.
fn arguments(command: &Command, page: &mut Page) {
    let listed =
        |arg: &&Arg| !arg.is_hide_set() && arg.get_id() != "help" && arg.get_id() != "version";
    let all: Vec<&Arg> = command.get_arguments().filter(listed).collect();
    let (named, bare): (Vec<&Arg>, Vec<&Arg>) = all.iter().partition(|arg| !arg.is_positional());
    if !bare.is_empty() {
        page.section("ARGUMENTS");
        for arg in bare {
            argument(arg, page);
        }
    }
    let mut headings: Vec<Option<&str>> = vec![None];
    for arg in &named {
        let heading = arg.get_help_heading();
        if heading.is_some() && !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for heading in headings {
        let below = named.iter().filter(|arg| arg.get_help_heading() == heading);
        let below: Vec<_> = below.collect();
        if !below.is_empty() {
            page.section(&heading.unwrap_or("Options").to_uppercase());
            for arg in below {
                argument(arg, page);
            }
        }
    }
}

fn argument(arg: &Arg, page: &mut Page) {
    let mut names = Vec::new();
    names.extend(arg.get_short().map(|short| format!("\\fB\\-{short}\\fR")));
    names.extend(
        arg.get_long()
            .map(|long| format!("\\fB{}\\fR", escaped(&format!("--{long}")))),
    );
    let takes = arg.is_positional() || arg.get_action().takes_values();
    let values = arg.get_value_names().unwrap_or_default().iter();
    let values: Vec<String> = values
        .map(|value| format!("\\fI{}\\fR", escaped(value)))
        .collect();
    let mut tag = names.join(", ");
    if takes && !values.is_empty() {
        if !tag.is_empty() {
            tag.push(' ');
        }
        tag.push_str(&values.join(" "));
    }
    page.tag(&tag);
    let help = arg.get_long_help().or_else(|| arg.get_help());
    page.prose(&text(help));
    let possible = arg.get_possible_values();
    let possible: Vec<_> = possible
        .iter()
        .filter(|one| !one.is_hide_set() && takes)
        .collect();
    if !possible.is_empty() {
        page.macro_line(".RS");
        for one in possible {
            page.tag(&format!("\\fB{}\\fR", escaped(one.get_name())));
            page.prose(&text(one.get_help()));
        }
        page.macro_line(".RE");
    }
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .filter_map(|value| value.to_str())
        .collect();
    if takes && !default.is_empty() {
        page.macro_line(".IP");
        page.line(&format!("Without it: {}.", default.join(",")));
    }
}

/// Exit codes, and for sortie itself what it looks at besides.
fn last(command: &Command, path: &[&str], page: &mut Page) {
    let own = command.get_after_help().map(ToString::to_string);
    page.section("EXIT STATUS");
    page.literal(
        own.as_deref()
            .unwrap_or(EXIT_CODES)
            .trim_start_matches("Exit codes:\n"),
    );
    if path.is_empty() {
        page.section("ENVIRONMENT");
        for (names, about) in ENVIRONMENT {
            page.tag(&format!("\\fB{}\\fR", escaped(names)));
            page.prose(about);
        }
        page.section("FILES");
        for (name, about) in FILES {
            page.tag(&format!("\\fI{}\\fR", escaped(name)));
            page.prose(about);
        }
    } else {
        page.section("SEE ALSO");
        let above = path.split_last().map_or(&[][..], |(_, above)| above);
        page.macro_line(&format!("\\fB{}\\fR(1)", escaped(&page_name(above))));
    }
}

const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "TELNYX_API_KEY, VECTARA_API_KEY, AGENTEX_BASE_URL, ELIZAOS_BASE_URL and others",
        "Each service's own variables make a context named after it; `sortie config default` lists them all.",
    ),
    (
        "SORTIE_LOG, SORTIE_LOG_FILTER",
        "Write a log to this file, and what of it.",
    ),
    (
        "SORTIE_PAGER, PAGER",
        "What shows text on a terminal that is longer than it; less without them, none if it is cat or empty.",
    ),
    ("NO_COLOR", "No colour, if it is not empty."),
    (
        "VISUAL, EDITOR, SHELL",
        "What the screen lends the terminal to.",
    ),
    (
        "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
        "Where the folders below are instead.",
    ),
];

const FILES: [(&str, &str); 4] = [
    (
        "~/.config/sortie/config.toml",
        "The configuration; `sortie config init` writes a first one.",
    ),
    (
        "~/.config/sortie/keys.toml",
        "Keys that differ from the usual ones.",
    ),
    ("~/.local/state/sortie", "Views, bookmarks and notes."),
    ("~/.cache/sortie", "Runs that have ended."),
];

fn text(styled: Option<&clap::builder::StyledStr>) -> String {
    styled.map(ToString::to_string).unwrap_or_default()
}

/// A page as it grows.
#[derive(Default)]
struct Page(String);

impl Page {
    fn macro_line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    fn section(&mut self, name: &str) {
        let _ = writeln!(self.0, ".SH \"{}\"", escaped(name));
    }

    /// What is explained next; already escaped.
    fn tag(&mut self, tag: &str) {
        let _ = writeln!(self.0, ".TP\n{tag}");
    }

    fn line(&mut self, line: &str) {
        let line = escaped(line);
        // A line that begins so would be a request.
        let guard = if line.starts_with(['.', '\'']) {
            "\\&"
        } else {
            ""
        };
        let _ = writeln!(self.0, "{guard}{line}");
    }

    /// Paragraphs of an explanation, which stay below what it explains.
    fn prose(&mut self, text: &str) {
        self.paragraphs(text, ".IP");
    }

    /// Paragraphs, with that request between.
    fn paragraphs(&mut self, text: &str, between: &str) {
        for (nth, paragraph) in text.trim().split("\n\n").enumerate() {
            if nth > 0 {
                self.macro_line(between);
            }
            for line in paragraph.lines() {
                self.line(line.trim());
            }
        }
    }

    /// Lines as they are.
    fn literal(&mut self, text: &str) {
        self.macro_line(".nf");
        text.trim_end().lines().for_each(|line| self.line(line));
        self.macro_line(".fi");
    }
}

/// A text of which no character means anything to roff.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            '"' => out.push_str("\\(dq"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_all_that_can_be_said_to_it() {
        let root = root();
        for path in pages() {
            let words: Vec<&str> = path.iter().map(String::as_str).collect();
            let page = page(&words);
            let command = words
                .iter()
                .fold(&root, |at, word| at.find_subcommand(word).unwrap());
            assert!(page.contains(&escaped(&page_name(&words))), "{words:?}");
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let Some(long) = arg
                    .get_long()
                    .filter(|long| !matches!(*long, "help" | "version"))
                else {
                    continue;
                };
                assert!(
                    page.contains(&escaped(&format!("--{long}"))),
                    "{words:?} --{long}"
                );
            }
        }
        assert!(pages().len() > 20);
        assert!(!pages().concat().iter().any(|word| word.starts_with("__")));
    }

    #[test]
    fn no_line_of_text_is_a_request() {
        let mut page = Page::default();
        page.prose(".so /etc/passwd\n'x\\n\n\n-o");
        assert_eq!(page.0, "\\&.so /etc/passwd\n\\(aqx\\en\n.IP\n\\-o\n");
    }
}
