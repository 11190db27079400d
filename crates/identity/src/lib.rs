//! Users, passwords and sessions: who is at the other end.
//!
//! A user is a record of the type `user` ([`object_type`]), with history, lists and access rules like every record. What must not be in a record,
//! the password hash, the sessions, the passwords of programs, the counted guesses, stands in tables of this crate ([`MIGRATIONS`]).
//!
//! What must stay true:
//! - of a password or token only a hash is stored, and neither ever reaches an error, a log or a `Debug` text;
//! - a request is as slow and answers the same for an unknown login as for a wrong password;
//! - guesses are counted before they are judged, in the database, so that neither a restart nor a second process gives new ones;
//! - who is deactivated, gets another role or another password has no session left when that transaction is done;
//! - there is always an active administrator.
//!
//! Every call blocks its thread, those that look at a password for tens of milliseconds and 19 MiB. It knows no HTTP: cookies, origins and status
//! codes are the business of the crate above.

mod api_keys;
mod app_passwords;
mod audit;
mod common_passwords;
mod copy_rights;
mod error;
mod installation;
mod invitations;
mod links;
mod login;
mod migrations;
mod object_type;
mod passwords;
mod profile;
mod rehearsal;
mod resets;
mod roles;
mod rules;
mod secret;
mod sessions;
mod setup;
mod throttle;
mod url_template;
mod users;

pub use api_keys::{
    ApiKey, KeyCaller, NewApiKey, authenticate_key, create_api_key, list_all_api_keys, list_api_keys, note_refusal,
    note_write, revoke_api_key,
};
pub use app_passwords::{
    AppCaller, AppPassword, app_password_ids, authenticate_app, create_app_password, list_app_passwords,
    revoke_app_password,
};
pub use copy_rights::copy_rights;
pub use error::{IdentityError, Result};
pub use installation::{InstallationChange, change_installation, check_geocoder_url};
pub use invitations::{
    Acceptance, InvitationLink, InvitationView, NewInvitation, OpenInvitation, accept_invitation, check_invitation,
    insert_invited, link_token, list_invitations, look_at_invitation, revoke_invitation, send_invitation,
};
pub use links::public_address;
pub use login::{log_in, log_out};
pub use migrations::MIGRATIONS;
pub use object_type::{LANGUAGES, object_type, time_zone_of};
pub use passwords::{MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, PasswordHash};
pub use profile::{Density, ProfileChange, Theme, update_profile};
pub use rehearsal::{PersonAffected, Rehearsal, TypeAffected, rehearse};
pub use resets::{admit_reset, complete_reset, look_at_reset, request_reset};
pub use roles::{StoredAccess, access_of_role, active_users, built_in_role, ensure_roles, role_type, team_type};
pub use secret::Secret;
pub use sessions::{
    Client, NewSession, OpenSession, Session, authenticate, end_all_sessions, list_sessions, revoke_session, see_as,
    stop_seeing_as,
};
pub use setup::{SetupRequest, complete_setup, create_setup_token, is_set_up};
pub use url_template::origin;
pub use users::{CreatedUser, NewUser, change_password, check_new_user, create_user, insert_user, reset_password};
