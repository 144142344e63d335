//! What a row says about an operation: its call in words, and where it failed also what came back
//! (`card declined  (ch_77)`, what matters more first). Screen and printed text say the same. Neither
//! cleaned nor masked yet, so no word is cut in two but at the end, where whoever masks can tell what
//! was cut.

use super::{
    Headline, Verdict,
    headline::{headline, shorten, subject},
    telling,
};
use crate::model::{Event, Kind};

/// How much of a call is said where something follows.
const BEFORE: usize = 80;

/// The row of an operation: its call, or its only event, with the result that answered it.
pub fn title(call: &Event, answer: Option<&Event>, verdict: Verdict) -> Headline {
    let mut asked = headline(call);
    // A call that says nothing of itself is told by what its result repeats of it, or what came of it.
    let is_mute = matches!(asked.summary.trim(), "") || asked.summary == asked.title;
    let repeated = || telling::asked(subject(answer?));
    if is_mute && let Some(repeated) = repeated() {
        asked.summary = shorten(&repeated);
    }
    let is_mute = matches!(asked.summary.trim(), "") || asked.summary == asked.title;
    let tells = verdict.is_failure() || (is_mute && call.kind == Kind::ToolCall);
    let Some(answer) = answer.filter(|_| tells).map(headline) else {
        return asked;
    };
    let said = answer.summary;
    let summary = match (asked.summary.trim(), said.trim()) {
        (_, "") => asked.summary,
        _ if is_mute => said,
        // It was cut: what follows would hide where.
        (_, after) if after.ends_with('…') => said,
        (before, after) if before == after => said,
        (before, after) => shorten(&format!("{after}  ({})", whole_words(before))),
    };
    Headline {
        title: asked.title,
        summary,
    }
}

/// As many whole words as there is room for.
fn whole_words(text: &str) -> String {
    let short = match text.char_indices().nth(BEFORE) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => match text.strip_suffix('…') {
            // Cut already.
            Some(short) => short,
            None => return text.to_owned(),
        },
    };
    let end = short.rfind([' ', ',', ':', '"']).unwrap_or(0);
    let words = short.get(..end).unwrap_or_default().trim_end();
    format!("{words}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::headline::LONGEST,
        model::{Payload, Span},
    };

    fn event(kind: Kind, summary: &str) -> Event {
        Event {
            kind,
            tool: Some("pay.refund".to_owned()),
            summary: Some(summary.to_owned()),
            ..Event::default()
        }
    }

    fn said(call: &str, answer: &str, verdict: Verdict) -> String {
        let call = event(Kind::ToolCall, call);
        title(&call, Some(&event(Kind::ToolResult, answer)), verdict).summary
    }

    #[test]
    fn what_failed_says_what_came_back() {
        assert_eq!(said("ch_77", "refunded", Verdict::Ok), "ch_77");
        assert_eq!(said("", "refunded", Verdict::Ok), "refunded");
        assert_eq!(said("pay.refund", "refunded", Verdict::Ok), "refunded");
        for verdict in [Verdict::Failed, Verdict::SoftFailure] {
            assert_eq!(said("ch_77", "declined", verdict), "declined  (ch_77)");
        }
        assert_eq!(said("", "declined", Verdict::Failed), "declined");
        assert_eq!(said("ch_77", "", Verdict::Failed), "ch_77");
        let call = event(Kind::ToolCall, "ch_77");
        assert_eq!(title(&call, None, Verdict::Unanswered).summary, "ch_77");
        assert_eq!(title(&call, None, Verdict::Ok).title, "pay.refund");
    }

    #[test]
    fn a_call_without_arguments_is_told_by_those_that_its_result_repeats() {
        let call = Event {
            summary: None,
            ..event(Kind::ToolCall, "")
        };
        let body =
            r#"{"actionName":"BOOK_TRIP","params":{"token":"t","city":"Oslo"},"response":"n/a"}"#;
        let answer = Event {
            body: Span::new(0, body.len()),
            raw: Payload::new(body.as_bytes().into()),
            ..event(Kind::ToolResult, "Booking failed")
        };
        let said = |verdict| title(&call, Some(&answer), verdict).summary;
        assert_eq!(said(Verdict::Ok), "Oslo");
        assert_eq!(said(Verdict::Failed), "Booking failed  (Oslo)");
    }

    #[test]
    fn a_long_call_leaves_room_and_no_half_word() {
        let long = format!("{} sk-secret-{}", "word ".repeat(14), "x".repeat(90));
        let text = said(&long, "declined", Verdict::Failed);
        assert_eq!(
            text,
            format!("declined  ({}…)", "word ".repeat(14).trim_end())
        );
        assert_eq!(said("sk-secr…", "no", Verdict::Failed), "no  (…)");
        assert_eq!(
            said("ch_77", "key sk-secr…", Verdict::Failed),
            "key sk-secr…"
        );
        let much = "y".repeat(400);
        let text = said("ch_77", &much, Verdict::Failed);
        assert_eq!(text.chars().count(), LONGEST);
        assert!(text.ends_with('…'), "{text}");
    }
}
