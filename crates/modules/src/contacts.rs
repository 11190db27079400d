//! Contacts: persons and companies in one base.
//!
//! One object type with a `kind`, so that list, search, import, duplicates and hierarchy are one mechanism; the sections "Clients" and
//! "Companies" are views of it. `parent` leads from an employee to his company and from a company to its holding, at any depth.
//!
//! What must stay true: `name` is derived from the parts of the name and never typed; a person has no employees; a contact is private to
//! its managers unless it is shared; a user has one card at most.
//!
//! Its fields `groups` and `tags` name records of the modules of these names, `employee_user` the user whose card a contact is, `consents` the
//! purposes of the module of personal data.
//! It requires `sharing`, for the fields that say who sees a contact.

mod channels;
mod employees;
mod legal_forms;
pub mod likeness;
pub(crate) mod names;
mod objects;
mod requisites;
mod rules;

pub use employees::USER_FIELD;
pub use employees::make_employee_card;
pub use legal_forms::{is_legal_form, without_legal_form};
pub use objects::{CONSENTS_FIELD, LEGAL_HOLD, RESTRICTED_FIELD, RESTRICTION_CAUSE, is_private, object_type};
pub use rules::display_name;
