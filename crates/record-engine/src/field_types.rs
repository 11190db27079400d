//! The field types: one file each, joined by one exhaustive registry.
//!
//! A field type says in which columns or child table a value lives, how input becomes a stored value, which operators of the filter
//! language apply and what they are in SQL, and what the value looks like in JSON. Adding one: `docs/adding-a-field-type.md`.
//!
//! What must stay true: the stored JSON of a value ([`FieldBehaviour::normalise`]) is canonical, so equal values are equal JSON;
//! that is how "unchanged" is told and how history compares.

mod addresses;
mod channels;
mod checkbox;
mod choice;
mod choice_set;
mod date;
mod date_time;
mod file;
mod filter;
mod link;
mod long_text;
mod money;
mod number;
pub mod phone;
mod recurrence;
mod reference;
mod reference_set;
mod referred;
mod text;

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use addresses::{AddressesSettings, PLACE};
pub use channels::{ChannelFormat, ChannelKind, ChannelLabel, ChannelsSettings, unique_value};
pub use choice::{ChoiceOption, ChoiceSettings, OptionTraits};
pub use file::FileSettings;
pub use filter::FilterSettings;
pub(crate) use filter::refused as refused_filter;
pub use long_text::{mentioned, plain_mentions};
pub use money::{LARGEST as LARGEST_AMOUNT, MoneySettings};
pub use number::NumberSettings;
pub use reference::ReferenceSettings;
pub use referred::ReferredSettings;
pub use text::TextSettings;

use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::Leaf;
use crate::record::Values;
use crate::settings::Installation;

/// The kind of a field with its settings. The registry: a new kind that is forgotten anywhere does not compile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "settings", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text(TextSettings),
    /// Many lines.
    LongText(TextSettings),
    /// A decimal number.
    Number(NumberSettings),
    /// An amount with its currency.
    Money(MoneySettings),
    /// Yes or no.
    Checkbox,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A web address.
    Link,
    /// One of a list.
    Choice(ChoiceSettings),
    /// Several of a list.
    ChoiceSet(ChoiceSettings),
    /// Another record.
    Reference(ReferenceSettings),
    /// Several other records.
    ReferenceSet(ReferenceSettings),
    /// A stored file.
    File(FileSettings),
    /// Phones, e-mails, messengers.
    Channels(ChannelsSettings),
    /// Postal addresses.
    Addresses(AddressesSettings),
    /// A filter over records of a type.
    Filter(FilterSettings),
    /// How the record comes again.
    Recurrence,
    /// Whether records of the type point to this one; computed.
    Referred(ReferredSettings),
}

impl FieldKind {
    /// What the kind can do.
    pub fn behaviour(&self) -> &dyn FieldBehaviour {
        match self {
            FieldKind::Text(settings) => settings,
            FieldKind::LongText(_) => &long_text::LongText,
            FieldKind::Number(settings) => settings,
            FieldKind::Money(settings) => settings,
            FieldKind::Checkbox => &checkbox::Checkbox,
            FieldKind::Date => &date::Date,
            FieldKind::DateTime => &date_time::DateTime,
            FieldKind::Link => &link::Link,
            FieldKind::Choice(settings) => settings,
            FieldKind::ChoiceSet(_) => &choice_set::ChoiceSet,
            FieldKind::Reference(settings) => settings,
            FieldKind::ReferenceSet(_) => &reference_set::ReferenceSet,
            FieldKind::File(settings) => settings,
            FieldKind::Channels(settings) => settings,
            FieldKind::Addresses(settings) => settings,
            FieldKind::Filter(settings) => settings,
            FieldKind::Recurrence => &recurrence::Recurrence,
            FieldKind::Referred(settings) => settings,
        }
    }

    /// The options of a drop-down or list.
    pub fn options(&self) -> Option<&[ChoiceOption]> {
        match self {
            FieldKind::Choice(settings) | FieldKind::ChoiceSet(settings) => Some(&settings.options),
            _ => None,
        }
    }

    /// The object type that a reference points to.
    pub fn reference_target(&self) -> Option<&ReferenceSettings> {
        match self {
            FieldKind::Reference(settings) | FieldKind::ReferenceSet(settings) => Some(settings),
            _ => None,
        }
    }

    /// Whether no two live records may hold the same of its values.
    pub fn is_unique(&self) -> bool {
        match self {
            FieldKind::Channels(_) => true,
            FieldKind::Reference(settings) => settings.is_unique,
            _ => false,
        }
    }

    /// The name of the kind in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            FieldKind::Text(_) => "text",
            FieldKind::LongText(_) => "long_text",
            FieldKind::Number(_) => "number",
            FieldKind::Money(_) => "money",
            // A box that the engine ticks.
            FieldKind::Checkbox | FieldKind::Referred(_) => "checkbox",
            FieldKind::Date => "date",
            FieldKind::DateTime => "date_time",
            FieldKind::Link => "link",
            FieldKind::Choice(_) => "choice",
            FieldKind::ChoiceSet(_) => "choice_set",
            FieldKind::Reference(_) => "reference",
            FieldKind::ReferenceSet(_) => "reference_set",
            FieldKind::File(_) => "file",
            FieldKind::Channels(_) => "channels",
            FieldKind::Addresses(_) => "addresses",
            FieldKind::Filter(_) => "filter",
            FieldKind::Recurrence => "recurrence",
        }
    }
}

