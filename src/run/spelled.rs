//! The text that a copy, a print or another program gets, made of an order of the app's. It takes time in
//! proportion to the text, so it has no place on the loop; it puts nothing anywhere.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    app::{
        Effect,
        carry::{
            self,
            again::{Call, Offer},
            picks::{self, Gather},
            tell::{Form, OfRun, Tell},
        },
        list::calls::TableForm,
        msg::{CopyCalls, CopyRows, LayOut},
    },
    export::{
        self, Course, Excerpt, Grid, Parcel, Shipment, cells,
        curl::{self, Asked, Tool},
        grid, parcel,
        record::Home,
    },
    guard::redact::Masking,
    model::{Event, Get, NodeId, Snapshot},
};

/// A text and what it is.
type Told = (Vec<u8>, Cow<'static, str>);

/// An order to make a text.
pub(super) enum Spelled {
    Text(Vec<u8>, Cow<'static, str>),
    LayOut(Box<LayOut>),
    Gather(Box<Gather>),
    Calls(Box<CopyCalls>),
    Rows(Box<CopyRows>),
    Tell(Box<Tell>),
    Curl(Box<Spelling>),
}

/// Requests that are to be made again, with their addresses.
pub(super) struct Spelling {
    /// What is read, and how.
    pub reads: Vec<(String, Get)>,
    /// The call in place of them.
    pub call: Option<Call>,
    /// What is known of tools.
    pub tools: Vec<Tool>,
    pub masking: Masking,
    pub what: Cow<'static, str>,
}

impl Spelled {
    /// The order of an effect that puts a text somewhere, but for requests: those need addresses first.
    pub fn of(effect: Effect) -> Option<Self> {
        Some(match effect {
            Effect::Copy { text, what } => Self::Text(text, what),
            Effect::LayOut(order) => Self::LayOut(order),
            Effect::Gather(order) => Self::Gather(order),
            Effect::CopyCalls(order) => Self::Calls(order),
            Effect::CopyRows(order) => Self::Rows(order),
            Effect::Tell(order) => Self::Tell(order),
            _ => return None,
        })
    }

    /// What it is, in two words.
    pub fn what(&self) -> Cow<'static, str> {
        match self {
            Self::Text(_, what) => what,
            Self::LayOut(order) => &order.what,
            Self::Gather(order) => &order.what,
            Self::Calls(order) => &order.what,
            Self::Rows(order) => &order.what,
            Self::Tell(order) => &order.what,
            Self::Curl(order) => &order.what,
        }
        .clone()
    }

    /// Makes the text. What cannot be made is told in a sentence.
    pub fn spell(self) -> Result<Told, String> {
        let what = self.what();
        let text = match self {
            Self::Text(text, _) => text,
            Self::LayOut(order) => carry::lay_out(*order),
            Self::Gather(order) => picks::gather(*order),
            Self::Calls(order) => calls(*order),
            Self::Rows(order) => rows(*order),
            Self::Tell(order) => tell(&order)?,
            Self::Curl(order) => order.spell().into_bytes(),
        };
        Ok((text, what))
    }
}

impl Spelling {
    fn spell(mut self) -> String {
        if self.call.is_some() {
            let best = self.offers(|_| String::new()).into_iter().next();
            return best.unwrap_or_default().text;
        }
        let Self { reads, masking, .. } = &mut self;
        let reads = reads.iter();
        let again = reads.map(|(what, get)| curl::refetch(get, what, masking));
        again.collect()
    }

    /// The call in every grade that it has, with the way that a copy of so many bytes takes.
    pub fn offers(mut self, route: impl Fn(usize) -> String) -> Vec<Offer> {
        let Some(call) = &self.call else {
            return Vec::new();
        };
        let asked = Asked {
            tool: &call.tool,
            payload: call.payload.bytes(),
            in_words: call.in_words,
            members: call.members,
            locator: &call.locator,
            lists: &call.lists,
        };
        let source = self.reads.first().map(|(_, get)| get);
        let scripts = curl::replays(asked, &self.tools, source, &mut self.masking);
        let offers = scripts.into_iter().map(|script| Offer {
            grade: script.grade.letter(),
            words: script.grade.words(),
            route: route(script.text.len()),
            text: script.text,
            secrets: script.secrets,
            writes: script.writes,
        });
        offers.collect()
    }
}

fn calls(order: CopyCalls) -> Vec<u8> {
    let CopyCalls {
        calls,
        form,
        mut masking,
        ..
    } = order;
    let grid = match form {
        TableForm::Tsv => Grid::Tsv,
        TableForm::Csv => Grid::Csv,
        TableForm::Json => Grid::Json,
    };
    grid::spell(&calls, grid, &mut masking).into_bytes()
}

fn rows(order: CopyRows) -> Vec<u8> {
    let CopyRows {
        names,
        rows,
        mut masking,
        ..
    } = order;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    cells::spell(&names, &rows, Grid::Tsv, &mut masking).into_bytes()
}

fn tell(order: &Tell) -> Result<Vec<u8>, String> {
    let told: Vec<Vec<u8>> = match order.form {
        Form::Report => reports(order).into_iter().collect(),
        form => {
            let mut masking = order.masking.clone();
            let runs = order.runs.iter();
            runs.flat_map(|of| of_run(of, form, &order.events, &mut masking))
                .collect()
        }
    };
    if told.is_empty() {
        return Err(match order.form {
            Form::Error => "nothing is said to have gone wrong here",
            Form::Markdown | Form::Report | Form::Operation => "there is nothing to write down",
        }
        .to_owned());
    }
    Ok(told.join(&b'\n'))
}

/// Whole runs as Markdown, as they are exported.
fn reports(order: &Tell) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let terms = parcel::Terms {
        zone: order.zone.clone(),
        open: false,
    };
    let masking = order.masking.clone();
    let several = order.runs.len() > 1;
    let mut shipment = Shipment::new(export::Form::Markdown, terms, several, masking, &mut text);
    for of in &order.runs {
        let events = in_order(&order.events, &of.events);
        let parcel = Parcel {
            wanted: &|_| true,
            beside: crate::export::parcel::Beside::default(),
            home: of.home(),
            mission: &of.mission,
            run: &of.run,
            steps: &of.steps,
            children: &[],
            course: &of.course(&events),
            now: order.now,
        };
        shipment.put(&parcel, &[]).ok()?;
    }
    shipment.end().ok()?;
    Some(text)
}

