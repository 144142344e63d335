//! One value of a clause: how it is written, and the test that it stands for. Whatever does not fit the
//! field is refused here, with the words that would.

use std::{
    fmt,
    ops::{Range, RangeInclusive},
};

use super::{
    Fault, Terms,
    field::{Field, Nature, Part, Reads, SOFT},
    number::{self, Sign},
    path::Test as JsonTest,
    pattern::{Pattern, Whole},
    span,
};
use crate::{
    analysis::{OpKind, Rule, Verdict},
    model::{Kind, RunStatus},
};

/// A value, as it is written and as it is tested. Equal if spelled the same.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub form: Form,
    pub test: Test,
}

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Without quotes; `*` stands for anything.
    Word(String),
    /// In quotes; stands for itself.
    Quoted(String),
    /// `~`
    Regex { pattern: String, small: bool },
    /// `>` and its like.
    Sign(Sign, String),
}

/// What a value stands for.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Pattern(Pattern),
    /// Nanoseconds or a count.
    Within(RangeInclusive<i128>),
    Provider(&'static str),
    Status(RunStatus),
    Soft,
    /// Of the operation, of one of its events, or both.
    Kind(Option<OpKind>, Option<Kind>),
    Verdict(Verdict),
    Rule(Rule),
    Nature(Nature),
    Part(Part),
    Json(JsonTest),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl Form {
    /// A text in quotes, which it may not need.
    pub fn quoted(text: String) -> Self {
        let plain = text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let begins = text.starts_with(char::is_alphanumeric);
        if plain && begins && !text.contains("..") && text != "or" {
            Self::Word(text)
        } else {
            Self::Quoted(text)
        }
    }
}

impl Value {
    /// Reads a value of a field; `at` is where it stands.
    pub fn read(field: Field, form: Form, at: Range<usize>, terms: &Terms) -> Result<Self, Fault> {
        let test = match field.reads() {
            Reads::Name => text(field, &form, &at, Whole::All),
            Reads::Id => text(field, &form, &at, Whole::Beginning),
            Reads::Part => text(field, &form, &at, Whole::Part),
            Reads::Word => word(field, &form, &at),
            Reads::Time => time(field, &form, &at, terms).map(Test::Within),
            Reads::Span => within(field, &form, &at, number::span).map(Test::Within),
            Reads::Amount => within(field, &form, &at, number::amount).map(Test::Within),
            Reads::Json => json(&form, &at),
        }?;
        Ok(Self { form, test })
    }

    /// Anything at all.
    pub fn anything() -> Self {
        Self {
            form: Form::Word("*".to_owned()),
            test: Test::Json(JsonTest::Anything),
        }
    }
}

fn text(field: Field, form: &Form, at: &Range<usize>, whole: Whole) -> Result<Test, Fault> {
    let pattern = match form {
        Form::Regex { pattern, small } => {
            return regex(pattern, *small, at).map(Test::Pattern);
        }
        Form::Sign(..) => {
            let name = field.word();
            let text = format!(
                "a text, name* or ~regex; > and < work with dur, tok and payload, not {name}"
            );
            return Err(Fault::new(at.clone(), text));
        }
        Form::Word(text) => {
            // Whoever writes a `*` says where the text may go on.
            let whole = if whole == Whole::Beginning && text.contains('*') {
                Whole::All
            } else {
                whole
            };
            Pattern::text(text, true, whole)
        }
        Form::Quoted(text) => Pattern::text(text, false, whole),
    };
    pattern
        .map(Test::Pattern)
        .ok_or_else(|| Fault::new(at.clone(), "a shorter text"))
}

pub(super) fn regex(pattern: &str, small: bool, at: &Range<usize>) -> Result<Pattern, Fault> {
    Pattern::regex(pattern, small).map_err(|told| Fault::new(at.clone(), told))
}

/// The text of a form that is a plain value.
fn bare<'a>(form: &'a Form, at: &Range<usize>, wanted: &str) -> Result<&'a str, Fault> {
    match form {
        Form::Word(text) | Form::Quoted(text) => Ok(text),
        Form::Regex { .. } | Form::Sign(..) => Err(Fault::new(at.clone(), wanted)),
    }
}

fn word(field: Field, form: &Form, at: &Range<usize>) -> Result<Test, Fault> {
    let known = field.values();
    let wanted = format!("one of {}", known.join(", "));
    let typed = bare(form, at, &wanted)?.to_lowercase();
    let test = match field {
        Field::Provider => known
            .iter()
            .find(|word| **word == typed)
            .map(|word| Test::Provider(word)),
        Field::Status if typed == SOFT => Some(Test::Soft),
        Field::Status => RunStatus::of_word(&typed).map(Test::Status),
        Field::Verdict if typed == SOFT => Some(Test::Verdict(Verdict::SoftFailure)),
        Field::Verdict => Verdict::ALL
            .into_iter()
            .find(|verdict| verdict.word() == typed)
            .map(Test::Verdict),
        Field::Rule => Rule::of_word(&typed).map(Test::Rule),
        Field::Is => Nature::of_word(&typed).map(Test::Nature),
        Field::Has => Part::of_word(&typed).map(Test::Part),
        _ => {
            let own = OpKind::ALL.into_iter().find(|kind| kind.word() == typed);
            let events = Kind::of_word(&typed);
            (own.is_some() || events.is_some()).then_some(Test::Kind(own, events))
        }
    };
    test.ok_or_else(|| Fault::new(at.clone(), wanted).near(&typed, known.into_iter()))
}

