//! Numbers, sizes and lengths of time as people write them (`4k`, `1.5M`, `1h30m`), and what a comparison
//! with one takes in. Whole numbers throughout: nothing is rounded.

use std::ops::RangeInclusive;

/// A number as it was written: the least that it means, and the least that it no longer means. `4k` is
/// 4,000 and everything below 5,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub value: i128,
    pub step: i128,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Over,
    From,
    Under,
    To,
}

impl Sign {
    pub fn word(self) -> &'static str {
        match self {
            Self::Over => ">",
            Self::From => ">=",
            Self::Under => "<",
            Self::To => "<=",
        }
    }

    /// The sign that a text begins with, and the rest.
    pub fn strip(text: &str) -> Option<(Self, &str)> {
        [Self::From, Self::To, Self::Over, Self::Under]
            .into_iter()
            .find_map(|sign| Some((sign, text.strip_prefix(sign.word())?)))
    }

    /// What is on this side of a number.
    pub fn side(self, of: i128) -> RangeInclusive<i128> {
        match self {
            Self::Over => of.saturating_add(1)..=i128::MAX,
            Self::From => of..=i128::MAX,
            Self::Under => i128::MIN..=of.saturating_sub(1),
            Self::To => i128::MIN..=of,
        }
    }
}

impl Written {
    /// What the bare number takes in.
    pub fn itself(self) -> RangeInclusive<i128> {
        self.value..=self.value.saturating_add(self.step).saturating_sub(1)
    }
}

/// A count: `20`, `4k`, `1.5M`, `2G`.
pub(super) fn amount(text: &str) -> Option<Written> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (text.get(..at)?, 1_000),
        (at, 'm' | 'M') => (text.get(..at)?, 1_000_000),
        (at, 'g' | 'G') => (text.get(..at)?, 1_000_000_000),
        _ => (text, 1),
    };
    decimal(number, unit)
}

/// A length of time in nanoseconds: `30s`, `1h30m`, `1.5s`, `500ms`.
pub(super) fn span(text: &str) -> Option<Written> {
    let mut rest = text;
    let mut whole: Option<Written> = None;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.find(|c: char| !c.is_ascii_alphabetic());
        let (unit, after) = after.split_at_checked(letters.unwrap_or(after.len()))?;
        let nanos = match unit {
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" | "min" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            "w" => 604_800_000_000_000,
            _ => return None,
        };
        let part = decimal(number, nanos)?;
        let before = whole.map_or(0, |before| before.value);
        whole = Some(Written {
            value: before.checked_add(part.value)?,
            step: part.step,
        });
        rest = after;
    }
    whole
}

/// `1.5` of a unit. More digits than the unit has are no number.
fn decimal(text: &str, unit: i128) -> Option<Written> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let dotted = text.contains('.');
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) || dotted && part.is_empty() {
        return None;
    }
    let scale = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let step = (unit % scale == 0).then(|| unit / scale)?;
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    Some(Written {
        value: digits.checked_mul(step)?,
        step,
    })
}
