//! Reads queries: words, quotes, brackets and signs into nodes. One pass, no backtracking; brackets nest
//! to a fixed depth, so no text can exhaust the stack.

use super::{
    Clause, Fault, Node, Terms, Value, field::Field, number::Sign, path::Path, value::Form,
};

/// How deep brackets nest.
const DEEPEST: usize = 32;
/// How many clauses there are at most.
const MOST: u8 = 120;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) terms: &'a Terms,
    clauses: u8,
}

pub(super) type Read<T> = Result<T, Fault>;

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, terms: &'a Terms) -> Self {
        Self {
            text,
            at: 0,
            terms,
            clauses: 0,
        }
    }

    /// All of the text; none where it is blank.
    pub fn query(mut self) -> Read<Option<Node>> {
        let node = self.any(0)?;
        match self.peek() {
            None => Ok(node),
            Some(_) => Err(self.here("no `)` here: nothing was opened")),
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn take(&mut self, c: char) -> bool {
        let takes = self.peek() == Some(c);
        self.at += if takes { c.len_utf8() } else { 0 };
        takes
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// A fault at the character that comes next.
    pub(super) fn here(&self, expected: &str) -> Fault {
        let len = self.peek().map_or(0, char::len_utf8);
        Fault::new(self.at..self.at + len, expected)
    }

    /// Whether the word `or` comes next.
    fn at_or(&self) -> bool {
        self.rest().strip_prefix("or").is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
        })
    }

    fn any(&mut self, depth: usize) -> Read<Option<Node>> {
        let mut parts = Vec::new();
        loop {
            let begin = self.at;
            let part = self.all(depth)?;
            let more = self.at_or();
            match part {
                Some(part) => parts.push(part),
                None if more => {
                    return Err(self.here("something before `or`; the word itself is \"or\""));
                }
                None if !parts.is_empty() => {
                    return Err(Fault::new(begin..begin, "something behind `or`"));
                }
                None => {}
            }
            if !more {
                return Ok(Node::any(parts));
            }
            self.at += "or".len();
        }
    }

    fn all(&mut self, depth: usize) -> Read<Option<Node>> {
        let mut parts = Vec::new();
        loop {
            self.skip_blanks();
            if matches!(self.peek(), None | Some(')')) || self.at_or() {
                return Ok(Node::all(parts));
            }
            parts.push(self.one(depth)?);
        }
    }

    fn one(&mut self, depth: usize) -> Read<Node> {
        let mut not = false;
        while self.take('-') {
            not = !not;
        }
        let node = match self.peek() {
            Some('(') => self.brackets(depth)?,
            Some(c) if !c.is_whitespace() && c != ')' => self.clause()?,
            _ => {
                return Err(self.here("something right behind `-`; the sign itself is \"-\""));
            }
        };
        Ok(if not { node.not() } else { node })
    }

    fn brackets(&mut self, depth: usize) -> Read<Node> {
        if depth >= DEEPEST {
            return Err(self.here("fewer brackets in brackets"));
        }
        let open = self.at;
        self.at += 1;
        let inner = self.any(depth + 1)?;
        if !self.take(')') {
            return Err(Fault::new(open..open + 1, "a `)` for this `(`"));
        }
        inner.ok_or_else(|| Fault::new(open..self.at, "something between the brackets"))
    }

    fn clause(&mut self) -> Read<Node> {
        self.clauses += 1;
        if self.clauses > MOST {
            return Err(self.here("fewer clauses"));
        }
        let (field, path, values) = match self.field()? {
            Some((field, path)) => (field, path, self.values(field)?),
            None => (Field::Free, Path::default(), vec![self.free()?]),
        };
        self.ended()?;
        let clause = Clause {
            number: self.clauses - 1,
            field,
            path,
            values,
        };
        Ok(Node::Clause(Box::new(clause)))
    }

    /// Clauses end before a blank or a bracket.
    fn ended(&self) -> Read<()> {
        match self.peek() {
            None | Some(')') => Ok(()),
            Some(c) if c.is_whitespace() => Ok(()),
            Some('(' | '"') => Err(self.here(
                "a blank here; a text with brackets or quotes in it stands in \"double quotes\"",
            )),
            Some(_) => Err(self.here("a blank here")),
        }
    }

    /// The field that a clause begins with and its path; none where it is a text.
    fn field(&mut self) -> Read<Option<(Field, Path)>> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(None);
        }
        let begin = self.at;
        let name_len = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = rest.get(..name_len).unwrap_or_default();
        let behind = rest.get(name_len..).unwrap_or_default();
        if name.eq_ignore_ascii_case("payload") && behind.starts_with(['.', '[']) {
            self.at += name_len;
            let path = self.path()?;
            if self.take(':') {
                return Ok(Some((Field::Payload, path)));
            }
            return Err(self.here(
                "a `:` and a value behind the path; the text itself stands in \"double quotes\"",
            ));
        }
        let word_len = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | '"' | ','))
            .unwrap_or(rest.len());
        if rest
            .get(word_len..)
            .is_none_or(|rest| !rest.starts_with(':'))
        {
            return Ok(None);
        }
        let word = rest.get(..word_len).unwrap_or_default();
        let at = begin..begin + word_len;
        let known = Field::of_word(&word.to_ascii_lowercase()).ok_or_else(|| {
            let told = format!(
                "a field: none is called {word}; a text with : in it stands in \"double quotes\""
            );
            Fault::new(at.clone(), told).near(word, Field::words())
        })?;
        if known == Field::Payload {
            return Err(Fault::new(
                at,
                "a path behind payload: payload.amount:>=1000",
            ));
        }
        self.at += word_len + 1;
        Ok(Some((known, Path::default())))
    }

    fn values(&mut self, field: Field) -> Read<Vec<Value>> {
        let mut values = Vec::new();
        loop {
            let begin = self.at;
            let form = self.value(field)?;
            let at = begin..self.at;
            values.push(Value::read(field, form, at, self.terms)?);
            if !self.take(',') {
                return Ok(values);
            }
        }
    }

    fn value(&mut self, field: Field) -> Read<Form> {
        if self.take('~') {
            return self.regex();
        }
        if let Some((sign, _)) = Sign::strip(self.rest()) {
            let begin = self.at;
            self.at += sign.word().len();
            let text = if self.peek() == Some('"') {
                self.quoted()?
            } else {
                self.bare().to_owned()
            };
            return match text.as_str() {
                "" => Err(Fault::new(begin..self.at, "a number behind the sign")),
                _ => Ok(Form::Sign(sign, text)),
            };
        }
        if self.peek() == Some('"') {
            return self.quoted().map(Form::quoted);
        }
        match self.bare() {
            "" => Err(self.wanted(field)),
            text => Ok(Form::Word(text.to_owned())),
        }
    }

    fn wanted(&self, field: Field) -> Fault {
        let known = field.values();
        if known.is_empty() {
            self.here(&format!("a value: {}", field.about()))
        } else {
            self.here(&format!("one of {}", known.join(", ")))
        }
    }
}
