//! What is odd about a person's key map, although each of its lines is right: keys that no terminal sends,
//! lines that never or not everywhere hold, keys that wait, actions without a key.

use crate::app::{
    action::Action,
    custom::{self, Command},
    key::{Code, Key, spell_sequence, spell_short},
    keymap::{Binding, Keymap, Mode, Origin},
};

#[cfg(test)]
mod tests;

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
        } else if binding.mode == Mode::Prompt {
            notes.extend(in_a_line(binding, line));
        } else if binding.action.is_none() {
            notes.extend(takes_nothing(before, map, binding, line));
        } else {
            notes.extend(shadowed(map, binding, line));
            notes.extend(waits(map, binding, line));
            notes.extend(holds_up(map, binding, line));
        }
        notes.extend(may_not_come(binding, line));
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

/// A key that is taken away where it did nothing; sections in which it does something are named.
fn takes_nothing(before: &Keymap, map: &Keymap, binding: &Binding, line: usize) -> Option<Note> {
    let is_same = |other: &&Binding| other.keys == binding.keys && other.action.is_some();
    let did = before.bindings().filter(is_same);
    if did.into_iter().any(|other| other.mode == binding.mode) {
        return None;
    }
    // A line that keeps what is global out of a section does something.
    let is_kept_out = binding.mode != Mode::Global
        && map
            .bindings()
            .filter(is_same)
            .any(|other| other.mode == Mode::Global);
    if is_kept_out {
        return None;
    }
    let elsewhere: Vec<String> = map
        .bindings()
        .filter(is_same)
        .map(|other| format!("[{}] {}", other.mode.name(), told(other)))
        .collect();
    let keys = spell_sequence(&binding.keys);
    let what = if elsewhere.is_empty() {
        format!("`{keys}` does nothing without this line either")
    } else {
        format!(
            "`{keys}` has nothing to lose in [{}]: it stays what it is in {}",
            binding.mode.name(),
            elsewhere.join(", ")
        )
    };
    Some(fault(line, what))
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

/// A longer line that makes keys wait which the person did not write, and which acted at once before.
fn holds_up(map: &Keymap, binding: &Binding, line: usize) -> Option<Note> {
    binding.action?;
    let modes: &[Mode] = match binding.mode {
        Mode::Global => &Mode::ALL,
        _ => &[binding.mode],
    };
    let begins = |short: &Binding, long: &Binding| {
        long.keys.len() > short.keys.len() && long.keys.starts_with(&short.keys)
    };
    let in_mode = |mode: Mode| {
        let acting = || map.holding(mode).filter(|held| held.action.is_some());
        if !acting().any(|held| held == binding) {
            return None;
        }
        let waited = |short: &Binding| {
            let mut others = acting().filter(|other| self::line(other).is_none());
            others.any(|other| begins(short, other))
        };
        let mut all = acting().filter(|short| self::line(short).is_none());
        all.find(|short| begins(short, binding) && !waited(short))
    };
    let short = modes.iter().copied().find_map(in_mode)?;
    Some(Note {
        line: Some(line),
        is_fault: false,
        what: format!(
            "`{}` makes `{}` wait 0.3 s before it acts: {}",
            spell_sequence(&binding.keys),
            spell_short(&short.keys),
            told(short)
        ),
    })
}

/// What a line of `[prompt]` cannot do: what is typed there is text, and Enter and Esc end it whatever is bound.
fn in_a_line(binding: &Binding, line: usize) -> Option<Note> {
    let keys = spell_sequence(&binding.keys);
    let [key] = binding.keys.as_slice() else {
        let what =
            format!("`{keys}` never comes: where a line is typed there are only single keys");
        return Some(fault(line, what));
    };
    let is_letter = matches!(key.code, Code::Char(_)) && !key.ctrl && !key.alt;
    let ends = matches!(key.code, Code::Enter | Code::Esc);
    match binding.action {
        Some(Action::Open) if key.code == Code::Enter => None,
        Some(Action::Escape) if key.code == Code::Esc => None,
        Some(Action::Suspend | Action::Redraw | Action::Quit) if is_letter => Some(Note {
            line: Some(line),
            is_fault: false,
            what: format!("`{keys}` is a letter: it cannot be typed in a line any more"),
        }),
        Some(Action::Suspend | Action::Redraw | Action::Quit) => None,
        _ if is_letter => {
            let what = format!("`{keys}` is a letter: in a line it is typed and does nothing else");
            Some(fault(line, what))
        }
        _ if ends => {
            let what = format!("`{keys}` ends a line whatever is bound to it: this does nothing");
            Some(fault(line, what))
        }
        None => None,
        Some(action) => {
            let what = format!(
                "`{keys}` does nothing: where a line is typed, {} has no key, only suspend, redraw and quit have",
                action.name()
            );
            Some(fault(line, what))
        }
    }
}

fn fault(line: usize, what: String) -> Note {
    Note {
        line: Some(line),
        is_fault: true,
        what,
    }
}

/// A key that terminals may keep for themselves.
fn may_not_come(binding: &Binding, line: usize) -> Option<Note> {
    binding.action?;
    let held = binding.keys.iter().find_map(|key| match key.code {
        Code::Char('s') if key.ctrl && !key.alt => Some("ctrl-s"),
        Code::Char('q') if key.ctrl && !key.alt => Some("ctrl-q"),
        _ => None,
    })?;
    Some(Note {
        line: Some(line),
        is_fault: false,
        what: format!(
            "`{}` may never come: many terminals stop and go on with their output by `{held}` themselves",
            spell_sequence(&binding.keys)
        ),
    })
}

/// Whether somebody misses an action there.
fn is_missed(mode: Mode, action: Action) -> bool {
    let moves = matches!(
        action,
        Action::MoveDown
            | Action::MoveUp
            | Action::MoveFirst
            | Action::MoveLast
            | Action::PageDown
            | Action::PageUp
            | Action::Back
            | Action::Escape
    );
    match mode {
        Mode::Tree | Mode::Detail | Mode::Preview | Mode::Review => true,
        Mode::List | Mode::Export => moves || action == Action::Open,
        Mode::Help | Mode::Log => moves,
        // No place, without choice, or told by its own lines.
        Mode::Global | Mode::Empty | Mode::Prompt => false,
    }
}

/// Actions that a key did before the person's lines, and none does now: nowhere, or not there.
fn without_key(before: &Keymap, map: &Keymap) -> Vec<Note> {
    let has = |map: &Keymap, mode, action| {
        map.holding(mode)
            .filter(|binding| binding.action == Some(action))
            .any(|binding| !binding.keys.iter().any(|key| never_sent(key).is_some()))
    };
    let lost = |action: Action| {
        let gone = |mode: &Mode| has(before, *mode, action) && !has(map, *mode, action);
        let anywhere = Mode::ALL.into_iter().any(|mode| has(map, mode, action));
        if !anywhere {
            return Mode::ALL.iter().any(gone).then(String::new);
        }
        let modes = Mode::ALL.iter().filter(|mode| is_missed(**mode, action));
        let modes: Vec<&str> = modes
            .filter(|mode| gone(mode))
            .map(|mode| mode.name())
            .collect();
        (!modes.is_empty()).then(|| format!(" in {}", modes.join(", ")))
    };
    let lost = Action::ALL.iter().filter_map(|action| {
        let place = lost(*action)?;
        Some(Note {
            line: None,
            is_fault: false,
            what: format!("`{}` has no key any more{place}", action.name()),
        })
    });
    lost.collect()
}
