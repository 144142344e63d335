//! Variables in the place of what was masked: `‹api_key#1›` becomes `$API_KEY`. Only what the masking of
//! this output put there is replaced, and a whole value that was masked when the record was kept or exported;
//! the same characters in other words of a payload stay characters.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    guard::{Masking, Sort, is_placeholder},
    text::{
        percent::decoded,
        shell::{Piece, variable},
    },
};

/// The variables of one script, in the order in which they were needed.
#[derive(Debug, Default)]
pub(super) struct Names {
    of: HashMap<String, String>,
    all: Vec<String>,
}

impl Names {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    /// A masked text, with variables for its placeholders.
    pub fn pieces(&mut self, masked: &[u8], masking: &Masking) -> Vec<Piece> {
        let known: Vec<&str> = masking.placeholders().collect();
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(found) =
            memchr::memmem::find(masked.get(at..).unwrap_or_default(), "‹".as_bytes())
        {
            let start = at + found;
            let rest = masked.get(start..).unwrap_or_default();
            at = start + 1;
            // None is the beginning of another: each ends with its sign.
            let own = known
                .iter()
                .find(|known| rest.starts_with(known.as_bytes()));
            let (placeholder, of) = match (own, kept(masked, start)) {
                (Some(own), _) => (*own, (*own).to_owned()),
                // It was numbered by another masking, so it may stand for something else.
                (None, Some(kept)) => (kept, format!("kept {kept}")),
                (None, None) => continue,
            };
            push(&mut pieces, masked.get(from..start).unwrap_or_default());
            pieces.push(Piece::Variable(self.variable(placeholder, of)));
            at = start + placeholder.len();
            from = at;
        }
        push(&mut pieces, masked.get(from..).unwrap_or_default());
        pieces
    }

    /// The variable that stands for a placeholder; two of one name are told apart.
    fn variable(&mut self, placeholder: &str, of: String) -> String {
        if let Some(known) = self.of.get(&of) {
            return known.clone();
        }
        let key = placeholder.trim_matches(['‹', '›']);
        let key = key.rsplit_once('#').map_or(key, |(key, _)| key);
        let first = variable(key);
        let mut name = first.clone();
        let mut more = 1;
        while self.all.contains(&name) {
            more += 1;
            name = format!("{first}_{more}");
        }
        self.all.push(name.clone());
        self.of.insert(of, name.clone());
        name
    }

    /// The value of something that has that name, masked as the member of a record is.
    fn valued(&mut self, name: &str, value: &str, masking: &mut Masking) -> Vec<Piece> {
        let member = format!("{{{}:{}}}", Value::from(name), Value::from(value));
        let masked = masking.json(member.as_bytes(), Sort::Any);
        let read: Option<Value> = serde_json::from_slice(&masked).ok();
        let said = read.as_ref().and_then(|read| read.get(name)?.as_str());
        let said = said.unwrap_or_default().as_bytes().to_vec();
        self.pieces(&said, masking)
    }

    /// The value of a header: of an authorization the word in front stays.
    pub fn header(&mut self, name: &str, value: &Secretly, masking: &mut Masking) -> Vec<Piece> {
        let value = match value {
            Secretly::Told(pieces) => return pieces.clone(),
            Secretly::Sent(value) => value,
        };
        if name.eq_ignore_ascii_case("authorization")
            && let Some((word, rest)) = value.split_once(' ')
            && word.len() <= 12
            && word.bytes().all(|b| b.is_ascii_alphabetic())
        {
            let mut pieces = vec![Piece::text(format!("{word} "))];
            pieces.extend(self.valued(name, rest, masking));
            return pieces;
        }
        self.valued(name, value, masking)
    }

    /// An address: the password in it and the values of its query that are secrets.
    pub fn url(&mut self, url: &str, masking: &mut Masking) -> Vec<Piece> {
        let (before, query) = url
            .split_once('?')
            .map_or((url, None), |(b, q)| (b, Some(q)));
        let mut pieces = self.host(before, masking);
        let Some(query) = query else {
            return pieces;
        };
        let mut sign = "?";
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name_said = decoded(name);
            let valued = self.valued(&name_said, &decoded(value), masking);
            let masked = valued
                .iter()
                .any(|piece| matches!(piece, Piece::Variable(_)));
            if masked {
                push(&mut pieces, format!("{sign}{name}=").as_bytes());
                pieces.extend(valued);
            } else {
                push(&mut pieces, format!("{sign}{pair}").as_bytes());
            }
            sign = "&";
        }
        pieces
    }

    /// Scheme, who asks, host and path.
    fn host(&mut self, url: &str, masking: &mut Masking) -> Vec<Piece> {
        let parted = url.split_once("://").and_then(|(scheme, rest)| {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at_checked(end)?;
            let (user, host) = host.rsplit_once('@')?;
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            Some((
                format!("{scheme}://"),
                (user, password),
                format!("@{host}{path}"),
            ))
        });
        let Some((before, (user, password), behind)) = parted else {
            let masked = masking.text(url).into_owned();
            return self.pieces(masked.as_bytes(), masking);
        };
        let mut pieces = vec![Piece::text(before)];
        // Some send a key as the name of the user, with no password or one that says so.
        let is_key = password.is_empty() || password == "x-oauth-basic";
        let name = if is_key { "password" } else { "user" };
        pieces.extend(self.valued(name, user, masking));
        push(&mut pieces, b":");
        if is_key {
            push(&mut pieces, password.as_bytes());
        } else {
            pieces.extend(self.valued("password", password, masking));
        }
        let masked = masking.text(&behind).into_owned();
        pieces.extend(self.pieces(masked.as_bytes(), masking));
        pieces
    }
}

/// The value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Secretly {
    /// As the call has it, not yet masked.
    Sent(String),
    /// As the configuration has it, which names its secrets.
    Told(Vec<Piece>),
}

/// The placeholder that begins there and is a whole value: all of the text, or all between two quotes.
fn kept(text: &[u8], start: usize) -> Option<&str> {
    let (before, rest) = text.split_at_checked(start)?;
    let end = memchr::memmem::find(rest, "›".as_bytes())? + '›'.len_utf8();
    let (placeholder, behind) = rest.split_at_checked(end)?;
    let is_whole = match before.last() {
        Some(quote) => *quote == b'"' && behind.first() == Some(quote),
        None => behind.is_empty(),
    };
    let placeholder = std::str::from_utf8(placeholder).ok()?;
    (is_whole && is_placeholder(placeholder)).then_some(placeholder)
}

fn push(pieces: &mut Vec<Piece>, text: &[u8]) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.extend_from_slice(text);
        return;
    }
    pieces.push(Piece::text(text));
}
