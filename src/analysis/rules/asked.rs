//! What a call asked for, as far as it explains a result that looks like a failure: keys that stand in
//! the arguments too, and tools whose job is to look at failures, pages or texts of others.

use std::sync::LazyLock;

use super::gives::{GIVERS, PAGES, PIECES, TABLES, TEXTS, VOICES, WEB};
use super::jobs::{ACTS, ASKS, CHECKS, FINDING, FINDS, OFTEN_EMPTY, RECORDS, SHELLS, STATES};
use super::names::Key;
use super::needles::Needles;
use super::set::RuleSet;
use super::text::{begins, holds, leading_code};
use super::value::bare;
use super::walk::LIMIT;
use super::wishes::{CUTTERS, FINDERS, RANGES, SEEKS, TEXT_ARGUMENTS, WONDERS, WRITES};
use crate::analysis::Rule;
use crate::model::Event;
use crate::text::find;
use crate::text::json::{Scanner, Sort};

/// What the call accounts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Rules that say nothing about a result of this call.
    pub echo: RuleSet,
}

impl Asked {
    /// The same, where a call with the same arguments gave rows in that run: that nothing fits the words it
    /// asks for is no answer then.
    #[must_use]
    pub fn again(self) -> Self {
        Self {
            echo: self.echo.again(),
        }
    }
}

/// What the call asked for.
pub fn read_call(event: &Event) -> Asked {
    let body = event.body.map_or(&b""[..], |body| event.raw.part(body));
    let echo = of(event.tool.as_deref().unwrap_or_default(), body);
    Asked { echo }
}

/// What a tool's name and its arguments account for.
pub(super) fn of(tool: &str, arguments: &[u8]) -> RuleSet {
    let head = arguments.get(..HEAD).unwrap_or(arguments);
    let mut echo = by_name(tool);
    echo.add(by_keys(head));
    let mut seen = 0;
    WISHES.any(head, |_, wish| {
        seen |= wish;
        false
    });
    let wishes = |wish: u16| seen & wish != 0;
    if wishes(TEXT) {
        echo.add(RuleSet::LOGS);
    }
    if wishes(PAGE) {
        echo.add(RuleSet::of(Rule::Html));
    }
    if wishes(EXIT) {
        echo.add(RuleSet::of(Rule::ExitCode));
    }
    if wishes(WONDER) {
        echo.add(RuleSet::LOOKS.with(RuleSet::READS));
    }
    if wishes(SELECT) {
        echo.add(RuleSet::TABLE);
    }
    if wishes(WRITE) && !wishes(SELECT) || wishes(SEEK) {
        echo.add(RuleSet::of(Rule::Empty));
    }
    if wishes(RANGE) && echo.both(RuleSet::READS) != RuleSet::NONE {
        echo.add(RuleSet::of(Rule::CutJson));
    }
    if wishes(FINDER) {
        echo.add(RuleSet::QUIET_EXIT);
    }
    if wishes(CUTTER) {
        echo.add(RuleSet::of(Rule::CutJson));
    }
    echo
}

/// How much of the arguments is looked at.
const HEAD: usize = 4096;

const TEXT: u16 = 1;
const PAGE: u16 = 1 << 1;
const EXIT: u16 = 1 << 2;
const WONDER: u16 = 1 << 3;
const WRITE: u16 = 1 << 4;
const SELECT: u16 = 1 << 5;
const SEEK: u16 = 1 << 6;
const RANGE: u16 = 1 << 7;
const FINDER: u16 = 1 << 8;
const CUTTER: u16 = 1 << 9;

