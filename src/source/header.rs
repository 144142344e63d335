//! The first line of a bundle: where it comes from and how its maker looked at it. What a newer sortie says
//! there is kept for the next writing.

use super::left;
use crate::{
    model::{Look, Offline, Remark},
    provider::wire::{self, Object},
};

/// What it says.
pub(super) fn read(header: &Object<'_>) -> Offline {
    let masking = header.object("masking");
    Offline {
        context: header.some_text("context").unwrap_or_default(),
        provider: header.some_text("provider").unwrap_or_default(),
        base_url: header.some_text("base_url"),
        made_at: header.time("made_at"),
        masked: masking.and_then(|told| told.count("masked")),
        looks: vec![Look {
            left: left::of_header(header),
            ..header
                .object("view")
                .map(|view| look(&view))
                .unwrap_or_default()
        }],
    }
}

fn look(view: &Object<'_>) -> Look {
    let text = |name| view.some_text(name);
    let folds = view.object("folds");
    let folded = |name| {
        let ids = folds.as_ref().and_then(|folds| folds.array(name));
        let ids = ids.unwrap_or_default().into_iter();
        ids.filter_map(wire::text).collect()
    };
    let marks = |name, is_note: bool| {
        let all = view.array(name).unwrap_or_default().into_iter();
        all.filter_map(move |mark| {
            let mark = Object::read(mark)?;
            Some(Remark {
                mission: mark.some_text("mission").unwrap_or_default(),
                run: mark.some_text("run")?,
                event: mark.some_text("event"),
                title: mark.some_text("title").unwrap_or_default(),
                at: mark.time("at"),
                note: is_note.then(|| mark.some_text("text").unwrap_or_default()),
            })
        })
    };
    Look {
        mission: text("mission"),
        run: text("run"),
        cursor: text("cursor"),
        on_silence: view.boolean("on_silence") == Some(true),
        step: text("cursor_step"),
        child: text("cursor_run"),
        filter: text("filter"),
        only_failures: view.boolean("only_failures") == Some(true),
        folded: folded("steps_folded"),
        unfolded: folded("events_unfolded"),
        remarks: marks("bookmarks", false)
            .chain(marks("notes", true))
            .collect(),
        left: None,
        left_of_view: left::of_view(view),
    }
}
