//! The `[copy]` section: by which ways copies go, and how much the terminal takes. `auto` leaves it to what
//! the surroundings tell.

use toml::{Spanned, de::DeValue};

use super::{
    file::{bytes, in_order},
    warning::{Warnings, suggestion},
};
use crate::term::copy::{Route, Wishes};

const KEYS: [&str; 2] = ["route", "osc52_max"];

/// Reads the section into `wishes`.
pub(super) fn read(value: &Spanned<DeValue<'_>>, wishes: &mut Wishes, warnings: &mut Warnings<'_>) {
    let Some(table) = value.get_ref().as_table() else {
        warnings.add(value.span().start, "`copy` must be a section, `[copy]`");
        return;
    };
    for (key, value) in in_order(table) {
        let at = value.span().start;
        match key.get_ref().as_ref() {
            "route" => match routes(value.get_ref()) {
                Ok(order) => wishes.order = order,
                Err(fault) => warnings.add(at, fault),
            },
            "osc52_max" => match bytes(value.get_ref()) {
                Ok(most) => wishes.osc52_max = usize::try_from(most).ok(),
                Err(fault) => warnings.add(at, format!("`copy.osc52_max` {fault}")),
            },
            other => warnings.add(
                key.span().start,
                format!("unknown key `copy.{other}`{}", suggestion(other, &KEYS)),
            ),
        }
    }
}

fn routes(value: &DeValue<'_>) -> Result<Option<Vec<Route>>, String> {
    let words: Option<Vec<&str>> = match (value.as_str(), value.as_array()) {
        (Some("auto"), _) => return Ok(None),
        (Some(word), _) => Some(vec![word]),
        (None, Some(words)) => words.iter().map(|word| word.get_ref().as_str()).collect(),
        (None, None) => None,
    };
    let fault = || {
        let known = Route::ALL.map(Route::word).join("\", \"");
        format!("`copy.route` must be \"auto\", one of \"{known}\", or a list of them")
    };
    let routes = words.ok_or_else(fault)?.into_iter().map(Route::of_word);
    let routes: Option<Vec<Route>> = routes.collect();
    let routes = routes.filter(|routes| !routes.is_empty());
    routes.map(Some).ok_or_else(fault)
}
