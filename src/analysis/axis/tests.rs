//! Where times stand, against exact shares; ticks as they are read.

use super::*;
use proptest::prelude::*;

const HOUR: f64 = 3600.0;

/// Seconds.
fn at(seconds: f64) -> Time {
    #[expect(clippy::cast_possible_truncation, reason = "whole microseconds")]
    Time((seconds * 1e6).round() as i64 * 1_000)
}

fn axis(from: f64, to: f64, idle: &[(f64, f64)], columns: u16) -> Axis {
    let idle: Vec<_> = idle.iter().map(|(a, b)| (at(*a), at(*b))).collect();
    Axis::new(Window::new(at(from), at(to)), &idle, columns)
}

fn ticks(axis: &Axis) -> String {
    let labels = Labels::Offset { origin: at(0.0) };
    format!("|{}|", axis.tick_line(&labels, false))
}

#[test]
fn ticks_stand_at_round_times_and_apart() {
    for (to, columns, expected) in [
        (80.0, 8, "|0:00    |"),
        (80.0, 20, "|0:00   0:30    1:00 |"),
        (80.0, 40, "|0:00   0:15    0:30   0:45    1:00      |"),
        (318.0, 40, "|0:00   1:00    2:00   3:00    4:00      |"),
        (0.25, 40, "|0ms     50ms    100ms   150ms   200ms   |"),
        (2.5, 40, "|0:00.0  0:00.5  0:01.0  0:01.5  0:02.0  |"),
        (0.000_02, 40, "|0us       5us       10us      15us      |"),
        (4.0 * HOUR, 40, "|0h00m     1h00m     2h00m     3h00m     |"),
        (4.0 * 24.0 * HOUR, 20, "|0d   1d   2d   3d   |"),
        (
            36.0 * HOUR,
            40,
            "|0d00h        0d12h        1d00h         |",
        ),
        (80.0, 0, "||"),
        (80.0, 3, "|   |"),
    ] {
        assert_eq!(ticks(&axis(0.0, to, &[], columns)), expected);
    }
    let zoomed = axis(181.2, 181.45, &[], 40);
    assert_eq!(ticks(&zoomed), "|3:01.2          3:01.3          3:01.4  |");
    let early = axis(-10.0, 10.0, &[], 30);
    assert_eq!(ticks(&early), "|-0:10  -0:05   0:00   0:05    |");
}

#[test]
fn folds_take_a_column_and_say_how_long_they_are() {
    let idle = [(97.0, 317.9)];
    assert_eq!(
        ticks(&axis(0.0, 317.9, &idle, 40)),
        "|0:00   0:20    0:40    1:00     3m40s ┊ |"
    );
    assert_eq!(
        ticks(&axis(0.0, 360.0, &idle, 40)),
        "|0:00    0:30    1:00       ┊ 3m40s      |"
    );
    assert_eq!(ticks(&axis(0.0, 317.9, &idle, 8)), "|0:00  ┊ |");
    // Each stays visible, however short it is.
    let lonely = axis(
        0.0,
        9.0 * HOUR,
        &[(60.0, 4.0 * HOUR), (4.0 * HOUR, 9.0 * HOUR)],
        20,
    );
    assert_eq!(ticks(&lonely), "|0h00m     3h59m ┊ ┊ |");
    let columns = [0.0, 60.0, 61.0, 4.0 * HOUR, 5.0 * HOUR, 9.0 * HOUR];
    assert_eq!(
        columns.map(|s| lonely.column(at(s))),
        [0, 15, 16, 17, 18, 19]
    );
}

#[test]
fn only_what_pays_is_folded() {
    let folds = |axis: &Axis| axis.folds().count();
    assert_eq!(folds(&axis(0.0, 1000.0, &[(10.0, 30.0)], 40)), 0);
    assert_eq!(folds(&axis(0.0, 1000.0, &[(10.0, 110.0)], 40)), 1);
    // It is long beside what the longer one leaves.
    let idle = [(10.0, 30.0), (40.0, 990.0)];
    assert_eq!(folds(&axis(0.0, 1000.0, &idle, 40)), 2);
    assert_eq!(folds(&axis(0.0, 1000.0, &idle, 4)), 1);
    assert_eq!(folds(&axis(0.0, 1000.0, &idle, 3)), 0);
    // Nothing but idle time is not folded away.
    assert_eq!(folds(&axis(20.0, 25.0, &[(10.0, 30.0)], 40)), 0);
    assert_eq!(folds(&axis(20.0, 25.0, &[(25.0, 20.0), (9.0, 1.0)], 40)), 0);
    // What is cut off counts in its length, not in its columns.
    let cut = axis(20.0, 40.0, &[(10.0, 30.0)], 40);
    let nanos = cut.folds().map(|fold| (fold.column, fold.nanos));
    assert_eq!(nanos.collect::<Vec<_>>(), [(0, 20_000_000_000)]);
}