/// The ends of `a..b`, either of which may be empty, with the bytes before the second.
fn ends(text: &str) -> Option<(&str, &str)> {
    text.split_once("..")
        .filter(|(from, to)| !from.is_empty() || !to.is_empty())
}

fn within(
    field: Field,
    form: &Form,
    at: &Range<usize>,
    read: fn(&str) -> Option<number::Written>,
) -> Result<RangeInclusive<i128>, Fault> {
    let wanted = if field == Field::Dur {
        "a length of time: 30s, 1h30m, >2m or 30s..5m"
    } else {
        "a number: 20, 4k, >1.5M or 4k..20k"
    };
    let fault = || Fault::new(at.clone(), wanted);
    let number = |text: &str| read(text).ok_or_else(fault);
    let range = match form {
        Form::Regex { .. } => return Err(fault()),
        Form::Sign(sign, text) => sign.side(number(text)?.value),
        Form::Word(text) | Form::Quoted(text) => match ends(text) {
            None => number(text)?.itself(),
            Some((from, to)) => {
                let from = if from.is_empty() {
                    i128::MIN
                } else {
                    number(from)?.value
                };
                let to = if to.is_empty() {
                    i128::MAX
                } else {
                    number(to)?.value
                };
                from..=to
            }
        },
    };
    some(range, at)
}

fn time(
    field: Field,
    form: &Form,
    at: &Range<usize>,
    terms: &Terms,
) -> Result<RangeInclusive<i128>, Fault> {
    let fault = || Fault::new(at.clone(), span::SPELLINGS);
    let text = bare(form, at, span::SPELLINGS)?;
    let Some((from, to)) = ends(text) else {
        let found = span::time(text, terms, None).ok_or_else(fault)?;
        return Ok(if field == Field::Since {
            found.since()
        } else {
            found.until()
        });
    };
    let begin = match from {
        "" => i128::MIN,
        from => span::time(from, terms, None).ok_or_else(fault)?.begin,
    };
    let end = match to {
        "" => i128::MAX,
        to => {
            let day = span::day_of(from, terms);
            span::time(to, terms, day).ok_or_else(fault)?.end - 1
        }
    };
    some(begin..=end, at)
}

/// A range that ends before it begins is a mistake.
fn some(range: RangeInclusive<i128>, at: &Range<usize>) -> Result<RangeInclusive<i128>, Fault> {
    if range.is_empty() {
        let told = "a range that ends where it begins or behind it; this one takes nothing in";
        return Err(Fault::new(at.clone(), told));
    }
    Ok(range)
}

fn json(form: &Form, at: &Range<usize>) -> Result<Test, Fault> {
    let test = match form {
        Form::Regex { pattern, small } => JsonTest::Pattern(regex(pattern, *small, at)?),
        Form::Sign(sign, text) => JsonTest::side(*sign, text),
        Form::Word(text) if text == "*" => JsonTest::Anything,
        Form::Word(text) => match ends(text).and_then(|(from, to)| JsonTest::between(from, to)) {
            Some(range) => range,
            None => JsonTest::equal(text, true)
                .ok_or_else(|| Fault::new(at.clone(), "a shorter text"))?,
        },
        Form::Quoted(text) => {
            JsonTest::equal(text, false).ok_or_else(|| Fault::new(at.clone(), "a shorter text"))?
        }
    };
    Ok(Test::Json(test))
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) => f.write_str(text),
            Self::Quoted(text) => quote(f, text),
            Self::Regex { pattern, small } => {
                let ends = pattern.ends_with("/i") || pattern.starts_with('/');
                f.write_str("~")?;
                if ends || !is_one_word(pattern) {
                    quote(f, pattern)?;
                } else {
                    f.write_str(pattern)?;
                }
                f.write_str(if *small { "/i" } else { "" })
            }
            Self::Sign(sign, text) => {
                f.write_str(sign.word())?;
                if is_one_word(text) && !text.starts_with('=') {
                    f.write_str(text)
                } else {
                    quote(f, text)
                }
            }
        }
    }
}

fn is_one_word(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"'))
}

/// A text in quotes, with a backslash before quotes and backslashes.
pub(super) fn quote(f: &mut impl fmt::Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
