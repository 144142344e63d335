//! Values in payloads: a path (`.items[0].sku`, `.*.sku`, `.**.id`) is followed through the text of the
//! JSON itself, token by token, and the values that it leads to are tested where they stand. Nothing is
//! built and nothing recurses but JSON that a string says, a few levels deep.

use std::{fmt, ops::Bound};

use memchr::memmem::Finder;

use super::{
    number::{self, Sign},
    pattern::{Pattern, Whole},
    value::quote,
};
use crate::text::json::{Scanner, Shape, Sort, Token, unquote};

/// Steps that a path may have.
pub(super) const MOST: usize = 32;
/// Strings within strings that are read as JSON.
const NESTED: usize = 3;

/// The way to a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    steps: Vec<Step>,
    /// Finds the longest name that every such value lies under.
    name: Option<Box<Finder<'static>>>,
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.steps == other.steps
    }
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// To the member of that name, or the element of that number if the name is one.
    Key(String),
    /// To members whose name fits.
    Like(String, Pattern),
    /// To the element of that number.
    Index(usize),
    /// To any child.
    Any,
    /// To any value in it, however deep, itself too.
    Deep,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(a), Self::Key(b)) | (Self::Like(a, _), Self::Like(b, _)) => a == b,
            (Self::Index(a), Self::Index(b)) => a == b,
            (Self::Any, Self::Any) | (Self::Deep, Self::Deep) => true,
            _ => false,
        }
    }
}

/// What a value must be.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// There.
    Anything,
    /// This text, or this number however it is written.
    Equal(Pattern, Option<f64>),
    /// A text that has it.
    Pattern(Pattern),
    /// Between two numbers.
    Numbers(Bound<f64>, Bound<f64>),
    /// Between two texts, as their characters are ordered.
    Texts(Bound<String>, Bound<String>),
}

impl Test {
    pub fn equal(text: &str, globs: bool) -> Option<Self> {
        let number = text.parse().ok();
        Some(Self::Equal(Pattern::text(text, globs, Whole::All)?, number))
    }

    pub fn side(sign: Sign, text: &str) -> Self {
        if let Some(number) = number_of(text) {
            let (from, to) = sided(sign, number);
            return Self::Numbers(from, to);
        }
        let (from, to) = sided(sign, text.to_owned());
        Self::Texts(from, to)
    }

    /// None where the ends are no numbers, nor times.
    pub fn between(from: &str, to: &str) -> Option<Self> {
        let bound = |text: &str| match text {
            "" => Some(Bound::Unbounded),
            text => number_of(text).map(Bound::Included),
        };
        if let (Some(from), Some(to)) = (bound(from), bound(to)) {
            return Some(Self::Numbers(from, to));
        }
        let begins = |text: &str| text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit());
        let bound = |text: &str| match text {
            "" => Bound::Unbounded,
            text => Bound::Included(text.to_owned()),
        };
        (begins(from) && begins(to)).then(|| Self::Texts(bound(from), bound(to)))
    }

    /// Whether a token of this text passes.
    fn passes(&self, text: &[u8], token: &Token) -> bool {
        let raw = text.get(token.start..token.end).unwrap_or_default();
        match (self, token.sort) {
            (Self::Anything, _) => true,
            (_, Sort::Open(_) | Sort::Close(_) | Sort::Key) => false,
            (_, Sort::String) => match plain(raw) {
                Some(text) => self.passes_text(text),
                None => self.passes_text(&unquote(raw)),
            },
            (_, Sort::Number | Sort::Word) => {
                self.passes_text(std::str::from_utf8(raw).unwrap_or_default())
            }
        }
    }

    fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Equal(pattern, number) => {
                pattern.is_in(text) || number.is_some() && *number == text.parse().ok()
            }
            Self::Pattern(pattern) => pattern.is_in(text),
            Self::Numbers(from, to) => {
                use std::ops::RangeBounds as _;
                text.trim()
                    .parse::<f64>()
                    .is_ok_and(|number| (*from, *to).contains(&number))
            }
            Self::Texts(from, to) => {
                let above = match from {
                    Bound::Included(from) => text >= from.as_str(),
                    Bound::Excluded(from) => text > from.as_str(),
                    Bound::Unbounded => true,
                };
                above
                    && match to {
                        Bound::Included(to) => text <= to.as_str(),
                        Bound::Excluded(to) => text < to.as_str(),
                        Bound::Unbounded => true,
                    }
            }
        }
    }
}

fn sided<T>(sign: Sign, of: T) -> (Bound<T>, Bound<T>) {
    match sign {
        Sign::Over => (Bound::Excluded(of), Bound::Unbounded),
        Sign::From => (Bound::Included(of), Bound::Unbounded),
        Sign::Under => (Bound::Unbounded, Bound::Excluded(of)),
        Sign::To => (Bound::Unbounded, Bound::Included(of)),
    }
}

/// A number as JSON writes it, or with `k`, `M`, `G`.
fn number_of(text: &str) -> Option<f64> {
    let plain = text.parse::<f64>().ok().filter(|number| number.is_finite());
    plain.or_else(|| number::amount(text).map(|written| written.value as f64))
}

/// What a string literal says that has no escapes.
fn plain(literal: &[u8]) -> Option<&str> {
    let inner = literal.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    memchr::memchr(b'\\', inner)
        .is_none()
        .then(|| std::str::from_utf8(inner).ok())?
}

/// A child of a container, by name or by place.
#[derive(Clone, Copy)]
enum Child<'a> {
    Key(&'a [u8]),
    Index(usize),
}

