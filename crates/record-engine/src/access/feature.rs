//! Parts of the program that a role opens or closes, beside the rights on records.

use serde::{Deserialize, Serialize};

use crate::context::Role;

/// A part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Importing files.
    Import,
    /// Searching for duplicates and merging them in numbers.
    Duplicates,
    /// The address book on phones.
    AddressBook,
    /// Keys for programs of one's own.
    ApiKeys,
    /// Users and teams: inviting, blocking, giving roles.
    Users,
    /// What roles may do.
    Roles,
    /// Fields and the arrangement of cards.
    Fields,
    /// Settings of the installation.
    Company,
    /// Webhooks.
    Webhooks,
    /// The audit log.
    Audit,
    /// Consents, exports of one person, erasing.
    PersonalData,
    /// Operations and jobs of everybody: seeing and undoing them.
    Operations,
    /// The export of all data.
    AllData,
}

impl Feature {
    /// All, in the order in which they are shown.
    pub const ALL: [Feature; 13] = [
        Feature::Import,
        Feature::Duplicates,
        Feature::AddressBook,
        Feature::ApiKeys,
        Feature::Users,
        Feature::Roles,
        Feature::Fields,
        Feature::Company,
        Feature::Webhooks,
        Feature::Audit,
        Feature::PersonalData,
        Feature::Operations,
        Feature::AllData,
    ];

    /// The part with this key.
    pub fn from_key(key: &str) -> Option<Feature> {
        serde_json::from_value(key.into()).ok()
    }

    /// Whether a built-in role has it where a stored one says nothing.
    pub fn is_open_to(self, role: Role) -> bool {
        match self {
            Feature::Import | Feature::Duplicates | Feature::AddressBook | Feature::ApiKeys => true,
            _ => role == Role::Administrator,
        }
    }

    /// Whether it shapes the installation: settings, as opposed to work with records.
    pub fn is_setting(self) -> bool {
        !self.is_open_to(Role::Employee)
    }

    /// Whether the settings close it to everybody at once, administrators too. What shapes the installation stays: somebody has to open again.
    pub fn is_closable(self) -> bool {
        !self.is_setting()
    }
}
