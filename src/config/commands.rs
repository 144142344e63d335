//! The `[[commands]]`: keys and names for lines of the shell. What is wrong with one is named with its line;
//! a command that cannot be run is left out, and one whose key is taken says of whom.

use toml::{Spanned, de::DeValue};

use super::{
    file::in_order,
    warning::{Warning, Warnings, suggestion},
};
use crate::app::{
    custom::{Command, MODES, Output, Program, Row},
    key::{parse_sequence, spell_short},
    keymap::{Keymap, Mode, Resolution},
};

const KEYS: [&str; 6] = ["key", "name", "run", "on", "output", "secrets"];

/// Reads all of them, in the order of the file.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    commands: &mut Vec<Command>,
    warnings: &mut Warnings<'_>,
) {
    let Some(list) = value.get_ref().as_array() else {
        let message = "`commands` must be sections, `[[commands]]`";
        warnings.add(value.span().start, message);
        return;
    };
    for section in list {
        let at = section.span().start;
        let Some(members) = section.get_ref().as_table() else {
            warnings.add(at, "`commands` must be sections, `[[commands]]`");
            continue;
        };
        let mut command = Command {
            name: String::new(),
            keys: Vec::new(),
            run: Program::Words(Vec::new()),
            on: Row::ALL.to_vec(),
            output: Output::default(),
            secrets: false,
            line: warnings.line(at),
        };
        for (key, value) in in_order(members) {
            let word = key.get_ref().as_ref();
            if !KEYS.contains(&word) {
                let hint = suggestion(word, &KEYS);
                let message = format!("unknown key `commands.{word}`{hint}");
                warnings.add(key.span().start, message);
            } else if let Err(fault) = take(&mut command, word, value.get_ref()) {
                warnings.add(value.span().start, format!("`commands.{word}` {fault}"));
            } else if word == "key" {
                command.line = warnings.line(value.span().start);
            }
        }
        if let Some(fault) = unusable(&command, commands) {
            warnings.add(at, fault);
        } else {
            let taken = commands
                .iter()
                .find(|known| !known.keys.is_empty() && known.keys == command.keys);
            if let Some(known) = taken {
                let keys = spell_short(&command.keys);
                let message = format!(
                    "`{keys}` of the command \"{}\" runs \"{}\" already: it is found by its name",
                    command.name, known.name
                );
                warnings.add(at, message);
                command.keys.clear();
            }
            commands.push(command);
        }
    }
}

fn unusable(command: &Command, others: &[Command]) -> Option<String> {
    let name = &command.name;
    if name.is_empty() {
        return Some("a command has no usable `name`: it is left out".to_owned());
    }
    if others.iter().any(|known| known.name == *name) {
        return Some(format!(
            "there is a command \"{name}\" already: this one is left out"
        ));
    }
    if command.run.words().is_empty() {
        return Some(format!(
            "the command \"{name}\" has no usable `run`: it is left out"
        ));
    }
    if command.on.is_empty() {
        return Some(format!(
            "the command \"{name}\" is for no rows: it is left out"
        ));
    }
    None
}

fn take(command: &mut Command, key: &str, value: &DeValue<'_>) -> Result<(), String> {
    match key {
        "key" => {
            let spelled = value.as_str().ok_or("must be a text like \"ctrl-x l\"")?;
            command.keys =
                parse_sequence(spelled).map_err(|fault| format!("cannot be read: {fault}"))?;
        }
        "name" => {
            let name = value.as_str().map(str::trim);
            let fine = |name: &&str| !name.is_empty() && !name.contains(char::is_control);
            let name = name.filter(fine).ok_or("must be a text on one line")?;
            name.clone_into(&mut command.name);
        }
        "run" => command.run = program(value)?,
        "on" => {
            let fault = "must be a list of \"event\", \"run\", \"mission\"";
            let words = value.as_array().ok_or(fault)?;
            let rows = words.iter().map(|word| {
                let word = word.get_ref().as_str()?;
                Row::ALL.into_iter().find(|row| row.word() == word)
            });
            command.on = rows.collect::<Option<_>>().ok_or(fault)?;
        }
        "output" => {
            let word = value.as_str();
            let mut known = Output::ALL.into_iter();
            let known = known.find(|known| Some(known.word()) == word);
            command.output =
                known.ok_or("must be \"show\", \"pager\", \"none\" or \"terminal\"")?;
        }
        _ => command.secrets = value.as_bool().ok_or("must be true or false")?,
    }
    Ok(())
}

fn program(value: &DeValue<'_>) -> Result<Program, String> {
    let fault = "must be a line for the shell, or a list of a program and its arguments";
    if let Some(line) = value.as_str() {
        let line = Some(line).filter(|line| !line.trim().is_empty() && !line.contains('\0'));
        return Ok(Program::Line(line.ok_or(fault)?.to_owned()));
    }
    let words = value.as_array().ok_or(fault)?.iter();
    let words = words.map(|word| word.get_ref().as_str().filter(|word| !word.contains('\0')));
    let words = words.map(|word| word.map(str::to_owned));
    let words: Vec<String> = words.collect::<Option<_>>().ok_or(fault)?;
    let first = words.first().filter(|name| !name.is_empty());
    first.ok_or(fault)?;
    Ok(Program::Words(words))
}

/// Whether a warning of the configuration is about the keys of a command.
pub fn is_about_keys(warning: &Warning) -> bool {
    warning.message.starts_with("`commands.key`") || warning.message.contains(TAKEN)
}

/// What is said of two commands with the same keys.
const TAKEN: &str = "` of the command \"";

