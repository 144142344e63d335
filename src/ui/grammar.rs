//! What a filter may be made of, for the help: the signs of the language by an example each, and every field
//! with what it is about. The fields come out of the language itself.

use ratatui::text::{Line, Span};

use super::style::{Role, Style};
use crate::{app::query::fields, text::width};

/// Columns of the examples and of the fields' words.
const WIDE: usize = 24;

/// Signs, each in an example.
const SIGNS: [(&str, &str); 9] = [
    ("status:failed tool:pay.*", "both; * stands for anything"),
    ("status:failed,soft", "either value"),
    (
        "tool:grep or kind:error",
        "either clause; ( ) keep together",
    ),
    ("-agent:qa", "not"),
    (
        "err:~time.?out/i",
        "a regular expression; /i whatever the case",
    ),
    ("dur:>30s tok:4k..20k", "> >= < <= and .. compare"),
    (
        "since:24h until:yesterday",
        "times: 2026-08-21T02:00Z..04:00Z too",
    ),
    (
        "payload.items[0].sku:x",
        "a value in a payload; * any key, ** at any depth",
    ),
    (
        "refund \"no funds\" /re/",
        "texts: in titles, summaries and loaded payloads",
    ),
];

/// The lines, without a title.
pub fn lines(style: &Style) -> Vec<Line<'static>> {
    let line = |word: &str, told: &'static str| {
        let word = width::pad(word, WIDE + 2);
        Line::from(vec![
            Span::styled(format!("  {word}"), style.of(Role::Tool)),
            Span::raw(told),
        ])
    };
    let signs = SIGNS.iter().map(|(example, told)| line(example, told));
    let fields = fields().map(|field| line(&format!("{}:", field.word()), field.about()));
    signs.chain([Line::default()]).chain(fields).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::query::{Query, Terms},
        model::Time,
    };

    #[test]
    fn every_example_is_a_query() {
        let terms = Terms {
            now: Time(0),
            zone: jiff::tz::TimeZone::UTC,
        };
        for (example, _) in SIGNS {
            Query::parse(example, &terms)
                .unwrap_or_else(|fault| panic!("{}", fault.picture(example)));
        }
    }
}
