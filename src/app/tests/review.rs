//! What would be masked of an export, looked at before it is written.

use super::{reading::on_screen, reading::story, *};
use crate::{
    app::{
        export::{Review, Reviewed, Way},
        keymap::Mode,
    },
    guard::{Fate, Redactor, Sort as Masked},
};

/// What leaves, as the app wants it masked.
const LEAVES: &str = r#"{"password":"hunter2 at home","api_key":"own-key-1","who":"Ada Lovelace"}"#;

fn found(redactor: &Redactor) -> Reviewed {
    let mut masking = redactor.masking();
    masking.keep_places(false);
    masking.at("event", Some(4), "e4");
    masking.within("raw").json(LEAVES.as_bytes(), Masked::Any);
    Reviewed {
        places: masking.take_places(),
        before: 0,
    }
}

/// The list, with all that was found, and the effects on the way to it.
fn reviewing(way: &str) -> App {
    let mut app = on_screen(story());
    app.redactor = Redactor::new(vec!["own-key-1".into()]);
    press(&mut app, "x");
    let effects = press(&mut app, way);
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Review(order) => Some(order),
        Effect::Export(..) => panic!("written without a look"),
        _ => None,
    });
    let order = order.unwrap();
    let told = Box::new(found(&order.redactor));
    app.update(Msg::Reviewed(order.number, Ok(told)), NOW);
    app
}

/// Answers the order to look again, and gives what masks it now.
fn looked_again(app: &mut App, effects: Vec<Effect>) -> Redactor {
    looked(app, effects).0
}

/// What it was masked by, and what was done at once.
fn looked(app: &mut App, effects: Vec<Effect>) -> (Redactor, Vec<Effect>) {
    let again = effects.into_iter().find_map(|effect| match effect {
        Effect::ReviewAgain(number, redactor) => Some((number, redactor)),
        _ => None,
    });
    let (number, redactor) = again.unwrap();
    let told = Box::new(found(&redactor));
    let effects = app.update(Msg::Reviewed(number, Ok(told)), NOW);
    (redactor, effects)
}

fn fates(review: &Review) -> Vec<(&str, Fate)> {
    let places = review.found.as_ref().unwrap().places.iter();
    places
        .map(|place| (place.path.as_str(), review.fate(place)))
        .collect()
}

fn told(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn letters(app: &mut App, text: &str) {
    for letter in text.chars() {
        app.update(Msg::Key(Key::char(letter)), NOW);
    }
}

#[test]
fn keys_move_in_the_list_and_choose_what_is_seen() {
    use Fate::{Kept, Masked as Hid, Shown};
    // the keys, the row with the cursor then, what happens to the two places
    let table: [(&str, usize, [Fate; 2]); 8] = [
        ("", 0, [Hid, Kept]),
        ("j", 1, [Hid, Kept]),
        ("j k", 0, [Hid, Kept]),
        ("G g", 0, [Hid, Kept]),
        ("space", 0, [Shown, Kept]),
        ("space space", 0, [Hid, Kept]),
        ("j space", 1, [Hid, Kept]),
        ("space j space k space j", 1, [Hid, Kept]),
    ];
    for (keys, row, wanted) in table {
        let mut app = reviewing("b");
        assert_eq!(app.mode(), Mode::Review);
        for key in keys.split_whitespace() {
            let effects = press(&mut app, key);
            if effects
                .iter()
                .any(|effect| matches!(effect, Effect::ReviewAgain(..)))
            {
                looked_again(&mut app, effects);
            }
        }
        let review = app.review().unwrap();
        assert_eq!(review.view.selected, row, "{keys}");
        let places = ["raw.password", "raw.api_key"];
        let wanted: Vec<_> = places.into_iter().zip(wanted).collect();
        assert_eq!(fates(review), wanted, "{keys}");
    }
}

#[test]
fn what_was_shown_is_written_and_esc_writes_nothing() {
    let mut app = reviewing("b");
    let effects = press(&mut app, "space");
    // Not before it is known what comes of it, but then at once.
    assert!(press(&mut app, "enter").is_empty());
    assert!(told(&app).contains("as soon as"), "{}", told(&app));
    let secret = app.review().unwrap().found.as_ref().unwrap().places[0].secret;
    let (redactor, effects) = looked(&mut app, effects);
    assert!(redactor.shows(secret));
    let [Effect::Export(number, written)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(written.shows(secret));
    app.update(Msg::Exported(*number, Ok("wrote x".to_owned())), NOW);
    assert!(app.export.is_none());
    assert_eq!(told(&app), "wrote x");

    // Who goes on changing it is not done with it.
    let mut app = reviewing("b");
    press(&mut app, "space");
    press(&mut app, "enter");
    let effects = press(&mut app, "space");
    let (_, effects) = looked(&mut app, effects);
    assert!(effects.is_empty(), "{effects:?}");

    let mut app = reviewing("b");
    let effects = press(&mut app, "esc");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::StopExport(_)))
    );
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Export(..)))
    );
    // The menu is there again, and what was wanted of the list before is forgotten.
    assert_eq!(app.mode(), Mode::Export);
    let effects = press(&mut app, "b");
    let order = effects.into_iter().find_map(|effect| match effect {
        Effect::Review(order) => Some(order),
        _ => None,
    });
    assert!(!order.unwrap().redactor.shows_any());
}

#[test]
fn a_credential_in_use_is_said_to_stay() {
    let mut app = reviewing("b");
    press(&mut app, "j");
    assert!(press(&mut app, "space").is_empty());
    assert!(told(&app).contains("credential in use"), "{}", told(&app));
}

#[test]
fn more_is_masked_wherever_it_occurs() {
    let mut app = reviewing("b");
    press(&mut app, "j +");
    letters(&mut app, "Ad");
    assert!(press(&mut app, "enter").is_empty());
    assert!(told(&app).contains("3 letters"), "{}", told(&app));
    press(&mut app, "+");
    letters(&mut app, "Ada Lovelace");
    let effects = press(&mut app, "enter");
    looked_again(&mut app, effects);
    assert_eq!(told(&app), "it is masked in 1 place");
    let review = app.review().unwrap();
    assert_eq!(review.rows(), 3);
    assert_eq!(fates(review)[2], ("raw.who", Fate::Masked));
    // The cursor stays on what it was on.
    assert_eq!(review.view.selected, 1);
    press(&mut app, "+");
    letters(&mut app, "nobody at all");
    let effects = press(&mut app, "enter");
    looked_again(&mut app, effects);
    assert_eq!(told(&app), "that occurs nowhere in it");
}

#[test]
fn what_has_nothing_to_be_masked_is_written_at_once_but_for_bundles() {
    for (way, at_once) in [("m", true), ("b", false)] {
        let mut app = on_screen(story());
        press(&mut app, "x");
        let effects = press(&mut app, way);
        let number = effects.iter().find_map(|effect| match effect {
            Effect::Review(order) => Some(order.number),
            _ => None,
        });
        let told = Msg::Reviewed(number.unwrap(), Ok(Box::default()));
        let effects = app.update(told, NOW);
        let writes = matches!(&effects[..], [Effect::Export(..)]);
        assert_eq!(writes, at_once, "{way}");
    }
    assert_eq!(Way::of(Action::ExportBundle), Some(Way::Bundle));
}
