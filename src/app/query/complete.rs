//! What can stand where a query is typed: fields, the words of closed sets, what is called so among what is
//! loaded, and the keys of payloads.

use std::borrow::Cow;

use super::{field::Field, keys::Keys, value::Form};

/// The field whose values have paths.
const PAYLOAD: &str = "payload";
/// Names of one field that are offered.
const MOST: usize = 200;

/// What is loaded and may be asked about by its name.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Names by the field that asks about them, each once.
    names: Vec<(Field, String)>,
    /// Paths of payloads.
    pub keys: Keys,
}

/// What a word under the cursor may become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The byte of the query from which on it is replaced.
    pub from: usize,
    /// What may stand there; each is whole.
    pub options: Vec<Cow<'static, str>>,
    /// What follows, where there is one option.
    pub end: &'static str,
}

impl Offers {
    /// None yet; keys are looked for in so many bytes at most.
    pub fn within(bytes: usize) -> Self {
        Self {
            names: Vec::new(),
            keys: Keys::within(bytes),
        }
    }

    /// Takes in a name, if there are not too many of its field.
    pub fn name(&mut self, field: Field, name: &str) {
        let fine = !name.is_empty() && !name.chars().any(char::is_control);
        let same = self.names.iter().filter(|(known, _)| *known == field);
        let known = same.clone().any(|(_, known)| known == name);
        if fine && !known && same.count() < MOST {
            self.names.push((field, name.to_owned()));
        }
    }

    /// As they are written.
    fn of(&self, field: Field) -> impl Iterator<Item = String> {
        let names = self.names.iter().filter(move |(of, _)| *of == field);
        names.map(|(_, name)| Form::quoted(name.clone()).to_string())
    }
}

/// Where the word begins that is typed: behind the last blank or bracket that is in no quotes.
fn word_start(typed: &str) -> usize {
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in typed.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ' ' | '(' | ')' if !quoted => start = at + 1,
            _ => {}
        }
    }
    start
}

/// What can stand at the end of `typed`, which is the query up to the cursor.
pub fn complete(typed: &str, offers: &Offers) -> Completion {
    let word = word_start(typed);
    let rest = typed.get(word..).unwrap_or_default();
    let sign = rest.len() - rest.trim_start_matches('-').len();
    let (start, rest) = (word + sign, rest.get(sign..).unwrap_or_default());
    if let Some((name, value)) = rest.split_once(':') {
        let last = value.rfind(',').map_or(0, |at| at + 1);
        let from = start + name.len() + 1 + last;
        let begun = value.get(last..).unwrap_or_default();
        return values(name, begun, from, offers);
    }
    if let Some(path) = rest
        .strip_prefix(PAYLOAD)
        .filter(|path| path.starts_with('.'))
    {
        return keys(path, start + PAYLOAD.len(), &offers.keys);
    }
    let fit: Vec<Cow<'static, str>> = Field::words()
        .filter(|word| word.starts_with(rest))
        .map(Cow::Borrowed)
        .collect();
    let end = if fit.iter().any(|word| *word == PAYLOAD) {
        "."
    } else {
        ":"
    };
    Completion {
        from: start,
        options: fit,
        end,
    }
}

/// Values of a field that begin so, whatever the case.
fn values(name: &str, begun: &str, from: usize, offers: &Offers) -> Completion {
    let field = Field::of_word(name);
    let words = field.map(Field::values).unwrap_or_default().into_iter();
    let names = field.into_iter().flat_map(|field| offers.of(field));
    let begun = begun.trim_start_matches('"').to_lowercase();
    let fits = |value: &Cow<'static, str>| {
        let value = value.trim_start_matches('"').to_lowercase();
        value.starts_with(&begun)
    };
    let mut names: Vec<Cow<'static, str>> = names.map(Cow::Owned).collect();
    names.sort_unstable();
    let all = words.map(Cow::Borrowed).chain(names);
    Completion {
        from,
        options: all.filter(fits).collect(),
        end: " ",
    }
}

/// What goes on a path that begins at `at` in the query.
pub(in crate::app) fn keys(path: &str, at: usize, keys: &Keys) -> Completion {
    let dot = path.rfind('.').unwrap_or_default();
    let (above, begun) = (path.get(..dot), path.get(dot + 1..));
    let (above, begun) = (above.unwrap_or_default(), begun.unwrap_or_default());
    let below = keys.below(above).into_iter();
    let fit: Vec<(&str, bool)> = below.filter(|(name, _)| name.starts_with(begun)).collect();
    let holds = fit.iter().any(|(_, holds)| *holds);
    Completion {
        from: at + dot + 1,
        options: fit
            .into_iter()
            .map(|(name, _)| Cow::Owned(name.to_owned()))
            .collect(),
        end: if holds { "." } else { ":" },
    }
}
