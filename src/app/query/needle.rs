//! A text, or `/a regular expression/`, that is looked for in events: whether it is there, and where.

use std::ops::Range;

use super::{
    case::shows,
    pattern::{Pattern, Whole},
};
use crate::model::EventView;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Needle {
    pattern: Pattern,
}

impl Needle {
    /// Of what was typed: between slashes a regular expression, with an `i` behind them one for both cases;
    /// else the text as it stands, of which small letters find both cases. Says what is wrong.
    pub fn new(typed: &str) -> Result<Self, String> {
        if typed.is_empty() {
            return Err("there is nothing to look for".to_owned());
        }
        let (body, small) = match typed.strip_suffix("/i") {
            Some(body) => (Some(body), true),
            None => (typed.strip_suffix('/'), false),
        };
        let regex = body.and_then(|body| body.strip_prefix('/'));
        let pattern = match regex.filter(|regex| !regex.is_empty()) {
            Some(regex) => Pattern::regex(regex, small)?,
            None => Pattern::text(typed, false, Whole::Part)
                .ok_or("this text is too long to be looked for")?,
        };
        Ok(Self { pattern })
    }

    /// Whether an event has it where a person would see it.
    pub fn stands_in(&self, event: &EventView<'_>) -> bool {
        shows(event, &self.pattern, None)
    }

    /// Where it is in a text for the first time.
    pub fn place(&self, text: &str) -> Option<Range<usize>> {
        self.pattern.place(text)
    }

    /// The same in the text of JSON, where characters may be escaped.
    pub fn place_in_json(&self, text: &str) -> Option<Range<usize>> {
        self.pattern.place_in_json(text)
    }
}
