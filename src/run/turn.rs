//! The loop: keys first, then what was left over, then mail, then deadlines; a frame when one is due; nothing at all while
//! nothing happens. It owns the app alone. Effects are handed on to whoever can do them, and what
//! comes of them comes back as mail.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use jiff::{Timestamp, tz::TimeZone};
use tokio::task::AbortHandle;

use super::{Mail, Stage, World, pace::Pace, spelled::Spelled, work::Work};
use crate::{
    app::{
        App, Effect, Msg,
        key::{Code, Key, Press},
    },
    model::{Arrival, Ask, Got, Time},
    term::Input,
};

/// How long to go on taking what is ready before a frame.
const GREED: Duration = Duration::from_millis(4);
/// A frame that changes its own measures is painted again, but no more often than this.
const FRAMES: u8 = 2;

/// Runs the app until it wants to end or the terminal is gone.
pub async fn run<S: Stage, W: World>(
    app: &mut App,
    first: Vec<Effect>,
    stage: &mut S,
    mut inputs: impl Stream<Item = io::Result<Input>> + Unpin,
    mut mail: Mail,
    world: &mut W,
) -> io::Result<()> {
    let pace = Pace::new(stage.trip());
    let mut turns = Turns {
        app,
        stage,
        world,
        work: Work::new(mail.post()),
        pace,
        over: false,
        making: None,
    };
    turns.perform(first).await?;
    while !turns.over {
        turns.paint_if_due().await?;
        let wake = turns.next_wake();
        let woken = tokio::select! {
            biased;
            input = inputs.next() => Woken::Input(input.transpose()?),
            () = std::future::ready(()), if turns.app.is_behind() => Woken::Rest,
            msg = mail.next() => Woken::Mail(msg),
            () = sleep(wake) => Woken::Time,
        };
        let greedy_until = Instant::now() + GREED;
        turns.take(woken).await?;
        while !turns.over && Instant::now() < greedy_until {
            let rest = turns.app.is_behind();
            let Some(ready) = ready(&mut inputs, &mut mail, rest).await? else {
                break;
            };
            turns.take(ready).await?;
        }
    }
    Ok(())
}

/// Why the loop woke up.
enum Woken {
    /// Something was typed; none when the terminal is gone.
    Input(Option<Input>),
    /// Something was left over from an earlier turn.
    Rest,
    Mail(Msg),
    Time,
}

/// What needs no waiting: input before what was left over, that before more mail.
async fn ready(
    inputs: &mut (impl Stream<Item = io::Result<Input>> + Unpin),
    mail: &mut Mail,
    rest: bool,
) -> io::Result<Option<Woken>> {
    // Polled with the loop's own waker: the stream of keys remembers the last one it was shown.
    let input = poll_fn(|context| Poll::Ready(Pin::new(&mut *inputs).poll_next(context))).await;
    Ok(match input {
        Poll::Ready(input) => Some(Woken::Input(input.transpose()?)),
        Poll::Pending if rest => Some(Woken::Rest),
        Poll::Pending => mail.ready().map(Woken::Mail),
    })
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}

/// What time it is for the app.
pub(super) fn now() -> Time {
    Time(i64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX))
}

/// Whether somebody waits for this: what was read to its end, the first events of a run, and a part of one
/// that was gone to are painted at once.
fn ends_waiting(msg: &Msg, app: &App) -> bool {
    match msg {
        Msg::Read { step, .. } => step.is_last(),
        Msg::Arrived(arrival) if matches!(arrival.ask, Ask::Part { .. }) => {
            matches!(arrival.got, Got::Done { .. })
        }
        Msg::Arrived(arrival) => {
            matches!(arrival.got, Got::Rows { .. })
                && matches!(arrival.ask, Ask::Events { .. })
                && app.store.counts(arrival.node).0 == 0
        }
        _ => false,
    }
}

/// Sizes while a window is drawn larger, and a border that the mouse holds: they come by the hundred, and
/// only the last one matters.
fn comes_in_storms(input: &Input) -> bool {
    match input {
        Input::Resize { .. } => true,
        Input::Mouse(pointer) => pointer.press == Press::Drag,
        Input::Key(_) | Input::Paste(_) | Input::Focus(_) | Input::Shown(_) => false,
    }
}

