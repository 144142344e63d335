//! Texts that go to somebody else than the clipboard: a pager, an editor, a command, or the bare terminal
//! below the screen; and requests that get their addresses before they are spelled. The loop waits while
//! the terminal is lent; nothing here decides what is carried.

use std::io;

use tokio::task::spawn_blocking;

use super::{
    Stage, World,
    spelled::{Spelled, Spelling},
    turn::{Turns, now},
};
use crate::{
    app::{
        Effect, Msg,
        carry::{self, again::Again},
        msg::{Hand, To},
    },
    guard::clean,
    term::page::Program,
};

/// Hands a text to another program and waits for its end. A pager shows what is safe to be shown; an
/// editor and a command get what a copy would hold.
pub(super) async fn lend(stage: &mut impl Stage, hand: Hand) -> io::Result<Result<String, String>> {
    let Hand { text, layout, to } = hand;
    let text = match layout {
        None => text,
        Some(order) => match spawn_blocking(move || carry::lay_out(order)).await {
            Ok(text) => text,
            Err(_) => return Ok(Err("sortie broke on this payload".to_owned())),
        },
    };
    let is_json = matches!(text.trim_ascii().first(), Some(b'{' | b'['));
    match to {
        To::Pager => stage.lend(Program::Pager, shown(&text)).await,
        To::Editor => {
            let ends = if is_json { ".json" } else { ".txt" };
            stage.lend(Program::Editor { ends }, text).await
        }
        To::Command(line) => {
            let mut text = text;
            end_line(&mut text);
            stage.lend(Program::Shell(line), text).await
        }
    }
}

/// What a terminal may be shown of a text.
fn shown(text: &[u8]) -> Vec<u8> {
    let mut shown = clean::bytes(text).into_bytes();
    end_line(&mut shown);
    shown
}

/// Programs that read lines want the last one ended.
fn end_line(text: &mut Vec<u8>) {
    if text.last() != Some(&b'\n') {
        text.push(b'\n');
    }
}

impl<S: Stage, W: World> Turns<'_, S, W> {
    /// Spells requests that are to be made again: for a copy, or to be looked at.
    pub(super) fn again(&mut self, order: Again) -> Vec<Effect> {
        let looks = order.looks;
        match self.spelling(order) {
            Ok(spelling) if looks => self.work.offer(spelling, self.world.route()),
            Ok(spelling) => self.work.spell(Spelled::Curl(Box::new(spelling))),
            Err(why) => return self.app.update(Msg::Copied(Err(why)), now()),
        }
        Vec::new()
    }

    fn spelling(&mut self, order: Again) -> Result<Spelling, String> {
        let reads = order.reads.into_iter();
        let reads: Vec<_> = reads
            .filter_map(|read| Some((read.what, self.world.get(read.context, &read.of)?)))
            .collect();
        if reads.is_empty() && order.call.is_none() {
            let why = "no request reads it again: it came from a file";
            return Err(why.to_owned());
        }
        Ok(Spelling {
            reads,
            call: order.call,
            tools: self.world.tools(),
            masking: order.masking,
            what: order.what,
        })
    }

    /// Prints what an effect would put on the clipboard on the bare terminal, until a key.
    pub(super) async fn print(&mut self, effect: Effect) -> io::Result<Vec<Effect>> {
        let order = match effect {
            Effect::Again(order) => match self.spelling(*order) {
                Ok(spelling) => Some(Spelled::Curl(Box::new(spelling))),
                Err(why) => return Ok(self.app.update(Msg::Copied(Err(why)), now())),
            },
            other => Spelled::of(other),
        };
        let Some(order) = order else {
            return Ok(Vec::new());
        };
        let (text, what) = match spawn_blocking(move || order.spell()).await {
            Ok(Ok(told)) => told,
            Ok(Err(why)) => return Ok(self.app.update(Msg::Told(why), now())),
            Err(_) => {
                let why = "sortie broke on what was to be printed".to_owned();
                return Ok(self.app.update(Msg::Copied(Err(why)), now()));
            }
        };
        let told = self.stage.lend(Program::Terminal, shown(&text)).await?;
        let mut more = self.redraw()?;
        let told = told.map(|_| format!("{what}: printed"));
        more.extend(self.app.update(Msg::Copied(told), now()));
        Ok(more)
    }
}
