//! Colours as numbers: how many a terminal has, which of those is nearest to one that it has not, and how
//! well two can be told apart. It knows no terminal and no screen; what the first sixteen look like is a
//! guess everywhere, since people choose them.

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None at all.
    None,
    /// Sixteen, which the person chose.
    #[default]
    Sixteen,
    /// Those, a cube of 216 and 24 greys.
    Table,
    /// Any.
    Full,
}

impl Depth {
    /// In words, for a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sixteen => "16",
            Self::Table => "256",
            Self::Full => "all (24 bits)",
        }
    }
}

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// The first sixteen as xterm has them.
const SIXTEEN: [Rgb; 16] = [
    [0x00, 0x00, 0x00],
    [0xcd, 0x00, 0x00],
    [0x00, 0xcd, 0x00],
    [0xcd, 0xcd, 0x00],
    [0x00, 0x00, 0xee],
    [0xcd, 0x00, 0xcd],
    [0x00, 0xcd, 0xcd],
    [0xe5, 0xe5, 0xe5],
    [0x7f, 0x7f, 0x7f],
    [0xff, 0x00, 0x00],
    [0x00, 0xff, 0x00],
    [0xff, 0xff, 0x00],
    [0x5c, 0x5c, 0xff],
    [0xff, 0x00, 0xff],
    [0x00, 0xff, 0xff],
    [0xff, 0xff, 0xff],
];

/// What a number of a terminal's table looks like; of the first sixteen, as xterm has them.
pub fn of_table(number: u8) -> Rgb {
    if let Some(known) = SIXTEEN.get(usize::from(number)) {
        return *known;
    }
    if number >= 232 {
        let grey = 8 + 10 * (number - 232);
        return [grey; 3];
    }
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    let n = number - 16;
    [step(n / 36), step(n / 6 % 6), step(n % 6)]
}

/// The number above 15 that is nearest to a colour: the first sixteen look different everywhere.
pub fn in_table(colour: Rgb) -> u8 {
    nearest(colour, 16..=255)
}

/// Which of the first sixteen is nearest to a colour.
pub fn in_sixteen(colour: Rgb) -> u8 {
    nearest(colour, 0..=15)
}

fn nearest(colour: Rgb, among: impl Iterator<Item = u8>) -> u8 {
    among
        .min_by_key(|number| distance(colour, of_table(*number)))
        .unwrap_or_default()
}

/// How far two colours are from each other to the eye, which sees green best and blue least.
fn distance(one: Rgb, other: Rgb) -> u32 {
    let parts = one.into_iter().zip(other).zip([3_u32, 6, 1]);
    parts
        .map(|((one, other), weight)| weight * u32::from(one.abs_diff(other)).pow(2))
        .sum()
}

/// How well two colours can be told apart, from 1 to 21, by the relative luminance of WCAG 2.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_goes_to_the_nearest_that_there_is() {
        for (colour, table, sixteen) in [
            ([0, 0, 0], 16, 0),
            ([255, 255, 255], 231, 15),
            ([255, 0, 0], 196, 9),
            ([0x1c, 0x1c, 0x1c], 234, 0),
            ([0x5f, 0x87, 0xaf], 67, 8),
            ([0xd0, 0x10, 0x10], 160, 1),
        ] {
            assert_eq!(in_table(colour), table, "{colour:?}");
            assert_eq!(in_sixteen(colour), sixteen, "{colour:?}");
        }
        for number in 16..=255 {
            let back = in_table(of_table(number));
            assert_eq!(of_table(back), of_table(number), "{number}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let near = |one, other, expected: f64| {
            let found = contrast(one, other);
            assert!((found - expected).abs() < 0.01, "{found}");
        };
        near([0, 0, 0], [255, 255, 255], 21.0);
        near([119, 119, 119], [255, 255, 255], 4.48);
        near([7, 7, 7], [7, 7, 7], 1.0);
    }
}
