//! Variables in the place of what was masked: `‹api_key#1›` becomes `$API_KEY` where the masking of this
//! output put it there. A value that was masked before it was read, when the run was kept or exported, has
//! the same name where that says only what sort of secret it is, as in a call that was just read. Else it
//! becomes `$SECRET_PAY_TOKEN`: whoever wrote a payload could have written it, and is not to choose among
//! the variables that somebody has set. Inside of other text the same characters stay characters.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    export::tally,
    guard::{Masking, Sort},
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
            let ours = known
                .iter()
                .find(|known| rest.starts_with(known.as_bytes()));
            let (placeholder, variable) = match ours {
                Some(placeholder) => ((*placeholder).to_owned(), self.variable(placeholder)),
                None => match kept(masked, start) {
                    Some(placeholder) => (placeholder.to_owned(), self.kept(placeholder)),
                    None => continue,
                },
            };
            push(&mut pieces, masked.get(from..start).unwrap_or_default());
            pieces.push(Piece::Variable(variable));
            at = start + placeholder.len();
            from = at;
        }
        push(&mut pieces, masked.get(from..).unwrap_or_default());
        pieces
    }

    /// The variable that stands for a placeholder; two of one name are told apart.
    fn variable(&mut self, placeholder: &str) -> String {
        if let Some(known) = self.of.get(placeholder) {
            return known.clone();
        }
        self.named(placeholder.to_owned(), &variable(key_of(placeholder)))
    }

    /// The variable that stands for a value that was masked before it was read.
    fn kept(&mut self, placeholder: &str) -> String {
        let known = format!("kept {placeholder}");
        if let Some(known) = self.of.get(&known) {
            return known.clone();
        }
        let name = variable(key_of(placeholder));
        let name = if name.starts_with(SECRET) || COMMON.contains(&name.as_str()) {
            name
        } else {
            format!("{SECRET}{name}")
        };
        self.named(known, &name)
    }

    /// A name that no other variable has, for this.
    fn named(&mut self, of: String, first: &str) -> String {
        let mut name = first.to_owned();
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

/// What stands in front of the names of variables for what was masked before it was read.
const SECRET: &str = "SECRET_";

/// Names that say what sort of secret it is and not whose, so that none of a certain service is chosen.
const COMMON: [&str; 16] = [
    "ACCESS_TOKEN",
    "APIKEY",
    "API_KEY",
    "API_TOKEN",
    "AUTHORIZATION",
    "AUTH_TOKEN",
    "CLIENT_SECRET",
    "COOKIE",
    "PASSWORD",
    "PROXY_AUTHORIZATION",
    "REFRESH_TOKEN",
    "SECRET",
    "SESSION_TOKEN",
    "TOKEN",
    "X_API_KEY",
    "X_AUTH_TOKEN",
];

fn key_of(placeholder: &str) -> &str {
    let key = placeholder.trim_matches(['‹', '›']);
    key.rsplit_once('#').map_or(key, |(key, _)| key)
}

/// The placeholder that begins there, where it is a value by itself or a word of one.
fn kept(masked: &[u8], start: usize) -> Option<&str> {
    let rest = masked.get(start..)?;
    let (rule, number) = tally::placeholders(rest).next()?;
    let whole = "‹›#".len() + rule.len() + number.len();
    let placeholder = str::from_utf8(rest.get(..whole)?).ok()?;
    let ends =
        |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'"' | b' ' | b'\\' | b'&'));
    let before = start.checked_sub(1).and_then(|at| masked.get(at));
    let begins = ends(before) || before == Some(&b'=');
    let is_there = placeholder.starts_with('‹') && placeholder.ends_with('›');
    (is_there && begins && ends(rest.get(whole))).then_some(placeholder)
}

/// The value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Secretly {
    /// As the call has it, not yet masked.
    Sent(String),
    /// As the configuration has it, which names its secrets.
    Told(Vec<Piece>),
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
