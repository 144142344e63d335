//! What a theme comes to on a terminal with so many colours: for each role what ratatui paints with.
//! Without colours all themes come to the same weights, so that a theme that relies on colours alone
//! hides nothing there.

use ratatui::style::{Color, Modifier, Style as Paint};

use crate::{
    app::theme::{Look, Role, Theme},
    guard::ansi::{Colour, Ink},
    text::colour::{self, Depth, Rgb},
};

/// Below this a sender's colour can hardly be read on the painted background.
const READABLE: f64 = 3.0;

/// A theme as it is painted.
#[derive(Clone, Debug)]
pub(super) struct Painted {
    looks: Vec<Paint>,
    /// Of the colours that senders ask for.
    depth: Depth,
    /// What text and background have where no role says otherwise.
    pub ground: (Option<Color>, Option<Color>),
    /// The painted background in numbers, where there is one.
    back: Option<Rgb>,
}

impl Painted {
    pub fn of(theme: &Theme, depth: Depth) -> Self {
        let paint = |role: &Role| match depth {
            Depth::None => painted(&role.usual(), depth),
            _ => painted(&theme.look(*role), depth),
        };
        let mut looks: Vec<Paint> = Role::ALL.iter().map(paint).collect();
        let mut ground = (None, None);
        // What is painted everywhere need not be painted piece by piece.
        if let Some(plain) = looks.get_mut(Role::Plain as usize) {
            ground = (plain.fg.take(), plain.bg.take());
        }
        if !theme.paints {
            ground.1 = None;
        }
        let back = theme.look(Role::Plain).back.first().copied();
        Self {
            looks,
            // Beside a theme without colours those of senders would stand out more than anything.
            depth: if theme.has_colours() {
                depth
            } else {
                Depth::None
            },
            ground,
            back: back.and_then(rgb).filter(|_| ground.1.is_some()),
        }
    }

    pub fn look(&self, role: Role) -> Paint {
        let look = self.looks.get(role as usize);
        look.copied().unwrap_or_default()
    }

    /// The look that a sender asked for; without colour, its marks alone. A colour that would vanish in
    /// the painted background is left out: it was chosen for another one.
    pub fn ink(&self, ink: Ink) -> Paint {
        let mut paint = Paint::new().add_modifier(marks(|mark| ink.has(mark)));
        if self.depth != Depth::None {
            let fades =
                |back| rgb(ink.fore).is_some_and(|it| colour::contrast(it, back) < READABLE);
            let fades = ink.back == Colour::Own && self.back.is_some_and(fades);
            paint.fg = shown(ink.fore, self.depth).filter(|_| !fades);
            paint.bg = shown(ink.back, self.depth);
        }
        paint
    }
}

fn painted(look: &Look, depth: Depth) -> Paint {
    let mut paint = Paint::new().add_modifier(marks(|mark| look.marks & mark != 0));
    if depth != Depth::None {
        let one = |colours: &[Colour]| {
            let has = |colour: &&Colour| is_there(**colour, depth);
            let colour = colours.iter().find(has).or(colours.last())?;
            theirs(*colour, depth)
        };
        (paint.fg, paint.bg) = (one(&look.fore), one(&look.back));
    }
    paint
}

fn marks(has: impl Fn(u8) -> bool) -> Modifier {
    let marks = [
        (Ink::BOLD, Modifier::BOLD),
        (Ink::DIM, Modifier::DIM),
        (Ink::ITALIC, Modifier::ITALIC),
        (Ink::UNDERLINE, Modifier::UNDERLINED),
        (Ink::REVERSE, Modifier::REVERSED),
        (Ink::STRIKE, Modifier::CROSSED_OUT),
    ];
    let set = marks.into_iter().filter(|(mark, _)| has(*mark));
    set.fold(Modifier::empty(), |all, (_, modifier)| all | modifier)
}

/// Whether a terminal with so many colours has this one, or one that can hardly be told from it.
fn is_there(colour: Colour, depth: Depth) -> bool {
    match colour {
        Colour::Own | Colour::Table(0..=15) => true,
        Colour::Table(_) | Colour::Rgb(..) => depth >= Depth::Table,
    }
}

/// A theme's colour as the terminal has it; the sixteen by their names, which every terminal knows.
fn theirs(colour: Colour, depth: Depth) -> Option<Color> {
    const NAMES: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match shown(colour, depth)? {
        Color::Indexed(number) => {
            let named = NAMES.get(usize::from(number)).copied();
            Some(named.unwrap_or(Color::Indexed(number)))
        }
        other => Some(other),
    }
}

/// A colour, or the nearest that the terminal has.
fn shown(colour: Colour, depth: Depth) -> Option<Color> {
    Some(match (rgb(colour)?, colour, depth) {
        (_, _, Depth::None) => return None,
        (_, Colour::Table(number @ 0..=15), _)
        | (_, Colour::Table(number), Depth::Table | Depth::Full) => Color::Indexed(number),
        ([red, green, blue], _, Depth::Full) => Color::Rgb(red, green, blue),
        (rgb, _, Depth::Table) => Color::Indexed(colour::in_table(rgb)),
        (rgb, _, Depth::Sixteen) => Color::Indexed(colour::in_sixteen(rgb)),
    })
}

/// What a colour looks like, as far as that is known; none for the terminal's own.
fn rgb(colour: Colour) -> Option<Rgb> {
    match colour {
        Colour::Own => None,
        Colour::Table(number) => Some(colour::of_table(number)),
        Colour::Rgb(red, green, blue) => Some([red, green, blue]),
    }
}
