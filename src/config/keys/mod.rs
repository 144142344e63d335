//! The key map as a file: the built-in one, a preset over it, and the person's over both.
//!
//! A line that means nothing is left out and told with its number and the
//! nearest known word; it never stops the start. Reading the file from disk is
//! left to the caller.

mod check;
mod preset;

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use check::{Note, check};
pub use preset::PRESETS;

use super::mend;
use crate::app::action::Action;
use crate::app::keymap::{BindError, Keymap, Mode, Origin};

/// The built-in key map, commented; what `assets/keys.toml` holds.
pub const DEFAULTS: &str = include_str!("../../../assets/keys.toml");
/// What stands before the sections: a preset's name, and whether digits count.
const PRESET: &str = "preset";
const COUNTS: &str = "counts";

/// A line of a key map that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl KeyFault {
    /// With the place, as compilers tell it.
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{}: {}", self.line, self.what)
    }
}

/// The built-in key map.
pub fn defaults() -> Keymap {
    let mut map = Keymap::default();
    // The built-in file is tested to hold no fault.
    lay(&mut map, DEFAULTS, |_| Origin::BuiltIn);
    map
}

/// The built-in key map with a preset over it; none of that name.
pub fn preset(name: &str) -> Option<Keymap> {
    let mut map = defaults();
    lay_preset(&mut map, name).then_some(map)
}

/// Lays the text of a `keys.toml` over a key map, with the preset that it names below it, and tells what
/// was left out.
pub fn merge(map: &mut Keymap, text: &str) -> Vec<KeyFault> {
    lay(map, text, Origin::Own)
}

fn lay(map: &mut Keymap, text: &str, origin: impl Fn(usize) -> Origin) -> Vec<KeyFault> {
    let (text, taken) = mend::mended(text);
    let text = text.as_ref();
    let taken = taken.into_iter().map(|line| KeyFault {
        line: line_of(text, line.at),
        what: line.message,
    });
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = errors.iter().map(|error| KeyFault {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        what: error.message().to_owned(),
    });
    let mut faults: Vec<KeyFault> = taken.chain(errors).collect();
    let table = in_file_order(table.get_ref());
    // Wherever a preset is named, all of the file lies over it.
    let (general, sections): (Vec<_>, Vec<_>) = table
        .into_iter()
        .partition(|(name, _)| matches!(&**name.get_ref(), PRESET | COUNTS));
    for (name, value) in general {
        if let Err(what) = set(map, name.get_ref(), value.get_ref()) {
            let line = line_of(text, name.span().start);
            faults.push(KeyFault { line, what });
        }
    }
    for (section, value) in sections {
        let mut fault = |at: &Spanned<_>, what| {
            let line = line_of(text, at.span().start);
            faults.push(KeyFault { line, what });
        };
        let Some(mode) = Mode::from_name(section.get_ref()) else {
            fault(section, unknown_section(section.get_ref()));
            continue;
        };
        let Some(bindings) = value.get_ref().as_table() else {
            fault(section, format!("`{}` is a section", mode.name()));
            continue;
        };
        for (keys, action) in in_file_order(bindings) {
            let from = origin(line_of(text, keys.span().start));
            if let Err(what) = bind(map, mode, keys.get_ref(), action.get_ref(), from) {
                fault(keys, what);
            }
        }
    }
    // A line that cannot be parsed is told once, by the parser.
    faults.sort_by_key(|fault| fault.line);
    faults.dedup_by_key(|fault| fault.line);
    faults
}

/// What holds for all sections.
fn set(map: &mut Keymap, name: &str, value: &DeValue<'_>) -> Result<(), String> {
    if name == COUNTS {
        let counts = value.as_bool();
        map.counts = counts.ok_or("`counts` is true or false: whether digits are counts")?;
        return Ok(());
    }
    let names = || PRESETS.iter().map(|(name, _)| *name);
    let wanted = value.as_str().unwrap_or_default();
    if lay_preset(map, wanted) {
        return Ok(());
    }
    let all: Vec<&str> = names().collect();
    let near = nearest(wanted, names());
    let all = all.join(", ");
    Err(format!("`{wanted}` is not a preset{near}; there are {all}"))
}

/// Whether there is a preset of that name, which now lies over the map.
fn lay_preset(map: &mut Keymap, name: &str) -> bool {
    let Some((name, text)) = PRESETS.iter().find(|(known, _)| *known == name) else {
        return false;
    };
    // Presets are tested to hold no fault.
    lay(map, text, |_| Origin::Preset(name));
    map.preset = Some(name);
    true
}

fn bind(
    map: &mut Keymap,
    mode: Mode,
    keys: &str,
    action: &DeValue<'_>,
    origin: Origin,
) -> Result<(), String> {
    let Some(action) = action.as_str() else {
        return Err(format!("the action of `{keys}` must be a name in quotes"));
    };
    map.bind_from(origin, mode, keys, action)
        .map_err(|error| match error {
            BindError::Keys(_) => error.to_string(),
            BindError::Action(_) => {
                let names = Action::ALL.iter().map(|action| action.name());
                format!("{error}{}", nearest(action, names))
            }
        })
}

