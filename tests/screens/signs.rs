//! Nothing is said by a look alone: screens are painted so that each cell tells its role, and a line with
//! such a role has a sign or a word that says the same.

use std::sync::Arc;

use ratatui::buffer::Cell;
use ratatui::style::Color;
use sortie::app::theme::{Look, Role, Theme};
use sortie::guard::ansi::Colour;
use sortie::text::colour::Depth;
use sortie::ui::Style;

use crate::desk::Desk;
use crate::sizes::places;

/// What says the same as a role on the lines that have it. None: the role says nothing that is not there to
/// be read anyway, and need not be told from others.
pub fn of(role: Role) -> Option<&'static [&'static str]> {
    match role {
        Role::Failed | Role::BarError => Some(&["✗", "×", "failed", "error", "refused", "no way"]),
        // A warning is a sign, or a sentence that says what there is to know.
        Role::Soft => Some(&[
            "~",
            "?",
            "∞",
            "◆",
            "no call",
            "no cal…",
            "no ca…",
            "no c…",
            "no …",
            // Nothing of it was left.
            "……",
            "trying again",
            "more exist",
            "hidden",
            "& ",
            "quiet",
        ]),
        Role::Running => Some(&["…"]),
        Role::Good => Some(&["✓"]),
        Role::Status => Some(&["◆", "step", "plan"]),
        Role::BarTool => Some(&["tool", "call", "result"]),
        Role::BarModel | Role::Model => Some(&["think", "llm"]),
        Role::User => Some(&["user", "msg"]),
        Role::Masked => Some(&["‹"]),
        Role::Selection => Some(&["▶"]),
        // A name, which stands where names stand: of a tool behind the word that says what row it is. A hit is
        // where the cursor went, and reversed where it is not coloured. JSON has signs of its own.
        Role::Tool
        | Role::Hit
        | Role::Plain
        | Role::Dim
        | Role::Strong
        | Role::Rule
        | Role::Assistant
        | Role::BarWait
        | Role::Key
        | Role::Text
        | Role::Number
        | Role::Word
        | Role::Code => None,
    }
}

/// The first number that stands for a role.
const FIRST: u8 = 32;

/// A theme in which each role has a number of its own in place of a look.
fn roles() -> Arc<Theme> {
    let mut theme = Theme::default();
    for (number, role) in (FIRST..).zip(Role::ALL) {
        let colour = vec![Colour::Table(number)];
        let (fore, back) = match role {
            Role::Selection => (Vec::new(), colour),
            _ => (colour, Vec::new()),
        };
        theme.set(
            *role,
            Look {
                fore,
                back,
                marks: 0,
            },
        );
    }
    Arc::new(theme)
}

fn role(colour: Color) -> Option<Role> {
    let Color::Indexed(number) = colour else {
        return None;
    };
    Role::ALL
        .get(usize::from(number.checked_sub(FIRST)?))
        .copied()
}

fn has(cell: &Cell, wanted: Role) -> bool {
    role(cell.fg) == Some(wanted) || role(cell.bg) == Some(wanted)
}

/// Every place, and every list that has a selected row.
fn everywhere() -> Vec<(&'static str, Desk)> {
    let mut all = places();
    let mut more = |name, keys: &str, typed: &str, then: &str| {
        let mut desk = Desk::demo((120, 40));
        desk.open(&["Pager triage", "Checkout latency alert"]);
        desk.press(keys).type_in(typed);
        if !then.is_empty() {
            desk.press(then);
        }
        all.push((name, desk));
    };
    more("palette", ":", "theme", "down");
    more("export", "x", "", "");
    more("calls", ":", "calls", "enter");
    more("bookmarks", "m '", "", "");
    more("waterfall", "4", "", "");
    more("filter", "&", "status:failed", "enter");
    more("causes", ":", "causes", "enter");
    more("inbox", ":", "inbox", "enter");
    more("contexts", ":", "contexts", "enter");
    all
}

#[test]
fn a_look_says_nothing_that_no_sign_says() {
    let mut faults = Vec::new();
    for (name, mut desk) in everywhere() {
        desk.app.themes.now = roles();
        desk.style = Style::themed(roles(), false, Depth::Full);
        desk.wait(std::time::Duration::ZERO);
        let width = usize::from(desk.buffer().area.width);
        for row in desk.buffer().content.chunks(width) {
            let text: String = row.iter().map(Cell::symbol).collect();
            for role_here in Role::ALL {
                let signs = of(*role_here).unwrap_or_default();
                // In a table the heads of the columns say it.
                let headed = name == "calls" && *role_here == Role::Status;
                if headed || signs.is_empty() || !row.iter().any(|cell| has(cell, *role_here)) {
                    continue;
                }
                if !signs.iter().any(|sign| text.contains(sign)) {
                    faults.push(format!(
                        "{name}: {} without a sign: {text}",
                        role_here.name()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