fn of_run(of: &OfRun, form: Form, all: &Snapshot, masking: &mut Masking) -> Vec<Vec<u8>> {
    let events = in_order(all, &of.events);
    let course = of.course(&events);
    let excerpt = Excerpt {
        home: of.home(),
        run: &of.run,
        course: &course,
    };
    if of.wanted.is_empty() {
        let said = excerpt.error(None, masking).filter(|_| form == Form::Error);
        return said.map(String::into_bytes).into_iter().collect();
    }
    let at: HashMap<NodeId, usize> = (0..)
        .zip(&of.events)
        .map(|(at, node)| (*node, at))
        .collect();
    let places = of.wanted.iter().filter_map(|node| at.get(node));
    let operations = places.filter_map(|at| course.operation_at(*at));
    let told = operations.filter_map(|operation| match form {
        Form::Error => Some(excerpt.error(Some(&operation), masking)?.into_bytes()),
        Form::Markdown | Form::Report => Some(excerpt.operation(&operation, masking).into_bytes()),
        Form::Operation => excerpt.document(&operation, masking),
    });
    told.collect()
}

impl OfRun {
    fn home(&self) -> Home<'_> {
        Home {
            context: &self.context,
            provider: &self.provider,
        }
    }

    fn course<'e>(&self, events: &'e [Event]) -> Course<'e> {
        let over = !self.run.status.is_going_on();
        Course::read(events, over, self.numbered, self.terms.clone())
    }
}

/// The events of a run in their order.
fn in_order(all: &Snapshot, wanted: &[NodeId]) -> Vec<Event> {
    wanted.iter().filter_map(|node| all.event(*node)).collect()
}