#[test]
fn lengths_have_two_units() {
    for (seconds, expected) in [
        (0.000_08, "80us"),
        (0.25, "250ms"),
        (1.55, "1.5s"),
        (40.9, "40s"),
        (220.9, "3m40s"),
        (3.0 * HOUR + 300.0, "3h05m"),
        (51.0 * HOUR, "2d03h"),
    ] {
        assert_eq!(length(at(seconds).0.unsigned_abs()), expected);
    }
}

#[test]
fn other_labels_are_the_callers() {
    let clock =
        |time: Time, step: u64| format!("{}s/{}", time.0 / 1_000_000_000, step / 1_000_000_000);
    let labels = Labels::Given {
        origin: at(3.0),
        label: &clock,
    };
    let line = axis(0.0, 40.0, &[], 40).tick_line(&labels, true);
    assert_eq!(line, "   3s/10     13s/10    23s/10    33s/10 ");
}

#[test]
fn marks_and_stretches_are_columns() {
    let axis = axis(0.0, 40.0, &[], 40);
    let failures = [30.2, 3.5, 3.9, 40.0, 50.0, -1.0].map(at);
    assert_eq!(axis.marks(failures), [3, 30, 39]);
    assert_eq!(axis.stretch(at(2.5), at(4.5)), Some((2, 5)));
    assert_eq!(axis.stretch(at(4.0), at(2.0)), Some((2, 4)));
    assert_eq!(axis.stretch(at(-9.0), at(0.0)), Some((0, 1)));
    assert_eq!(axis.stretch(at(39.0), at(99.0)), Some((39, 40)));
    assert_eq!(axis.stretch(at(41.0), at(99.0)), None);
}

#[test]
fn lanes_tell_how_much_of_a_column_is_covered() {
    use Cover::{Any, Full, Half, None};
    let axis = axis(0.0, 6.0, &[], 6);
    let cover = |all: &[(f64, f64)]| {
        let all = all.iter().map(|(a, b)| (at(*a), at(*b)));
        Lane::of(&axis, all).cells()
    };
    assert_eq!(
        cover(&[(0.0, 0.1), (1.2, 1.8), (2.0, 3.0), (3.5, 5.0), (6.0, 6.0)]),
        [Any, Half, Full, Half, Full, Any]
    );
    // Twice the same is not twice as much; before and behind the window is nothing.
    assert_eq!(
        cover(&[
            (1.0, 1.25),
            (1.0, 1.25),
            (-2.0, -1.0),
            (7.0, 8.0),
            (5.0, 3.0)
        ]),
        [None, Any, None, None, None, Any]
    );
    // A thousand short ones are as much as they are together.
    let many: Vec<_> = (0..1000)
        .map(|n| f64::from(n) * 0.002)
        .map(|s| (s, s + 0.001))
        .collect();
    assert_eq!(cover(&many), [Half, Half, None, None, None, None]);
    let mut lane = Lane::new(&axis);
    lane.bucket(at(0.0), at(2.0), 500_000_000);
    lane.bucket(at(2.0), at(3.0), 1_000_000_000);
    lane.bucket(at(3.0), at(6.0), 0);
    assert_eq!(lane.cells(), [Any, Any, Full, None, None, None]);
}

/// Where a time stands by exact shares, in columns: a search for the scale at which the busy stretches
/// and folds take all columns.
fn exact(axis: &Axis, time: Time) -> f64 {
    let length = |one: &Segment| one.to.abs_diff(one.from) as f64;
    let taken = |scale: f64, one: &Segment| match one.folded {
        Some(_) => 1.0,
        None => (length(one) * scale).max(if axis.folds().count() > 0 { 1.0 } else { 0.0 }),
    };
    let (mut low, mut high) = (0.0, f64::from(axis.columns));
    for _ in 0..300 {
        let scale = f64::midpoint(low, high);
        let all: f64 = axis.segments.iter().map(|one| taken(scale, one)).sum();
        if all < f64::from(axis.columns) {
            low = scale;
        } else {
            high = scale;
        }
    }
    let time = axis.window.clamp(time);
    let at = axis
        .segments
        .iter()
        .position(|one| time.0 <= one.to)
        .unwrap();
    let before: f64 = axis.segments[..at].iter().map(|one| taken(low, one)).sum();
    let here = &axis.segments[at];
    let passed = time.0.abs_diff(here.from) as f64;
    before + passed / length(here).max(1.0) * taken(low, here)
}

