//! One line of what is kept, as it is written and read again. Unknown members are let be, so that a later
//! sortie can write more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    app::kept::{Deed, Entry, Spot},
    model::Time,
};

#[derive(Deserialize, Serialize)]
struct Line {
    at: String,
    provider: String,
    context: String,
    mission: String,
    run: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bookmark: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// As a line with its end.
pub(super) fn spell(entry: &Entry) -> String {
    let spot = entry.spot.clone();
    let (bookmark, note) = match &entry.deed {
        Deed::Bookmark(set) => (Some(*set), None),
        Deed::Note(text) => (None, Some(text.clone())),
    };
    let line = Line {
        at: Timestamp::from_nanosecond(i128::from(entry.at.0))
            .unwrap_or_default()
            .to_string(),
        provider: spot.provider,
        context: spot.context,
        mission: spot.mission,
        run: spot.run,
        room: spot.room,
        event: spot.event,
        title: entry.title.clone(),
        bookmark,
        note,
    };
    // Strings and a time: there is nothing in it that cannot be spelled.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

/// What a line says; none where it is no such line.
pub(super) fn read(line: &[u8]) -> Option<Entry> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let at: Timestamp = line.at.parse().ok()?;
    let deed = match (line.bookmark, line.note) {
        (Some(set), _) => Deed::Bookmark(set),
        (None, Some(note)) => Deed::Note(note),
        (None, None) => return None,
    };
    Some(Entry {
        spot: Spot {
            context: line.context,
            provider: line.provider,
            mission: line.mission,
            run: line.run,
            room: line.room,
            event: line.event,
        },
        title: line.title,
        at: Time(i64::try_from(at.as_nanosecond()).ok()?),
        deed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_was_done_and_survive_the_round() {
        let spot = Spot {
            context: "prod".to_owned(),
            provider: "elizaos".to_owned(),
            mission: "m".to_owned(),
            run: "r".to_owned(),
            room: Some("room".to_owned()),
            event: None,
        };
        let note = Deed::Note("two\nlines \u{1b}[31m".to_owned());
        for deed in [Deed::Bookmark(true), Deed::Bookmark(false), note] {
            let entry = Entry {
                spot: spot.clone(),
                title: "t".to_owned(),
                at: Time(1_795_166_597_761_000_001),
                deed,
            };
            let line = spell(&entry);
            assert_eq!(line.matches('\n').count(), 1);
            assert_eq!(read(line.as_bytes()), Some(entry));
        }
    }

    #[test]
    fn what_is_no_such_line_is_refused() {
        for line in [
            &b""[..],
            b"{",
            b"[]",
            b"{\"at\":\"2026-08-21T02:00:00Z\",\"run\":\"r\"}",
            b"\xff\xfe",
        ] {
            assert_eq!(read(line), None);
        }
    }
}
