//! What can be looked at before it leaves, and what somebody wants of it.

use super::*;

const RECORD: &str = r#"{"args":{"password":"hunter2 at home","n":1},"list":[{"api_key":"own-key-1"}],
    "body":"{\"token\":\"abc-123\",\"x\":\"Ada Lovelace\"}"}"#;

fn redactor() -> Redactor {
    Redactor::new(vec!["own-key-1".into()])
}

/// The text as it leaves, and the places.
fn looked_at(redactor: &Redactor, text: &str) -> (String, Vec<Place>) {
    let mut masking = redactor.masking();
    masking.keep_places(false);
    masking.at("event", Some(3), "e3");
    let masked = masking.within("raw").json(text.as_bytes(), Sort::Any);
    let masked = String::from_utf8(masked.into_owned()).unwrap();
    (masked, masking.take_places())
}

fn told(places: &[Place]) -> Vec<(&str, &str, Fate)> {
    let told = places.iter();
    told.map(|place| (place.path.as_str(), &*place.by, place.fate))
        .collect()
}

#[test]
fn places_are_known_by_their_ways_in_the_order_of_the_output() {
    let (_, places) = looked_at(&redactor(), RECORD);
    assert_eq!(
        told(&places),
        [
            ("raw.args.password", "‹password#1›", Fate::Masked),
            ("raw.list[0].api_key", "‹api_key#2›", Fate::Kept),
            ("raw.body.token", "‹token#3›", Fate::Masked),
        ]
    );
    let first = &places[0];
    assert_eq!(
        (first.record, first.number, &*first.id),
        ("event", Some(3), "e3")
    );
    assert_eq!(first.kind(), "password");
}

#[test]
fn what_is_seen_leaves_the_others_their_numbers_and_a_credential_in_use_never_is() {
    let own = redactor();
    let (before, places) = looked_at(&own, RECORD);
    for at in 0..3 {
        let other = own.toggled(places[at].secret);
        let (text, after) = looked_at(&other, RECORD);
        let fate = if at == 1 { Fate::Kept } else { Fate::Shown };
        assert_eq!(after[at].fate, fate);
        assert_eq!(after.len(), 3, "{after:?}");
        let masked = |text: &str, by: &str| text.contains(by);
        for (nth, place) in places.iter().enumerate() {
            let hidden = nth != at || fate == Fate::Kept;
            assert_eq!(masked(&text, &place.by), hidden, "{} in {text}", place.by);
        }
        assert!(!text.contains("own-key-1"));
        let (again, _) = looked_at(&other.toggled(places[at].secret), RECORD);
        assert_eq!(again, before);
    }
}

#[test]
fn a_value_that_holds_a_credential_is_never_seen() {
    let text = r#"{"secret":{"a":"own-key-1","b":2},"password":"x own\u002dkey-1"}"#;
    let own = redactor();
    let (_, places) = looked_at(&own, text);
    assert_eq!(places.len(), 2);
    assert!(
        places.iter().all(|place| place.fate == Fate::Kept),
        "{places:?}"
    );
    let all = places
        .iter()
        .fold(own, |own, place| own.toggled(place.secret));
    let (text, _) = looked_at(&all, text);
    assert!(!text.contains("key-1"), "{text}");
}

#[test]
fn what_somebody_asks_for_is_masked_wherever_it_occurs() {
    let asked = redactor().asked("Ada Lovelace").unwrap();
    let text = r#"{"name":"Ada Lovelace","says":"\"Ada Lovelace\", she said","n":4}"#;
    let (masked, places) = looked_at(&asked, text);
    assert!(!masked.contains("Ada"), "{masked}");
    assert_eq!(
        told(&places),
        [
            ("raw.name", "‹asked#1›", Fate::Masked),
            ("raw.says", "‹asked#1›", Fate::Masked),
        ]
    );
    let mut masking = asked.masking();
    assert_eq!(masking.text("to Ada Lovelace"), "to ‹asked#1›");
    let by_id = redactor().asked("C-1182").unwrap();
    assert_eq!(by_id.masking().id("C-1182"), "‹asked#1›");
    let number = redactor().asked("1290").unwrap();
    let (masked, _) = looked_at(&number, r#"{"amount":1290}"#);
    assert_eq!(masked, r#"{"amount":"‹asked#1›"}"#);
}
