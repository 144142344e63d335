//! The pictures of the README: the real program on a pseudo-terminal, walked by keys to what is worth seeing.
//! The test asserts that a reader finds it there; with `SORTIE_PICTURES=FOLDER` it writes the pictures, which
//! is what `.ci/pictures` does.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking"
)]

#[path = "../common/pty.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod pty;
mod svg;

use std::{fs, path::PathBuf};

use pty::Pty;

/// A picture: its name, its title, its size, keys with the text that each leads to, and what is to be seen.
struct Wanted {
    name: &'static str,
    title: &'static str,
    size: (u16, u16),
    steps: &'static [(&'static str, &'static str)],
    seen: &'static [&'static str],
}

const PICTURES: &[Wanted] = &[
    Wanted {
        name: "run",
        title: "A failed run: three refused payments, and what the payment service answered",
        size: (120, 36),
        steps: &[("O8c41e07a\r", "[4] waterfall"), ("", "card_declined")],
        seen: &["nightly-billing", "pay.refund", "×3", "card_declined"],
    },
    Wanted {
        name: "narrow",
        title: "The same failed run on 80 by 24",
        size: (80, 24),
        steps: &[("O8c41e07a\r", "pay.refund"), ("", "402 card")],
        seen: &["nightly-billing", "pay.refund"],
    },
    Wanted {
        name: "inbox",
        title: "The inbox: the runs of four services since yesterday, what failed first",
        size: (120, 30),
        steps: &[
            ("a", "[1] inbox"),
            ("", "nightly-billing"),
            ("", "✗ Correction"),
        ],
        seen: &["✗", "nightly-billing"],
    },
    Wanted {
        name: "payload",
        title: "The refused payment on the whole screen",
        size: (120, 30),
        steps: &[
            ("O8c41e07a\r", "402 card"),
            ("\r", "request"),
            ("", "card_declined"),
        ],
        seen: &["card_declined", "amount"],
    },
    Wanted {
        name: "hostile",
        title: "Escape sequences of a hostile page, shown as signs",
        size: (120, 30),
        steps: &[("Oase_wiki_crawl\r", "[4] waterfall"), ("g", "␛")],
        seen: &["␛"],
    },
];

#[test]
fn pictures_show_what_they_are_for() {
    let folder = std::env::var_os("SORTIE_PICTURES").map(PathBuf::from);
    for wanted in PICTURES {
        let (columns, rows) = wanted.size;
        let argv = [env!("CARGO_BIN_EXE_sortie"), "demo"];
        let mut pty = Pty::start(&argv, &[], columns, rows);
        pty.wait_for("Claims Desk");
        for (keys, shown) in wanted.steps {
            pty.type_keys(keys);
            pty.wait_for(shown);
        }
        let screen = pty.screen();
        let text = screen.contents();
        for seen in wanted.seen {
            assert!(text.contains(seen), "{}: {seen}\n{text}", wanted.name);
        }
        let picture = svg::picture(&screen, wanted.title);
        assert!(!picture.contains('\u{1b}'), "{}", wanted.name);
        if let Some(folder) = &folder {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(format!("{}.svg", wanted.name)), picture).unwrap();
        }
        pty.type_keys("Q");
        assert_eq!(pty.exit_code(), 0);
    }
}
