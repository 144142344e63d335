//! Text as a POSIX shell reads it back: one word of a command line, a here-document, the format of
//! `printf`. What is made here means the same bytes to bash, zsh and dash, and has nothing in it that a
//! terminal acts on when it is pasted: such bytes are spelled by `printf`. It knows nothing of curl.

use std::fmt::Write as _;

/// A part of a text: as it is, or what a variable of the shell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Text(Vec<u8>),
    /// What this variable holds.
    Variable(String),
}

impl Piece {
    /// A text.
    pub fn text(text: impl Into<Vec<u8>>) -> Self {
        Self::Text(text.into())
    }
}

/// Bytes of all texts together.
pub fn size(pieces: &[Piece]) -> usize {
    let sizes = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.len(),
        Piece::Variable(name) => name.len() + 1,
    });
    sizes.sum()
}

/// Whether all of it can be pasted as it is: characters that are seen, and line feeds.
pub fn is_plain(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Text(text) => runs(text).iter().all(|(plain, _)| *plain),
        Piece::Variable(_) => true,
    })
}

/// One word of a command line. A zero byte has no place in one and is left out.
pub fn word(pieces: &[Piece]) -> String {
    let pieces = &merged(pieces);
    let texts = || {
        pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text),
            Piece::Variable(_) => None,
        })
    };
    let all = |is: fn(u8) -> bool| texts().all(|text| text.iter().all(|byte| is(*byte)));
    let has_variable = texts().count() < pieces.len();
    if !has_variable && size(pieces) > 0 && all(is_bare) {
        return lossy(&texts().flatten().copied().collect::<Vec<u8>>());
    }
    if has_variable && all(is_double) {
        return format!("\"{}\"", expanded(pieces, lossy));
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => quoted(text, &mut out),
            Piece::Variable(name) => {
                let _ = write!(out, "\"${name}\"");
            }
        }
    }
    if out.is_empty() { "''".to_owned() } else { out }
}

/// The same with neighbouring texts as one.
fn merged(pieces: &[Piece]) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (all.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(text)) => last.extend_from_slice(text),
            _ => all.push(piece.clone()),
        }
    }
    all
}

/// Texts and variables one after another inside of double quotes or of a here-document.
fn expanded(pieces: &[Piece], spell: impl Fn(&[u8]) -> String) -> String {
    let mut out = String::new();
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => out.push_str(&spell(text)),
            Piece::Variable(name) => {
                // zsh takes `:h` and the like behind a name without braces for an order, and letters
                // of any script for more of the name.
                let goes_on = matches!(pieces.peek(), Some(Piece::Text(text))
                    if text.first().is_some_and(|b| !b.is_ascii() || b.is_ascii_alphanumeric() || b"_[:".contains(b)));
                if goes_on {
                    let _ = write!(out, "${{{name}}}");
                } else {
                    let _ = write!(out, "${name}");
                }
            }
        }
    }
    out
}

/// A text in single quotes, what cannot be pasted by `printf`.
fn quoted(text: &[u8], out: &mut String) {
    for (plain, run) in runs(text) {
        if plain {
            let text = lossy(run).replace('\'', "'\\''");
            let _ = write!(out, "'{text}'");
            continue;
        }
        let octal = octal(run.iter().filter(|byte| **byte != 0));
        if !octal.is_empty() {
            let _ = write!(out, "\"$(printf '{octal}')\"");
        }
    }
}

/// Bytes as the format of `printf` spells them.
fn octal<'b>(bytes: impl Iterator<Item = &'b u8>) -> String {
    bytes.fold(String::new(), |mut out, byte| {
        let _ = write!(out, "\\{byte:03o}");
        out
    })
}

/// The lines of a here-document and what stands behind the command for it (`<<'JSON'`): the bytes on the
/// standard input, with a line feed behind them where they do not end in one. Only for what is plain.
pub fn here_document(pieces: &[Piece], mark: &str) -> (String, String) {
    let has_variable = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Variable(_)));
    let mut body = if has_variable {
        expanded(pieces, |text| {
            let mut out = String::new();
            for letter in lossy(text).chars() {
                if matches!(letter, '\\' | '$' | '`') {
                    out.push('\\');
                }
                out.push(letter);
            }
            out
        })
    } else {
        expanded(pieces, lossy)
    };
    if !body.ends_with('\n') {
        body.push('\n');
    }
    let mut delimiter = mark.to_owned();
    let mut more = 1;
    while body.lines().any(|line| line == delimiter) {
        more += 1;
        delimiter = format!("{mark}_{more}");
    }
    let opening = if has_variable {
        format!("<<{delimiter}")
    } else {
        format!("<<'{delimiter}'")
    };
    (opening, format!("{body}{delimiter}\n"))
}

