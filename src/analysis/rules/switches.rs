//! Which rules are switched off or forced on, for all tools and for some. Tools are named by a pattern
//! in which `*` stands for any letters; where several patterns fit, the last one written decides.

use super::set::RuleSet;
use crate::analysis::Rule;

/// The switches of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    off: RuleSet,
    tools: Vec<(String, Rule, bool)>,
}

impl Switches {
    /// Whether the rule may speak about results of that tool.
    pub fn allows(&self, rule: Rule, tool: &str) -> bool {
        let named = self.tools.iter().rev();
        let mut fitting = named.filter(|(pattern, of, _)| *of == rule && fits(pattern, tool));
        fitting.next().map_or(!self.off.has(rule), |(_, _, on)| *on)
    }

    /// Those of the rules that may speak about results of that tool.
    #[must_use]
    pub fn allowed(&self, rules: RuleSet, tool: &str) -> RuleSet {
        if self.is_default() {
            return rules;
        }
        rules
            .iter()
            .filter(|rule| self.allows(*rule, tool))
            .fold(RuleSet::NONE, |kept, rule| kept.with(RuleSet::of(rule)))
    }

    /// Whether nothing was switched.
    pub fn is_default(&self) -> bool {
        self.off.is_empty() && self.tools.is_empty()
    }

    /// Switches a rule for all tools.
    pub fn set(&mut self, rule: Rule, on: bool) {
        let rest = Rule::ALL.into_iter().filter(|other| *other != rule);
        let off = rest.filter(|other| self.off.has(*other));
        self.off = off.fold(RuleSet::NONE, |off, other| off.with(RuleSet::of(other)));
        if !on {
            self.off.add(RuleSet::of(rule));
        }
    }

    /// Switches a rule for the tools that fit the pattern.
    pub fn set_for(&mut self, pattern: &str, rule: Rule, on: bool) {
        self.tools.push((pattern.to_owned(), rule, on));
    }
}

/// Whether a name fits a pattern. Linear but for its stars: the last star tries again.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(n) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(wanted) if wanted == byte => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, from)) = star else {
                    return false;
                };
                star = Some((at, from + 1));
                p = at + 1;
                n = from + 1;
            }
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, expected) in [
            ("web.*", "web.fetch", true),
            ("web.*", "web", false),
            ("*", "", true),
            ("*.get*", "crm.get_order", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1b2b3", false),
            ("pay.quote", "pay.quotes", false),
            ("", "x", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn the_last_word_about_a_tool_counts_more_than_the_word_about_all() {
        let mut switches = Switches::default();
        assert!(switches.is_default() && switches.allows(Rule::Empty, "x"));
        switches.set(Rule::Empty, false);
        switches.set_for("search*", Rule::Empty, true);
        switches.set_for("search.old", Rule::Empty, false);
        assert!(!switches.allows(Rule::Empty, "x"));
        assert!(switches.allows(Rule::Empty, "search.new"));
        assert!(!switches.allows(Rule::Empty, "search.old"));
        assert!(switches.allows(Rule::Html, "x"));
        let both = RuleSet::all(&[Rule::Empty, Rule::Html]);
        assert_eq!(switches.allowed(both, "x"), RuleSet::of(Rule::Html));
        switches.set(Rule::Empty, true);
        assert!(switches.allows(Rule::Empty, "x"));
    }
}
