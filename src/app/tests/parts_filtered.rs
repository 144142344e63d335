//! A filter on a long run of a file that is loaded in parts.

use super::{
    filter::filter,
    parts::{come, hole, long, nth, part_of, range},
    *,
};
use crate::{app::load::Missing::Counted, model::Sieve};

fn takes(test: &Sieve, n: i64) -> bool {
    match nth(n, false) {
        Record::Event(event) => test.0.takes(&event),
        other => panic!("{other:?}"),
    }
}

fn told(app: &App) -> (String, Option<String>) {
    let told = app.filter_told().unwrap();
    (told.count, told.not_read)
}

fn notice(app: &App) -> String {
    app.notice.as_ref().unwrap().text.clone()
}

#[test]
fn what_is_not_loaded_is_told_and_looked_through_on_demand() {
    let (mut app, load) = long(50);
    answer(&mut app, &load, Got::Done { more: None });
    filter(&mut app, "payload.say:~needle");
    let (count, not_read) = told(&app);
    assert_eq!(
        count,
        "matches none of 50 loaded operations; & Enter reads on, esc clears it"
    );
    assert_eq!(not_read.unwrap(), "the rest not read (& Enter)");

    let (asked, of) = part_of(press(&mut app, "& enter"));
    let (after, before, last, test) = range(of);
    assert_eq!((after, before, last), (500, None, false));
    assert!(takes(&test, 200) && !takes(&test, 201));
    assert!(test.0.is_wanted());
    assert_eq!(told(&app).1.unwrap(), "looking through the rest");
    come(&mut app, &asked, 190..=210);
    assert_eq!(told(&app).0, "1 of 71 loaded match");
    assert_eq!(hole(&app), Some(Counted(139)));
    assert!(notice(&app).starts_with("read on up to what may match next"));

    // The hole before it was looked through: on behind it, up to the end, where nothing is found.
    let (asked, of) = part_of(press(&mut app, "& enter"));
    assert_eq!(range(of).0, 2100);
    answer(&mut app, &asked, Got::Done { more: None });
    assert!(notice(&app).starts_with("everything was looked through"));
    assert_eq!(told(&app), ("1 of 71 match".to_owned(), None));
}

#[test]
fn what_an_event_alone_cannot_tell_lets_all_of_them_come() {
    for (query, all) in [
        ("verdict:failed", true),
        ("(payload.say:~needle or dur:>1s)", true),
        ("kind:error", false),
        ("-payload.say:~hay", false),
    ] {
        let (mut app, load) = long(50);
        answer(&mut app, &load, Got::Done { more: None });
        filter(&mut app, query);
        let (_, of) = part_of(press(&mut app, "& enter"));
        assert_eq!(takes(&range(of).3, 201), all, "{query}");
    }
}