/// A command that prints exactly these bytes.
pub fn printed(pieces: &[Piece]) -> String {
    let mut format = String::new();
    let mut arguments = String::new();
    for piece in pieces {
        match piece {
            Piece::Variable(name) => {
                format.push_str("%s");
                let _ = write!(arguments, " \"${name}\"");
            }
            Piece::Text(text) => {
                for (plain, run) in runs(text) {
                    if plain {
                        let text = lossy(run).replace('\\', "\\\\").replace('%', "%%");
                        format.push_str(&text);
                    } else {
                        format.push_str(&octal(run.iter()));
                    }
                }
            }
        }
    }
    // What begins with a dash would be an option.
    let format = match format.strip_prefix('-') {
        Some(rest) => format!("\\055{rest}"),
        None => format,
    };
    format!("printf '{}'{arguments}", format.replace('\'', "'\\''"))
}

/// A comment line. An interactive shell may read it as a command: nothing is left in it that means
/// anything to one.
pub fn comment(text: &str) -> String {
    let fine = |c: char| c.is_ascii_alphanumeric() || " .,:/_-+@%#".contains(c);
    let text: String = text
        .chars()
        .map(|c| if fine(c) { c } else { '_' })
        .collect();
    format!("# {}\n", text.trim_end())
}

/// Variables that shells and systems set or go by: whatever is called like one of them is something else.
const TAKEN: [&str; 42] = [
    "ARGC", "ARGV", "CDPATH", "COLUMNS", "DISPLAY", "EDITOR", "EGID", "ENV", "EUID", "FCEDIT",
    "FPATH", "GID", "HISTFILE", "HOME", "HOST", "HOSTNAME", "IFS", "LANG", "LINENO", "LINES",
    "LOGNAME", "MAIL", "MANPATH", "OLDPWD", "OPTARG", "OPTIND", "PAGER", "PATH", "PPID", "PS1",
    "PS2", "PS4", "PWD", "RANDOM", "SECONDS", "SHELL", "SHLVL", "TERM", "TMPDIR", "TZ", "UID",
    "USER",
];
/// What the names of others that mean something begin with.
const MEANT: [&str; 6] = ["BASH", "CURL_", "DYLD_", "LC_", "LD_", "ZSH"];

/// A name that a variable of the shell can have and that means nothing to it, of whatever a thing is called.
pub fn variable(name: &str) -> String {
    let letters = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    });
    let name: String = letters.collect();
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => "SECRET".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("SECRET_{name}"),
        Some(_) if is_taken(name) => format!("SECRET_{name}"),
        Some(_) => name.to_owned(),
    }
}

fn is_taken(name: &str) -> bool {
    let is_proxy = name.ends_with("_PROXY");
    is_proxy || TAKEN.contains(&name) || MEANT.iter().any(|start| name.starts_with(start))
}

/// Stretches of a text that can be pasted as they are, and of bytes that cannot.
fn runs(text: &[u8]) -> Vec<(bool, &[u8])> {
    let mut found: Vec<(bool, &[u8])> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, len) = stretch(rest);
        let (run, behind) = rest.split_at(len.clamp(1, rest.len()));
        found.push((plain, run));
        rest = behind;
    }
    found
}

/// Whether the text begins with what is plain, and how many bytes go on so.
fn stretch(text: &[u8]) -> (bool, usize) {
    let valid = match str::from_utf8(text) {
        Ok(valid) => valid,
        Err(fault) => {
            str::from_utf8(text.get(..fault.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    let Some(first) = valid.chars().next() else {
        // Up to the next byte that can begin a character.
        let odd = text
            .iter()
            .skip(1)
            .take_while(|byte| !byte.is_ascii())
            .count();
        let fault = str::from_utf8(text).err();
        let bad = fault.and_then(|fault| fault.error_len()).unwrap_or(odd + 1);
        return (false, bad);
    };
    let plain = is_seen(first);
    let len: usize = valid
        .chars()
        .take_while(|letter| is_seen(*letter) == plain)
        .map(char::len_utf8)
        .sum();
    (plain, len)
}

/// Whether somebody who pastes it sees it, and a terminal does nothing because of it.
fn is_seen(letter: char) -> bool {
    letter == '\n'
        || !(letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'))
}

/// What needs no quotes at all. A `=` at the beginning of a word means something to zsh.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_./:@%+,".contains(&byte)
}

/// What means itself in double quotes, in an interactive shell too.
fn is_double(byte: u8) -> bool {
    (byte.is_ascii_graphic() || byte == b' ') && !b"\"$`\\!".contains(&byte)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests;
