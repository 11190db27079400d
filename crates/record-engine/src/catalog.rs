//! The catalog: which object types exist, which fields they have, in which columns the fields live.
//!
//! Standard types are declared by modules as data ([`ObjectTypeDefinition`]); fields added by an administrator are rows of
//! `catalog_fields`. Both become the same [`Field`]. A loaded [`Catalog`] never changes; a change makes a new one with a higher version.
//!
//! What must stay true: a field keeps its id and its columns for ever, so a rename costs nothing and history stays readable.

mod calendar;
mod definition;
mod describe;
pub(crate) mod journal;
mod layout;
mod membership;
mod options;
mod ordered;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

use database::{Tx, Value, quote_identifier};
use filter_language::{CheckedExpr, FieldPath, FieldType, Schema};
use serde_json::Value as Json;

pub use calendar::{CalendarFields, CalendarPart};
pub use definition::{
    FieldDefinition, Labels, Membership, ObjectTypeDefinition, OnTimeline, SectionDefinition, Work, labels,
};
pub use layout::{Block, Layout, STANDARD_BLOCKS};
pub use membership::SetRule;
pub(crate) use membership::Sets;
pub use ordered::OrderedIndex;
pub use store::{FieldChange, NewField, add_field, change_field, change_layout, load, set_indexed, version};
pub(crate) use store::{announce, lock};

use crate::access::{self, AccessPolicy};
use crate::context::{Clock, RequestContext};
use crate::error::{EngineError, Result};
use crate::field_types::{FieldBehaviour, FieldKind, TITLE_KEY};
use crate::query::statistics::Statistics;
use crate::write::Rules;

/// Name of the object type of users; reference fields to it need no module.
pub const USER_TYPE: &str = "user";
/// Name of the object type of roles.
pub const ROLE_TYPE: &str = "role";
/// Name of the object type of teams.
pub const TEAM_TYPE: &str = "team";
/// Name of the object type of work schedules.
pub const SCHEDULE_TYPE: &str = "schedule";
/// Name of the object type of the holidays of the company.
pub const HOLIDAY_TYPE: &str = "holiday";

/// A field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Stable id; history refers to it.
    pub id: i64,
    /// Name in JSON, filters and imports; never changes.
    pub name: String,
    /// First (or only) column, and the stem of child tables.
    pub column: String,
    /// Texts by language.
    pub labels: Labels,
    /// Kind with its settings.
    pub kind: FieldKind,
    /// Where the field stands on a card.
    pub group: String,
    /// Added by an administrator.
    pub is_custom: bool,
    /// Kept by the engine in a column every type has (id, created_at …).
    pub is_system: bool,
    /// Set by rules or the engine only.
    pub is_read_only: bool,
    /// Must have a value.
    pub is_required: bool,
    /// Hidden from forms and lists; its values stay.
    pub is_retired: bool,
    /// Has an index of its own, so lists may drive from it and sort by it fast.
    pub is_indexed: bool,
    /// Its text is part of the search index.
    pub is_searched: bool,
    /// When it shows on a card, in the filter language.
    pub shown_if: Option<String>,
    /// When it is required, in the filter language.
    pub required_if: Option<String>,
    /// When a moment or day that has passed is one too late, in the filter language.
    pub overdue_if: Option<&'static str>,
    /// Value of a new record when none is given.
    pub default: Option<Json>,
    /// A word about what to enter, by language.
    pub hint: Labels,
    /// Of a reference: the record stands on the timelines of those that it names.
    pub timeline: Option<OnTimeline>,
    /// Of a reference to a record of the same type: that one's timeline shows what stands on this one's, too.
    pub rolls_up: bool,
}

impl Field {
    /// What the kind of the field can do.
    pub fn behaviour(&self) -> &dyn FieldBehaviour {
        self.kind.behaviour()
    }

    /// What lists sort a record with this value by; `Null` for an empty one and for fields that they cannot sort by.
    pub(crate) fn sort_value(&self, value: &Json) -> Value {
        let behaviour = self.behaviour();
        let mut encoded = Vec::new();
        behaviour.encode(self, value, &mut encoded);
        let column = behaviour.sort_column(self);
        let place = behaviour.columns(self).iter().position(|own| Some(&own.name) == column.as_ref());
        place.and_then(|place| encoded.into_iter().nth(place)).unwrap_or(Value::Null)
    }

    /// Whether its value is worked out when a record is read: nobody sets it and no history has it.
    pub fn is_computed(&self) -> bool {
        matches!(self.kind, FieldKind::Referred(_))
    }
}

