//! A record or a tool call as a curl command, in one of three grades that say how much is known:
//! `A`, the call itself carries method and address; `B`, the configuration or the service says how the tool
//! is reached;
//! `C`, only the arguments are known, with the curl that reads the record again. The grade stands in the
//! first line. A secret is the name of a variable, never a value; comments hold nothing that an
//! interactive shell would act on. Nothing is run here.

mod call;
mod known;
mod names;
mod own;
mod stated;

use crate::{
    guard::{Masking, Sort, safe_json},
    model::{CallMembers, Get, Payload},
    text::shell::{Piece, comment, here_document, is_plain, printed, size, word},
};
use call::Sent;
pub use known::{Tool, Transport};
use names::Names;

/// Bodies of more bytes go behind the command.
const INLINE: usize = 1024;

/// How much is known of how a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The call itself carries method and address.
    Exact,
    /// The configuration says where the tool is and how it takes its arguments.
    Known,
    /// The service says so, in what it lists beside the mission.
    Stated,
    /// The arguments alone.
    Arguments,
}

impl Grade {
    /// The letter that it is called by.
    pub fn letter(self) -> char {
        match self {
            Self::Exact => 'A',
            Self::Known | Self::Stated => 'B',
            Self::Arguments => 'C',
        }
    }

    /// What it means.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact, the call carries method and address",
            Self::Known => "known transport, the configuration says how the tool is reached",
            Self::Stated => "known transport, the service says how the tool is reached",
            Self::Arguments => "arguments only, how the tool is reached is not known",
        }
    }
}

/// A tool call that is to be made again.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The tool; empty where nobody says.
    pub tool: &'a str,
    /// As recorded.
    pub payload: &'a [u8],
    /// Whether that is only what the record says in words.
    pub in_words: bool,
    /// What else than arguments is in it.
    pub members: CallMembers,
    /// Where it is found (`sortie:…`).
    pub locator: &'a str,
    /// What the service lists beside the mission and the run, as sent.
    pub lists: &'a [Payload],
}

/// A script for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How much is known.
    pub grade: Grade,
    /// Comments and commands; ends in a line feed.
    pub text: String,
    /// Variables that stand for what was masked.
    pub secrets: Vec<String>,
    /// Whether running it changes something, or may.
    pub writes: bool,
}

/// The call in every grade that it has, the best first; the last one is always that of the arguments.
pub fn replays(
    asked: Asked<'_>,
    tools: &[Tool],
    source: Option<&Get>,
    masking: &mut Masking,
) -> Vec<Script> {
    let mut scripts = Vec::new();
    let given = own::given(asked.payload, asked.members);
    let arguments = &*given.arguments;
    let mut notes = given.told();
    if asked.in_words && !asked.members.is_empty() {
        notes.push("the record has no arguments: this is what it says in words".to_owned());
    }
    if let Some(sent) = call::read(arguments) {
        scripts.push(script(
            Grade::Exact,
            asked,
            &[],
            source,
            masking,
            |names, masking| command(&sent, names, masking),
        ));
    }
    if let Some(tool) = known::find(tools, asked.tool) {
        scripts.push(script(
            Grade::Known,
            asked,
            &notes,
            source,
            masking,
            |names, masking| {
                let sent = tool.sent(asked.tool, arguments);
                command(&sent, names, masking)
            },
        ));
    } else if let Some(sent) = stated::sent(asked.lists, asked.tool, arguments) {
        scripts.push(script(
            Grade::Stated,
            asked,
            &notes,
            source,
            masking,
            |names, masking| command(&sent, names, masking),
        ));
    }
    scripts.push(script(
        Grade::Arguments,
        asked,
        &notes,
        source,
        masking,
        |names, masking| {
            let body = masked_body(arguments, true, names, masking);
            let text = if is_plain(&body) {
                let (opening, lines) = here_document(&body, "JSON");
                format!("cat {opening}\n{lines}")
            } else {
                format!("{}\n", printed(&body))
            };
            (text, false)
        },
    ));
    scripts
}

/// Comments, then what `make` makes, then how the record is read again.
fn script(
    grade: Grade,
    asked: Asked<'_>,
    notes: &[String],
    source: Option<&Get>,
    masking: &mut Masking,
    make: impl FnOnce(&mut Names, &mut Masking) -> (String, bool),
) -> Script {
    let mut names = Names::default();
    let (made, writes) = make(&mut names, masking);
    let mut text = comment(&format!("grade {}: {}", grade.letter(), grade.words()));
    let tool = if asked.tool.is_empty() {
        "unknown"
    } else {
        asked.tool
    };
    let tool = masking.text(tool).into_owned();
    text.push_str(&comment(&format!("tool {tool}, {}", asked.locator)));
    if writes {
        let again = match grade {
            Grade::Exact => "sends the request",
            Grade::Known | Grade::Stated | Grade::Arguments => "calls the tool",
        };
        text.push_str(&comment(&format!(
            "WARNING: this {again} again, which may write data"
        )));
    }
    text.extend(notes.iter().map(|note| comment(note)));
    let source = source.filter(|_| grade == Grade::Arguments);
    let again = source.map(|get| read_again(get, &mut names, masking));
    text.push_str(&set_first(&names));
    text.push_str(&made);
    if let Some(again) = again {
        text.push_str(&comment("the record that has them, read again"));
        text.push_str(&again);
    }
    Script {
        grade,
        text,
        secrets: names.all().map(str::to_owned).collect(),
        writes,
    }
}

