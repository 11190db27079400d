//! Which fields a list shows and which it must load for that. Whether the reader knows them is checked by the engine.

use std::collections::BTreeSet;

use record_engine::catalog::ObjectType;

/// The fields that a list shows.
pub(super) struct Shown {
    /// Their names.
    pub names: BTreeSet<String>,
}

impl Shown {
    /// Reads names separated by commas.
    pub fn parse(names: &str) -> Shown {
        Shown { names: names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect() }
    }

    /// The names to load: those to show, and the title, which every record is presented with.
    pub fn to_load(&self, object_type: &ObjectType) -> Vec<String> {
        let title = object_type.definition.title_field.to_owned();
        self.names.iter().cloned().chain([title]).collect()
    }
}