/// An object type as it is now.
#[derive(Clone)]
pub struct ObjectType {
    /// Stable id; history refers to it.
    pub id: i64,
    /// Name in the API; also the name of the table.
    pub name: String,
    /// What the module declared.
    pub definition: Arc<ObjectTypeDefinition>,
    /// All fields, system ones first, in the order of the card.
    pub fields: Vec<Field>,
    by_name: HashMap<String, usize>,
    layouts: Vec<FieldLayout>,
    requirements: Vec<Requirement>,
    /// How its card is arranged.
    pub layout: Layout,
    /// The sets that its records may belong to, by the field that names them.
    sets: HashMap<String, Arc<Sets>>,
    /// What its records are parts of.
    wholes: Vec<Arc<ObjectType>>,
    /// What is part of its records and has searched texts.
    parts: Vec<Arc<ObjectType>>,
    /// By whose names its records are found: the reference and the type that it refers to.
    named_by: Vec<(String, Arc<ObjectType>)>,
    statistics: Arc<Statistics>,
}

/// Where the values of a field stand, as SQL that every query needs.
#[derive(Clone, Debug, Default)]
pub struct FieldLayout {
    /// How many columns a query reads for it: those in the table of the records, or the one that computes it.
    pub width: usize,
    /// These in a select list with alias `t`.
    pub select: String,
    /// For a many-valued field the query for its entries, up to the list of record ids.
    pub select_children: Option<String>,
}

/// A field that must have a value, always or under a condition.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Name of the field.
    pub field: String,
    /// When; `all` for always.
    pub condition: CheckedExpr,
}

impl ObjectType {
    /// Whether an undo brings back what stood in a field that nobody writes.
    pub fn comes_back(&self, field: &Field) -> bool {
        self.definition.fields.iter().any(|declared| declared.comes_back && declared.name == field.name)
    }

    fn new(id: i64, definition: Arc<ObjectTypeDefinition>, fields: Vec<Field>, layout: &Layout) -> Result<ObjectType> {
        let by_name = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
        let name = definition.name.into();
        let mut made = ObjectType {
            id,
            name,
            definition,
            fields,
            by_name,
            layouts: Vec::new(),
            requirements: Vec::new(),
            layout: layout::resolve(layout, &[]),
            sets: HashMap::new(),
            wholes: Vec::new(),
            parts: Vec::new(),
            named_by: Vec::new(),
            statistics: Arc::default(),
        };
        made.layout = layout::resolve(layout, &made.fields);
        made.layouts = made.fields.iter().map(|field| made.layout(field)).collect();
        // The clock matters to no condition on a record's own fields; the program's own stands in.
        let context = RequestContext::system(&Clock::fixed(0));
        let mut requirements = Vec::new();
        for field in made.fields.iter().filter(|field| !field.is_retired && !field.is_read_only) {
            let condition = match &field.required_if {
                _ if field.is_required => CheckedExpr::all(),
                Some(condition) => access::compile(condition, &made, &context)?,
                None => continue,
            };
            requirements.push(Requirement { field: field.name.clone(), condition });
        }
        made.requirements = requirements;
        Ok(made)
    }

    /// What is known of the numbers behind its conditions.
    pub(crate) fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    fn layout(&self, field: &Field) -> FieldLayout {
        if field.is_system {
            return FieldLayout::default();
        }
        let columns = field.behaviour().columns(field);
        let mut select: Vec<String> =
            columns.iter().map(|column| format!("t.{}", quote_identifier(&column.name))).collect();
        select.extend(field.behaviour().computed(self));
        let select_children = field.behaviour().child_table().map(|child| {
            let own = child.columns.iter().filter(|column| column.name != TITLE_KEY);
            let names: Vec<String> = own.map(|column| quote_identifier(&column.name)).collect();
            let table = self.child_table(field);
            format!("SELECT record_id, {} FROM {table}", names.join(", "))
        });
        FieldLayout { width: select.len(), select: select.join(", "), select_children }
    }

    /// The fields of [`ObjectType::value_fields`] with where their values stand.
    pub fn value_layouts(&self) -> impl Iterator<Item = (&Field, &FieldLayout)> {
        self.fields.iter().zip(&self.layouts).filter(|(field, _)| !field.is_system)
    }

    /// Whether the field names sets to which records may belong by a rule.
    pub(crate) fn has_sets(&self, field: &str) -> bool {
        self.sets.contains_key(field)
    }

