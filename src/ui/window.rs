//! What the window of the terminal is called: where one is, in so few words that a bar of tabs has room for
//! them. Masked and cleaned like everything that is painted: a title is an exit, too.

use super::{
    row,
    style::{Glyph, Style},
};
use crate::{app::App, text::width};

/// No window shows more.
const COLUMNS: usize = 80;

/// `sortie · nightly-billing 8c41 ✗`, or what the list shows.
#[must_use]
pub fn title(app: &App, style: &Style) -> String {
    let mut masking = app.redactor.masking();
    let here = app.screen().and_then(|run| {
        let of = app.store.run(run)?;
        let mission = app.store.mission(app.store.owner(run));
        let mission = mission.map(|mission| style.told(&mission.name, &mut masking));
        let id = style.told(row::short(&of.id), &mut masking);
        let (glyph, _) = style.run(of.status);
        let words = [mission.unwrap_or_default(), id];
        let words = words.iter().filter(|word| !word.is_empty());
        let words: Vec<&str> = words.map(String::as_str).collect();
        // The sign stays, however long the names are.
        let sign = style.glyph(glyph);
        let room = COLUMNS.saturating_sub(width::width(sign) + 11);
        Some(format!("{} {sign}", style.fit(&words.join(" "), room)))
    });
    let here = here.unwrap_or_else(|| app.arranged.by.word().to_owned());
    format!("sortie {} {here}", style.glyph(Glyph::Quiet))
}
