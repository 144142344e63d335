//! Which columns a pane of a width has.

use super::*;

#[test]
fn columns_give_way_in_the_order_of_their_worth() {
    let shown = |pane: u16| {
        let columns = Columns::of(pane, Bars::Inline, true, &Set::default());
        let flags = [
            (columns.time, "time"),
            (columns.took, "dur"),
            (columns.bar, "bar"),
            (columns.tokens, "tok"),
            (columns.number, "#"),
        ];
        let names: Vec<_> = flags
            .into_iter()
            .filter(|(width, _)| *width > 0)
            .map(|(_, name)| name)
            .collect();
        names.join(" ")
    };
    assert_eq!(shown(32), "");
    assert_eq!(shown(44), "time");
    assert_eq!(shown(50), "time dur");
    assert_eq!(shown(60), "time dur bar");
    assert_eq!(shown(66), "time dur bar tok");
    assert_eq!(shown(80), "time dur bar tok #");
}

#[test]
fn heads_stand_above_their_columns() {
    let columns = Columns::of(80, Bars::Inline, true, &Set::default());
    let heads = columns.heads(TimeColumn::Offset, 80, "", "0:00");
    assert_eq!(heads.len(), 80);
    assert!(heads.contains("#  +offset   what"), "{heads}");
}

#[test]
fn what_was_asked_for_stays_longer_than_bars_and_what_was_asked_last_goes_first() {
    let set = List::Events.set("-number +agent +verdict +tool").unwrap();
    let shown = |pane: u16| {
        let columns = Columns::of(pane, Bars::Inline, true, &set);
        assert_eq!(columns.number, 0);
        (columns.count, columns.bar > 0)
    };
    for (pane, expected) in [
        (40, (0, false)),
        (54, (1, false)),
        (80, (2, false)),
        (90, (3, false)),
        (120, (3, true)),
    ] {
        assert_eq!(shown(pane), expected, "{pane}");
    }
}

#[test]
fn numbers_have_room_however_long_a_run_is() {
    let columns = Columns::of(80, Bars::Off, false, &Set::default());
    let wide = |last| columns.with_numbers_up_to(last).number;
    assert_eq!(
        (wide(0), wide(99_999), wide(1_000_000)),
        (NUMBER, NUMBER, 8)
    );
    let none = Columns {
        number: 0,
        ..columns
    };
    assert_eq!(none.with_numbers_up_to(1_000_000).number, 0);
}
