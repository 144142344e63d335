//! What is odd about a person's key map, although each of its lines is right: keys that no terminal sends,
//! lines that never or not everywhere hold, keys that wait, actions without a key.

use crate::app::{
    action::Action,
    custom::{self, Command},
    key::{Code, Key, spell_sequence, spell_short},
    keymap::{Binding, Keymap, Mode, Origin},
};

/// Something to know about a key map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Of the person's file, counted from 1; none where no line of it is at fault.
    pub line: Option<usize>,
    /// Whether a line never does anything.
    pub is_fault: bool,
    /// A sentence.
    pub what: String,
}

/// Looks at a key map; `before` is what the person's lines were laid over, `commands` are laid over it.
pub fn check(before: &Keymap, map: &Keymap, commands: &[Command]) -> Vec<Note> {
    let own = || map.bindings().filter_map(|b| Some((b, line(b)?)));
    let mut notes = Vec::new();
    for (binding, line) in own() {
        if let Some(sent) = binding.keys.iter().find_map(never_sent) {
            let keys = spell_sequence(&binding.keys);
            notes.push(Note {
                line: Some(line),
                is_fault: true,
                what: format!("`{keys}`: terminals send `{sent}` for it, so that it never comes"),
            });
        } else {
            notes.extend(shadowed(map, binding, line));
            notes.extend(waits(map, binding, line));
        }
    }
    let mut left = map.clone();
    custom::lay(commands, &mut left);
    notes.extend(without_key(before, &left));
    notes.sort_by_key(|note| note.line.unwrap_or(usize::MAX));
    notes
}

fn line(binding: &Binding) -> Option<usize> {
    match binding.origin {
        Origin::Own(line) => Some(line),
        Origin::BuiltIn | Origin::Preset(_) => None,
    }
}

/// What arrives in place of a key: terminals send the same byte for both.
fn never_sent(key: &Key) -> Option<&'static str> {
    let Code::Char(letter) = key.code else {
        return None;
    };
    match letter.to_ascii_lowercase() {
        'i' if key.ctrl => Some("tab"),
        'm' if key.ctrl => Some("enter"),
        '[' if key.ctrl => Some("esc"),
        _ => None,
    }
}

/// A global line that a mode's own one wins over.
fn shadowed(map: &Keymap, binding: &Binding, line: usize) -> Option<Note> {
    if binding.mode != Mode::Global || binding.action.is_none() {
        return None;
    }
    let wins = |own: &&Binding| own.mode != Mode::Global && own.keys == binding.keys;
    let by: Vec<String> = map
        .bindings()
        .filter(wins)
        .filter(|own| own.action != binding.action && !has_own_keys(own.mode))
        .map(|own| format!("[{}] {}", own.mode.name(), told(own)))
        .collect();
    (!by.is_empty()).then(|| Note {
        line: Some(line),
        is_fault: false,
        what: format!(
            "`{}` is shadowed where a section has a line of its own: {}",
            spell_sequence(&binding.keys),
            by.join(", ")
        ),
    })
}

/// Whether nothing global holds there anyway.
fn has_own_keys(mode: Mode) -> bool {
    matches!(mode, Mode::Prompt | Mode::Preview)
}

fn told(binding: &Binding) -> String {
    let action = binding.action.map_or("none", Action::name);
    match binding.origin {
        Origin::BuiltIn => format!("{action} (built in)"),
        Origin::Preset(name) => format!("{action} (preset {name})"),
        Origin::Own(line) => format!("{action} (line {line})"),
    }
}

/// A key that acts only after a while, because others begin with it.
fn waits(map: &Keymap, binding: &Binding, line: usize) -> Option<Note> {
    binding.action?;
    let modes: &[Mode] = match binding.mode {
        Mode::Global => &Mode::ALL,
        _ => &[binding.mode],
    };
    let holds = |mode: Mode| map.holding(mode).any(|held| held == binding);
    let in_mode = |mode: Mode| {
        let mut all = map.holding(mode).filter(|other| other.action.is_some());
        all.find(|other| {
            let (long, short) = (&other.keys, &binding.keys);
            long.len() > short.len() && long.starts_with(short)
        })
    };
    let longer = modes.iter().filter(|mode| holds(**mode));
    let longer = longer.copied().find_map(in_mode)?;
    let what = format!(
        "`{}` waits 0.3 s before it acts, because `{}` begins with it: {}",
        spell_sequence(&binding.keys),
        spell_short(&longer.keys),
        told(longer)
    );
    Some(Note {
        line: Some(line),
        is_fault: false,
        what,
    })
}

/// Actions that a key did before the person's lines, and none does now.
fn without_key(before: &Keymap, map: &Keymap) -> Vec<Note> {
    let has = |map: &Keymap, action| {
        let mut modes = Mode::ALL.into_iter();
        modes.any(|mode| map.key_for(mode, action).is_some())
    };
    Action::ALL
        .iter()
        .filter(|action| has(before, **action) && !has(map, **action))
        .map(|action| Note {
            line: None,
            is_fault: false,
            what: format!("`{}` has no key any more", action.name()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{defaults, merge};
    use super::*;

    fn notes(text: &str) -> Vec<String> {
        let mut map = defaults();
        assert_eq!(merge(&mut map, text), []);
        let notes = check(&defaults(), &map, &[]);
        let told = |note: &Note| match note.line {
            Some(line) => format!("line {line}: {}", note.what),
            None => note.what.clone(),
        };
        notes.iter().map(told).collect()
    }

    #[test]
    fn odd_lines_are_named() {
        for (text, told) in [
            (
                "[tree]\n\"ctrl-i\" = \"help\"\n",
                "line 2: `ctrl-i`: terminals send `tab` for it",
            ),
            (
                "[global]\n\"h\" = \"help\"\n",
                "line 2: `h` is shadowed where a section has a line of its own: [tree] fold (built in)",
            ),
            (
                "[global]\n\"y\" = \"copy.value\"\n",
                "line 2: `y` waits 0.3 s before it acts, because `yy` begins with it",
            ),
            (
                "[tree]\n\"g\" = \"help\"\n\"g e\" = \"error.next\"\n",
                "line 2: `g` waits 0.3 s before it acts, because `ge` begins with it: error.next (line 3)",
            ),
            (
                "[global]\n\"F\" = \"none\"\n",
                "`follow` has no key any more",
            ),
        ] {
            let notes = notes(text);
            assert_eq!(notes.len(), 1, "{notes:?}");
            assert!(notes[0].starts_with(told), "{notes:?}");
        }
    }

    #[test]
    fn a_plain_change_is_nothing_to_talk_about() {
        let text = "[tree]\n\"ctrl-e\" = \"error.next\"\n\"e\" = \"none\"\n[global]\n\"f5\" = \"refresh\"\n";
        assert_eq!(notes(text), [""; 0]);
    }
}
