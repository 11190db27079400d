//! Indexes in which the records of one value, of a field or of several, stand in the order of another: what is open by its deadline, the cards of a
//! column by their last change. Lists read their pages from them ([`crate::query`]).
//!
//! What must stay true: the index that is made and the one that lists name are told by the same declaration, so a list never names one that is not there.

use super::{CalendarPart, Field, ObjectType};
use crate::query::work::WorkFields;

/// One of them.
pub struct OrderedIndex<'a> {
    /// Its name.
    pub name: String,
    /// Of the records that have the same values of these it knows the order.
    pub equal: Vec<&'a Field>,
    /// The order.
    pub by: &'a Field,
    /// It has those records only that have a value of this field and of the order, and knows the value: what is going on at a moment began before it
    /// and ends behind it.
    pub holds: Option<&'a Field>,
}

impl OrderedIndex<'_> {
    /// The fields whose columns it has, in their order; then comes the id.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.equal.iter().copied().chain([self.by]).chain(self.holds)
    }
}

impl ObjectType {
    /// Its indexes over values and an order, as its module declares them: that of its work, those of the fields that are listed by others, and that of
    /// its time in the calendar.
    pub fn ordered_indexes(&self) -> Vec<OrderedIndex<'_>> {
        let table = self.table();
        let work = WorkFields::of(self).map(|work| OrderedIndex {
            name: format!("{table}_work"),
            equal: vec![work.of, work.state],
            by: work.by,
            holds: None,
        });
        let listed = self.definition.fields.iter().filter_map(|field| {
            let (field, by) = (self.field(field.name)?, self.field(field.listed_by?)?);
            Some(OrderedIndex {
                name: format!("{table}_{}_by_{}", field.column, by.column),
                equal: vec![field],
                by,
                holds: None,
            })
        });
        let part = |part: CalendarPart| {
            let declared = self.definition.fields.iter().find(|field| field.in_calendar == Some(part));
            declared.and_then(|declared| self.field(declared.name))
        };
        let span = part(CalendarPart::Begins).zip(part(CalendarPart::Ends)).map(|(begins, ends)| OrderedIndex {
            name: format!("{table}_span"),
            equal: Vec::new(),
            by: ends,
            holds: Some(begins),
        });
        work.into_iter().chain(listed).chain(span).collect()
    }
}
