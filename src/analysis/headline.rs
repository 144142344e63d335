//! What a row says about an event: a title of a word or two and one line of what it is about. Made for
//! every visible row of every frame, so only the first 4 KiB of a part are looked at and nothing is
//! kept. Gives no JSON and no value of a secret key; the text is neither cleaned nor masked yet.

use super::telling;
use crate::model::{Event, Kind, Payload, Span};
use crate::text::json;

/// How much of a part is looked at.
pub(super) const HEAD: usize = 4096;
/// How long a summary gets.
pub(super) const LONGEST: usize = 200;

/// One row's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// A tool, a role, a word; never empty.
    pub title: String,
    /// One line of at most 200 characters; empty where there is nothing to say.
    pub summary: String,
}

/// The row of an event.
pub fn headline(event: &Event) -> Headline {
    Headline {
        title: shorten(&title(event)),
        summary: shorten(&summary(event)),
    }
}

/// Whether it is what a user said, by the title of its row. Cheaper than the row.
pub fn is_of_user(event: &Event) -> bool {
    event.kind == Kind::Message && title(event) == "user"
}

/// All that the event says in words, paragraphs apart by a blank line; none where it has no prose.
pub fn prose(event: &Event) -> Option<String> {
    joined(event.prose.iter().map(|span| event.raw.part(*span)))
}