    /// The fields that must have a value, with their conditions.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.by_name.get(name).and_then(|&at| self.fields.get(at))
    }

    /// A field by its name, with its place among [`ObjectType::fields`].
    pub(crate) fn place_and_field(&self, name: &str) -> Option<(usize, &Field)> {
        let place = *self.by_name.get(name)?;
        Some((place, self.fields.get(place)?))
    }

    /// The field of an id.
    pub fn field_by_id(&self, id: i64) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The fields whose values stand in [`crate::Values`]: all but the system ones.
    pub fn value_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_system)
    }

    /// The table of the records.
    pub fn table(&self) -> &str {
        &self.name
    }

    /// The child table of a many-valued field.
    pub fn child_table(&self, field: &Field) -> String {
        format!("{}_{}", self.name, field.column)
    }

    /// The table of the search texts.
    pub fn search_table(&self) -> String {
        format!("{}_search", self.name)
    }

    /// Who may do what.
    pub fn access(&self) -> &AccessPolicy {
        &self.definition.access
    }

    /// The fields that may name the whole of which a record is a part, each with the type of the whole.
    pub fn wholes(&self) -> impl Iterator<Item = (&'static str, &Arc<ObjectType>)> {
        self.definition.part_of.iter().copied().zip(&self.wholes)
    }

    /// Whether its records are parts of others.
    pub fn is_part(&self) -> bool {
        !self.definition.part_of.is_empty()
    }

    /// The field by which its records are parts of those of a type.
    pub fn part_field(&self, whole: &ObjectType) -> Option<&Field> {
        let (name, _) = self.wholes().find(|(_, other)| other.id == whole.id)?;
        self.field(name)
    }

    /// The types whose records are parts of its records and are searched: by their texts it is found, too.
    pub fn parts(&self) -> &[Arc<ObjectType>] {
        &self.parts
    }

    /// The references by whose names its records are found, with the types that they refer to.
    pub fn named_by(&self) -> &[(String, Arc<ObjectType>)] {
        &self.named_by
    }

    /// The rules of the module.
    pub fn rules(&self) -> &dyn Rules {
        self.definition.rules
    }
}

impl Schema for ObjectType {
    fn field_type(&self, path: &FieldPath) -> Option<FieldType> {
        let field = self.field(&path.field)?;
        field.behaviour().filter_type(field, path.part.as_deref())
    }
}

/// All object types at one version.
pub struct Catalog {
    /// Grows with each change of the catalog.
    pub version: i64,
    /// The types.
    pub object_types: Vec<Arc<ObjectType>>,
}

impl Catalog {
    /// The type of a name.
    pub fn object_type(&self, name: &str) -> Option<&Arc<ObjectType>> {
        self.object_types.iter().find(|object_type| object_type.name == name)
    }

    /// Reads what the records of sets say about membership, and ties parts to their wholes. The tables must stand.
    ///
    /// # Errors
    /// Those of the database; `Stored` for a part whose whole cannot be told from it: a defect of the module.
    pub fn attach_sets(&mut self, tx: &mut Tx) -> Result<()> {
        membership::attach(tx, self)?;
        self.attach_wholes()
    }

    fn attach_wholes(&mut self) -> Result<()> {
        for at in 0..self.object_types.len() {
            let Some(part) = self.object_types.get(at) else { continue };
            let mut wholes = Vec::new();
            for name in part.definition.part_of {
                let field = part.field(name);
                let target = field.and_then(|field| field.kind.reference_target());
                let whole = target.and_then(|target| self.object_type(&target.target)).filter(|whole| {
                    // The column is named without its table where the whole is looked up (`query::compile`).
                    whole.fields.iter().all(|other| field.is_some_and(|field| field.column != other.column))
                });
                let Some(whole) = whole.cloned() else {
                    return Err(EngineError::Stored(format!("{} is no part by its field {name}", part.name)));
                };
                wholes.push(whole);
            }
            if !wholes.is_empty()
                && let Some(part) = self.object_types.get_mut(at)
            {
                Arc::make_mut(part).wholes = wholes;
            }
        }
        self.attach_parts();
        self.attach_names();
        Ok(())
    }

    /// After the wholes: a part keeps the whole as it was without its parts, so the two do not hold one another forever.
    fn attach_parts(&mut self) {
        let parts: Vec<Arc<ObjectType>> = self
            .object_types
            .iter()
            .filter(|part| part.is_part() && part.value_fields().any(|field| field.is_searched))
            .cloned()
            .collect();
        for object_type in &mut self.object_types {
            let own = |part: &&Arc<ObjectType>| part.part_field(object_type).is_some();
            let own: Vec<Arc<ObjectType>> = parts.iter().filter(own).cloned().collect();
            if !own.is_empty() {
                Arc::make_mut(object_type).parts = own;
            }
        }
    }

    /// Those that give a name keep no names of others, so that nothing goes round in circles.
    fn attach_names(&mut self) {
        let named = |object_type: &Arc<ObjectType>| {
            let fields = object_type.definition.fields.iter().filter(|field| field.is_found_by_name);
            let target = |name: &str| {
                let settings = object_type.field(name)?.kind.reference_target()?;
                Some((name.to_owned(), self.object_type(&settings.target)?.clone()))
            };
            fields.filter_map(|field| target(field.name)).collect::<Vec<_>>()
        };
        let all: Vec<Vec<(String, Arc<ObjectType>)>> = self.object_types.iter().map(named).collect();
        for (object_type, named_by) in self.object_types.iter_mut().zip(all) {
            if !named_by.is_empty() {
                Arc::make_mut(object_type).named_by = named_by;
            }
        }
    }

    /// The type of an id.
    pub fn object_type_by_id(&self, id: i64) -> Option<&Arc<ObjectType>> {
        self.object_types.iter().find(|object_type| object_type.id == id)
    }
}