/// What stands in arguments, and what it is a sign of.
static WISHES: LazyLock<Needles<u16>> = LazyLock::new(|| {
    let lists: [(&[&'static [u8]], u16); 10] = [
        (TEXT_ARGUMENTS, TEXT),
        (&[b"html", b".htm", b"HTML"], PAGE),
        (&[b"exitcode", b"exit-code"], EXIT),
        (WONDERS, WONDER),
        (WRITES, WRITE),
        (&[b"select ", b"SELECT "], SELECT),
        (SEEKS, SEEK),
        (RANGES, RANGE),
        (FINDERS, FINDER),
        (CUTTERS, CUTTER),
    ];
    let words = lists.into_iter();
    Needles::new(words.flat_map(|(list, wish)| list.iter().map(move |word| (*word, wish))))
});

/// The arguments that a result repeats, where its service does that.
pub(super) fn repeated(result: &[u8]) -> &[u8] {
    let mut scanner = Scanner::new(result.get(..LIMIT).unwrap_or(result));
    let mut start = None;
    while let Some(Ok(token)) = scanner.next() {
        let literal = result.get(token.start..token.end).unwrap_or_default();
        let depth = scanner.depth();
        match token.sort {
            Sort::Key if depth == 1 => {
                let is = matches!(literal, b"\"params\"" | b"\"arguments\"" | b"\"args\"");
                start = is.then_some(token.end + 1);
            }
            _ if depth == 1 && start.is_some() => {
                return start
                    .and_then(|start| result.get(start..token.end))
                    .unwrap_or_default();
            }
            _ => {}
        }
    }
    b""
}

/// What a tool's name accounts for.
fn by_name(tool: &str) -> RuleSet {
    let mut echo = RuleSet::NONE;
    let is = |word: &str, list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    let looks = |word: &str| is(word, ASKS) || is(word, FINDS);
    let acts = words(tool).any(|word| is(word, ACTS)) && !words(tool).any(looks);
    if !acts {
        echo.add(RuleSet::MEASURED);
    }
    for word in words(tool) {
        if is(word, PIECES) {
            echo.add(RuleSet::of(Rule::CutJson));
        }
        if is(word, ASKS) || !acts && (is(word, STATES) || is(word, CHECKS) || is(word, RECORDS)) {
            echo.add(RuleSet::LOOKS);
        }
        if is(word, VOICES) {
            echo.add(RuleSet::VOICE.with(RuleSet::READS));
        }
        if is(word, CHECKS) && !acts {
            echo.add(RuleSet::of(Rule::HttpStatus));
        }
        if is(word, GIVERS) && !acts {
            echo.add(RuleSet::GIVES);
        }
        if is(word, TABLES) && !acts {
            echo.add(RuleSet::TABLE);
        }
        if is(word, FINDING) {
            echo.add(RuleSet::QUIET_EXIT);
        }
        if is(word, RECORDS) && !acts {
            echo.add(RuleSet::RECORD.with(RuleSet::LOGS));
        }
        if is(word, STATES) && !acts {
            echo.add(RuleSet::STATE);
        }
        if is(word, TEXTS) && !acts {
            echo.add(RuleSet::READS);
        }
        if is(word, WEB) {
            echo.add(RuleSet::WEB);
        }
        if is(word, PAGES) {
            echo.add(RuleSet::of(Rule::Html));
        }
        if is(word, SHELLS) || is(word, OFTEN_EMPTY) {
            echo.add(RuleSet::of(Rule::Empty));
        }
    }
    echo
}

/// The words of a name (`web.fetchPage` has three).
fn words(name: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| !c.is_ascii_alphanumeric();
    name.split(is_end).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let bytes = rest.as_bytes();
            let turn = bytes
                .iter()
                .zip(bytes.iter().skip(1))
                .position(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
            let (word, after) = rest.split_at_checked(turn.map_or(rest.len(), |at| at + 1))?;
            rest = after;
            Some(word)
        })
    })
}

/// What the keys of the arguments account for.
fn by_keys(body: &[u8]) -> RuleSet {
    let mut echo = RuleSet::NONE;
    // a page that the total promises is no page after the last one
    let promised = find::first(body, b"\"total_pages\"").is_some();
    let mut paged = false;
    let (mut state, mut coded, mut query) = (false, false, false);
    for token in Scanner::new(body).map_while(Result::ok) {
        let literal = body.get(token.start..token.end).unwrap_or_default();
        if token.sort == Sort::String
            && matches!(literal, b"\"error\"" | b"\"errors\"" | b"\"failed\"")
        {
            echo.add(RuleSet::of(Rule::ErrorField));
        }
        if token.sort != Sort::Key {
            let is_code = leading_code(bare(literal)).is_some();
            if state && (token.sort == Sort::Number || is_code) || coded && is_code {
                echo.add(RuleSet::of(Rule::HttpStatus));
            }
            (state, coded) = (false, false);
            if query && token.sort == Sort::String && is_free(bare(literal)) {
                echo.add(RuleSet::QUERY);
            }
            query = false;
            if paged && !promised && !matches!(literal, b"0" | b"1" | b"null" | b"\"\"") {
                echo.add(RuleSet::of(Rule::Empty));
            }
            paged = false;
            continue;
        }
        let name = literal
            .strip_prefix(b"\"")
            .and_then(|name| name.strip_suffix(b"\""))
            .unwrap_or_default();
        paged = matches!(
            name,
            b"page" | b"offset" | b"cursor" | b"page_token" | b"next_token" | b"start" | b"after"
        );
        coded = name == b"code";
        state = Key::of(name) == Key::Status && !coded;
        query = is_query(name);
        echo.add(match Key::of(name) {
            Key::Success => RuleSet::of(Rule::SuccessFalse),
            Key::IsError => RuleSet::of(Rule::IsError),
            Key::Error | Key::Errors => RuleSet::of(Rule::ErrorField),
            Key::Status if name != b"code" => RuleSet::STATE,
            Key::StatusCode => RuleSet::of(Rule::HttpStatus),
            Key::ExitCode => RuleSet::of(Rule::ExitCode),
            _ => RuleSet::NONE,
        });
    }
    echo
}

/// Whether what stands under the name is what others are to fit.
fn is_query(name: &[u8]) -> bool {
    let names: [&[u8]; 14] = [
        b"query",
        b"q",
        b"search",
        b"search_query",
        b"searchQuery",
        b"keyword",
        b"keywords",
        b"term",
        b"terms",
        b"pattern",
        b"phrase",
        b"needle",
        b"question",
        b"tag",
    ];
    names.contains(&name)
}

/// Whether a query is of words, not of a language in which one counts and joins.
fn is_free(query: &[u8]) -> bool {
    let tongues = ["select ", "with ", "match (", "count(", "{"];
    !query.is_empty() && !tongues.iter().any(|word| begins(query, word)) && !holds(query, "count(")
}
