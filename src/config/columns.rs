//! The section that says which columns the lists on the screen have: words as they are typed there. A
//! wrong one is named with its place and left out, the others hold.

use toml::{Spanned, de::DeValue};

use super::{
    file::in_order,
    warning::{Warnings, suggestion},
};
use crate::app::columns::{List, Sets};

const LISTS: [&str; 2] = ["runs", "events"];

/// Reads `[columns]`.
pub(super) fn read(value: &Spanned<DeValue<'_>>, sets: &mut Sets, warnings: &mut Warnings<'_>) {
    let Some(table) = value.get_ref().as_table() else {
        let message = "`columns` must be a section, `[columns]`";
        warnings.add(value.span().start, message);
        return;
    };
    for (key, value) in in_order(table) {
        let word = key.get_ref().as_ref();
        let (list, set) = match word {
            "runs" => (List::Runs, &mut sets.runs),
            "events" => (List::Events, &mut sets.events),
            _ => {
                let near = suggestion(word, &LISTS);
                let message = format!("unknown key `columns.{word}`{near}");
                warnings.add(key.span().start, message);
                continue;
            }
        };
        let Some(items) = value.get_ref().as_array() else {
            let message =
                format!("`columns.{word}` must be a list like [\"+tokens\", \"-started\"]");
            warnings.add(value.span().start, message);
            continue;
        };
        let mut kept = String::new();
        for item in items {
            let Some(text) = item.get_ref().as_str() else {
                let message = format!("`columns.{word}` must hold texts");
                warnings.add(item.span().start, message);
                continue;
            };
            let longer = format!("{kept}{text} ");
            match list.set(&longer) {
                Ok(read) => (*set, kept) = (read, longer),
                Err(fault) => {
                    warnings.add(item.span().start, format!("`columns.{word}` wants {fault}"));
                }
            }
        }
    }
}
