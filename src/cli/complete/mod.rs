//! What a shell can put at the end of a line of sortie's: commands, options and their words, and what this
//! machine knows by itself: contexts of the configuration, named views, runs and missions that were kept.
//! Asks no service, fetches no credential, and never fails: what cannot be read is not offered.

mod line;
mod offers;
#[cfg(test)]
mod tests;
mod walk;

use std::{collections::HashSet, io, io::Write};

use clap::{Arg, Command, CommandFactory as _};

use crate::{
    args::{Args, Shell},
    config::Env,
    guard::clean,
    text::width,
};
use line::{Line, spelled};
use offers::{Known, Sort};
use walk::Spot;

/// The script of a shell.
pub fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../../assets/shell/sortie.bash"),
        Shell::Zsh => include_str!("../../../assets/shell/sortie.zsh"),
        Shell::Fish => include_str!("../../../assets/shell/sortie.fish"),
    }
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// In whose form the answer is.
    pub shell: Shell,
    /// The line up to the cursor.
    pub line: &'a str,
    /// Characters at which the shell splits words.
    pub breaks: &'a str,
    /// Whether candidates are only listed.
    pub listed: bool,
}

/// Something that can stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Candidate {
    /// The whole word.
    word: String,
    /// What it is.
    about: String,
}

/// All that can stand there.
#[derive(Debug, Default)]
struct Candidates {
    all: Vec<Candidate>,
    /// Whether files can stand there too.
    files: bool,
    /// Whether the word goes on behind each: no blank follows.
    open: bool,
}

impl Candidates {
    fn add(&mut self, word: impl Into<String>, about: impl Into<String>) {
        let (word, about) = (word.into(), about.into());
        self.all.push(Candidate { word, about });
    }
}

/// Writes what can stand at the end of the line: how it is to be taken, then a candidate a line.
pub fn write(asked: Asked<'_>, env: &Env<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut line = line::read(asked.line, asked.breaks);
    let mut candidates = candidates_at(&line, env);
    if asked.shell == Shell::Bash
        && line.quote.is_some()
        && let Some(next) = further(&mut line, &candidates, env)
    {
        candidates = next;
    }
    let head = match (candidates.files, candidates.open) {
        (false, false) => "words",
        (true, false) => "words files",
        (false, true) => "words open",
        (true, true) => "words open files",
    };
    writeln!(out, "{head}")?;
    let mut seen = HashSet::new();
    let fits = |one: &&Candidate| one.word.starts_with(&line.last);
    let all: Vec<_> = candidates.all.iter().filter(fits).collect();
    let room = all
        .iter()
        .map(|one| width::width(&one.word))
        .max()
        .unwrap_or_default();
    for one in &all {
        // What a service called something reaches a terminal that way.
        let word = clean::line(&one.word);
        if word != one.word || !seen.insert(word.clone()) {
            continue;
        }
        let about = clean::line(&one.about);
        match asked.shell {
            Shell::Bash => {
                let rest = word.get(line.kept..).unwrap_or_default();
                if asked.listed && all.len() > 1 && !about.is_empty() {
                    writeln!(out, "{}  {about}", width::pad(rest, room))?;
                } else {
                    writeln!(out, "{}", spelled(rest, line.quote))?;
                }
            }
            Shell::Zsh | Shell::Fish if about.is_empty() => writeln!(out, "{word}")?,
            Shell::Zsh | Shell::Fish => writeln!(out, "{word}\t{about}")?,
        }
    }
    Ok(())
}

/// Bash closes a quote behind the only candidate, also where the word goes on: what can stand behind that is
/// offered in its place.
fn further(line: &mut Line, candidates: &Candidates, env: &Env<'_>) -> Option<Candidates> {
    let mut fit = candidates.all.iter();
    let only = fit.find(|one| one.word.starts_with(&line.last))?;
    let is_only = !fit.any(|one| one.word.starts_with(&line.last));
    if !candidates.open || !is_only || !only.word.ends_with(':') {
        return None;
    }
    let typed = std::mem::replace(&mut line.last, only.word.clone());
    let next = candidates_at(line, env);
    line.last = typed;
    (next.all.len() > 1).then_some(next)
}

fn candidates_at(line: &Line, env: &Env<'_>) -> Candidates {
    let mut root = Args::command();
    root.build();
    let words = line.words.get(1..).unwrap_or_default();
    let known = Known::new(words, env);
    let mut found = Candidates::default();
    match walk::spot(&root, words, &line.last) {
        Spot::Value(arg, kept) => {
            let (before, value) = line.last.split_at_checked(kept).unwrap_or_default();
            values(arg, before, value, &known, &mut found);
        }
        Spot::Word { of, next } => {
            let commands = of.into_iter().flat_map(Command::get_subcommands);
            for command in commands.filter(|command| !command.is_hide_set()) {
                found.add(command.get_name(), first_line(command.get_about()));
            }
            if let Some(arg) = next {
                let commands = found.all.len();
                values(arg, "", &line.last, &known, &mut found);
                // A name that a service chose is not to be read as an option.
                let mut nth = 0;
                found.all.retain(|one| {
                    nth += 1;
                    nth <= commands || !one.word.starts_with('-')
                });
            }
        }
        Spot::Option(command, given) => {
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let Some(long) = arg.get_long() else { continue };
                if !given.contains(&arg.get_id().as_str()) {
                    found.add(format!("--{long}"), first_line(arg.get_help()));
                }
            }
        }
    }
    found
}

/// What an argument can be, behind what of the word stays. Of a list the last one is completed.
fn values(arg: &Arg, before: &str, value: &str, known: &Known<'_>, found: &mut Candidates) {
    let possible = arg.get_possible_values();
    let sort = Sort::of(arg);
    let is_list = arg.get_value_delimiter() == Some(',') || sort == Sort::Columns;
    let begun = value.rfind(',').filter(|_| is_list).map_or(0, |at| at + 1);
    let (listed, begun) = value.split_at_checked(begun).unwrap_or_default();
    let before = format!("{before}{listed}");
    for one in possible.iter().filter(|one| !one.is_hide_set()) {
        found.add(
            format!("{before}{}", one.get_name()),
            first_line(one.get_help()),
        );
    }
    if possible.is_empty() {
        known.offer(sort, arg, (&before, begun), found);
    }
}

fn first_line(text: Option<&clap::builder::StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}
