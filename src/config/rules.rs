//! The `[rules]` section: which rules may call a result a soft failure, for all tools and for those that
//! a pattern names. A rule that nobody knows and a switch that is neither true nor false are named.

use toml::{Spanned, de::DeValue};

use super::{
    file::in_order,
    warning::{Warnings, suggestion},
};
use crate::analysis::{Rule, rules::Switches};

/// Reads the section into `switches`.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    switches: &mut Switches,
    warnings: &mut Warnings<'_>,
) {
    let known = Rule::ALL.map(Rule::word);
    let takes: Vec<&str> = known.iter().copied().chain(["tools"]).collect();
    each(value, "rules", warnings, |word, value, at, warnings| {
        if word == "tools" {
            tools(value, switches, warnings);
            return;
        }
        if let Some((rule, on)) = switch("rules", word, value, at, &takes, warnings) {
            switches.set(rule, on);
        }
    });
}

/// `[rules.tools."web.*"]`, one section for each pattern.
fn tools(value: &Spanned<DeValue<'_>>, switches: &mut Switches, warnings: &mut Warnings<'_>) {
    let known = Rule::ALL.map(Rule::word);
    each(
        value,
        "rules.tools",
        warnings,
        |pattern, value, _, warnings| {
            let section = format!("rules.tools.\"{pattern}\"");
            each(value, &section, warnings, |word, value, at, warnings| {
                if let Some((rule, on)) = switch(&section, word, value, at, &known, warnings) {
                    switches.set_for(pattern, rule, on);
                }
            });
        },
    );
}

/// All entries of a section in the order of the file: key, value, and where the key stands.
fn each(
    value: &Spanned<DeValue<'_>>,
    section: &str,
    warnings: &mut Warnings<'_>,
    mut take: impl FnMut(&str, &Spanned<DeValue<'_>>, usize, &mut Warnings<'_>),
) {
    let Some(table) = value.get_ref().as_table() else {
        let message = format!("`{section}` must be a section, `[{section}]`");
        warnings.add(value.span().start, message);
        return;
    };
    for (key, value) in in_order(table) {
        take(key.get_ref().as_ref(), value, key.span().start, warnings);
    }
}

fn switch(
    section: &str,
    word: &str,
    value: &Spanned<DeValue<'_>>,
    at: usize,
    known: &[&str],
    warnings: &mut Warnings<'_>,
) -> Option<(Rule, bool)> {
    let Some(rule) = Rule::of_word(word) else {
        let message = format!("unknown rule `{section}.{word}`{}", suggestion(word, known));
        warnings.add(at, message);
        return None;
    };
    let on = value.get_ref().as_bool();
    if on.is_none() {
        let message = format!("`{section}.{word}` must be true or false");
        warnings.add(value.span().start, message);
    }
    on.map(|on| (rule, on))
}