/// What keys of commands take the place of, or hold up; `file` is the configuration.
pub fn conflicts(commands: &[Command], map: &Keymap, file: &str) -> Vec<Warning> {
    let warning = |command: &Command, message| Warning {
        file: file.to_owned(),
        line: Some(command.line),
        message,
    };
    let mut told = Vec::new();
    for command in commands.iter().filter(|known| !known.keys.is_empty()) {
        for mode in MODES {
            let here = in_mode(command, map, mode).into_iter();
            told.extend(here.map(|message| warning(command, message)));
        }
        let (name, keys) = (&command.name, spell_short(&command.keys));
        for other in commands {
            let longer = other.keys.len() > command.keys.len();
            if longer && other.keys.starts_with(&command.keys) {
                let message = format!(
                    "`{keys}` runs the command \"{name}\" before `{}` of \"{}\" can be typed",
                    spell_short(&other.keys),
                    other.name
                );
                told.push(warning(command, message));
            }
        }
    }
    told
}

fn in_mode(command: &Command, map: &Keymap, mode: Mode) -> Vec<String> {
    let (name, keys, here) = (&command.name, spell_short(&command.keys), mode.name());
    let whole = match map.resolve(mode, &command.keys) {
        Resolution::Action(action) => Some(format!(
            "`{keys}` runs the command \"{name}\" in place of {} ({here})",
            action.name()
        )),
        Resolution::Pending { .. } => Some(format!(
            "`{keys}` runs the command \"{name}\": longer keys that begin so do nothing ({here})"
        )),
        Resolution::None => None,
    };
    let begun = (1..command.keys.len()).filter_map(|len| {
        let begun = command.keys.get(..len).unwrap_or_default();
        let Resolution::Action(action) = map.resolve(mode, begun) else {
            return None;
        };
        Some(format!(
            "`{}` begins `{keys}` of the command \"{name}\": {} waits for the next key ({here})",
            spell_short(begun),
            action.name()
        ))
    });
    whole.into_iter().chain(begun).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// The commands of a file, and what is told of it.
    fn read(text: &str) -> (Vec<Command>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let loaded = Config::load(Some(&path), &|_| None).unwrap();
        let told = loaded.warnings.iter().map(|warning| {
            let told = warning.to_string();
            told.rsplit_once("config.toml:").unwrap().1.to_owned()
        });
        (loaded.config.commands.clone(), told.collect())
    }

    #[test]
    fn a_command_is_read_as_it_is_written() {
        let (commands, told) = read(
            "[[commands]]\nkey = \"ctrl-x l\"\nname = \"jq tool\"\nrun = \"jq . | less\"\n\
             on = [\"event\"]\noutput = \"terminal\"\n\
             [[commands]]\nname = \"ticket\"\nrun = [\"ticket\", \"--new\"]\nsecrets = true\n",
        );
        assert_eq!(told, [""; 0]);
        assert_eq!(commands[0].keys, parse_sequence("ctrl-x l").unwrap());
        assert_eq!(commands[0].run.words(), ["sh", "-c", "jq . | less"]);
        assert_eq!(
            (commands[0].on.as_slice(), commands[0].output),
            (&[Row::Event][..], Output::Terminal)
        );
        assert_eq!(commands[1].run.words(), ["ticket", "--new"]);
        assert_eq!((commands[1].on.len(), commands[1].secrets), (3, true));
        assert!(commands[1].keys.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_the_rest_holds() {
        let (commands, told) = read(
            "[[commands]]\nkey = \"gg\"\nname = \"a\"\nrun = \"true\"\nonn = [\"run\"]\n\
             [[commands]]\nname = \"b\"\nrun = \"\"\n\
             [[commands]]\nrun = \"true\"\n\
             [[commands]]\nname = \"a\"\nrun = \"true\"\n\
             [[commands]]\nname = \"c\"\nkey = \"ctrl-e\"\nrun = \"true\"\non = [\"step\"]\noutput = \"file\"\n\
             [[commands]]\nname = \"d\"\nkey = \"ctrl-e\"\nrun = [\"true\"]\n",
        );
        let names: Vec<&str> = commands.iter().map(|command| &*command.name).collect();
        assert_eq!(names, ["a", "c", "d"]);
        assert!(commands[2].keys.is_empty(), "the first one has the key");
        let all = told.join("\n");
        for part in [
            "2: `commands.key` cannot be read: `gg` is not a key",
            "5: unknown key `commands.onn`; did you mean `on`?",
            "8: `commands.run` must be a line",
            "the command \"b\" has no usable `run`",
            "no usable `name`",
            "there is a command \"a\" already",
            "`commands.on` must be a list",
            "`commands.output` must be",
            "of the command \"d\" runs \"c\" already",
        ] {
            assert!(all.contains(part), "{part}: {all}");
        }
    }

    #[test]
    fn keys_that_are_taken_are_told() {
        let (commands, _) = read(
            "[[commands]]\nname = \"a\"\nkey = \"e\"\nrun = \"true\"\n\
             [[commands]]\nname = \"b\"\nkey = \"j x\"\nrun = \"true\"\n\
             [[commands]]\nname = \"c\"\nkey = \"y\"\nrun = \"true\"\n\
             [[commands]]\nname = \"d\"\nkey = \"ctrl-x l\"\nrun = \"true\"\n",
        );
        let told = conflicts(&commands, &crate::config::keys::defaults(), "config.toml");
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        let told = told.join("\n");
        assert!(
            told.contains(
                "config.toml:3: `e` runs the command \"a\" in place of error.next (tree)"
            ),
            "{told}"
        );
        assert!(
            told.contains("`j` begins `jx` of the command \"b\": move.down waits"),
            "{told}"
        );
        assert!(
            told.contains("`y` runs the command \"c\": longer keys"),
            "{told}"
        );
        assert!(!told.contains("\"d\""), "{told}");
    }
}
