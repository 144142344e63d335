//! A copy is not cleaned: it gives what the service sent.

use sortie::app::{Effect, Msg, key};

use crate::world::{Walk, text};
use crate::worst::worst;

fn copied(walk: &mut Walk, keys: &str) -> Option<Vec<u8>> {
    let now = walk.desk.now;
    let mut copied = None;
    for key in key::parse_sequence(keys).unwrap() {
        for effect in walk.desk.app.update(Msg::Key(key), now) {
            if let Effect::Copy { text, .. } = effect {
                copied = Some(text);
            }
        }
    }
    copied
}

#[test]
fn words_and_payloads_are_copied_as_they_were_sent() {
    for attack in worst().into_iter().filter(|attack| !attack.is_empty()) {
        let mut walk = Walk::before((80, 12), b"hostile", std::slice::from_ref(&attack), false);
        walk.open();
        let mut copies = Vec::new();
        walk.each_event(|walk| copies.extend(copied(walk, "y y")));
        let told = text(&attack).into_bytes();
        assert!(copies.contains(&told), "the words of {told:?}");
        assert!(copies.contains(&attack), "the payload {attack:?}");
    }
}

#[test]
fn a_string_is_copied_without_its_escapes() {
    for attack in worst().into_iter().step_by(7) {
        let mut walk = Walk::before((80, 30), b"hostile", std::slice::from_ref(&attack), false);
        walk.open();
        let mut copies = Vec::new();
        walk.each_event(|walk| {
            walk.press("enter");
            for _ in 0..40 {
                copies.extend(copied(walk, "y s"));
                copied(walk, "j");
            }
        });
        let told = text(&attack).into_bytes();
        assert!(copies.contains(&told), "{attack:?}");
    }
}
