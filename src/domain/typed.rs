//! What was typed into a form, to be shown again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::notes::vocabulary;

vocabulary! {
    /// A form that comes back with what was typed.
    FormName { Memory => "memory", "memory"; Account => "account", "account"; }
}

/// The texts of a form's fields, by their names. Never a password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<String, String>);

impl Typed {
    /// The text of a field, if there is one.
    pub fn get(&self, field: &str) -> Option<String> {
        self.0.get(field).cloned()
    }

    /// Adds the text of a field; a blank one counts for nothing.
    #[must_use]
    pub fn with(mut self, field: &str, text: Option<&str>) -> Self {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.0.insert(field.to_owned(), text.to_owned());
        }
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much it takes to keep, in bytes.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(field, text)| field.len() + text.len()).sum()
    }
}
