//! One clause: a field with the values of which one must hold.

use std::fmt;

use super::{
    Value,
    field::Field,
    path::Path,
    value::{Form, Test},
};

/// A field and its values.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// Which one of its query it is, as it was read; no part of what it says.
    pub number: u8,
    pub field: Field,
    /// Of a payload, the way to the value; else empty.
    pub path: Path,
    /// At least one.
    pub values: Vec<Value>,
}

impl PartialEq for Clause {
    fn eq(&self, other: &Self) -> bool {
        (self.field, &self.path, &self.values) == (other.field, &other.path, &other.values)
    }
}

impl Clause {
    /// Of a payload path, whether there is anything.
    pub fn anything(&self) -> Option<Self> {
        (self.field == Field::Payload).then(|| Self {
            values: vec![Value::anything()],
            ..self.clone()
        })
    }

    /// The one word that it wants, where it wants one that stands for itself.
    pub fn only_word(&self) -> Option<(&str, &Test)> {
        let [value] = self.values.as_slice() else {
            return None;
        };
        match &value.form {
            Form::Word(text) if !text.contains('*') => Some((text, &value.test)),
            Form::Quoted(text) => Some((text, &value.test)),
            _ => None,
        }
    }

    /// Whether it depends on what is loaded of the run.
    pub fn needs_operations(&self) -> bool {
        self.field.is_of_operation() || self.field == Field::Free || self.wants_soft()
    }

    /// Whether it depends on what became of operations.
    pub fn needs_verdicts(&self) -> bool {
        self.wants_soft()
            || matches!(
                self.field,
                Field::Verdict | Field::Rule | Field::Is | Field::Has
            )
    }

    fn wants_soft(&self) -> bool {
        self.values
            .iter()
            .any(|value| matches!(value.test, Test::Soft))
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field == Field::Free {
            let value = self.values.first().map(|value| &value.form);
            return match value {
                Some(Form::Regex { pattern, small }) => {
                    write!(f, "/{pattern}/{}", if *small { "i" } else { "" })
                }
                Some(form) => write!(f, "{form}"),
                None => Ok(()),
            };
        }
        write!(f, "{}{}:", self.field.word(), self.path)?;
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write!(f, "{}", value.form)?;
        }
        Ok(())
    }
}
