//! A terminal's screen as SVG: a text a run of cells that look alike, each as long as its cells, so that boxes
//! close whatever font the reader's machine has.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Of a cell, in units of the picture.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 17.0;
/// Around the cells.
const MARGIN: f32 = 10.0;
/// Sixteen colours that can be told apart on the ground.
const PALETTE: [&str; 16] = [
    "#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#7f848e", "#ff7b86", "#b5e890", "#ffd68a", "#82c4ff", "#dd95f0", "#6fd6e2", "#ffffff",
];
const INK: &str = "#c8ccd4";
const GROUND: &str = "#1b1e24";

/// How a cell looks.
#[derive(Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "terminals have these switches"
)]
struct Look {
    ink: String,
    ground: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let ink = colour(cell.fgcolor());
        let ground = colour(cell.bgcolor());
        let (ink, ground) = if cell.inverse() {
            let paper = ground.unwrap_or_else(|| GROUND.to_owned());
            (Some(paper), Some(ink.unwrap_or_else(|| INK.to_owned())))
        } else {
            (ink, ground)
        };
        Self {
            ink: ink.unwrap_or_else(|| INK.to_owned()),
            ground,
            bold: cell.bold(),
            dim: cell.dim(),
            italic: cell.italic(),
            underline: cell.underline(),
        }
    }
}

fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Idx(n) => Some(indexed(n)),
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
}

/// Of the 256 that terminals know: sixteen, a cube, greys.
fn indexed(n: u8) -> String {
    if let Some(named) = PALETTE.get(usize::from(n)) {
        return (*named).to_owned();
    }
    if n >= 232 {
        let grey = 8 + 10 * (u16::from(n) - 232);
        return format!("#{grey:02x}{grey:02x}{grey:02x}");
    }
    let level = |step: u8| {
        if step == 0 {
            0
        } else {
            55 + 40 * u16::from(step)
        }
    };
    let of = n - 16;
    let (r, g, b) = (level(of / 36), level(of / 6 % 6), level(of % 6));
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The picture, with a title for who cannot see it.
pub fn picture(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let width = f32::from(columns) * WIDTH + 2.0 * MARGIN;
    let height = f32::from(rows) * HEIGHT + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>\n\
         <g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n",
        escaped(title)
    );
    for row in 0..rows {
        for (column, cells, look, text) in runs(screen, row, columns) {
            draw(&mut svg, (row, column, cells), &look, &text);
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// The cells of a row that look alike, together.
fn runs(screen: &Screen, row: u16, columns: u16) -> Vec<(u16, u16, Look, String)> {
    let mut runs: Vec<(u16, u16, Look, String)> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else {
            continue;
        };
        if cell.is_wide_continuation() {
            if let Some(last) = runs.last_mut() {
                last.1 += 1;
            }
            continue;
        }
        let look = Look::of(cell);
        let text = if cell.contents().is_empty() {
            " "
        } else {
            cell.contents()
        };
        match runs.last_mut() {
            Some(last) if last.2 == look => {
                last.1 += 1;
                last.3.push_str(text);
            }
            _ => runs.push((column, 1, look, text.to_owned())),
        }
    }
    runs
}

fn draw(svg: &mut String, (row, column, cells): (u16, u16, u16), look: &Look, text: &str) {
    let (x, y) = (
        MARGIN + f32::from(column) * WIDTH,
        MARGIN + f32::from(row) * HEIGHT,
    );
    let length = f32::from(cells) * WIDTH;
    if let Some(ground) = &look.ground {
        writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{length:.1}\" height=\"{HEIGHT}\" fill=\"{ground}\"/>"
        )
        .unwrap();
    }
    let shown = text.trim_end();
    if shown.is_empty() && !look.underline {
        return;
    }
    // What is left of a run in front of its first letter need not be drawn.
    let blanks = text.len() - text.trim_start().len();
    let cut = u16::try_from(text.chars().count() - shown.chars().count()).unwrap();
    let x = x + blanks as f32 * WIDTH;
    let length = f32::from(cells - cut) * WIDTH - blanks as f32 * WIDTH;
    let mut how = format!("fill=\"{}\"", look.ink);
    for (set, told) in [
        (look.bold, " font-weight=\"bold\""),
        (look.dim, " opacity=\"0.6\""),
        (look.italic, " font-style=\"italic\""),
        (look.underline, " text-decoration=\"underline\""),
    ] {
        if set {
            how.push_str(told);
        }
    }
    writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" {how}>{}</text>",
        y + 12.8,
        // Blanks in a row would be one.
        escaped(shown.trim_start()).replace(' ', "\u{a0}")
    )
    .unwrap();
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