/// Idle stretches in order, out of any times.
fn in_order(mut times: Vec<i64>) -> Vec<(Time, Time)> {
    times.sort_unstable();
    let pairs = times.chunks_exact(2);
    pairs.map(|pair| (Time(pair[0]), Time(pair[1]))).collect()
}

proptest! {
    #[test]
    fn no_time_stands_a_column_off(
        window in (-1_000_000_i64..1_000_000, -1_000_000_i64..1_000_000),
        idle in prop::collection::vec(-1_100_000_i64..1_100_000, 0..24),
        times in prop::collection::vec(-1_100_000_i64..1_100_000, 1..40),
        columns in 1_u16..300,
    ) {
        let window = Window::new(Time(window.0), Time(window.1));
        let axis = Axis::new(window, &in_order(idle), columns);
        for time in times.into_iter().map(Time) {
            let placed = f64::from(axis.place(time).0) / 8.0;
            let exact = exact(&axis, time);
            prop_assert!((placed - exact).abs() <= 0.5 + 1.0 / 16.0 + 1e-6, "{placed} {exact}");
            let column = f64::from(axis.column(time));
            prop_assert!(column - exact <= 0.5 + 1e-6 && exact - column - 1.0 <= 0.5 + 1e-6);
        }
    }

    #[test]
    fn without_folds_it_is_exact_to_half_an_eighth(
        window in any::<(i64, i64)>(), time in any::<i64>(), columns in 0_u16..,
    ) {
        let window = Window::new(Time(window.0), Time(window.1));
        let axis = Axis::new(window, &[], columns);
        let passed = i128::from(window.clamp(Time(time)).0) - i128::from(window.from().0);
        let all = i128::from(window.nanos());
        let off = i128::from(axis.place(Time(time)).0) * all - passed * i128::from(columns) * 8;
        prop_assert!(off.abs() * 2 <= all);
    }

    #[test]
    fn any_times_at_all_are_laid_out_in_order(
        window in any::<(i64, i64)>(),
        idle in prop::collection::vec(any::<(i64, i64)>(), 0..20),
        sorted in any::<bool>(),
        mut times in prop::collection::vec(any::<i64>(), 1..30),
        columns in 0_u16..200,
    ) {
        let idle = if sorted { in_order(idle.iter().map(|idle| idle.0).collect()) } else { idle.iter().map(|idle| (Time(idle.0), Time(idle.1))).collect() };
        let axis = Axis::new(Window::new(Time(window.0), Time(window.1)), &idle, columns);
        times.sort_unstable();
        let places: Vec<_> = times.iter().map(|time| axis.place(Time(*time)).0).collect();
        let cells: Vec<_> = times.iter().map(|time| axis.column(Time(*time))).collect();
        prop_assert!(places.is_sorted() && cells.is_sorted());
        prop_assert!(places.iter().all(|place| *place <= u32::from(columns) * 8));
        prop_assert!(cells.iter().all(|cell| *cell < columns.max(1)));
        let labels = Labels::Offset { origin: Time(times[0]) };
        let line = axis.tick_line(&labels, false);
        prop_assert_eq!(line.chars().count(), usize::from(columns));
        let pairs = times.chunks_exact(2).map(|pair| (Time(pair[1]), Time(pair[0])));
        let mut lane = Lane::of(&axis, pairs);
        lane.bucket(Time(times[0]), Time(window.0), u64::MAX);
        prop_assert_eq!(lane.cells().len(), usize::from(columns));
    }
}

#[test]
fn several_at_once_show_where_they_were_and_how_many() {
    let axis = axis(0.0, 8.0, &[], 8);
    let pairs = [(0.0, 2.0), (1.0, 4.0), (1.0, 2.0), (4.0, 6.0), (6.0, 7.0)];
    let lane = Lane::of(&axis, pairs.map(|(from, to)| (at(from), at(to))));
    let shown: Vec<usize> = (0..8).filter(|column| lane.overlaps()[*column]).collect();
    assert_eq!((shown, lane.most()), (vec![1], 3));
    let one = Lane::of(&axis, [(at(0.0), at(3.0)), (at(3.0), at(8.0))]);
    assert!(!one.overlaps().contains(&true), "one behind the other");
    assert_eq!(one.most(), 1);
}