pub(super) struct Turns<'a, S, W> {
    pub(super) app: &'a mut App,
    pub(super) stage: &'a mut S,
    pub(super) world: &'a mut W,
    pub(super) work: Work,
    pace: Pace,
    over: bool,
    /// A text for another program that is being made.
    pub(super) making: Option<AbortHandle>,
}

impl<S: Stage, W: World> Turns<'_, S, W> {
    /// When to wake up if nothing comes: for a frame that is due or for the app's own deadline.
    fn next_wake(&self) -> Option<Instant> {
        let deadline = self.app.next_deadline().map(|at| {
            let wait = at.since(now()).unwrap_or_default();
            Instant::now() + wait
        });
        let frame = self.pace.due().filter(|_| self.app.dirty);
        deadline.into_iter().chain(frame).min()
    }

    async fn take(&mut self, woken: Woken) -> io::Result<()> {
        let effects = match woken {
            Woken::Input(None) => {
                self.over = true;
                Vec::new()
            }
            Woken::Input(Some(Input::Shown(shown))) => {
                self.pace.shown(shown);
                Vec::new()
            }
            Woken::Input(Some(input)) => {
                if !comes_in_storms(&input) {
                    self.pace.answer(Instant::now());
                }
                self.input(input)
            }
            Woken::Rest => self.app.update(Msg::GoOn, now()),
            Woken::Mail(msg) => {
                if ends_waiting(&msg, self.app) {
                    self.pace.at_once(Instant::now());
                }
                self.app.update(msg, now())
            }
            Woken::Time => {
                let now = now();
                if self.app.next_deadline().is_none_or(|at| at > now) {
                    return Ok(());
                }
                self.pace.at_once(Instant::now());
                self.app.update(Msg::Tick, now)
            }
        };
        self.perform(effects).await
    }

    fn input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(key) if key == Key::plain(Code::Esc) && self.give_up_making() => {
                let told = "given up: nothing was handed over".to_owned();
                self.app.update(Msg::Copied(Ok(told)), now())
            }
            Input::Key(key) => self.app.update(Msg::Key(key), now()),
            Input::Mouse(pointer) => self.app.update(Msg::Mouse(pointer), now()),
            Input::Paste(text) => self.app.update(Msg::Paste(text), now()),
            Input::Focus(here) => self.app.update(Msg::Focus(here), now()),
            Input::Resize { .. } => {
                self.app.dirty = true;
                Vec::new()
            }
            // It is about frames, and says nothing to the app.
            Input::Shown(_) => Vec::new(),
        }
    }

    async fn paint_if_due(&mut self) -> io::Result<()> {
        if self.app.dirty {
            self.pace.soon(Instant::now());
        }
        if !self.app.dirty || !self.pace.is_due(Instant::now()) {
            return Ok(());
        }
        self.pace.answered();
        for _ in 0..FRAMES {
            if !self.app.dirty || self.over {
                break;
            }
            self.app.dirty = false;
            let measured = self.stage.draw(self.app)?;
            if let Some(sent) = self.stage.sent() {
                self.pace.wrote(sent);
                if self.pace.asks() {
                    self.stage.ask();
                }
            }
            self.pace.painted(Instant::now());
            let effects = self.app.measure(measured);
            self.perform(effects).await?;
        }
        Ok(())
    }

    /// Has effects done, and those that follow from them.
    async fn perform(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            let more = match effect {
                Effect::Load(ticket) => {
                    let told = self.world.load(ticket);
                    told.into_iter()
                        .flat_map(|arrival| self.arrived(arrival))
                        .collect()
                }
                Effect::Cancel(generation) => self.asked(|world| world.cancel(generation)),
                Effect::Forget(context, run) => self.asked(|world| world.forget(context, &run)),
                Effect::Follow(watch) => self.asked(|world| world.follow(watch)),
                Effect::Notify(ring) => self.asked(|world| world.notify(*ring)),
                Effect::Attend(attention) => self.asked(|world| world.attend(attention)),
                Effect::Requests => {
                    let requests = self.world.requests();
                    self.app.update(Msg::Requests(requests), now())
                }
                Effect::Remember(memory) => self.asked(|world| world.remember(memory)),
                Effect::KeepPlace(session) => self.asked(|world| world.keep_place(*session)),
                Effect::Copy { text, what } => self.asked(|world| world.copy(text, what)),
                Effect::Read(order) => self.ordered(|work| work.read(*order)),
                Effect::Find(order) => self.ordered(|work| work.find(*order)),
                spelled @ (Effect::LayOut(_)
                | Effect::Gather(_)
                | Effect::CopyCalls(_)
                | Effect::CopyRows(_)
                | Effect::Tell(_)) => {
                    let order = Spelled::of(spelled);
                    self.ordered(|work| order.into_iter().for_each(|order| work.spell(order)))
                }
                Effect::Again(order) => self.again(*order),
                Effect::Print(effect) => self.print(*effect).await?,
                Effect::Save { text, what } => self.asked(|world| world.save(text, what)),
                Effect::Browse(address) => self.asked(|world| world.browse(address)),
                Effect::Keep(entry) => self.asked(|world| world.keep(*entry)),
                Effect::Recall => self.asked(World::recall),
                Effect::Change(change) => self.asked(|world| world.change(change)),
                Effect::Search(search) => self.ordered(|work| work.search(*search)),
                Effect::Probe(order) => self.ordered(|work| work.probe(*order)),
                Effect::Judge(order) => self.ordered(|work| work.judge(*order)),
                Effect::Seek(order) => self.ordered(|work| work.seek(*order)),
                Effect::Refer(text) if self.world.open(&text) => {
                    self.app.update(Msg::Reading(text), now())
                }
                Effect::TakeFile => {
                    let msg = match self.world.opened() {
                        Ok(beside) => Msg::Beside(Box::new(beside)),
                        Err(why) => Msg::Told(why),
                    };
                    self.app.update(msg, now())
                }
                Effect::Refer(text) => {
                    let addresses = self.world.addresses(&text);
                    self.app.update(Msg::Referred(text, addresses), now())
                }
                Effect::Locate(order) => self.asked(|world| world.locate(*order)),
                Effect::Zone(name) => {
                    let zone = TimeZone::get(&name).ok();
                    self.app.update(Msg::Zone(name, zone), now())
                }
                Effect::ZoneNames => self.ordered(Work::zone_names),
                Effect::ReadAnew(order) => self.ordered(|work| work.read_anew(*order)),
                Effect::Discard(large) => {
                    Work::discard(large);
                    Vec::new()
                }
                Effect::Own(job) => self.own(*job).await?,
                Effect::Weigh(order) => self.asked(|world| world.weigh(*order)),
                Effect::Review(order) => self.asked(|world| world.review(*order)),
                Effect::ReviewAgain(number, redactor) => {
                    self.asked(|world| world.review_again(number, redactor))
                }
                Effect::Export(number, redactor) => {
                    self.asked(|world| world.export(number, redactor))
                }
                Effect::StopExport(number) => self.asked(|world| world.stop_export(number)),
                Effect::Mouse(on) => {
                    self.stage.mouse(on)?;
                    Vec::new()
                }
                Effect::Demo => self.demo(),
                Effect::Redraw => self.redraw()?,
                Effect::Suspend => {
                    self.stage.suspend().await?;
                    self.redraw()?
                }
                Effect::Hand(hand) => self.hand(*hand).await?,
                Effect::Quit => {
                    self.over = true;
                    return Ok(());
                }
            };
            effects.extend(more);
        }
        Ok(())
    }

    fn arrived(&mut self, arrival: Arrival) -> Vec<Effect> {
        self.app.update(Msg::Arrived(Box::new(arrival)), now())
    }

    fn ordered(&self, order: impl FnOnce(&Work)) -> Vec<Effect> {
        order(&self.work);
        Vec::new()
    }

    fn asked(&mut self, ask: impl FnOnce(&mut W)) -> Vec<Effect> {
        ask(self.world);
        Vec::new()
    }

    fn demo(&mut self) -> Vec<Effect> {
        match self.world.demo() {
            Ok(cast) => {
                self.app.redactor = cast.redactor;
                self.app.update(Msg::Contexts(cast.contexts), now())
            }
            Err(reason) => {
                let told = format!("the demo did not start: {reason}");
                self.app.update(Msg::Told(told), now())
            }
        }
    }

    /// Everything is painted anew at once, with what the time has changed meanwhile.
    pub(super) fn redraw(&mut self) -> io::Result<Vec<Effect>> {
        self.stage.redraw()?;
        self.app.dirty = true;
        self.pace.at_once(Instant::now());
        Ok(self.app.update(Msg::Tick, now()))
    }
}
