//! How well each role can be told from what is behind it: in themes that paint their background, and in
//! the terminal's own colours on palettes that people have. `--nocapture` prints the figures.
#![expect(clippy::print_stdout, reason = "figures are for whoever asks")]

use std::fmt::Write as _;
use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use sortie::app::theme::{Role, Theme};
use sortie::config::themes::bundled;
use sortie::text::colour::{Depth, Rgb, contrast, of_table};
use sortie::ui::Style;

use crate::signs;

/// A terminal's own colours: its text, its background, and the sixteen, as published.
struct Palette {
    name: &'static str,
    fore: u32,
    back: u32,
    sixteen: [u32; 16],
}

const PALETTES: [Palette; 9] = [
    Palette {
        name: "xterm",
        fore: 0xe5_e5e5,
        back: 0,
        sixteen: [
            0, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5,
            0x7f_7f7f, 0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
        ],
    },
    Palette {
        name: "Linux console",
        fore: 0xaa_aaaa,
        back: 0,
        sixteen: [
            0, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa,
            0x55_5555, 0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
        ],
    },
    Palette {
        name: "Solarized dark",
        fore: 0x83_9496,
        back: 0x00_2b36,
        sixteen: SOLARIZED,
    },
    Palette {
        name: "Solarized light",
        fore: 0x65_7b83,
        back: 0xfd_f6e3,
        sixteen: SOLARIZED,
    },
    Palette {
        name: "Gruvbox dark",
        fore: 0xeb_dbb2,
        back: 0x28_2828,
        sixteen: [
            0x28_2828, 0xcc_241d, 0x98_971a, 0xd7_9921, 0x45_8588, 0xb1_6286, 0x68_9d6a, 0xa8_9984,
            0x92_8374, 0xfb_4934, 0xb8_bb26, 0xfa_bd2f, 0x83_a598, 0xd3_869b, 0x8e_c07c, 0xeb_dbb2,
        ],
    },
    Palette {
        name: "Dracula",
        fore: 0xf8_f8f2,
        back: 0x28_2a36,
        sixteen: [
            0x21_222c, 0xff_5555, 0x50_fa7b, 0xf1_fa8c, 0xbd_93f9, 0xff_79c6, 0x8b_e9fd, 0xf8_f8f2,
            0x62_72a4, 0xff_6e6e, 0x69_ff94, 0xff_ffa5, 0xd6_acff, 0xff_92df, 0xa4_ffff, 0xff_ffff,
        ],
    },
    Palette {
        name: "Tango light",
        fore: 0x17_1421,
        back: 0xff_ffff,
        sixteen: [
            0x2e_3436, 0xcc_0000, 0x4e_9a06, 0xc4_a000, 0x34_65a4, 0x75_507b, 0x06_989a, 0xd3_d7cf,
            0x55_5753, 0xef_2929, 0x8a_e234, 0xfc_e94f, 0x72_9fcf, 0xad_7fa8, 0x34_e2e2, 0xee_eeec,
        ],
    },
    Palette {
        name: "macOS Basic",
        fore: 0,
        back: 0xff_ffff,
        sixteen: [
            0, 0x99_0000, 0x00_a600, 0x99_9900, 0x00_00b2, 0xb2_00b2, 0x00_a6b2, 0xbf_bfbf,
            0x66_6666, 0xe5_0000, 0x00_d900, 0xe5_e500, 0x00_00ff, 0xe5_00e5, 0x00_e5e5, 0xe5_e5e5,
        ],
    },
    Palette {
        name: "Campbell",
        fore: 0xcc_cccc,
        back: 0x0c_0c0c,
        sixteen: [
            0x0c_0c0c, 0xc5_0f1f, 0x13_a10e, 0xc1_9c00, 0x00_37da, 0x88_1798, 0x3a_96dd, 0xcc_cccc,
            0x76_7676, 0xe7_4856, 0x16_c60c, 0xf9_f1a5, 0x3b_78ff, 0xb4_009e, 0x61_d6d6, 0xf2_f2f2,
        ],
    },
];

const SOLARIZED: [u32; 16] = [
    0x07_3642, 0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198, 0xee_e8d5,
    0x00_2b36, 0xcb_4b16, 0x58_6e75, 0x65_7b83, 0x83_9496, 0x6c_71c4, 0x93_a1a1, 0xfd_f6e3,
];