impl Step {
    /// A name as it was typed, where `*` stands for anything.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "*" => Self::Any,
            "**" => Self::Deep,
            name if name.contains('*') => {
                Self::Like(name.to_owned(), Pattern::text(name, true, Whole::All)?)
            }
            name => Self::Key(name.to_owned()),
        })
    }

    fn leads_to(&self, child: Child<'_>) -> bool {
        match (self, child) {
            (Self::Any | Self::Deep, _) => true,
            (Self::Key(name), Child::Key(key)) => match plain(key) {
                Some(key) => key == name,
                None => unquote(key) == name.as_str(),
            },
            (Self::Key(name), Child::Index(at)) => name.parse() == Ok(at),
            (Self::Like(_, like), Child::Key(key)) => like.is_in(&unquote(key)),
            (Self::Index(wanted), Child::Index(at)) => *wanted == at,
            (Self::Like(..), Child::Index(_)) | (Self::Index(_), Child::Key(_)) => false,
        }
    }
}

/// How many steps were gone, a bit for each number of them that is possible.
type Gone = u64;

impl Path {
    pub fn new(steps: Vec<Step>) -> Self {
        let names = steps.iter().filter_map(|step| match step {
            Step::Key(name) if name.parse::<usize>().is_err() => Some(name),
            _ => None,
        });
        let simple = |name: &&String| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let name = names.filter(simple).max_by_key(|name| name.len());
        let name = name.map(|name| Box::new(Finder::new(name.as_bytes()).into_owned()));
        Self { steps, name }
    }

    /// Whether one of the values that it leads to passes one of the tests.
    pub fn has<'t>(&self, text: &[u8], tests: &(impl Iterator<Item = &'t Test> + Clone)) -> bool {
        self.find(text, &mut |text, token| {
            tests.clone().any(|test| test.passes(text, token))
        })
    }

    /// Hands over each token that a value which it leads to begins with, and the text in which that
    /// stands, until one is what was looked for; says whether one was.
    pub fn find<F: FnMut(&[u8], &Token) -> bool>(&self, text: &[u8], is_it: &mut F) -> bool {
        self.may_lead(text) && self.found(text, self.rest(1), is_it, NESTED)
    }

    /// Whether a name that every such value lies under stands there at all, as it is or escaped.
    fn may_lead(&self, text: &[u8]) -> bool {
        let stands = |name: &Finder<'_>| name.find(text).is_some();
        self.name.as_deref().is_none_or(stands) || memchr::memmem::find(text, b"\\u").is_some()
    }

    /// With what follows without going anywhere.
    fn rest(&self, mut gone: Gone) -> Gone {
        for (at, step) in self.steps.iter().enumerate() {
            if matches!(step, Step::Deep) && gone & (1 << at) != 0 {
                gone |= 1 << (at + 1);
            }
        }
        gone
    }

    fn step(&self, gone: Gone, child: Child<'_>) -> Gone {
        let mut next = 0;
        for (at, step) in self.steps.iter().enumerate() {
            if gone & (1 << at) != 0 && step.leads_to(child) {
                let to = if matches!(step, Step::Deep) {
                    at
                } else {
                    at + 1
                };
                next |= 1 << to;
            }
        }
        self.rest(next)
    }

    fn found<F: FnMut(&[u8], &Token) -> bool>(
        &self,
        text: &[u8],
        from: Gone,
        is_it: &mut F,
        nested: usize,
    ) -> bool {
        let arrived: Gone = 1 << self.steps.len();
        let mut levels: Vec<(Gone, usize)> = Vec::new();
        let mut key: &[u8] = b"";
        for token in Scanner::new(text) {
            let Ok(token) = token else { return false };
            match token.sort {
                Sort::Key => {
                    key = text.get(token.start..token.end).unwrap_or_default();
                    continue;
                }
                Sort::Close(_) => {
                    levels.pop();
                    continue;
                }
                Sort::Open(_) | Sort::String | Sort::Number | Sort::Word => {}
            }
            let gone = match levels.last_mut() {
                None => from,
                Some((0, _)) => 0,
                Some((gone, place)) if *place == usize::MAX => self.step(*gone, Child::Key(key)),
                Some((gone, place)) => {
                    *place += 1;
                    self.step(*gone, Child::Index(*place - 1))
                }
            };
            if gone & arrived != 0 && is_it(text, &token) {
                return true;
            }
            let on = gone & !arrived;
            match token.sort {
                Sort::Open(Shape::Object) => levels.push((on, usize::MAX)),
                Sort::Open(Shape::Array) => levels.push((on, 0)),
                Sort::String if on != 0 && nested > 0 => {
                    let literal = text.get(token.start..token.end).unwrap_or_default();
                    let says = literal.get(1..).unwrap_or_default().trim_ascii_start();
                    if matches!(says.first(), Some(b'{' | b'[' | b'\\'))
                        && self.found(unquote(literal).as_bytes(), on, is_it, nested - 1)
                    {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match step {
                Step::Any => f.write_str(".*")?,
                Step::Deep => f.write_str(".**")?,
                Step::Index(at) => write!(f, "[{at}]")?,
                Step::Like(name, _) => write!(f, ".{name}")?,
                Step::Key(name) if is_name(name) => write!(f, ".{name}")?,
                Step::Key(name) => {
                    f.write_str("[")?;
                    quote(f, name)?;
                    f.write_str("]")?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a name can be written without quotes.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(in_name)
}

/// Whether a character can stand in a name without quotes.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@' | '/' | '#')
}
