//! What a copy of a row holds: at once where it is small, else what it takes to lay it out elsewhere.
//! Masked, not cleaned.

use super::{
    Doc, Tone,
    block::Block,
    document::AT_ONCE,
    facet::Spot,
    json::{Form, Value},
    text::Text,
};

/// What a copy holds.
#[derive(Debug)]
pub enum Copied {
    /// All of it.
    Now(Vec<u8>),
    /// What takes time to be laid out.
    Later(Large),
}

/// Something large, as it is kept. Its text is shared.
#[derive(Debug)]
pub struct Large {
    parts: Vec<Stretch>,
    form: Form,
}

#[derive(Debug)]
enum Stretch {
    Json(Value),
    Text(Box<Text>),
    Rows(Vec<u8>),
}

impl Stretch {
    fn len(&self) -> usize {
        match self {
            Self::Json(value) => value.size(),
            Self::Text(text) => text.progress().0,
            Self::Rows(rows) => rows.len(),
        }
    }

    fn laid_out(self, form: Form) -> Option<Vec<u8>> {
        match self {
            Self::Json(value) => value.spelled(form),
            Self::Text(text) => text.all(),
            Self::Rows(rows) => Some(rows),
        }
    }
}

impl Large {
    /// Lays it out. Takes time in proportion to it; what cannot be read any more is left out.
    pub fn lay_out(self) -> Vec<u8> {
        let form = self.form;
        let parts = self.parts.into_iter();
        let parts: Vec<Vec<u8>> = parts.filter_map(|part| part.laid_out(form)).collect();
        parts.join(&b'\n')
    }

    fn soon(self) -> Copied {
        if self.parts.iter().map(Stretch::len).sum::<usize>() > AT_ONCE {
            Copied::Later(self)
        } else {
            Copied::Now(self.lay_out())
        }
    }
}

impl Doc {
    /// What a copy of a row holds. Of a heading, all that stands under it.
    pub fn copied(&self, row: usize, form: Form) -> Option<Copied> {
        match self.spot(row)? {
            Spot::Title { facet } => self.copied_facet(facet, form),
            Spot::Row { facet, block, row } => match self.block(facet, block)? {
                Block::Json(json, _) if is_value(form) => {
                    let parts = vec![Stretch::Json(json.value(row)?)];
                    Some(Large { parts, form }.soon())
                }
                Block::Json(json, _) => json.copy(row, form).map(Copied::Now),
                Block::Text(text, _) if is_value(form) => {
                    text.copy(text.line_of(row)).map(Copied::Now)
                }
                // A remark of sortie's own is nothing to carry away.
                own if is_value(form) => {
                    let text = own.row(row);
                    let remark = matches!(text.spans.first(), Some((Tone::Note | Tone::Fault, _)));
                    (!remark).then(|| Copied::Now(text.text().into_bytes()))
                }
                _ => None,
            },
            Spot::More { .. } => None,
        }
    }

    /// The same, laid out.
    pub fn copy(&self, row: usize, form: Form) -> Option<Vec<u8>> {
        Some(match self.copied(row, form)? {
            Copied::Now(text) => text,
            Copied::Later(large) => large.lay_out(),
        })
    }

    /// All that stands under a heading: JSON as it was sent, laid out as wanted, text line by line.
    fn copied_facet(&self, facet: usize, form: Form) -> Option<Copied> {
        is_value(form).then_some(())?;
        let blocks = self.blocks().filter(|(own, ..)| *own == facet);
        let stretch = |own: &Block| match own {
            Block::Json(json, _) => Stretch::Json(json.whole()),
            Block::Text(text, _) => Stretch::Text(text.clone()),
            own => {
                let rows = (0..own.rows()).map(|row| own.row(row).text());
                Stretch::Rows(rows.collect::<Vec<_>>().join("\n").into_bytes())
            }
        };
        let parts: Vec<_> = blocks.map(|(_, _, own)| stretch(own)).collect();
        // Under a heading payloads stand as they were sent, unless they are wanted pretty.
        let form = if form == Form::Pretty {
            form
        } else {
            Form::Sent
        };
        (!parts.is_empty()).then(|| Large { parts, form }.soon())
    }
}

fn is_value(form: Form) -> bool {
    matches!(
        form,
        Form::Sent | Form::Pretty | Form::Line | Form::Unescaped
    )
}