/// What string literals of JSON say together, as `prose`.
pub fn joined<'a>(literals: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    let parts: Vec<_> = literals
        .map(json::unquote)
        .filter(|part| !part.trim().is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn title(event: &Event) -> String {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let kinds_own = || match event.kind {
        Kind::ToolCall => given(&event.tool).unwrap_or_else(|| "call".to_owned()),
        Kind::ToolResult => given(&event.tool).unwrap_or_else(|| "result".to_owned()),
        Kind::Message => role(&event.raw).unwrap_or_else(|| "message".to_owned()),
        Kind::Reasoning => "thinking".to_owned(),
        Kind::ModelCall => given(&event.tool).unwrap_or_else(|| "model call".to_owned()),
        Kind::Span => given(&event.tool).unwrap_or_else(|| "span".to_owned()),
        Kind::SubRun => given(&event.agent).unwrap_or_else(|| "sub run".to_owned()),
        Kind::Step | Kind::Status | Kind::Error | Kind::Artifact => event.kind.word().to_owned(),
        Kind::Data | Kind::Unknown if event.type_sent.trim().is_empty() => {
            event.kind.word().to_owned()
        }
        Kind::Data | Kind::Unknown => event.type_sent.clone(),
    };
    first_line(&given(&event.title).unwrap_or_else(kinds_own)).to_owned()
}

/// Who speaks, where the record says `role`.
fn role(raw: &Payload) -> Option<String> {
    let found = telling::members(head(raw.bytes()))
        .into_iter()
        .find(|member| member.key == "role" || member.key == "author")?;
    let text = found.text();
    (!text.trim().is_empty()).then_some(text)
}

fn summary(event: &Event) -> String {
    if let Some(given) = &event.summary
        && !given.trim().is_empty()
    {
        return first_line(given).to_owned();
    }
    let said = event.prose.iter().find_map(|span| {
        let part = event.raw.part(*span);
        let text = json::unquote(head(part));
        let line = first_line(&text);
        (!line.is_empty()).then(|| mark_cut(line, part.len() > HEAD && text.ends_with(line)))
    });
    said.or_else(|| telling::telling(event.kind, subject(event)))
        .unwrap_or_default()
}

/// The bytes to look for something telling in: the payload, else the record where there is no other.
pub(super) fn subject(event: &Event) -> &[u8] {
    match event.body {
        Some(body) => head(event.raw.part(body)),
        None if matches!(event.kind, Kind::Unknown | Kind::Data | Kind::Error) => {
            let whole = Span::new(0, event.raw.len().min(HEAD)).unwrap_or_default();
            event.raw.part(whole)
        }
        None => b"",
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..HEAD).unwrap_or(bytes)
}

/// The first line that is not blank, without the blanks around it.
pub(super) fn first_line(text: &str) -> &str {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// A line that goes on beyond what was looked at says so: whoever masks it must know that it was cut.
pub(super) fn mark_cut(line: &str, is_cut: bool) -> String {
    let mut line = line.to_owned();
    if is_cut {
        line.push('…');
    }
    line
}

/// At most as long as a summary gets.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    /// An event whose body is the whole record.
    fn event(kind: Kind, body: &str) -> Event {
        Event {
            kind,
            body: Span::new(0, body.len()),
            raw: Payload::new(Bytes::copy_from_slice(body.as_bytes())),
            ..Event::default()
        }
    }

    fn summary_of(kind: Kind, body: &str) -> String {
        headline(&event(kind, body)).summary
    }

    #[test]
    fn titles_come_from_the_tool_the_role_or_the_kind() {
        let mut call = event(Kind::ToolCall, "{}");
        assert_eq!(headline(&call).title, "call");
        call.tool = Some("pay.refund".to_owned());
        assert_eq!(headline(&call).title, "pay.refund");
        call.title = Some("refund\nonce".to_owned());
        assert_eq!(headline(&call).title, "refund");
        let message = event(Kind::Message, r#"{"id":1,"role":"user","content":"x"}"#);
        assert_eq!(headline(&message).title, "user");
        let mut odd = event(Kind::Unknown, "{}");
        assert_eq!(headline(&odd).title, "unknown");
        odd.type_sent = "telemetry_blip".to_owned();
        assert_eq!(headline(&odd).title, "telemetry_blip");
    }

    #[test]
    fn prose_speaks_first() {
        let raw = r#"{"text":"\n  \nFirst line\nsecond","more":"Another \u00e9"}"#;
        let mut message = event(Kind::Message, raw);
        message.prose = vec![
            Span::new(8, raw.find(",\"more").unwrap()).unwrap(),
            Span::new(raw.find("\"Another").unwrap(), raw.len() - 1).unwrap(),
        ];
        assert_eq!(headline(&message).summary, "First line");
        assert_eq!(
            prose(&message).unwrap(),
            "\n  \nFirst line\nsecond\n\nAnother é"
        );
        message.summary = Some("given".to_owned());
        assert_eq!(headline(&message).summary, "given");
        assert_eq!(prose(&event(Kind::ToolCall, "{}")), None);
    }

    #[test]
    fn calls_show_their_first_argument_and_results_their_words() {
        for (kind, body, says) in [
            (
                Kind::ToolCall,
                r#"{"charge":"ch_77","amount":1290}"#,
                "ch_77",
            ),
            (Kind::ToolCall, r#"{"id":"C-1182"}"#, "C-1182"),
            (
                Kind::ToolCall,
                r#"{"request_id":"r1","limit":10}"#,
                "limit: 10",
            ),
            (Kind::ToolCall, r#"{"filter":{"city":"Bonn"}}"#, "Bonn"),
            (Kind::ToolCall, r#"{"q":"","deep":[],"x":null}"#, ""),
            (Kind::ToolCall, r#""{\"city\":\"Bonn\"}""#, "Bonn"),
            (
                Kind::ToolResult,
                r#"{"status":"ok","error":{"code":"declined","message":"No funds"}}"#,
                "No funds",
            ),
            (
                Kind::ToolResult,
                r#"{"id":"1","success":false}"#,
                "success: false",
            ),
            (
                Kind::ToolResult,
                r#"[{"type":"text","text":"found 3\nrows"}]"#,
                "found 3",
            ),
            (
                Kind::ToolResult,
                r#"{"content":"{\"summary\":\"inside\"}"}"#,
                "inside",
            ),
            (Kind::ToolResult, r#""plain text""#, "plain text"),
            (Kind::ToolResult, "42", "42"),
            (Kind::ToolResult, "null", ""),
            (Kind::ToolResult, r#"[["a","b"]]"#, "a"),
            (Kind::ToolResult, r#"[{"id":1},5]"#, "5"),
            (
                Kind::Error,
                r#"{"code":"E1","message":"upstream 402"}"#,
                "upstream 402",
            ),
            (
                Kind::Unknown,
                "plain bytes, no JSON\nmore",
                "plain bytes, no JSON",
            ),
        ] {
            assert_eq!(summary_of(kind, body), says, "{body}");
        }
    }

    #[test]
    fn secrets_are_not_told() {
        let body = r#"{"password":"hunter2","secrets":{"a":"b"},"city":"Bonn"}"#;
        assert_eq!(summary_of(Kind::ToolCall, body), "Bonn");
        assert_eq!(summary_of(Kind::ToolCall, r#"{"token":"abc"}"#), "");
        assert_eq!(summary_of(Kind::ToolCall, r#"{"token":"abc"#), "");
    }

    #[test]
    fn only_the_head_of_a_large_part_counts() {
        let long = "x".repeat(3_000_000);
        let cut = summary_of(Kind::ToolResult, &format!("{{\"text\":\"{long}\"}}"));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with('…'));
        let late = format!("{{\"pad\":[{}1],\"text\":\"late\"}}", "1,".repeat(4000));
        assert_eq!(summary_of(Kind::ToolResult, &late), "pad: 1");
        let edge = format!(
            "{{\"id\":\"{}\",\"text\":\"sk-live-1234\"}}",
            "1".repeat(4070)
        );
        assert_eq!(summary_of(Kind::ToolResult, &edge), "sk-live-1…");
    }

    proptest! {
        #[test]
        fn any_bytes_give_one_short_line(bytes in proptest::collection::vec(any::<u8>(), 0..200), pick in 0..13_usize) {
            let whole = Span::new(0, bytes.len()).unwrap();
            let event = Event {
                kind: Kind::ALL[pick],
                prose: vec![whole],
                body: Some(whole),
                raw: Payload::new(Bytes::from(bytes)),
                ..Event::default()
            };
            let line = headline(&event);
            prop_assert!(!line.title.is_empty());
            prop_assert!(!line.summary.contains('\n') && line.summary.chars().count() <= LONGEST);
        }
    }
}
