//! Lines as they are seen, and how far what is drawn may lie from where it should.

use super::{drawings::*, *};
use crate::analysis::axis::{Extent, Labels, Window};
use proptest::prelude::*;

fn at(millis: i64) -> Time {
    Time(millis * 1_000_000)
}

/// Seconds.
fn s(seconds: f64) -> Time {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    at((seconds * 1000.0).round() as i64)
}

fn axis(from: f64, to: f64, idle: &[(f64, f64)], columns: u16) -> Axis {
    let idle: Vec<_> = idle.iter().map(|(a, b)| (s(*a), s(*b))).collect();
    Axis::new(Window::new(s(from), s(to)), &idle, columns)
}

/// A refund run: ticks, then one line an operation.
fn drawn(axis: &Axis, ascii: bool) -> String {
    let rows = [
        (
            Extent::Done {
                start: s(0.3),
                end: s(2.2),
            },
            Sign::Quiet,
        ),
        (
            Extent::Done {
                start: s(12.7),
                end: s(13.9),
            },
            Sign::Quiet,
        ),
        (
            Extent::Done {
                start: s(20.0),
                end: s(60.0),
            },
            Sign::Quiet,
        ),
        (Extent::At(s(62.0)), Sign::Quiet),
        (
            Extent::Done {
                start: s(65.2),
                end: s(96.6),
            },
            Sign::Quiet,
        ),
        (Extent::At(s(96.8)), Sign::Failed),
        (Extent::At(s(97.0)), Sign::Change),
        (Extent::Ended { end: s(50.0) }, Sign::Quiet),
        (
            Extent::Open {
                start: s(70.0),
                now: s(317.9),
            },
            Sign::Quiet,
        ),
        (Extent::At(s(317.9)), Sign::Change),
    ];
    let mut out = vec![axis.tick_line(&Labels::Offset { origin: s(0.0) }, ascii)];
    for (extent, sign) in rows {
        let mut strip = Strip::new(axis, ascii);
        strip.bar(&axis.bar(extent), sign);
        out.push(strip.text());
    }
    format!("|{}|\n", out.join("|\n|"))
}

fn line(axis: &Axis, ascii: bool, draw: impl Fn(&mut Strip)) -> String {
    let mut strip = Strip::new(axis, ascii);
    draw(&mut strip);
    strip.text()
}

/// The whole run with the wait at its end folded.
fn whole(columns: u16) -> Axis {
    axis(0.0, 317.9, &[(97.0, 317.9)], columns)
}

fn done(axis: &Axis, from: f64, to: f64) -> Bar {
    axis.bar(Extent::Done {
        start: s(from),
        end: s(to),
    })
}

#[test]
fn a_run_on_eight_columns() {
    assert_eq!(drawn(&whole(8), false), EIGHT);
    assert_eq!(drawn(&whole(8), true), EIGHT_ASCII);
}

#[test]
fn a_run_on_twenty_columns() {
    assert_eq!(drawn(&whole(20), false), TWENTY);
    assert_eq!(drawn(&whole(20), true), TWENTY_ASCII);
}

#[test]
fn a_run_on_eighty_columns() {
    assert_eq!(drawn(&whole(80), false), EIGHTY);
    assert_eq!(drawn(&whole(80), true), EIGHTY_ASCII);
}

#[test]
fn zoomed_in_it_says_what_is_outside() {
    let zoomed = axis(55.0, 70.0, &[(97.0, 317.9)], 40);
    assert_eq!(drawn(&zoomed, false), ZOOMED);
    assert_eq!(drawn(&zoomed, true), ZOOMED_ASCII);
}

#[test]
fn a_fold_shows_through_what_goes_on_over_it() {
    let run = axis(0.0, 30.0, &[(5.0, 25.0)], 40);
    let bars = |ascii| {
        [
            (1.0, 28.0),
            (5.0, 25.0),
            (6.0, 8.0),
            (5.0, 5.0),
            (25.0, 25.0),
            (30.0, 30.0),
        ]
        .map(|(from, to)| {
            line(&run, ascii, |strip| {
                strip.bar(&done(&run, from, to), Sign::Quiet);
            })
        })
        .map(|line| format!("|{line}|"))
    };
    assert_eq!(bars(false), FOLDED);
    assert_eq!(bars(true), FOLDED_ASCII);
    let clocks_disagree = done(&run, 3.0, 1.0);
    assert!(clocks_disagree.backwards);
    let short = line(&run, false, |strip| {
        strip.bar(&clocks_disagree, Sign::Quiet);
    });
    assert_eq!(short.trim_end(), LATE);
}

#[test]
fn lines_of_the_pane() {
    let run = whole(60);
    let steps = |strip: &mut Strip| {
        strip.titled(&done(&run, 0.0, 41.0), "research");
        strip.titled(&done(&run, 41.0, 63.0), "quote the price");
        strip.titled(&done(&run, 63.0, 97.0), "refund");
        strip.mark(run.column(s(97.0)), Sign::Failed);
    };
    let unloaded = |strip: &mut Strip| {
        strip.unloaded(&run, s(30.0), s(50.0));
        strip.bar(&done(&run, 20.0, 40.0), Sign::Quiet);
    };
    let calls = |strip: &mut Strip| {
        let calls = [
            (0.3, 2.2),
            (12.7, 13.9),
            (20.0, 60.0),
            (65.2, 90.0),
            (317.9, 317.9),
        ];
        strip.lane(&Lane::of(&run, calls.map(|(from, to)| (s(from), s(to)))));
        for column in run.marks([96.8, 96.9, 13.0].map(s)) {
            strip.mark(column, Sign::Failed);
        }
    };
    let all = |ascii| {
        [
            line(&run, ascii, steps),
            line(&run, ascii, unloaded),
            line(&run, ascii, calls),
        ]
        .map(|line| format!("|{line}|"))
    };
    assert_eq!(all(false), PANE);
    assert_eq!(all(true), PANE_ASCII);
}

