//! What a module declares about rights: the sensible ones of the built-in roles, and what "own", "shared" and "of the team" mean for its records.

use crate::context::Role;

use super::{Action, Feature};

/// How far a right reaches. Each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Records of the user himself.
    Own,
    /// And those that somebody shared with him, with one of his teams or with everyone.
    Shared,
    /// And those of the members of his teams and of everybody below him.
    Team,
    /// All.
    All,
}

impl Level {
    /// All levels, the narrowest first.
    pub const ALL: [Level; 4] = [Level::Own, Level::Shared, Level::Team, Level::All];
}

/// What the levels mean for a type, in the filter language.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    /// Records of the user himself.
    pub own: &'static str,
    /// Own ones and those shared with him for reading.
    pub shared: &'static str,
    /// Own ones and those shared with him for writing.
    pub shared_for_writing: &'static str,
    /// Records of his people.
    pub team: &'static str,
    /// The fields that say with whom a record is shared: writing them takes the right to share.
    pub sharing_fields: &'static [&'static str],
    /// The fields that say whose a record is: to whom it was only shared does not write them, or he would make himself its owner.
    pub owner_fields: &'static [&'static str],
}

impl Levels {
    /// The filter of a level; `None` for all.
    pub(crate) fn filter(&self, level: Level, action: Action) -> Option<String> {
        let shared = if action.writes() { self.shared_for_writing } else { self.shared };
        match level {
            Level::Own => Some(self.own.to_owned()),
            Level::Shared => Some(shared.to_owned()),
            Level::Team => Some(format!("{shared} or {}", self.team)),
            Level::All => None,
        }
    }

    /// The records of a level without those that are only shared; `None` for all.
    pub(crate) fn owned(&self, level: Level) -> Option<String> {
        match level {
            Level::Own | Level::Shared => Some(self.own.to_owned()),
            Level::Team => Some(format!("{} or {}", self.own, self.team)),
            Level::All => None,
        }
    }
}

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// None.
    Nothing,
    /// Those that match, in the filter language.
    Matching(&'static str),
    /// Those up to a level; only for types that say what levels mean.
    Level(Level),
}

/// What one role may do with one object type.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// Which records it sees.
    pub see: Rows,
    /// Which of those it changes.
    pub change: Rows,
    /// Which of those it deletes and restores.
    pub delete: Rows,
    /// Whether it creates records.
    pub create: bool,
    /// Whether it exports lists.
    pub export: bool,
    /// Fields it does not see at all.
    pub hidden_fields: &'static [&'static str],
    /// Fields it sees but does not write.
    pub read_only_fields: &'static [&'static str],
}

impl Grants {
    /// Everything.
    pub const ALL: Grants = Grants {
        see: Rows::All,
        change: Rows::All,
        delete: Rows::All,
        create: true,
        export: true,
        hidden_fields: &[],
        read_only_fields: &[],
    };

    /// Reading everything, writing nothing.
    pub const READ: Grants = Grants {
        see: Rows::All,
        change: Rows::Nothing,
        delete: Rows::Nothing,
        create: false,
        export: false,
        hidden_fields: &[],
        read_only_fields: &[],
    };

    /// The records for an action. Who may change a record may merge and share it and take part in mass changes, unless a stored role says otherwise.
    pub(crate) fn rows(&self, action: Action) -> Rows {
        let all_if = |is_allowed: bool| if is_allowed { Rows::All } else { Rows::Nothing };
        match action {
            Action::See => self.see,
            Action::Create => all_if(self.create),
            Action::Change | Action::Bulk | Action::Merge | Action::Share => self.change,
            Action::Delete => self.delete,
            Action::Export => all_if(self.export),
        }
    }
}

/// The rights on an object type by built-in role.
#[derive(Clone, Copy, Debug)]
pub struct AccessPolicy {
    /// Administrators.
    pub administrator: Grants,
    /// Supervisors.
    pub supervisor: Grants,
    /// Employees.
    pub employee: Grants,
    /// What levels mean; `None` for types whose rights no role changes.
    pub levels: Option<Levels>,
    /// Rights that come with a part of the program: whoever keeps the users changes their records.
    pub by_feature: Option<(Feature, Grants)>,
    /// How records are taken out of everybody's sight; `None` for types where none are.
    pub restriction: Option<Restriction>,
}

/// Records that are kept and not used (GDPR, article 18): whatever roles say, they are for those alone to whom a part of the program is open, and for
/// nothing that is done to many records at once or without a person looking on.
#[derive(Clone, Copy, Debug)]
pub struct Restriction {
    /// The field that says so: a record with a value in it is restricted.
    pub field: &'static str,
    /// The part of the program that opens such records.
    pub feature: Feature,
}

impl AccessPolicy {
    /// Rights that no stored role changes.
    pub const fn fixed(administrator: Grants, supervisor: Grants, employee: Grants) -> AccessPolicy {
        AccessPolicy { administrator, supervisor, employee, levels: None, by_feature: None, restriction: None }
    }

    /// What a built-in role may do.
    pub fn of(&self, role: Role) -> &Grants {
        match role {
            Role::Administrator => &self.administrator,
            Role::Supervisor => &self.supervisor,
            Role::Employee => &self.employee,
        }
    }
}
