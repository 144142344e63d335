//! Soft failures: what a result's content says although its status does not. Nine rules, each by name,
//! judge the top of what a tool gave: through wrappers, lists of outcomes, MCP's content and JSON in
//! strings, but never the rows of a domain. Whether a mark holds needs three things that are read apart
//! and once each: the result, the call (an echo is no failure), and what the tool gives elsewhere.

mod asked;
mod doubts;
mod frame;
mod gives;
mod jobs;
mod message;
mod names;
mod needles;
mod phrases;
mod place;
mod set;
mod switches;
mod take;
mod text;
mod told;
mod value;
mod walk;
mod weigh;
mod wishes;
mod words;

pub use asked::{Asked, read_call};
pub use set::RuleSet;
pub use switches::Switches;

use crate::analysis::Rule;
use crate::model::Event;
use place::Places;
use walk::Walk;

/// What a result's content is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// An object, or values, that are no list.
    Json,
    /// A list with something in it.
    Rows,
    /// An empty list, object or text, or null.
    Empty,
    /// A web page.
    Html,
    /// Any other text.
    Text,
    /// There is no content.
    #[default]
    Nothing,
}

/// What a result's content says, read once, at most 64 KiB of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What the content is.
    pub shape: Shape,
    /// Rules that hold by the content alone, unless the call accounts for them.
    pub says: RuleSet,
    /// Rules that hold only if the tool gives something else elsewhere in the run (`Elsewhere`).
    pub may: RuleSet,
}

/// Reads a result.
pub fn read_result(event: &Event) -> Reading {
    let mut walk = Walk {
        places: Places::default(),
    };
    let said = walk.body(body(event));
    let may = match said.shape {
        Shape::Html => RuleSet::of(Rule::Html),
        Shape::Empty => RuleSet::of(Rule::Empty).with(said.says.both(RuleSet::QUERY)),
        Shape::Json | Shape::Rows | Shape::Text | Shape::Nothing => RuleSet::NONE,
    };
    let mut reading = Reading {
        shape: said.shape,
        says: said.says,
        may,
    };
    // most results say nothing, and then nobody need account for anything
    if !said.says.is_empty() || !may.is_empty() {
        let tool = event.tool.as_deref().unwrap_or_default();
        let echo = asked::of(tool, asked::repeated(body(event)));
        reading.says = said.says.without(echo);
        reading.may = may.without(echo);
    }
    reading
}

/// What one tool gave at other times in the run, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Results that were JSON of any form, but empty.
    pub json: u32,
    /// Of those, lists with something in them.
    pub rows: u32,
    /// Empty results.
    pub empty: u32,
    /// Web pages.
    pub html: u32,
    /// Other texts.
    pub texts: u32,
}

impl Elsewhere {
    /// Counts one more result.
    pub fn add(&mut self, shape: Shape) {
        match shape {
            Shape::Json => self.json += 1,
            Shape::Rows => {
                self.json += 1;
                self.rows += 1;
            }
            Shape::Empty => self.empty += 1,
            Shape::Html => self.html += 1,
            Shape::Text => self.texts += 1,
            Shape::Nothing => {}
        }
    }

    /// Which of a result's `may` hold, where `self` counts the tool's other results or all of them. A
    /// tool that is empty, or gives pages, more than now and then only does what it does.
    pub fn bears_out(&self, reading: &Reading) -> RuleSet {
        let rare = |odd: u32, usual: u32| usual > 0 && odd.saturating_sub(1) * 4 <= usual;
        let mut held = RuleSet::NONE;
        if reading.shape == Shape::Html && rare(self.html, self.json) {
            held.add(RuleSet::of(Rule::Html));
        }
        // an object now and then shows no habit
        let objects = self.json.saturating_sub(self.rows);
        let usual = self.rows + self.texts + if objects >= 3 { objects } else { 0 };
        if reading.shape == Shape::Empty && rare(self.empty, usual) {
            held.add(RuleSet::of(Rule::Empty));
        }
        held.both(reading.may)
    }
}

/// The rule by which a result is a soft failure: what it says, but for what the call accounts for and
/// what is switched off. `elsewhere` counts all of the tool's results in the run.
pub fn judge(
    reading: &Reading,
    asked: &Asked,
    elsewhere: &Elsewhere,
    switches: &Switches,
    tool: &str,
) -> Option<Rule> {
    let said = reading.says.with(elsewhere.bears_out(reading));
    switches.allowed(said.without(asked.echo), tool).first()
}

/// Where it stands and what it says: `"success": false at result.content[0].text`. At most 120
/// characters; values under secret keys are left out, the text is neither cleaned nor masked yet.
pub fn reason(event: &Event, rule: Rule) -> String {
    let mut walk = Walk {
        places: Places {
            want: Some(rule),
            reason: None,
        },
    };
    let _ = walk.body(body(event));
    let reason = walk.places.reason.unwrap_or_else(|| match rule {
        Rule::Html => "a web page, where this tool gives JSON elsewhere".to_owned(),
        Rule::Empty => "nothing, where this tool gives rows elsewhere".to_owned(),
        _ => format!("the content says so ({})", rule.word()),
    });
    if reason.chars().count() <= 120 {
        return reason;
    }
    reason.chars().take(119).chain(['…']).collect()
}

fn body(event: &Event) -> &[u8] {
    event.body.map_or(b"", |body| event.raw.part(body))
}

#[cfg(test)]
mod classes;
#[cfg(test)]
mod doubted;
#[cfg(test)]
mod tests;