fn unknown_section(name: &str) -> String {
    let names = Mode::ALL.into_iter().map(Mode::name);
    format!("`{name}` is not a section{}", nearest(name, names))
}

/// `; did you mean …?`, or nothing when no word is near.
fn nearest(wrong: &str, words: impl Iterator<Item = &'static str>) -> String {
    words
        .map(|word| (strsim::jaro_winkler(wrong, word), word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, word)| format!("; did you mean `{word}`?"))
}

/// The parser sorts by name, but the first key of an action is the one shown.
fn in_file_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(
    &'t Spanned<toml::de::DeString<'i>>,
    &'t Spanned<DeValue<'i>>,
)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::parse_sequence;
    use crate::app::keymap::Resolution;

    pub(super) fn means(map: &Keymap, mode: Mode, keys: &str) -> Option<Action> {
        match map.resolve(mode, &parse_sequence(keys).unwrap()) {
            Resolution::Action(action) => Some(action),
            Resolution::Pending { alone } => alone,
            Resolution::None => None,
        }
    }

    #[test]
    fn the_built_in_map_has_no_fault_and_a_key_for_every_action() {
        let mut map = Keymap::default();
        assert_eq!(merge(&mut map, DEFAULTS), []);
        for action in Action::ALL {
            let bound = Mode::ALL
                .iter()
                .any(|mode| map.key_for(*mode, *action).is_some());
            // What has no key is typed behind the colon.
            let typed = map.key_for(Mode::Tree, Action::Command).is_some();
            let is_typed = matches!(
                action,
                Action::Raw
                    | Action::Number
                    | Action::Data
                    | Action::MarksDrop
                    | Action::Calls
                    | Action::Missions
                    | Action::Inbox
                    | Action::Causes
                    | Action::Contexts
                    | Action::Views
                    | Action::SaveView
            );
            let reached = bound || (is_typed && typed);
            assert!(reached, "{} has no key", action.name());
        }
    }

    #[test]
    fn the_built_in_keys_move_as_people_expect() {
        let map = defaults();
        let table = [
            (Mode::Tree, "j", Action::MoveDown),
            (Mode::Detail, "up", Action::MoveUp),
            (Mode::Tree, "g", Action::MoveFirst),
            (Mode::Detail, "shift-g", Action::MoveLast),
            (Mode::Detail, "ctrl-d", Action::HalfDown),
            (Mode::Help, "pgup", Action::PageUp),
            (Mode::Tree, "right", Action::Unfold),
            (Mode::Tree, "h", Action::Fold),
            (Mode::Tree, "K", Action::SiblingPrev),
            (Mode::Tree, "enter", Action::Open),
            (Mode::Detail, "y y", Action::CopyValue),
            (Mode::Empty, "d", Action::Demo),
            (Mode::Empty, "q", Action::Back),
            (Mode::Prompt, "enter", Action::Open),
        ];
        for (mode, keys, action) in table {
            assert_eq!(
                means(&map, mode, keys),
                Some(action),
                "{keys} in {}",
                mode.name()
            );
        }
        assert_eq!(
            means(&map, Mode::Prompt, "q"),
            None,
            "letters are text in a prompt"
        );
        assert_eq!(
            means(&map, Mode::Prompt, "ctrl-c"),
            None,
            "the line itself takes it and is dropped, nobody quits by mistake"
        );
        assert_eq!(
            means(&map, Mode::Tree, "d"),
            Some(Action::View),
            "the demo starts on the empty screen only"
        );
        assert_eq!(
            map.key_for(Mode::Tree, Action::MoveDown).as_deref(),
            Some("j")
        );
    }

    #[test]
    fn a_file_laid_over_changes_only_what_it_names() {
        let mut map = defaults();
        let faults = merge(
            &mut map,
            "[tree]\n\"ctrl-e\" = \"error.next\"\n\"l\" = \"none\"\n",
        );
        assert_eq!(faults, []);
        assert_eq!(means(&map, Mode::Tree, "ctrl-e"), Some(Action::ErrorNext));
        assert_eq!(means(&map, Mode::Tree, "l"), None);
        assert_eq!(means(&map, Mode::Tree, "e"), Some(Action::ErrorNext));
    }

    #[test]
    fn a_wrong_line_is_named_and_the_others_hold() {
        let mut map = defaults();
        let text = "[tre]\n\"x\" = \"help\"\n[tree]\n\"gg\" = \"help\"\n\"x\" = \"eror.next\"\n\
                    \"z\" = 3\n\"b\" = \"error.prev\"\n\"c\" = oops\n[help]\n\"x\" = \"back\"\n";
        let faults = merge(&mut map, text);
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 4, 5, 6, 8], "{faults:?}");
        let told: Vec<String> = faults.iter().map(KeyFault::to_string).collect();
        assert!(told[0].contains("did you mean `tree`?"), "{told:?}");
        assert!(told[1].starts_with("line 4: `gg` is not a key"), "{told:?}");
        assert!(told[2].contains("did you mean `error.next`?"), "{told:?}");
        assert_eq!(means(&map, Mode::Tree, "b"), Some(Action::ErrorPrev));
        assert_eq!(means(&map, Mode::Help, "x"), Some(Action::Back));
    }
}