fn rgb(number: u32) -> Rgb {
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

impl Palette {
    fn rgb(&self, colour: Color) -> Option<Rgb> {
        let named = |at: usize| Some(rgb(self.sixteen[at]));
        match colour {
            Color::Black => named(0),
            Color::Red => named(1),
            Color::Green => named(2),
            Color::Yellow => named(3),
            Color::Blue => named(4),
            Color::Magenta => named(5),
            Color::Cyan => named(6),
            Color::Gray => named(7),
            Color::DarkGray => named(8),
            Color::LightRed => named(9),
            Color::LightGreen => named(10),
            Color::LightYellow => named(11),
            Color::LightBlue => named(12),
            Color::LightMagenta => named(13),
            Color::LightCyan => named(14),
            Color::White => named(15),
            Color::Indexed(number) => Some(of_table(number)),
            Color::Rgb(red, green, blue) => Some([red, green, blue]),
            Color::Reset => None,
        }
    }

    /// How well a cell can be read here. What is faint lies half way between text and background, as it
    /// does at worst.
    fn contrast(&self, cell: &Cell) -> f64 {
        let mut fore = self.rgb(cell.fg).unwrap_or(rgb(self.fore));
        let mut back = self.rgb(cell.bg).unwrap_or(rgb(self.back));
        if cell.modifier.contains(Modifier::REVERSED) {
            std::mem::swap(&mut fore, &mut back);
        }
        if cell.modifier.contains(Modifier::DIM) {
            let half = |at: usize| u8::midpoint(fore[at], back[at]);
            fore = [half(0), half(1), half(2)];
        }
        contrast(fore, back)
    }
}

/// A cell of each role, and of each on the selected row.
fn cells(theme: &Arc<Theme>, depth: Depth) -> Vec<(Role, bool, Cell)> {
    let style = Style::themed(Arc::clone(theme), false, depth);
    let painted = |role: Role, selected: bool| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        let all = buffer.area;
        buffer.set_style(all, style.of(role));
        if selected || role == Role::Selection {
            buffer.set_style(all, style.selection());
        }
        style.ground(&mut buffer);
        (role, selected, buffer.content[0].clone())
    };
    let roles = Role::ALL.iter();
    roles
        .flat_map(|role| [painted(*role, false), painted(*role, true)])
        .collect()
}

#[test]
fn a_theme_that_paints_its_background_can_be_read_on_it() {
    let mut painted = 0;
    for theme in bundled().iter().filter(|theme| theme.paints) {
        painted += 1;
        let least = if theme.name == "high-contrast" {
            7.0
        } else {
            4.5
        };
        for depth in [Depth::Full, Depth::Table] {
            for (role, selected, cell) in cells(theme, depth) {
                assert!(
                    !cell.modifier.contains(Modifier::DIM),
                    "how faint is faint?"
                );
                let found = PALETTES[0].contrast(&cell);
                let what = format!(
                    "{} {depth:?} {} selected {selected}: {found:.2}",
                    theme.name,
                    role.name()
                );
                println!("{what}");
                assert!(found >= least, "{what}");
            }
        }
    }
    assert_eq!(painted, 3);
}

#[test]
fn blue_and_orange_can_be_read_on_black_and_on_white() {
    let themes = bundled();
    let theme = themes.iter().find(|theme| theme.name == "cb").unwrap();
    let style = Style::themed(Arc::clone(theme), false, Depth::Full);
    for role in Role::ALL {
        if let Some(Color::Rgb(red, green, blue)) = style.of(*role).fg {
            for back in [[0; 3], [255; 3]] {
                let found = contrast([red, green, blue], back);
                assert!(found >= 4.5, "{} on {back:?}: {found:.2}", role.name());
            }
        }
    }
}

/// The terminal's own colours are the person's choice, so they cannot all be right: where one is not, it
/// says nothing that a sign or a word does not say too.
#[test]
fn where_the_terminal_s_own_colours_are_hard_to_read_a_sign_says_the_same() {
    let themes = bundled();
    let theme = themes.iter().find(|theme| theme.name == "ansi").unwrap();
    let heads = PALETTES.map(|palette| format!("{:>16}", palette.name));
    println!("{:12}{}", "", heads.concat());
    let mut poor = Vec::new();
    for (role, selected, cell) in cells(theme, Depth::Sixteen) {
        if selected {
            continue;
        }
        let found: Vec<f64> = PALETTES
            .iter()
            .map(|palette| palette.contrast(&cell))
            .collect();
        let mut line = format!("{:12}", role.name());
        for figure in &found {
            let mark = if *figure < 3.0 { "!" } else { " " };
            write!(line, "{figure:>15.1}{mark}").unwrap();
        }
        println!("{line}");
        if found.iter().any(|figure| *figure < 3.0) {
            poor.push(role);
        }
    }
    println!("below 3 to 1 somewhere: {poor:?}");
    let told = poor.iter().filter(|role| signs::of(**role).is_some());
    println!(
        "of these a sign says what the look does: {:?}",
        told.collect::<Vec<_>>()
    );
    // What is faint is so everywhere a little, and names and JSON are read for what they say.
    for role in poor.iter().filter(|role| signs::of(**role).is_none()) {
        let read = [
            Role::Tool,
            Role::Dim,
            Role::Rule,
            Role::BarWait,
            Role::Text,
            Role::Number,
            Role::Word,
            Role::Code,
            Role::Key,
        ];
        assert!(read.contains(role), "only its look says {}", role.name());
    }
}