#[test]
fn wide_letters_are_kept_or_blanked_whole() {
    let run = axis(0.0, 10.0, &[], 10);
    let title = |columns: &[u16]| {
        line(&run, false, |strip| {
            strip.titled(&done(&run, 0.0, 10.0), "東京 e\u{301}x");
            for column in columns {
                strip.mark(*column, Sign::Failed);
            }
        })
    };
    assert_eq!(title(&[]), "├東京 ex─┤");
    assert_eq!(title(&[1]), "├× 京 ex─┤");
    assert_eq!(title(&[2]), "├ ×京 ex─┤");
    assert_eq!(title(&[3, 4]), "├東×× ex─┤");
}

#[test]
fn pieces_say_what_they_are() {
    let run = whole(20);
    let pieces = cells(&run, &done(&run, 20.0, 60.0), Sign::Quiet, true);
    let piece = |text: &str, piece| (text.to_owned(), piece);
    assert_eq!(
        pieces,
        [
            piece("    ", Piece::Blank),
            piece("=======", Piece::Fill),
            piece("       ", Piece::Blank),
            piece(":", Piece::Fold),
            piece(" ", Piece::Blank),
        ]
    );
}

/// What of its column a glyph fills.
fn filled(glyph: char) -> Option<(f64, f64)> {
    let eighths = match glyph {
        ' ' | '┊' | ':' => return None,
        '▕' => (7, 8),
        '▐' => (4, 8),
        '▏' => (0, 1),
        '▎' => (0, 2),
        '▍' => (0, 3),
        '▌' => (0, 4),
        '▋' => (0, 5),
        '▊' => (0, 6),
        '▉' => (0, 7),
        _ => (0, 8),
    };
    Some((f64::from(eighths.0) / 8.0, f64::from(eighths.1) / 8.0))
}

/// How far what is drawn is from where it should begin and end. A sign alone stands for all of its column.
fn off(line: &str, exact: (f64, f64)) -> (f64, f64) {
    let cells: Vec<(f64, f64)> = line
        .chars()
        .enumerate()
        .filter_map(|(at, glyph)| {
            filled(glyph).map(|(from, to)| (at as f64 + from, at as f64 + to))
        })
        .collect();
    let (from, to) = (cells[0].0, cells[cells.len() - 1].1);
    if cells.len() == 1 {
        let (from, to) = (from.floor(), to.ceil());
        let off = |edge: f64| (edge - edge.clamp(from, to)).abs();
        return (off(exact.0), off(exact.1));
    }
    ((from - exact.0).abs(), (to - exact.1).abs())
}

proptest! {
    #[test]
    fn no_bar_is_drawn_a_column_off(
        times in (0_i64..1_000_000, 0_i64..1_000_000), columns in 1_u16..250, open in any::<bool>(),
    ) {
        let axis = Axis::new(Window::new(Time(0), Time(1_000_000)), &[], columns);
        let (start, end) = (Time(times.0.min(times.1)), Time(times.0.max(times.1)));
        let extent = if open { Extent::Open { start, now: end } } else { Extent::Done { start, end } };
        let column = |time: Time| time.0 as f64 / 1e6 * f64::from(columns);
        for ascii in [false, true] {
            let line = line(&axis, ascii, |strip| strip.bar(&axis.bar(extent), Sign::Quiet));
            let off = off(&line, (column(start), column(end)));
            prop_assert!(off.0 <= 1.0 && off.1 <= 1.0, "{line:?} {off:?}");
        }
    }

    #[test]
    fn every_line_is_as_wide_as_its_axis(
        window in any::<(i64, i64)>(), idle in any::<(i64, i64)>(), times in any::<(i64, i64)>(),
        columns in 0_u16..120, kind in 0..4, title in "[a-z 東\u{301}é]{0,20}",
    ) {
        let idle = [(Time(idle.0), Time(idle.1))];
        let axis = Axis::new(Window::new(Time(window.0), Time(window.1)), &idle, columns);
        let (start, end) = (Time(times.0), Time(times.1));
        let bar = axis.bar(match kind {
            0 => Extent::Done { start, end },
            1 => Extent::Open { start, now: end },
            2 => Extent::Ended { end },
            _ => Extent::At(start),
        });
        for ascii in [false, true] {
            let drawn = line(&axis, ascii, |strip| {
                strip.unloaded(&axis, start, end);
                strip.bar(&bar, Sign::Change);
            });
            prop_assert_eq!(drawn.chars().count(), usize::from(columns));
            prop_assert!(!ascii || drawn.is_ascii());
            let titled = line(&axis, ascii, |strip| strip.titled(&bar, &title));
            prop_assert_eq!(width::width(&titled), usize::from(columns));
        }
    }
}
