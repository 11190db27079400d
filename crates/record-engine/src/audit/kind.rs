//! What the audit log tells of: the closed list of kinds.

/// Makes the list, so that no kind is without its key.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The stored key.
            pub fn key(self) -> &'static str {
                match self { $(Kind::$name => $key,)* }
            }
        }
    };
}

kinds! {
    // Signing in.
    /// Somebody logged in or tried to. Of an unknown login only a hash is told.
    Login = "login",
    /// Somebody logged out.
    Logout = "logout",
    /// A session was ended before its time; `record_id` is its user.
    SessionEnded = "session_ended",
    /// A second factor was asked for and given, rightly or wrongly; `method` says which.
    SecondFactor = "second_factor",
    /// A second factor was set up; `method` says which.
    SecondFactorAdded = "second_factor_added",
    /// A second factor was taken away, by its owner or by an administrator.
    SecondFactorRemoved = "second_factor_removed",
    /// New recovery codes were made.
    RecoveryCodesMade = "recovery_codes_made",
    /// A user changed his own password, or failed to.
    PasswordChanged = "password_changed",
    /// A user got a new password from somebody else or through a link.
    PasswordReset = "password_reset",
    /// A link for a new password was asked for.
    PasswordResetRequested = "password_reset_requested",
    /// An account of another service was tied to a user.
    IdentityLinked = "identity_linked",
    /// An account of another service was untied from a user.
    IdentityUnlinked = "identity_unlinked",

    // Reading.
    /// Somebody asked for what he may not do or see.
    Denied = "denied",
    /// A list or a file left the program.
    Exported = "exported",
    /// A private card was opened.
    CardViewed = "card_viewed",

    // Rights.
    /// A user was made.
    UserCreated = "user_created",
    /// Somebody was invited to become a user.
    UserInvited = "user_invited",
    /// What a user may do, or whether he may come in, has changed.
    UserChanged = "user_changed",
    /// A role was made, changed or removed.
    RoleChanged = "role_changed",
    /// A team was made, changed or removed.
    TeamChanged = "team_changed",
    /// Who else sees or changes a record has changed.
    SharingChanged = "sharing_changed",
    /// Somebody looked at the program as another user sees it.
    SeenAs = "seen_as",

    // Settings.
    /// The first administrator was made.
    SetUp = "set_up",
    /// Settings of the installation have changed; `section` says which.
    SettingsChanged = "settings_changed",
    /// Fields, cards or object types have changed.
    CatalogChanged = "catalog_changed",
    /// A work schedule has changed.
    ScheduleChanged = "schedule_changed",
    /// Somebody was let in outside his work schedule.
    ScheduleExtended = "schedule_extended",

    // Programs.
    /// A password for a program was made.
    AppPasswordCreated = "app_password_created",
    /// A password of a program was taken back.
    AppPasswordRevoked = "app_password_revoked",
    /// An API key was made.
    ApiKeyCreated = "api_key_created",
    /// An API key was taken back.
    ApiKeyRevoked = "api_key_revoked",
    /// A webhook was made.
    WebhookCreated = "webhook_created",
    /// A webhook was changed.
    WebhookChanged = "webhook_changed",
    /// A webhook was removed.
    WebhookRemoved = "webhook_removed",

    // Personal data.
    /// A consent was written down.
    ConsentGiven = "consent_given",
    /// A consent was taken back.
    ConsentWithdrawn = "consent_withdrawn",
    /// All that is stored of one person was exported.
    PersonExported = "person_exported",
    /// A person was erased.
    PersonErased = "person_erased",
    /// The use of a person's data was restricted, or allowed again.
    ProcessingRestricted = "processing_restricted",
    /// Data were removed because their time was over.
    RetentionApplied = "retention_applied",

    // The log itself.
    /// Old events were removed; the chain goes on behind them.
    AuditPruned = "audit_pruned",
}

impl Kind {
    /// The kind of a stored key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was tried and did not work, a wrong password for example.
    Failure,
    /// It was refused.
    Denied,
}

impl Outcome {
    /// The stored key.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Denied => "denied",
        }
    }

    /// The outcome of a stored key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<Outcome> {
        [Outcome::Success, Outcome::Failure, Outcome::Denied].into_iter().find(|outcome| outcome.key() == key)
    }
}
