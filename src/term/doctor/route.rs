//! The ways by which a copy can leave the terminal, each tried as far as it can be. What can answer is
//! asked for a word that nothing else says, and gets back what it held; else it is left alone.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ask::{Raw, clipboard, put_clipboard};
use super::{Finding, State, tmux};
use crate::term::copy::{Choice, Route, Rungs, Surroundings, Terminal, Wishes, World, routes};

/// Each way tried, as far as it can be.
pub(super) fn ways(place: &Surroundings, wishes: &Wishes, raw: Option<&Raw>) -> Vec<Finding> {
    vec![
        native(place),
        tmux::way(place),
        osc52(place, wishes, raw),
        file(),
    ]
}

/// A word that nothing else says.
pub(super) fn nonce() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!(
        "sortie-{}-{}",
        std::process::id(),
        now.unwrap_or_default().as_nanos()
    )
}

fn native(place: &Surroundings) -> Finding {
    let name = "route native";
    if !(place.wayland || place.x11 || place.macos) {
        return Finding::new(name, "closed: there is no display", State::Note);
    }
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = tell.send(round_trip());
    });
    match told.recv_timeout(Duration::from_secs(2)) {
        Ok(Ok(true)) => Finding::new(name, "works: what was put there came back", State::Fine),
        Ok(Ok(false)) => Finding::new(
            name,
            "answers; nothing was put there, since what it holds might be lost",
            State::Untried,
        ),
        Ok(Err(why)) => Finding::new(name, format!("does not work: {why}"), State::Bad),
        Err(_) => Finding::new(
            name,
            "does not work: the display does not answer",
            State::Bad,
        )
        .with("unset DISPLAY, or name the ways in the configuration: [copy] route"),
    }
}

/// Puts a word on the desktop's clipboard, reads it, and puts back what was there. False, and nothing
/// done, where that could not be put back.
fn round_trip() -> Result<bool, String> {
    let told = |fault: arboard::Error| fault.to_string();
    let mut clipboard = arboard::Clipboard::new().map_err(told)?;
    let Ok(before) = clipboard.get_text() else {
        return Ok(false);
    };
    // On X11 and Wayland what is put back would end with this program.
    if cfg!(not(target_os = "macos")) {
        return Ok(false);
    }
    let word = nonce();
    clipboard.set_text(word.clone()).map_err(told)?;
    let back = clipboard.get_text().map_err(told);
    clipboard.set_text(before).map_err(told)?;
    if back? == word {
        Ok(true)
    } else {
        Err("something else came back".to_owned())
    }
}

pub(super) fn osc52(place: &Surroundings, wishes: &Wishes, raw: Option<&Raw>) -> Finding {
    let name = "route osc52";
    let most = wishes.osc52_max.unwrap_or(place.terminal.osc52_max());
    let cap = format!("takes {most} bytes of base64 at once");
    let Some(raw) = raw else {
        return Finding::new(
            name,
            format!("not tried: there is no terminal; {cap}"),
            State::Untried,
        );
    };
    let advice = place.terminal.advice();
    let finding = match clipboard(raw) {
        None => Finding::new(
            name,
            format!(
                "the terminal tells nobody what it holds, so a copy is sent unconfirmed; {cap}"
            ),
            State::Note,
        )
        .with(advice.unwrap_or(
            "if nothing arrives: allow OSC 52 in the terminal's settings, or print with p",
        )),
        Some(before) if before.len() > most => Finding::new(
            name,
            format!(
                "answers; nothing was put there, since what it holds could not be put back; {cap}"
            ),
            State::Untried,
        ),
        Some(before) => {
            let word = nonce();
            put_clipboard(raw, &STANDARD.encode(&word));
            let back = clipboard(raw);
            put_clipboard(raw, &before);
            if back.as_deref() == Some(STANDARD.encode(&word).as_str()) {
                Finding::new(
                    name,
                    format!("works: what was sent came back; {cap}"),
                    State::Fine,
                )
            } else {
                Finding::new(name, format!("something else came back; {cap}"), State::Bad)
            }
        }
    };
    match advice {
        Some(advice) if finding.advice.is_none() && place.terminal != Terminal::Other => {
            finding.with(advice)
        }
        _ => finding,
    }
}

fn file() -> Finding {
    let name = "route file";
    match World::here().file("sortie doctor\n") {
        Ok(path) => {
            let folder = path.parent().unwrap_or(&path).display().to_string();
            let _ = std::fs::remove_file(&path);
            Finding::new(name, format!("works: {folder}"), State::Fine)
        }
        Err(why) => Finding::new(name, format!("does not work: {why}"), State::Bad)
            .with("set XDG_STATE_HOME or HOME to a folder that you can write to"),
    }
}

/// The order in which copies take them here.
pub(super) fn order(place: &Surroundings, wishes: &Wishes) -> Finding {
    let told = |size: usize| {
        let place = Surroundings { size, ..*place };
        let routes = routes(&place, wishes).into_iter().map(Route::word);
        routes.collect::<Vec<_>>().join(", ")
    };
    let (small, large) = (told(1_000), told(2_000_000));
    let value = format!("{small}; of 2 MB: {large}");
    let choice = Choice {
        place: *place,
        wishes: wishes.clone(),
    };
    let state = if choice.first(1_000) == Route::File {
        State::Note
    } else {
        State::Fine
    };
    let finding = Finding::new("copies go by", value, state);
    match &wishes.order {
        Some(_) => finding.with("the configuration or --clipboard says so"),
        None => finding,
    }
}