/// What normalising needs to know beside the input.
#[derive(Clone, Debug)]
pub struct NormaliseContext {
    /// Country of the installation (ISO 3166-1 alpha-2): numbers without a country code are its own.
    pub country: String,
    /// Currency of the installation (ISO 4217): amounts that name none are in it.
    pub currency: String,
    /// The currencies that new amounts may be in.
    pub currencies: Vec<String>,
}

impl NormaliseContext {
    /// That of an installation.
    pub fn of(installation: &Installation) -> NormaliseContext {
        NormaliseContext {
            country: installation.country.clone(),
            currency: installation.currency.clone(),
            currencies: installation.currencies.clone(),
        }
    }
}

/// A column of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub column_type: ColumnType,
}

impl Column {
    /// A column of a type.
    pub fn new(name: impl Into<String>, column_type: ColumnType) -> Column {
        Column { name: name.into(), column_type }
    }
}

/// The column of the sort key of the title of a record, in the child tables that keep it: see [`ChildTable::in_title_order`].
pub const TITLE_KEY: &str = "title_key";

/// The child table of a many-valued field, beside `record_id` and `position`, which every child table has.
#[derive(Clone, Debug)]
pub struct ChildTable {
    /// Further columns.
    pub columns: Vec<Column>,
    /// Plain indexes: the columns of each.
    pub indexes: Vec<Vec<&'static str>>,
    /// A unique index over one nullable column.
    pub unique: Option<&'static str>,
    /// A column whose equal values lists read in the order of titles, when very many records share one: every entry keeps the sort key of its
    /// record’s title in [`TITLE_KEY`], the last of the columns, and an index holds both. The write path fills it.
    pub in_title_order: Option<&'static str>,
}

/// The rows of a many-valued field in its child table, without `record_id` and `position`. `is_live`: not in the trash.
pub fn child_rows(object_type: &ObjectType, field: &Field, values: &Values, is_live: bool) -> Vec<Vec<Value>> {
    let Some(value) = values.get(&field.name) else { return Vec::new() };
    let rows = field.behaviour().encode_children(field, value, is_live);
    with_title_key(object_type, field, values, rows)
}

/// Rows of [`FieldBehaviour::encode_children`] with the key of the title that stands among the values, where the child table keeps it.
pub(crate) fn with_title_key(
    object_type: &ObjectType,
    field: &Field,
    values: &Values,
    mut rows: Vec<Vec<Value>>,
) -> Vec<Vec<Value>> {
    if !rows.is_empty() && keeps_title(field) {
        let title = object_type.field(object_type.definition.title_field);
        let value = |title: &Field| title.sort_value(values.get(&title.name).unwrap_or(&Json::Null));
        let key = title.map_or(Value::Null, value);
        rows.iter_mut().for_each(|row| row.push(key.clone()));
    }
    rows
}

/// Whether the child table of the field keeps the key of the title.
pub(crate) fn keeps_title(field: &Field) -> bool {
    field.behaviour().child_table().is_some_and(|child| child.in_title_order.is_some())
}

/// What a field type can do. Methods take the field because names and settings live there.
pub trait FieldBehaviour: Sync {
    /// Columns in the table of the records; empty for many-valued and for computed fields.
    fn columns(&self, field: &Field) -> Vec<Column>;

    /// For a field that is stored nowhere: its value as an SQL expression over the record (alias `t`), of one column.
    fn computed(&self, _object_type: &ObjectType) -> Option<String> {
        None
    }

    /// The child table of a many-valued field.
    fn child_table(&self) -> Option<ChildTable> {
        None
    }

    /// Turns input into the stored value; `Json::Null` for empty.
    ///
    /// # Errors
    /// Everything that is wrong with the input, with pointers that start at the field.
    fn normalise(&self, field: &Field, input: &Json, context: &NormaliseContext) -> Result<Json, Vec<FieldError>>;

    /// Appends one value for each of [`FieldBehaviour::columns`].
    fn encode(&self, field: &Field, value: &Json, out: &mut Vec<Value>);

    /// Reads the value back from its columns, which start at `at`.
    fn decode(&self, row: &mut Row, at: usize) -> Json;

    /// One row for each entry of a many-valued field, without `record_id`, `position` and [`TITLE_KEY`].
    fn encode_children(&self, _field: &Field, _value: &Json, _is_live: bool) -> Vec<Vec<Value>> {
        Vec::new()
    }

    /// Reads one entry back; its columns start at `at`.
    fn decode_child(&self, _row: &mut Row, _at: usize) -> Json {
        Json::Null
    }

    /// For many-valued fields: what tells two entries apart when the values of several records become one.
    fn entry_key(&self, entry: &Json) -> String {
        entry.to_string()
    }

    /// What the filter language sees; `None` when it cannot be filtered (by this part).
    fn filter_type(&self, field: &Field, part: Option<&str>) -> Option<FieldType>;

    /// The value as the filter language sees it.
    fn filter_value(&self, field: &Field, value: &Json, part: Option<&str>) -> FieldValue;

    /// A checked condition in SQL: the leaves must all hold.
    fn condition(&self, object_type: &ObjectType, field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf>;

    /// The column that lists sort by; `None` when they cannot.
    fn sort_column(&self, field: &Field) -> Option<String>;

    /// Text for the search index.
    fn search_text(&self, _value: &Json, _out: &mut String) {}

    /// JSON Schema of the value.
    fn json_schema(&self, field: &Field) -> Json;
}

/// The texts of a JSON array of strings.
fn texts(value: &Json) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Json::as_str)
}
