//! Where in the command line the cursor is: which command, which option waits for its value, which argument
//! comes next. Follows the same definition by which the command line is read.

use clap::{Arg, ArgAction, Command};

/// What can stand at the cursor.
pub(super) enum Spot<'c> {
    /// The value of an argument; the bytes before it in the word stay.
    Value(&'c Arg, usize),
    /// A command, or the next argument that has no name.
    Word {
        /// Commands, where one can stand.
        of: Option<&'c Command>,
        /// The argument.
        next: Option<&'c Arg>,
    },
    /// An option of that command, but none of those that were given.
    Option(&'c Command, Vec<&'c str>),
}

/// Follows the words before the cursor, without the program, and looks at the word there.
pub(super) fn spot<'c>(root: &'c Command, words: &[String], last: &str) -> Spot<'c> {
    let mut at = At {
        command: root,
        passed: 0,
        waits: None,
        only_values: false,
        given: Vec::new(),
    };
    for word in words {
        at.pass(word);
    }
    at.spot(last)
}

struct At<'c> {
    command: &'c Command,
    /// Arguments without names that were given.
    passed: usize,
    /// The option whose value comes next.
    waits: Option<&'c Arg>,
    /// Behind `--`.
    only_values: bool,
    /// Ids of options that were given.
    given: Vec<&'c str>,
}

impl<'c> At<'c> {
    fn pass(&mut self, word: &str) {
        if self.waits.take().is_some() {
            return;
        }
        if !self.only_values && word == "--" {
            self.only_values = true;
        } else if let Some(long) = self.long(word) {
            let (name, value) = parted(long);
            let option = self.option(|arg| arg.get_long() == Some(name));
            self.give(option, value.is_none());
        } else if self.is_short(word) {
            for (at, c) in word.char_indices().skip(1) {
                let option = self.option(|arg| arg.get_short() == Some(c));
                let is_last = at + c.len_utf8() == word.len();
                self.give(option, is_last);
                if option.is_some_and(|arg| arg.get_action().takes_values()) {
                    break;
                }
            }
        } else if let Some(command) = self.subcommand(word) {
            (self.command, self.passed) = (command, 0);
        } else {
            self.passed += 1;
        }
    }

    fn give(&mut self, option: Option<&'c Arg>, value_follows: bool) {
        let Some(option) = option else { return };
        self.given.push(option.get_id().as_str());
        self.waits = Some(option).filter(|arg| value_follows && arg.get_action().takes_values());
    }

    fn long<'w>(&self, word: &'w str) -> Option<&'w str> {
        word.strip_prefix("--").filter(|_| !self.only_values)
    }

    fn is_short(&self, word: &str) -> bool {
        !self.only_values && word.len() > 1 && word.starts_with('-')
    }

    fn option(&self, fits: impl Fn(&Arg) -> bool) -> Option<&'c Arg> {
        self.command.get_arguments().find(|arg| fits(arg))
    }

    fn subcommand(&self, word: &str) -> Option<&'c Command> {
        let is_free = self.passed == 0 && !self.only_values;
        self.command.find_subcommand(word).filter(|_| is_free)
    }

    fn spot(self, last: &str) -> Spot<'c> {
        if let Some(option) = self.waits {
            return Spot::Value(option, 0);
        }
        if let Some(long) = self.long(last)
            && let (name, Some(_)) = parted(long)
            && let Some(option) = self.option(|arg| arg.get_long() == Some(name))
        {
            return Spot::Value(option, "--=".len() + name.len());
        }
        if !self.only_values && last.starts_with('-') {
            let repeats = |id: &str| {
                let arg = self.command.get_arguments().find(|arg| arg.get_id() == id);
                arg.is_some_and(|arg| matches!(arg.get_action(), ArgAction::Append))
            };
            let given = self.given.iter().copied().filter(|id| !repeats(id));
            return Spot::Option(self.command, given.collect());
        }
        let all: Vec<&Arg> = self.command.get_positionals().collect();
        let repeats = |arg: &&&Arg| matches!(arg.get_action(), ArgAction::Append);
        let next = all.get(self.passed).or_else(|| all.last().filter(repeats));
        let of = (self.passed == 0 && !self.only_values).then_some(self.command);
        Spot::Word {
            of,
            next: next.copied(),
        }
    }
}

/// `name=value`, where there is a value.
fn parted(long: &str) -> (&str, Option<&str>) {
    match long.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (long, None),
    }
}
