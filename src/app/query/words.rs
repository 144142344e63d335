//! The words of queries: paths, quoted texts, regular expressions, and where each of them ends.

use std::ops::Range;

use super::{
    Fault, Value,
    field::Field,
    parse::{Parser, Read},
    path::{self, Path, Step, in_name},
    value::Form,
};

impl<'a> Parser<'a> {
    pub(super) fn path(&mut self) -> Read<Path> {
        let begin = self.at;
        let mut steps = Vec::new();
        loop {
            if self.take('.') {
                let rest = self.rest();
                let len = rest
                    .find(|c: char| !in_name(c) && c != '*')
                    .unwrap_or(rest.len());
                let name = rest.get(..len).unwrap_or_default();
                let step = Some(name)
                    .filter(|name| !name.is_empty())
                    .and_then(Step::named);
                steps.push(step.ok_or_else(|| self.here("a name, * or ** here"))?);
                self.at += len;
            } else if self.take('[') {
                steps.push(self.bracket()?);
            } else {
                break;
            }
        }
        if steps.len() > path::MOST {
            return Err(Fault::new(begin..self.at, "a shorter path"));
        }
        Ok(Path::new(steps))
    }

    fn bracket(&mut self) -> Read<Step> {
        let wanted = "a number, * or a \"name\" here";
        let step = match self.peek() {
            Some('"') => Step::Key(self.quoted()?),
            Some('*') => {
                self.at += 1;
                Step::Any
            }
            _ => {
                let rest = self.rest();
                let len = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                let number = rest.get(..len).and_then(|digits| digits.parse().ok());
                let step = Step::Index(number.ok_or_else(|| self.here(wanted))?);
                self.at += len;
                step
            }
        };
        if self.take(']') {
            Ok(step)
        } else {
            Err(self.here("a `]` here"))
        }
    }

    /// What stands up to a blank, a comma, a bracket or a quote.
    pub(super) fn bare(&mut self) -> &'a str {
        self.until(|c| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"'))
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(ends).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// A text in quotes: `\"` and `\\` stand for the second of them, any other backslash for itself.
    pub(super) fn quoted(&mut self) -> Read<String> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            text.push_str(self.until(|c| matches!(c, '"' | '\\')));
            if self.take('"') {
                break;
            }
            if !self.take('\\') {
                return Err(Fault::new(
                    open..self.text.len(),
                    "a \" that ends this text",
                ));
            }
            match self.peek() {
                Some(c @ ('"' | '\\')) => {
                    self.at += 1;
                    text.push(c);
                }
                _ => text.push('\\'),
            }
        }
        if text.is_empty() {
            return Err(Fault::new(open..self.at, "something between the quotes"));
        }
        Ok(text)
    }

    /// `~regex`, `~regex/i`, `~"regex with blanks"/i`, `~/regex/i`.
    pub(super) fn regex(&mut self) -> Read<Form> {
        if self.peek() == Some('"') {
            let pattern = self.quoted()?;
            let small = self.rest().starts_with("/i");
            self.at += if small { 2 } else { 0 };
            return Ok(Form::Regex { pattern, small });
        }
        let begin = self.at;
        let len = regex_len(self.rest());
        let text = self.rest().get(..len).unwrap_or_default();
        self.at += len;
        let (pattern, small) = match text.strip_suffix("/i") {
            Some(pattern) => (pattern, true),
            None => (text, false),
        };
        let inner = pattern.strip_prefix('/');
        let pattern = match inner {
            Some(inner) if small => inner,
            Some(inner) => inner.strip_suffix('/').unwrap_or(pattern),
            None => pattern,
        };
        if pattern.is_empty() {
            return Err(Fault::new(
                begin..self.at,
                "a regular expression behind `~`",
            ));
        }
        Ok(Form::Regex {
            pattern: pattern.to_owned(),
            small,
        })
    }

    /// A text without a field.
    pub(super) fn free(&mut self) -> Read<Value> {
        let begin = self.at;
        let form = match self.peek() {
            Some('"') => Form::quoted(self.quoted()?),
            Some('/') => self.slashes()?,
            _ => {
                let text = self.until(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"'));
                match text {
                    // A word of the language, wherever it would be read as one.
                    "or" => Form::Quoted(text.to_owned()),
                    _ => Form::Word(text.to_owned()),
                }
            }
        };
        Value::read(Field::Free, form, begin..self.at, self.terms)
    }

    /// `/re/` and `/re/i`.
    fn slashes(&mut self) -> Read<Form> {
        let begin = self.at;
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '/' && !escaped;
            escaped = !escaped && *c == '\\';
            ends
        });
        let told = "a / that ends this regular expression; a text with / before it stands in \"double quotes\"";
        let Some((end, _)) = end else {
            return Err(Fault::new(begin..begin + 1, told));
        };
        let pattern = rest.get(1..end).unwrap_or_default().to_owned();
        self.at += end + 1;
        let small = self.take('i');
        let ends = self.peek().is_none_or(|c| c.is_whitespace() || c == ')');
        if pattern.is_empty() || !ends {
            let at: Range<usize> = begin..self.at;
            return Err(Fault::new(
                at,
                "/regex/ or /regex/i; a text with / before it stands in \"double quotes\"",
            ));
        }
        Ok(Form::Regex { pattern, small })
    }
}

/// How far a regular expression without quotes goes: to a blank, a quote, or a comma or a closing bracket that
/// is none of its own.
fn regex_len(text: &str) -> usize {
    let (mut escaped, mut class, mut depth) = (false, false, 0_usize);
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || c == '"' {
            return at;
        }
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            _ if class => {}
            '(' | '{' => depth += 1,
            ')' | '}' | ',' if depth == 0 => return at,
            ')' | '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