/// The variables that stand for what was masked, where there are some.
fn set_first(names: &Names) -> String {
    let all: Vec<&str> = names.all().collect();
    if all.is_empty() {
        return String::new();
    }
    comment(&format!("masked, set first: {}", all.join(", ")))
}

/// How a record is read again, with a comment that says which. An id in its address that is a secret is a
/// variable.
pub fn refetch(get: &Get, what: &str, masking: &mut Masking) -> String {
    let mut names = Names::default();
    let again = read_again(get, &mut names, masking);
    let what = masking.id(what);
    format!("{}{}{again}", comment(&what), set_first(&names))
}

fn read_again(get: &Get, names: &mut Names, masking: &mut Masking) -> String {
    let mut text: String = get.notes.iter().map(|note| comment(note)).collect();
    let mut words = vec!["curl".to_owned(), "-sS".to_owned()];
    words.extend(for_address(&get.url));
    if get.insecure {
        words.push("-k".to_owned());
    }
    if let Some(file) = &get.ca_file {
        words.extend(["--cacert".to_owned(), word(&[Piece::text(file.as_str())])]);
    }
    let address = masking.id(&get.url);
    words.push(word(&names.pieces(address.as_bytes(), masking)));
    for (name, value) in &get.headers {
        words.extend(header(name, value));
    }
    text.push_str(&joined(&words));
    text.push('\n');
    text
}

/// What makes curl send the address as it is.
fn for_address(url: &str) -> Vec<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut words = Vec::new();
    if url.contains(['[', ']', '{', '}']) {
        words.push("-g".to_owned());
    }
    if path.contains("/./")
        || path.contains("/../")
        || path.ends_with("/.")
        || path.ends_with("/..")
    {
        words.push("--path-as-is".to_owned());
    }
    words
}

fn header(name: &str, value: &[Piece]) -> [String; 2] {
    // A header without a value is written with a semicolon; with a colon it would not be sent.
    let mut pieces = vec![Piece::text(if size(value) == 0 {
        format!("{name};")
    } else {
        format!("{name}: ")
    })];
    pieces.extend(value.iter().cloned());
    ["-H".to_owned(), word(&pieces)]
}

/// On one line as long as that is short, else each option on a line of its own.
fn joined(words: &[String]) -> String {
    let one = words.join(" ");
    if one.len() <= 100 {
        return one;
    }
    let mut out = String::new();
    let mut fresh = true;
    for (at, word) in words.iter().enumerate() {
        let option = matches!(
            word.as_str(),
            "-H" | "--data-raw" | "--data-binary" | "--cacert"
        );
        if at > 0 {
            out.push_str(if option && !fresh { " \\\n  " } else { " " });
        }
        fresh = at == 0;
        out.push_str(word);
    }
    out
}

/// The command that sends it, and whether it changes something.
fn command(sent: &Sent, names: &mut Names, masking: &mut Masking) -> (String, bool) {
    let mut words = vec!["curl".to_owned(), "-sS".to_owned()];
    words.extend(for_address(&sent.url));
    match (sent.method.as_str(), sent.body.is_some()) {
        ("GET", false) => {}
        ("HEAD", false) => words.push("-I".to_owned()),
        (method, _) => words.extend(["-X".to_owned(), word(&[Piece::text(method)])]),
    }
    words.push(word(&names.url(&sent.url, masking)));
    for (name, value) in &sent.headers {
        words.extend(header(name, &names.header(name, value, masking)));
    }
    let typed = |(name, _): &(String, _)| name.eq_ignore_ascii_case("content-type");
    if sent.body.is_some() && !sent.headers.iter().any(typed) {
        // Else curl would name a type that nobody named.
        words.extend(["-H".to_owned(), "'Content-Type:'".to_owned()]);
    }
    let writes = sent.calls || !matches!(sent.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let Some(body) = &sent.body else {
        return (format!("{}\n", joined(&words)), writes);
    };
    let pieces = masked_body(body, sent.is_json, names, masking);
    let (plain, long) = (is_plain(&pieces), size(&pieces) > INLINE);
    if plain && !long {
        words.extend(["--data-raw".to_owned(), word(&pieces)]);
        return (format!("{}\n", joined(&words)), writes);
    }
    words.extend(["--data-binary".to_owned(), "@-".to_owned()]);
    // White space behind JSON means nothing; behind anything else a line feed more would.
    let ends = matches!(pieces.last(), Some(Piece::Text(text)) if text.last() == Some(&b'\n'));
    let text = if plain && (sent.is_json || ends) {
        let (opening, lines) = here_document(&pieces, if sent.is_json { "JSON" } else { "BODY" });
        format!("{} {opening}\n{lines}", joined(&words))
    } else {
        format!("{} |\n{}\n", printed(&pieces), joined(&words))
    };
    (text, writes)
}

/// A body with its secrets as variables. JSON goes on one line, with what a terminal would act on as
/// escapes, which means the same.
fn masked_body(body: &[u8], is_json: bool, names: &mut Names, masking: &mut Masking) -> Vec<Piece> {
    let masked = masking.json(body, Sort::Any).into_owned();
    let line = if is_json { safe_json(&masked) } else { None };
    let bytes = line.map_or(masked, String::into_bytes);
    names.pieces(&bytes, masking)
}

#[cfg(test)]
mod tests;
