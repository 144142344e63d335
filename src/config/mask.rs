//! The `[mask]` section: rules that are switched off, values and keys that are let through, and patterns
//! of one's own. A rule that nobody knows and a pattern that is none are named, the others hold; no value
//! is quoted.

use toml::{Spanned, de::DeValue};

use super::{
    file::in_order,
    warning::{Warnings, suggestion},
};
use crate::guard::Rules;

const KNOWN: [&str; 4] = ["off", "allow", "allow_keys", "rules"];

/// Reads the section into `rules`.
pub(super) fn read(value: &Spanned<DeValue<'_>>, rules: &mut Rules, warnings: &mut Warnings<'_>) {
    let Some(table) = value.get_ref().as_table() else {
        warnings.add(value.span().start, "`mask` must be a section, `[mask]`");
        return;
    };
    for (key, value) in in_order(table) {
        match key.get_ref().as_ref() {
            "off" => each(value, "off", warnings, |name| {
                let names = Rules::names();
                (!rules.switch_off(name)).then(|| {
                    format!(
                        "unknown rule of masking `{name}`{}",
                        suggestion(name, &names)
                    )
                })
            }),
            "allow" => each(value, "allow", warnings, |text| {
                rules.allow_value(text);
                None
            }),
            "allow_keys" => each(value, "allow_keys", warnings, |key| {
                rules.allow_key(key);
                None
            }),
            "rules" => patterns(value, rules, warnings),
            other => {
                let near = suggestion(other, &KNOWN);
                warnings.add(
                    key.span().start,
                    format!("unknown key `mask.{other}`{near}"),
                );
            }
        }
    }
}

/// All texts of a list; `take` says what is wrong with one.
fn each(
    value: &Spanned<DeValue<'_>>,
    name: &str,
    warnings: &mut Warnings<'_>,
    mut take: impl FnMut(&str) -> Option<String>,
) {
    let Some(items) = value.get_ref().as_array() else {
        let message = format!("`mask.{name}` must be a list of texts, [\"…\"]");
        warnings.add(value.span().start, message);
        return;
    };
    for item in items {
        let text = item.get_ref().as_str().filter(|text| !text.is_empty());
        let fault = match text {
            Some(text) => take(text),
            None => Some(format!("`mask.{name}` must hold texts that are not empty")),
        };
        if let Some(fault) = fault {
            warnings.add(item.span().start, fault);
        }
    }
}

/// `[mask.rules]`, a pattern by its name.
fn patterns(value: &Spanned<DeValue<'_>>, rules: &mut Rules, warnings: &mut Warnings<'_>) {
    let Some(table) = value.get_ref().as_table() else {
        let message = "`mask.rules` must be a section, `[mask.rules]`";
        warnings.add(value.span().start, message);
        return;
    };
    for (key, value) in in_order(table) {
        let name = key.get_ref().as_ref();
        let added = match value.get_ref().as_str() {
            Some(pattern) => rules.add(name, pattern),
            None => Err("must be a pattern in quotes".to_owned()),
        };
        if let Err(fault) = added {
            warnings.add(value.span().start, format!("`mask.rules.{name}` {fault}"));
        }
    }
}
