//! Numbers of payment cards: by how they begin, how long they are, how they are grouped, and by their
//! check digit. Any other number that ends right by chance is let through.

use std::borrow::Cow;

use super::{
    Hit,
    grain::{Grain, HYPHEN},
};

/// Digits that a card has at least.
pub(super) const FEWEST: usize = 14;
/// No run with a card in it is longer: longer ones are data.
const LONGEST: usize = 4096;

/// Whether a run with enough digits may hold a card, as far as a look at a few of its bytes tells.
pub(super) fn may_be(run: &[u8], grain: Grain) -> bool {
    if !grain.is_number {
        return false;
    }
    if grain.is_digits_and(HYPHEN) {
        return run.len() < 20 && grain.digits <= 16;
    }
    let is = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    // so many in a row cover one of these
    let places = (FEWEST - 1..run.len()).step_by(FEWEST);
    let is_long = |at: usize| {
        let (before, behind) = run.split_at_checked(at).unwrap_or_default();
        let right = || behind.iter().take_while(|byte| is(byte)).count();
        let left = || before.iter().rev().take_while(|byte| is(byte)).count();
        behind.first().is_some_and(is) && left() + right() >= FEWEST
    };
    run.len() <= LONGEST && places.into_iter().any(is_long)
}

/// In a run of letters: a number without anything between, or with hyphens.
pub(super) fn in_run(text: &[u8], start: usize, end: usize) -> Option<Hit<'_>> {
    let run = text.get(start..end)?;
    let digits = |b: &u8| b.is_ascii_digit() || *b == b'-';
    let mut at = 0;
    for part in run.split(|byte| !digits(byte)) {
        let from = at;
        at += part.len() + 1;
        let alone = |at: Option<usize>| {
            let neighbour = at.and_then(|at| run.get(at));
            neighbour.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.')
        };
        let ends_sentence = run.get(from + part.len()..) == Some(b".");
        let is_alone =
            alone(from.checked_sub(1)) && (alone(Some(from + part.len())) || ends_sentence);
        if is_alone && is_card(part, b'-') {
            return Some(hit(start + from, start + from + part.len()));
        }
    }
    None
}

/// In groups of digits with blanks between, `at` being one of them.
pub(super) fn in_groups(text: &[u8], at: usize) -> Option<Hit<'_>> {
    let is = |b: &&u8| b.is_ascii_digit() || **b == b' ';
    let before = text.get(at.saturating_sub(24)..at)?;
    let behind = text.get(at..text.len().min(at + 24))?;
    let start = at - before.iter().rev().take_while(is).count();
    let end = at + behind.iter().take_while(is).count();
    let part = text.get(start..end)?;
    let blanks = part.iter().take_while(|byte| **byte == b' ').count();
    let solid = part.trim_ascii();
    let start = start + blanks;
    let end = start + solid.len();
    let beside = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    // the letter of an escape is none
    let is_escape = start.checked_sub(2).and_then(|at| text.get(at)) == Some(&b'\\');
    ((is_escape || !beside(start.checked_sub(1))) && !beside(Some(end)) && is_card(solid, b' '))
        .then(|| hit(start, end))
}

fn hit(start: usize, end: usize) -> Hit<'static> {
    Hit {
        start,
        end,
        name: Cow::Borrowed("card-number"),
        rule: "card-number",
    }
}

/// Whether digits, or groups of them as they are printed on cards, are the number of one.
pub(in crate::guard) fn is_card(digits: &[u8], between: u8) -> bool {
    if !matches!(digits.len(), 14..=19) {
        return false;
    }
    let groups = digits.split(|byte| *byte == between).map(<[u8]>::len);
    let groups: Vec<usize> = groups.collect();
    if !matches!(groups.as_slice(), [15 | 16] | [4, 4, 4, 4] | [4, 6, 4 | 5]) {
        return false;
    }
    let digits = digits.iter().filter(|byte| **byte != between);
    let digits: Vec<u8> = digits.map(|byte| byte.wrapping_sub(b'0')).collect();
    digits.iter().all(|digit| *digit < 10) && is_issued(&digits) && is_checked(&digits)
}

/// Whether cards begin so.
fn is_issued(digits: &[u8]) -> bool {
    let head = digits
        .iter()
        .take(4)
        .fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    match digits.len() {
        16 => {
            matches!(head, 4000..=4999 | 5100..=5599 | 2221..=2720 | 6011 | 6440..=6599 | 3528..=3589)
        }
        15 => matches!(head / 100, 34 | 37),
        14 => matches!(head / 100, 30 | 36 | 38 | 39),
        _ => false,
    }
}

/// The check digit as Luhn computes it.
fn is_checked(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().map(|(i, digit)| {
        let digit = u32::from(*digit) * if i % 2 == 1 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    let distinct = digits
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    distinct > 1 && sum.sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_known_by_their_check_digit() {
        for card in ["4111111111111111", "5500005555555559", "378282246310005"] {
            assert!(is_card(card.as_bytes(), b'-'), "{card}");
        }
        for other in [
            "4111111111111112",
            "1234567890123452",
            "1732252385123456",
            "0000000000000000",
        ] {
            assert!(!is_card(other.as_bytes(), b'-'), "{other}");
        }
        let found = |text: &str| in_groups(text.as_bytes(), 6).map(|hit| (hit.start, hit.end));
        assert_eq!(found("nr. 4111 1111 1111 1111, ok"), Some((4, 23)));
        assert_eq!(found("nr. 4111 1111 1111 1112, ok"), None);
    }
}
