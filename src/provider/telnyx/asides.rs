//! What a mission owns (tools, knowledge bases, MCP servers) and which agents are linked to a run. The
//! contract types none of the former, so any JSON is taken: names go into a fact, the bytes into an
//! extra. Nothing here may spoil what it belongs to: what cannot be read is noted there.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{page, reply};
use crate::model::{
    Ask, Batch, Extra, Fact, Mission, Of, Page, Payload, Record, Reply, Request, Row, Run, RunRef,
};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

pub(super) const TOOLS: &str = "/ai/missions/{}/tools";
pub(super) const KNOWLEDGE_BASES: &str = "/ai/missions/{}/knowledge-bases";
pub(super) const MCP_SERVERS: &str = "/ai/missions/{}/mcp-servers";
pub(super) const AGENTS: &str = "/ai/missions/{}/runs/{}/telnyx-agents";

/// No list is followed further than this, whatever it says.
const MOST_PAGES: u32 = 50;

/// A list of its own.
struct List {
    /// Its name here: of the ask, the fact and the extra.
    what: &'static str,
    /// The fact about pages after the first.
    further: &'static str,
    template: &'static str,
    /// The member that holds it where it comes along with its owner.
    member: &'static str,
    /// What names an entry, best first.
    names: &'static [&'static str],
}

const OWNED: [List; 3] = [
    List {
        what: "tools",
        further: "more tools",
        template: TOOLS,
        member: "tools",
        names: &["name", "title", "id", "tool_id", "type", "url"],
    },
    List {
        what: "knowledge bases",
        further: "more knowledge bases",
        template: KNOWLEDGE_BASES,
        member: "knowledge_bases",
        names: &["name", "title", "id", "knowledge_base_id", "type", "url"],
    },
    List {
        what: "MCP servers",
        further: "more MCP servers",
        template: MCP_SERVERS,
        member: "mcp_servers",
        names: &["name", "title", "id", "mcp_server_id", "type", "url"],
    },
];

/// Not the `agent_id` of events, which is whatever the writer calls itself.
const LINKED: List = List {
    what: "linked agents",
    further: "more linked agents",
    template: AGENTS,
    member: "telnyx_agents",
    names: &["telnyx_agent_id", "assistant_id", "id", "name"],
};

fn named(what: &str) -> Option<&'static List> {
    let known = OWNED.iter().find(|list| list.what == what);
    known.or((what == LINKED.what).then_some(&LINKED))
}

/// What to send. The contract declares no pages, so only a later page is asked for by its number.
pub(super) fn request(of: &Of, what: &str, page: &Page) -> Option<Request> {
    let list = named(what)?;
    let request = match of {
        Of::Mission(mission) => Request::get(list.template, &[mission]),
        Of::Run(run) => Request::get(list.template, &[&run.mission, &run.run]),
    };
    Some(if page.cursor.is_some() {
        request.with("page[number]", page::number(page))
    } else {
        request
    })
}

/// The agents linked to a run.
pub(super) fn linked(run: &RunRef) -> Ask {
    Ask::Aside {
        of: Of::Run(run.clone()),
        what: LINKED.what,
        page: Page::default(),
    }
}

/// The lists that did not come along with their mission. An empty one that did is an answer.
pub(super) fn left_out(mission: &str, record: Option<Raw<'_>>) -> Vec<Ask> {
    let record = record.and_then(Object::read);
    let came = |list: &List| {
        let record = record.as_ref();
        record.is_some_and(|record| record.raw(list.member).is_some())
    };
    let left = OWNED.iter().filter(|list| !came(list));
    left.map(|list| Ask::Aside {
        of: Of::Mission(mission.into()),
        what: list.what,
        page: Page::default(),
    })
    .collect()
}

/// The lists that came along with their mission.
pub(super) fn came_along(reply: &Reply<'_>, record: &Object<'_>) -> (Vec<Fact>, Vec<Extra>) {
    let (mut facts, mut extras) = (Vec::new(), Vec::new());
    for list in &OWNED {
        if let Some(whole) = record.raw(list.member) {
            let found = Found::of(whole, list);
            facts.extend(found.fact(list));
            extras.extend(found.extra(reply, list.what.to_owned()));
        }
    }
    (facts, extras)
}

/// A list of its own.
pub(super) fn read(
    reply: &Reply<'_>,
    of: &Of,
    what: &'static str,
    page: &Page,
) -> Result<Batch, ReadError> {
    let (Some(list), Some(whole)) = (named(what), reply::untyped(reply)?) else {
        return Ok(Batch::default());
    };
    let found = Found::of(whole, list);
    if found.entries.is_empty() {
        return Ok(Batch::default());
    }
    // A later page stands beside the first and leaves its fact alone.
    let first = page.index == 0;
    let label = if first {
        list.what.to_owned()
    } else {
        format!("{}, page {}", list.what, page::number(page))
    };
    let facts = found.fact(list).filter(|_| first);
    let extras = found.extra(reply, label);
    let next = found.next(of, what, page);
    Ok(Batch {
        rows: vec![patch(
            of,
            facts.into_iter().collect(),
            extras.into_iter().collect(),
        )],
        next,
        ..Batch::default()
    })
}

