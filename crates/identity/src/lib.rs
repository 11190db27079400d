//! Users, passwords and sessions: who is at the other end.
//!
//! A user is a record of the type `user` ([`object_types`]), with history, lists and access rules like every record. What must not be in a record,
//! the password hash, the sessions, the passwords of programs, the counted guesses, stands in tables of this crate ([`MIGRATIONS`]).
//!
//! What must stay true:
//! - of a password or token only a hash is stored, and neither ever reaches an error, a log or a `Debug` text;
//! - a request is as slow and answers the same for an unknown login as for a wrong password;
//! - guesses are counted before they are judged, in the database, so that neither a restart nor a second process gives new ones;
//! - who is deactivated, gets another role or another password has no session left when that transaction is done;
//! - who has a second step of login gets no session for a password alone; a code works once;
//! - an account of an identity provider is its issuer and its subject; an address proves nothing twice;
//! - there is always an active administrator;
//! - who has a work schedule comes in within it, by whatever door, unless he administers or was let in.
//!
//! Every call blocks its thread, those that look at a password for tens of milliseconds and 19 MiB. It knows no HTTP: cookies, origins and status
//! codes are the business of the crate above.

mod api_keys;
mod app_passwords;
mod audit;
mod common_passwords;
mod confirmation;
mod copy_rights;
mod directory;
mod employment;
mod error;
mod hours;
mod installation;
mod invitations;
mod links;
mod login;
mod migrations;
mod object_type;
mod passkeys;
mod passwords;
mod profile;
mod providers;
mod rehearsal;
mod resets;
mod roles;
mod rules;
mod schedules;
mod second_step;
mod secret;
mod sessions;
mod setup;
mod throttle;
mod tickets;
mod url_template;
mod users;
mod work_days;
mod working_hours;

pub use api_keys::{
    ApiKey, KeyCaller, NewApiKey, authenticate_key, create_api_key, key_caller, list_all_api_keys, list_api_keys,
    note_refusal, note_write, revoke_api_key,
};
pub use app_passwords::{
    AppCaller, AppPassword, CALENDAR_SCOPE, EVENTS_AND_TASKS_SCOPE, app_password_ids, authenticate_app,
    authenticate_feed, create_app_password, list_app_passwords, revoke_app_password,
};
pub use confirmation::{begin_passkey_confirmation, confirm_session, confirm_with_code, confirm_with_passkey};
pub use copy_rights::copy_rights;
pub use directory::{
    Directory, PendingLogin, Security, Trial, TrialStep, Watched, ask_directories, check_directories,
    has_directory_account, link_directory, try_directory,
};
pub use employment::Employment;
pub use error::{IdentityError, Result};
pub use hours::plan::Span;
pub use hours::{Cause, DayPlan, Hours};
pub use installation::{InstallationChange, change_installation, check_geocoder_url};
pub use invitations::{
    Acceptance, InvitationLink, InvitationView, NewInvitation, OpenInvitation, accept_invitation, check_invitation,
    insert_invited, link_token, list_invitations, look_at_invitation, revoke_invitation, send_invitation,
};
pub use login::{LoggedIn, OpenSecondStep, PasswordStep, finish_login, log_in, log_out};
pub use migrations::MIGRATIONS;
pub use object_type::{LANGUAGES, object_types, time_zone_of};
pub use passkeys::{
    KeyRequest, NewKey, Passkey, Proof, Site, begin_passkey, begin_passkey_login, begin_passkey_step, create_passkey,
    finish_login_with_passkey, list_passkeys, log_in_with_passkey, remove_passkey,
};
pub use passwords::{MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, PasswordHash};
pub use profile::{Density, ProfileChange, Theme, update_profile};
pub use providers::{
    DIRECTORY_PATIENCE, FinishedSignIn, IdentityProvider, LinkedIdentity, ProviderAnswer, ProviderClient,
    ProviderFault, ProviderInput, SignInRequest, SignInWish, begin_sign_in, create_provider, finish_sign_in,
    list_identities, list_providers, open_providers, order_providers, remove_provider, try_provider, unlink_identity,
    update_provider,
};
pub use rehearsal::{PersonAffected, Rehearsal, SecondStepAffected, TypeAffected, rehearse};
pub use resets::{admit_reset, complete_reset, look_at_reset, request_reset};
pub use roles::{StoredAccess, access_of_role, active_users, built_in_role, ensure_roles};
pub use second_step::{
    ChangedSecondStep, CodeSetup, SecondStep, begin_code_setup, confirm_code_setup, get_second_step,
    must_have_second_step, must_set_up_second_step, remove_codes, renew_recovery_codes, reset_second_step,
};
pub use secret::Secret;
pub use sessions::{
    Client, NewSession, OpenSession, Session, authenticate, end_all_sessions, end_session_of, end_sessions_of,
    is_session_open, list_sessions, list_sessions_of, require_confirmed, revoke_session, see_as, stop_seeing_as,
};
pub use setup::{SetupRequest, complete_setup, create_setup_token, is_set_up};
pub use url_template::{origin, public_address};
pub use users::{CreatedUser, NewUser, change_password, check_new_user, create_user, insert_user, reset_password};
pub use work_days::{AwayHours, MOST_DAYS, WorkDay, WorkDays, away_hours, named_holidays, work_days};
pub use working_hours::{Admission, WorkingHours, admit_user, end_admission, working_hours_of};
