//! What a file is called that nobody gave a name: after the mission and the run, masked, in letters that are
//! no trouble anywhere. Whether there is one of that name already is found out elsewhere.

use crate::{app::export::Outgoing, guard::Masking};

/// Letters of each part of the name.
const NAMED: usize = 40;

/// `mission-run`, or `mission-3-runs`, of letters that are no trouble anywhere.
pub(super) fn name(runs: &[Outgoing], masking: &mut Masking) -> String {
    let missions: std::collections::BTreeSet<String> = runs
        .iter()
        .map(|outgoing| plain(&masking.text(&outgoing.mission)))
        .collect();
    let mission = match missions.first() {
        Some(one) if missions.len() == 1 && !one.is_empty() => format!("{one}-"),
        _ => String::new(),
    };
    match runs {
        [one] => {
            // Enough of an id to know it again.
            let run: String = plain(&masking.id(&one.run.id)).chars().take(8).collect();
            let name = format!("{mission}{}", run.trim_end_matches('-'));
            if name.is_empty() {
                "run".to_owned()
            } else {
                name
            }
        }
        several => format!("{mission}{}-runs", several.len()),
    }
}

/// Letters, digits, points and single hyphens; not hidden, and not too long.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') && !out.is_empty() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= NAMED {
            break;
        }
    }
    let end = out.trim_end_matches(['-', '.']).len();
    out.truncate(end);
    out
}
