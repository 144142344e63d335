//! One press of a key in our own words, and how it is spelled in a key map; and of the mouse.
//!
//! The screen's decisions and the key map speak of `Key` only, so neither knows
//! which library reads the terminal. It refuses what a terminal cannot tell
//! apart: a capital is the letter itself, never a letter with shift held.
use std::fmt;

/// Which key, without the modifiers held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Backspace,
    Tab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Delete,
    Insert,
    F(u8),
}

/// A key with its modifiers, always in normal form; see [`Key::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

/// What was done with the mouse, and on which column and row of the screen, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    pub press: Press,
    pub x: u16,
    pub y: u16,
}

/// What the left button or the wheel does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    Down,
    Drag,
    Up,
    WheelUp,
    WheelDown,
}

/// Why a spelling is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("no key is written here")]
    Empty,
    #[error("`{0}` is not a key; keys are written like `j`, `G`, `ctrl-e`, `pgdn`, `f5` or `y y`")]
    Unknown(String),
}

/// Spellings of the keys that print nothing.
const NAMES: [(&str, Code); 20] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("backspace", Code::Backspace),
    ("tab", Code::Tab),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("space", Code::Char(' ')),
    ("return", Code::Enter),
    ("escape", Code::Esc),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("del", Code::Delete),
];

impl Key {
    /// Brings a press into normal form: shift and a letter become the capital,
    /// and any other character already says what shift did to it.
    pub fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        let Code::Char(letter) = code else {
            return Self {
                code,
                ctrl,
                alt,
                shift,
            };
        };
        let letter = if shift {
            letter.to_ascii_uppercase()
        } else {
            letter
        };
        Self {
            code: Code::Char(letter),
            ctrl,
            alt,
            shift: false,
        }
    }

    /// A key pressed without any modifier.
    pub fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    /// The key that types this character.
    pub fn char(letter: char) -> Self {
        Self::plain(Code::Char(letter))
    }

    /// A character with control held.
    pub fn ctrl(letter: char) -> Self {
        Self::new(Code::Char(letter), true, false, false)
    }

    /// Reads one key: `j`, `G`, `shift-g`, `ctrl-e`, `alt-x`, `shift-tab`, `space`, `f5`.
    pub fn parse(spelling: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError::Unknown(spelling.to_owned());
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = spelling;
        // A lone `-` after a modifier is the key itself, as in `ctrl--`.
        while let Some((word, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty())
        {
            match word {
                "ctrl" => ctrl = true,
                "alt" => alt = true,
                "shift" => shift = true,
                _ => return Err(unknown()),
            }
            rest = after;
        }
        let code = parse_code(rest).ok_or_else(|| {
            if spelling.is_empty() {
                KeyError::Empty
            } else {
                unknown()
            }
        })?;
        Ok(Self::new(code, ctrl, alt, shift))
    }
}

/// Reads keys pressed one after another, written with blanks between them.
pub fn parse_sequence(spelling: &str) -> Result<Vec<Key>, KeyError> {
    let keys = spelling
        .split_whitespace()
        .map(Key::parse)
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(KeyError::Empty);
    }
    Ok(keys)
}

/// Writes a sequence as a key map would: `y y`.
pub fn spell_sequence(keys: &[Key]) -> String {
    let words: Vec<String> = keys.iter().map(Key::to_string).collect();
    words.join(" ")
}

/// Writes a sequence for a footer, where `yy` reads better than `y y`.
pub fn spell_short(keys: &[Key]) -> String {
    let letters = keys.iter().all(|key| {
        !key.ctrl && !key.alt && matches!(key.code, Code::Char(letter) if letter != ' ')
    });
    if letters {
        keys.iter().map(Key::to_string).collect()
    } else {
        spell_sequence(keys)
    }
}

fn parse_code(word: &str) -> Option<Code> {
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control() && !letter.is_whitespace()).then_some(Code::Char(letter));
    }
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some(*code);
    }
    let number: u8 = word.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, word) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if held {
                f.write_str(word)?;
            }
        }
        let name = match self.code {
            Code::Char(' ') => "space",
            Code::Char(letter) => return write!(f, "{letter}"),
            Code::F(number) => return write!(f, "f{number}"),
            Code::Enter => "enter",
            Code::Esc => "esc",
            Code::Backspace => "backspace",
            Code::Tab => "tab",
            Code::Up => "up",
            Code::Down => "down",
            Code::Left => "left",
            Code::Right => "right",
            Code::Home => "home",
            Code::End => "end",
            Code::PageUp => "pgup",
            Code::PageDown => "pgdn",
            Code::Delete => "delete",
            Code::Insert => "insert",
        };
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_and_keys_agree_in_both_directions() {
        let all = [
            ("j", Key::char('j')),
            ("G", Key::char('G')),
            ("-", Key::char('-')),
            ("ctrl--", Key::ctrl('-')),
            ("ctrl-e", Key::ctrl('e')),
            ("alt-x", Key::new(Code::Char('x'), false, true, false)),
            ("ctrl-alt-x", Key::new(Code::Char('x'), true, true, false)),
            ("space", Key::char(' ')),
            ("enter", Key::plain(Code::Enter)),
            ("pgdn", Key::plain(Code::PageDown)),
            ("shift-tab", Key::new(Code::Tab, false, false, true)),
            ("f12", Key::plain(Code::F(12))),
            ("é", Key::char('é')),
        ];
        for (spelling, key) in all {
            assert_eq!(Key::parse(spelling), Ok(key), "{spelling}");
            assert_eq!(key.to_string(), spelling);
        }
        for (name, code) in NAMES {
            assert_eq!(Key::parse(name), Ok(Key::plain(code)), "{name}");
            let written = Key::plain(code).to_string();
            assert_eq!(Key::parse(&written), Ok(Key::plain(code)), "{written}");
        }
    }

    #[test]
    fn a_capital_and_shift_are_one_key() {
        assert_eq!(Key::parse("shift-g"), Ok(Key::char('G')));
        assert_eq!(
            Key::new(Code::Char('G'), false, false, true),
            Key::char('G')
        );
        assert_eq!(
            Key::new(Code::Char('?'), false, false, true),
            Key::char('?')
        );
        assert_eq!(Key::parse("ctrl-shift-g"), Key::parse("ctrl-G"));
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_spelling() {
        for wrong in [
            "",
            "gg",
            "ctrl-",
            "hyper-x",
            "f0",
            "f25",
            "ctrl-gg",
            "control-x",
        ] {
            assert!(Key::parse(wrong).is_err(), "{wrong}");
        }
        let told = Key::parse("pgdown").unwrap_err().to_string();
        assert!(told.contains("`pgdown`"), "{told}");
        assert_eq!(parse_sequence("  "), Err(KeyError::Empty));
    }

    #[test]
    fn sequences_have_a_long_and_a_short_spelling() {
        let copy = parse_sequence("y  y").unwrap();
        assert_eq!(copy, [Key::char('y'), Key::char('y')]);
        assert_eq!(spell_sequence(&copy), "y y");
        assert_eq!(spell_short(&copy), "yy");
        let mixed = parse_sequence("ctrl-w 1").unwrap();
        assert_eq!(spell_short(&mixed), "ctrl-w 1");
    }
}
