//! A line that is being typed at the bottom of the screen.

use tui_input::{Input, InputRequest};

use super::key::{Code, Key};

/// What a line is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wants {
    /// Something to search for.
    #[default]
    Search,
    /// What to show.
    Filter,
    /// A command of sortie.
    Command,
    /// A command of the shell that reads the value.
    Pipe,
    /// Something to be opened.
    Reference,
    /// What is to be noted on a run or an event.
    Note,
    /// What stands beside the rows.
    Columns,
    /// The name that a view is to have.
    Name,
    /// A word of the help.
    Key,
    /// A value that is to be masked.
    Mask,
}

impl Wants {
    /// What stands in front of the line.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Search | Self::Key => "/",
            Self::Filter => "&",
            Self::Command => ":",
            Self::Pipe => "|",
            Self::Reference => "open ",
            Self::Note => ";",
            Self::Columns => "columns ",
            Self::Name => "name of the view ",
            Self::Mask => "mask wherever it occurs: ",
        }
    }
}

/// A line that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    /// What it is for.
    pub wants: Wants,
    /// What was typed, and where the cursor is.
    pub input: Input,
}

/// What a key did to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The line changed, or nothing happened.
    On,
    /// Enter.
    Done,
    /// Esc, or Backspace in an empty line.
    Dropped,
}

impl Prompt {
    /// A command line.
    pub fn command() -> Self {
        Self {
            wants: Wants::Command,
            ..Self::default()
        }
    }

    /// A line for the shell.
    pub fn pipe() -> Self {
        Self {
            wants: Wants::Pipe,
            ..Self::default()
        }
    }

    /// A line for a note, with what is noted already.
    pub fn note(noted: &str) -> Self {
        Self {
            wants: Wants::Note,
            input: Input::new(noted.to_owned()),
        }
    }

    /// A key while the line has the keys.
    pub fn key(&mut self, key: Key) -> Typed {
        use InputRequest as Do;
        let request = match (key.code, key.ctrl) {
            (Code::Enter, _) => return Typed::Done,
            (Code::Esc, _) | (Code::Char('c' | 'g'), true) => return Typed::Dropped,
            (Code::Backspace, _) if self.input.value().is_empty() => return Typed::Dropped,
            (Code::Backspace, _) | (Code::Char('h'), true) => Do::DeletePrevChar,
            (Code::Delete, _) | (Code::Char('d'), true) => Do::DeleteNextChar,
            (Code::Char('w'), true) => Do::DeletePrevWord,
            (Code::Char('u'), true) => Do::DeleteLine,
            (Code::Char('k'), true) => Do::DeleteTillEnd,
            (Code::Left, _) | (Code::Char('b'), true) => Do::GoToPrevChar,
            (Code::Right, _) | (Code::Char('f'), true) => Do::GoToNextChar,
            (Code::Home, _) | (Code::Char('a'), true) => Do::GoToStart,
            (Code::End, _) | (Code::Char('e'), true) => Do::GoToEnd,
            (Code::Char(letter), false) if !key.alt => Do::InsertChar(letter),
            _ => return Typed::On,
        };
        self.input.handle(request);
        Typed::On
    }

    /// Text that was pasted, as one line: where lines end inside of it there is a blank, and other controls
    /// are no part of a line.
    pub fn paste(&mut self, text: &str) {
        let text = text.trim_matches(['\n', '\r']);
        let typed = self.input.value().chars().take(self.input.cursor());
        let mut line: String = typed.collect();
        let rest = line.len();
        let pasted = text.chars().map(|letter| match letter {
            '\n' | '\t' => ' ',
            other => other,
        });
        line.extend(pasted.filter(|letter| !letter.is_control()));
        let cursor = line.chars().count();
        line.extend(self.input.value().get(rest..));
        self.input = Input::new(line).with_cursor(cursor);
    }
}

/// What all of some words begin with.
pub(in crate::app) fn common<S: AsRef<str>>(words: &[S]) -> &str {
    let Some(first) = words.first().map(AsRef::as_ref) else {
        return "";
    };
    let same = |word: &S| {
        let letters = word.as_ref().chars().zip(first.chars());
        let same = letters.take_while(|(a, b)| a == b);
        same.map(|(letter, _)| letter.len_utf8()).sum::<usize>()
    };
    let len = words.iter().map(same).min().unwrap_or_default();
    first.get(..len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_is_pasted_at_once() {
        let mut prompt = Prompt::default();
        prompt.paste("ac");
        prompt.key(Key::plain(Code::Left));
        // Letter by letter, each counted from the beginning, this would take minutes.
        prompt.paste(&"b\n".repeat(1_000_000));
        prompt.key(Key::char('!'));
        let value = prompt.input.value();
        assert_eq!(
            (value.len(), value.find("b!c")),
            (2_000_002, Some(1_999_999))
        );
    }

    #[test]
    fn a_line_is_edited_as_in_a_shell() {
        let mut prompt = Prompt::default();
        prompt.paste("pay\nrefund\n");
        assert_eq!(prompt.input.value(), "pay refund");
        prompt.key(Key::ctrl('w'));
        prompt.key(Key::char('q'));
        assert_eq!(prompt.input.value(), "pay q");
        assert_eq!(prompt.key(Key::plain(Code::Enter)), Typed::Done);
        prompt.key(Key::ctrl('u'));
        assert_eq!(prompt.key(Key::plain(Code::Backspace)), Typed::Dropped);
    }
}
