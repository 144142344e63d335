//! Reads Rust as tokens, and finds the paths it mentions: no comments, no strings, no test modules,
//! groups spelled out, `super` resolved. Knows nothing of who may mention what.

/// The tokens of a source text with their lines; comments, strings and what follows the first
/// `#[cfg(test)] mod` are left out.
fn tokens(source: &str) -> Vec<(usize, String)> {
    let mut tokens = Vec::new();
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line) = (0, 1);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied().unwrap_or('\0');
        let start = at;
        if c == '/' && next == '/' {
            while chars.get(at).is_some_and(|c| *c != '\n') {
                at += 1;
            }
        } else if c == '/' && next == '*' {
            at += 2;
            while at < chars.len() && !(chars[at] == '*' && chars.get(at + 1) == Some(&'/')) {
                at += 1;
            }
            at += 2;
        } else if let Some(hashes) = raw_string(&chars[at..]) {
            let end: String = format!("\"{}", "#".repeat(hashes));
            at += hashes + 2;
            while at < chars.len() && !chars[at..].starts_with(&end.chars().collect::<Vec<_>>()) {
                at += 1;
            }
            at += end.len();
        } else if c == '"' {
            at += 1;
            while chars.get(at).is_some_and(|c| *c != '"') {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if c == '\'' {
            // A lifetime, or a character that must not open a string.
            at += match (next, chars.get(at + 2)) {
                ('\\', _) => chars[at + 3..].iter().position(|c| *c == '\'').unwrap_or(0) + 4,
                (_, Some('\'')) => 3,
                _ => 1,
            };
        } else if is_word(c) {
            while chars.get(at).is_some_and(|c| is_word(*c)) {
                at += 1;
            }
            tokens.push((line, chars[start..at].iter().collect()));
        } else if c == ':' && next == ':' {
            at += 2;
            tokens.push((line, "::".to_owned()));
        } else {
            at += 1;
            if !c.is_whitespace() {
                tokens.push((line, c.to_string()));
            }
        }
        let passed = &chars[start.min(chars.len())..at.min(chars.len())];
        line += passed.iter().filter(|c| **c == '\n').count();
    }
    cut_tests(tokens)
}

/// How many hashes a raw string that begins here has.
fn raw_string(chars: &[char]) -> Option<usize> {
    let (first, rest) = chars.split_first()?;
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    (*first == 'r' && rest.get(hashes) == Some(&'"')).then_some(hashes)
}

fn cut_tests(tokens: Vec<(usize, String)>) -> Vec<(usize, String)> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let words: Vec<&str> = tokens.iter().map(|(_, word)| word.as_str()).collect();
    let end = words
        .windows(mark.len() + 1)
        .position(|window| window[..mark.len()] == mark && matches!(window[mark.len()], "mod"));
    let keep = end.unwrap_or(tokens.len());
    tokens.into_iter().take(keep).collect()
}

/// Every path that is written, with groups spelled out: `use crate::{a, b::c}` gives `crate::a` and
/// `crate::b::c`.
fn paths(tokens: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let mut path = String::new();
    let mut line = 0;
    let mut end = |path: &mut String, line: usize| {
        if !path.is_empty() {
            found.push((line, std::mem::take(path)));
        }
    };
    for (at, word) in tokens {
        let is_name = word.chars().all(|c| c.is_alphanumeric() || c == '_');
        match word.as_str() {
            "::" => path.push_str("::"),
            "{" if path.ends_with("::") => prefixes.push(std::mem::take(&mut path)),
            "{" => {
                end(&mut path, line);
                prefixes.push(String::new());
            }
            "}" => {
                end(&mut path, line);
                prefixes.pop();
            }
            _ if is_name => {
                if !path.ends_with("::") {
                    end(&mut path, line);
                    line = *at;
                    path = prefixes.last().cloned().unwrap_or_default();
                }
                path.push_str(word);
            }
            _ => end(&mut path, line),
        }
    }
    end(&mut path, line);
    found
}

/// A path as seen from the root of the crate; `module` is where it is written.
fn absolute(module: &str, path: &str) -> String {
    let (mut at, mut rest) = (module, path);
    let mut relative = false;
    loop {
        if let Some(after) = rest.strip_prefix("super::") {
            at = at.rsplit_once("::").map_or("crate", |(parent, _)| parent);
            (rest, relative) = (after, true);
        } else if let Some(after) = rest.strip_prefix("self::") {
            (rest, relative) = (after, true);
        } else if relative {
            return format!("{at}::{rest}");
        } else {
            return path.to_owned();
        }
    }
}

/// The module that a file below `src` holds: `src/app/mod.rs` is `crate::app`.
pub fn module(shown: &str) -> String {
    let path = shown.strip_prefix("src/").unwrap_or(shown);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    format!("crate::{}", path.replace('/', "::"))
}

/// Each forbidden thing in the source text of `module`: its line and what it mentions.
pub fn mentions(module: &str, source: &str, forbidden: &[String]) -> Vec<(usize, String)> {
    let tokens = tokens(source);
    let mut found: Vec<(usize, String)> = paths(&tokens)
        .into_iter()
        .map(|(line, path)| (line, absolute(module, &path)))
        .filter(|(_, path)| forbidden.iter().any(|never| is_under(path, never)))
        .collect();
    for phrase in forbidden.iter().filter(|never| never.contains(' ')) {
        let words: Vec<&str> = vec!["&", "mut", "App"];
        assert_eq!(*phrase, "&mut App", "the one phrase that is known");
        for window in tokens.windows(words.len()) {
            if window
                .iter()
                .map(|(_, word)| word.as_str())
                .eq(words.iter().copied())
            {
                found.push((window[0].0, phrase.clone()));
            }
        }
    }
    found
}

/// Whether `path` is `never` or lies under it. A path like `Timestamp::now` also counts at the end
/// of a longer one.
fn is_under(path: &str, never: &str) -> bool {
    let under = |path: &str| {
        path.strip_prefix(never)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let is_type = never.starts_with(char::is_uppercase);
    under(path) || (is_type && path.ends_with(&format!("::{never}")))
}
