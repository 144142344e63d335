use super::*;
use crate::guard::glyph;
use proptest::prelude::*;

fn seen(text: &str) -> String {
    let pieces = line(text, &mut Ink::default());
    pieces.iter().map(|(_, text)| text.as_str()).collect()
}

fn ink(marks: u8, fore: Colour, back: Colour) -> Ink {
    Ink { fore, back, marks }
}

#[test]
fn colours_are_read() {
    for (codes, wanted) in [
        ("", Ink::default()),
        ("31", ink(0, Colour::Table(1), Colour::Own)),
        (
            "1;4;97;100",
            ink(
                Ink::BOLD | Ink::UNDERLINE,
                Colour::Table(15),
                Colour::Table(8),
            ),
        ),
        ("38;5;208", ink(0, Colour::Table(208), Colour::Own)),
        ("48;2;1;2;3", ink(0, Colour::Own, Colour::Rgb(1, 2, 3))),
        ("38:2::9:8:7", ink(0, Colour::Rgb(9, 8, 7), Colour::Own)),
        ("38:2:9:8:7", ink(0, Colour::Rgb(9, 8, 7), Colour::Own)),
        ("4:3", ink(Ink::UNDERLINE, Colour::Own, Colour::Own)),
        ("8", Ink::default()),
        (
            "7;9;3;2",
            ink(
                Ink::REVERSE | Ink::STRIKE | Ink::ITALIC | Ink::DIM,
                Colour::Own,
                Colour::Own,
            ),
        ),
        ("1;31;0", Ink::default()),
        ("38;5", Ink::default()),
        ("38;9;300", Ink::default()),
    ] {
        let text = format!("\u{1B}[{codes}mx");
        assert_eq!(
            line(&text, &mut Ink::default()),
            [(wanted, "x".to_owned())],
            "{codes}"
        );
    }
}

#[test]
fn colours_go_on_in_the_next_line() {
    let mut pen = Ink::default();
    let first = line("a\u{1B}[31mb", &mut pen);
    assert_eq!(first.len(), 2);
    assert_eq!(
        line("c", &mut pen),
        [(ink(0, Colour::Table(1), Colour::Own), "c".to_owned())]
    );
    let mut same = Ink::default();
    assert_eq!(after(b"a\x1B[31mb\x1B[2J\x1B]0;t\x07", &mut same), 2);
    assert_eq!(same, pen);
}

#[test]
fn only_text_is_left_of_what_acts() {
    for (sent, shown) in [
        ("\u{1B}[2Ja\u{1B}[10;10Hb\u{1B}[?25lc", "abc"),
        (
            "\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\ on",
            "link <http://x> on",
        ),
        ("\u{1B}]8;id=1;http://x;y\u{7}a link", "a link <http://x;y>"),
        (
            "\u{1B}]8;;http://x\u{7}http://x\u{1B}]8;;\u{7} on",
            "http://x on",
        ),
        (
            "\u{1B}]8;;http://\u{202E}x\u{7}a\u{1B}]8;;\u{7}",
            "a <http://⟨U+202E⟩x>",
        ),
        ("\u{1B}]0;title\u{7}text", "text"),
        ("\u{1B}Pq#1\u{1B}\\text", "text"),
        ("\u{1B}_apc\u{1B}\\text", "text"),
        ("\u{1B}(Btext", "text"),
        // without an end they take nothing along
        ("\u{1B}]0;title and the rest", "␛]0;title and the rest"),
        ("\u{1B}Pq and the rest", "␛Pq and the rest"),
        (
            "\u{1B}]0;title \u{1B}[1mand the rest",
            "␛]0;title and the rest",
        ),
        ("\u{1B}_apc \u{1B}[1mand the rest", "␛_apc and the rest"),
        ("\u{1B}PqĜ \u{1B}\\and the rest", "␛PqĜ and the rest"),
        ("\u{1B}[31", "␛[31"),
        ("\u{1B}[3é1mx", "␛[3é1mx"),
        ("\u{1B}", "␛"),
        ("\u{1B}[3\u{1B}[31mx", "␛[3x"),
        ("\u{9B}31mx", "⟨U+009B⟩31mx"),
        ("a\u{7}\u{0}\u{202E}b", "a␇␀⟨U+202E⟩b"),
    ] {
        assert_eq!(seen(sent), shown, "{sent:?}");
    }
}

#[test]
fn the_last_state_of_a_line_shows() {
    for (sent, shown) in [
        ("10%\r20%\r100%", "100%"),
        ("downloading\rdone", "doneloading"),
        ("downloading\r\u{1B}[Kdone", "done"),
        ("downloading\u{1B}[2K\rdone", "done"),
        // Who blanks everything in the end hides nothing.
        ("moved\u{1B}[1A\u{1B}[2K", "moved"),
        ("waiting\r\u{1B}[K", "waiting"),
        ("abc\u{8}\u{8}X", "aXc"),
        ("ab\u{1B}[1GX", "Xb"),
        ("日本\rx", "x 本"),
        ("日本\u{8}x", "日 x"),
        ("a\tb\rc\td", "c       d"),
        ("100%\r", "100%"),
    ] {
        assert_eq!(seen(sent), shown, "{sent:?}");
    }
    assert!(is_for_terminals(b"1%\r2%"));
    assert!(!is_for_terminals(b"a\r\nb\r\r\n"));
    assert!(is_for_terminals(b"\x1B[1mx"));
}

#[test]
fn no_colour_hides_text() {
    let black = Colour::Table(0);
    let readable = |fore, back| ink(0, fore, back).readable();
    assert_eq!(readable(black, Colour::Own), Ink::default());
    assert_eq!(
        readable(Colour::Table(4), Colour::Table(4)),
        ink(0, Colour::Table(4), Colour::Own)
    );
    assert_eq!(
        readable(Colour::Rgb(200, 200, 200), Colour::Rgb(205, 200, 200)).back,
        Colour::Own
    );
    assert_eq!(readable(black, black), Ink::default());
    let fine = ink(0, black, Colour::Table(7));
    assert_eq!(fine.readable(), fine);
}

/// Strings rich in the parts of sequences.
fn hard() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "\u{1B}[", "\u{1B}]", "\u{1B}P", "\u{1B}\\", "\u{7}", "31", ";", "m", "K", "G", "\r",
        "\u{8}", "\t", "日", "e", "\u{301}", "\u{202E}", "\u{9B}", "👨", "\u{200D}", " ", "\u{18}",
    ];
    let part = prop_oneof![
        proptest::sample::select(PARTS).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn nothing_hidden_comes_out(sent in hard()) {
        for (_, text) in line(&sent, &mut Ink::default()) {
            for c in text.chars().filter(|c| glyph::is_hidden(*c)) {
                prop_assert!(matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}'), "{:?}", c);
            }
        }
    }

    #[test]
    fn lines_and_skipping_agree_on_the_ink(sent in hard()) {
        let (mut drawn, mut skipped) = (Ink::default(), Ink::default());
        line(&sent, &mut drawn);
        after(sent.as_bytes(), &mut skipped);
        prop_assert_eq!(drawn, skipped);
    }

    #[test]
    fn text_without_controls_is_all_there(sent in "[a-z日é ]{0,20}", codes in "[0-9;]{0,6}") {
        let text = format!("{sent}\u{1B}[{codes}m{sent}");
        prop_assert_eq!(seen(&text), format!("{sent}{sent}"));
    }
}
