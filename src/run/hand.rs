//! Texts that go to somebody else than the clipboard: a pager, an editor, a command, or the bare terminal
//! below the screen; and requests that get their addresses before they are spelled. The loop waits while
//! the terminal is lent, but not for a text that takes long to be made; nothing here decides what is
//! carried.

use std::{io, time::Duration};

use tokio::{
    task::{JoinError, spawn_blocking},
    time::timeout,
};

use super::{
    Stage, World, custom,
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

/// A text that is made in less time is waited for, so that the next key is for whoever gets it.
const AT_ONCE: Duration = Duration::from_millis(50);

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
        let to = To::Terminal(order.what());
        self.make(move || order.spell().map(|(text, _)| text), to)
            .await
    }

    /// Hands a text to another program, once it is made.
    pub(super) async fn hand(&mut self, hand: Hand) -> io::Result<Vec<Effect>> {
        let Hand { text, layout, to } = hand;
        match layout {
            None => self.lend(text, to).await,
            Some(order) => self.make(move || Ok(carry::lay_out(order)), to).await,
        }
    }

    /// Makes a text and hands it over: now if it is there at once, else when it is, and the screen goes on
    /// meanwhile.
    pub(super) async fn make(
        &mut self,
        make: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
        to: To,
    ) -> io::Result<Vec<Effect>> {
        self.give_up_making();
        let mut making = spawn_blocking(make);
        if let Ok(made) = timeout(AT_ONCE, &mut making).await {
            return match handed(made, to) {
                Msg::Handed(hand) => self.lend(hand.text, hand.to).await,
                msg => Ok(self.app.update(msg, now())),
            };
        }
        self.making = Some(self.work.hand(making, to));
        let told = "it is being laid out and opens then: Esc gives it up".to_owned();
        Ok(self.app.update(Msg::Copied(Ok(told)), now()))
    }

    /// Nobody waits any more for the text that is being made; whether there was one.
    pub(super) fn give_up_making(&mut self) -> bool {
        let making = self.making.take();
        making.is_some_and(|making| {
            let goes_on = !making.is_finished();
            making.abort();
            goes_on
        })
    }

    /// Lends the terminal to whoever gets a text, and waits for its end. A pager and the bare terminal
    /// show what is safe to be shown; an editor and a command get what a copy would hold.
    async fn lend(&mut self, mut text: Vec<u8>, to: To) -> io::Result<Vec<Effect>> {
        let is_json = matches!(text.trim_ascii().first(), Some(b'{' | b'['));
        let told = match to {
            To::Pager => self.stage.lend(Program::Pager, shown(&text)).await?,
            To::Editor => {
                let ends = if is_json { ".json" } else { ".txt" };
                self.stage.lend(Program::Editor { ends }, text).await?
            }
            To::Command(line) => {
                end_line(&mut text);
                self.stage.lend(Program::Shell(line), text).await?
            }
            To::Own(name, call) => {
                let program = Program::Own(name, Box::new(custom::taken(*call)));
                self.stage.lend(program, text).await?
            }
            To::Terminal(what) => {
                let told = self.stage.lend(Program::Terminal, shown(&text)).await?;
                told.map(|_| format!("{what}: printed"))
            }
        };
        let mut more = self.redraw()?;
        more.extend(self.app.update(Msg::Copied(told), now()));
        Ok(more)
    }
}

/// What is told of a text that was made for another program.
pub(super) fn handed(made: Result<Result<Vec<u8>, String>, JoinError>, to: To) -> Msg {
    match made {
        Ok(Ok(text)) => Msg::Handed(Box::new(Hand {
            text,
            layout: None,
            to,
        })),
        Ok(Err(why)) => Msg::Told(why),
        Err(_) => Msg::Copied(Err("sortie broke on this text".to_owned())),
    }
}