/// Says on its owner that a list could not be read.
pub(super) fn unread(of: &Of, what: &str, page: &Page, why: &str) -> Option<Batch> {
    let list = named(what)?;
    let fact = Fact {
        of: None,
        label: if page.index == 0 {
            list.what
        } else {
            list.further
        },
        value: format!("not read: {why}"),
    };
    Some(Batch {
        rows: vec![patch(of, vec![fact], Vec::new())],
        ..Batch::default()
    })
}

fn patch(of: &Of, facts: Vec<Fact>, extras: Vec<Extra>) -> Row {
    Row::Patch(match of {
        Of::Mission(mission) => Record::Mission(Mission {
            id: mission.to_string(),
            facts,
            extras,
            ..Mission::default()
        }),
        Of::Run(run) => Record::Run(Run {
            id: run.run.to_string(),
            mission_id: run.mission.to_string(),
            facts,
            extras,
            ..Run::default()
        }),
    })
}

/// What a list holds, whatever it is wrapped in.
struct Found<'a> {
    /// The entries as they lie in the reply: an array, or the one thing that is there.
    whole: Raw<'a>,
    entries: Vec<Raw<'a>>,
    meta: Option<Object<'a>>,
}

impl<'a> Found<'a> {
    fn of(whole: Raw<'a>, list: &List) -> Self {
        let object = Object::read(whole);
        let meta = object.as_ref().and_then(|object| object.object("meta"));
        let inner = object
            .as_ref()
            .and_then(|object| object.first(&["data", list.member]));
        let inside = inner.unwrap_or(whole);
        let wrapped = object.as_ref().is_some_and(|object| {
            let names = object.members().iter().map(|(name, _)| &**name);
            names.into_iter().all(|name| is_wrapper(name, list))
        });
        let entries = if wrapped && inner.is_none() {
            Vec::new()
        } else {
            entries(inside, list)
        };
        // What stands beside the entries is kept with them.
        let whole = if wrapped { inside } else { whole };
        Self {
            whole,
            entries,
            meta,
        }
    }

    fn fact(&self, list: &List) -> Option<Fact> {
        let mut lines: Vec<String> = self
            .entries
            .iter()
            .filter_map(|entry| line(entry, list))
            .collect();
        let all = self.meta.as_ref().and_then(|m| m.count("total_results"));
        if let Some(all) = all.filter(|all| *all > self.entries.len() as u64) {
            lines.push(format!("{all} in all"));
        }
        (!lines.is_empty()).then(|| Fact {
            of: None,
            label: list.what,
            value: lines.join("\n"),
        })
    }

    fn extra(&self, reply: &Reply<'_>, label: String) -> Option<Extra> {
        let raw: Payload = wire::payload(reply, self.whole);
        (!self.entries.is_empty()).then_some(Extra { label, raw })
    }

    /// The page after this one, where the list says that there is one and is not the same again.
    fn next(&self, of: &Of, what: &'static str, page: &Page) -> Option<Ask> {
        let number = page::number(page);
        let pages = self.meta.as_ref()?.count("total_pages")?;
        let mut hasher = DefaultHasher::new();
        self.whole.get().hash(&mut hasher);
        let held = format!("{:016x}", hasher.finish());
        let before = page.cursor.as_deref().unwrap_or_default();
        if number >= pages || before.ends_with(&held) || page.index + 1 >= MOST_PAGES {
            return None;
        }
        Some(Ask::Aside {
            of: of.clone(),
            what,
            page: Page {
                cursor: Some(format!("{}:{held}", number + 1).into()),
                index: page.index + 1,
                ..page.clone()
            },
        })
    }
}

fn is_wrapper(name: &str, list: &List) -> bool {
    matches!(name, "data" | "meta") || name == list.member
}

fn entries<'a>(inside: Raw<'a>, list: &List) -> Vec<Raw<'a>> {
    if let Some(all) = wire::array(inside) {
        return all;
    }
    match Object::read(inside) {
        // One more wrapper: `{"data": {"tools": […]}}`.
        Some(object) => match object.array(list.member) {
            Some(all) => all,
            None if object.members().is_empty() => Vec::new(),
            None => vec![inside],
        },
        None => wire::text(inside)
            .filter(|text| !text.trim().is_empty())
            .map_or_else(Vec::new, |_| vec![inside]),
    }
}

/// One entry in a line: what it calls itself, then its sort and since when it is there.
fn line(entry: Raw<'_>, list: &List) -> Option<String> {
    if let Some(text) = wire::text(entry) {
        return Some(wire::one_line(&text, 200)).filter(|text| !text.is_empty());
    }
    let entry = Object::read(entry)?;
    let name = list.names.iter().find_map(|name| entry.some_text(name))?;
    let mut line = wire::one_line(&name, 200);
    if let Some(sort) = entry.some_text("type").filter(|sort| *sort != name) {
        line.push_str(" · ");
        line.push_str(&wire::one_line(&sort, 60));
    }
    if let Some(since) = entry
        .some_text("created_at")
        .filter(|_| list.what == LINKED.what)
    {
        line.push_str(" · since ");
        line.push_str(&wire::one_line(&wire::spoken(&since), 60));
    }
    Some(line)
}
