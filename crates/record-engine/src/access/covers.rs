//! Whether one may all that somebody with certain rights could: who gives rights, or takes over an account, must.

use super::rights::{FieldRight, Line, Rights};
use super::{Access, Action, Feature};
use crate::catalog::{Catalog, ObjectType};

impl Access {
    /// Whether these rights alone open nothing that is closed to this user: each of their lines stands in his roles, to the same level or further and
    /// narrowed by the same condition or none; he sees and writes the same fields; the same parts of the program are open to him. Two conditions that
    /// mean the same in other words are two: then the answer is no.
    pub fn covers(&self, catalog: &Catalog, rights: &Rights) -> bool {
        if self.is_administrator() {
            return true;
        }
        let opens = |feature: &Feature| !rights.opens(*feature) || self.may(*feature);
        Feature::ALL.iter().all(opens)
            && catalog.object_types.iter().all(|object_type| self.covers_type(object_type, rights))
    }

    fn covers_type(&self, object_type: &ObjectType, rights: &Rights) -> bool {
        let lines = |rights: &Rights, action| rights.lines(object_type, action);
        let has_lines = Action::ALL.into_iter().all(|action| {
            let own: Vec<Line> = self.roles().iter().flat_map(|role| lines(&role.rights, action)).collect();
            lines(rights, action).iter().all(|line| own.iter().any(|own| own.reaches(line)))
        });
        if !has_lines || lines(rights, Action::See).is_empty() {
            return has_lines;
        }
        let permissions = self.permissions(object_type);
        object_type.fields.iter().all(|field| match rights.field(object_type, &field.name) {
            FieldRight::Hidden => true,
            FieldRight::Read => !permissions.hides(&field.name),
            FieldRight::Write => permissions.writes(&field.name),
        })
    }
}

impl Line {
    /// Whether every record of the other line is one of this line, as far as that is to be seen without looking at records.
    fn reaches(&self, other: &Line) -> bool {
        let condition =
            |line: &'_ Line| line.filter.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let own = condition(self);
        self.level >= other.level && (own.is_none() || own == condition(other))
    }
}
