//! What administrators may write about a webhook.

use std::collections::BTreeSet;

use record_engine::access::{Action as Right, Scope, compile};
use record_engine::context::RequestContext;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use serde::{Deserialize, Serialize};

use super::store::{Subscription, Webhook};

/// Most webhooks of an installation.
pub const MAX_WEBHOOKS: i64 = 50;
/// Longest name, in characters.
const MAX_NAME_LENGTH: usize = 100;
/// Longest address, in bytes.
const MAX_URL_LENGTH: usize = 2_000;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was made.
    Created,
    /// Some of its fields were changed.
    Updated,
    /// It went to the trash.
    Deleted,
    /// It came back from there.
    Restored,
}

impl Action {
    /// As events name it.
    pub fn key(self) -> &'static str {
        match self {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Deleted => "deleted",
            Action::Restored => "restored",
        }
    }

    /// The action of a key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<Action> {
        [Action::Created, Action::Updated, Action::Deleted, Action::Restored].into_iter().find(|one| one.key() == key)
    }
}

/// A webhook as an administrator writes it.
#[derive(Clone, Debug)]
pub struct WebhookInput {
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// As whom it acts.
    pub user_id: i64,
    /// What it tells of.
    pub subscriptions: Vec<Subscription>,
    /// Whether it is on.
    pub is_active: bool,
}

/// What to change of a webhook; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// What people call it.
    pub name: Option<String>,
    /// Where its messages go.
    pub url: Option<String>,
    /// As whom it acts.
    pub user_id: Option<i64>,
    /// What it tells of.
    pub subscriptions: Option<Vec<Subscription>>,
    /// Whether it is on.
    pub is_active: Option<bool>,
}

impl WebhookChange {
    /// The whole, with what stands for what was left out.
    pub(super) fn over(self, before: &Webhook) -> WebhookInput {
        WebhookInput {
            name: self.name.unwrap_or_else(|| before.name.clone()),
            url: self.url.unwrap_or_else(|| before.url.clone()),
            user_id: self.user_id.unwrap_or(before.user_id),
            subscriptions: self.subscriptions.unwrap_or_else(|| before.subscriptions.clone()),
            is_active: self.is_active.unwrap_or(before.is_active),
        }
    }
}

impl WebhookInput {
    /// Checks it and brings it into its stored form. `acting` is the context of the user as whom it acts; nobody when there is no such active
    /// user. `allows_local` also allows addresses without TLS.
    ///
    /// # Errors
    /// `Invalid` with everything that is wrong.
    pub(super) fn checked(
        mut self,
        snapshot: &Snapshot,
        acting: Option<&RequestContext>,
        allows_local: bool,
    ) -> Result<WebhookInput> {
        let mut errors = Vec::new();
        self.name = self.name.trim().to_owned();
        self.url = self.url.trim().to_owned();
        match self.name.chars().count() {
            0 => errors.push(FieldError::new("name", "required")),
            length if length > MAX_NAME_LENGTH => {
                errors.push(FieldError::new("name", "too_long").with("max", MAX_NAME_LENGTH))
            }
            _ => {}
        }
        errors.extend(url_error(&self.url, allows_local));
        match acting {
            None => errors.push(FieldError::new("user_id", "unknown_record").with("value", self.user_id)),
            Some(acting) => errors.extend(self.subscription_errors(snapshot, acting)?),
        }
        if errors.is_empty() { Ok(self) } else { Err(EngineError::Invalid(errors)) }
    }

    fn subscription_errors(&mut self, snapshot: &Snapshot, acting: &RequestContext) -> Result<Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.subscriptions.is_empty() {
            errors.push(FieldError::new("subscriptions", "required"));
        }
        let mut seen = BTreeSet::new();
        for (at, subscription) in self.subscriptions.iter_mut().enumerate() {
            let wrong = |member: &str, code: &str| FieldError::new("subscriptions", code).at(format!("{at}/{member}"));
            subscription.actions.sort_unstable();
            subscription.actions.dedup();
            if subscription.actions.is_empty() {
                errors.push(wrong("actions", "required"));
            }
            let name = subscription.object_type.clone();
            let Some(object_type) = snapshot.catalog.object_type(&name) else {
                errors.push(wrong("type", "unknown_option").with("value", name));
                continue;
            };
            if !seen.insert(name.clone()) {
                errors.push(wrong("type", "repeated").with("value", name));
            }
            subscription.filter = subscription.filter.take().filter(|text| !text.trim().is_empty());
            if let Some(text) = &subscription.filter {
                let compiled = compile(text, object_type, acting);
                let checked =
                    compiled.and_then(|filter| Scope::of(acting, object_type, Right::See)?.check_fields(filter.expr()));
                match checked {
                    Ok(()) => {}
                    Err(EngineError::Filter(text)) => {
                        errors.push(wrong("filter", "filter_invalid").with("detail", text));
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(errors)
    }
}

fn url_error(url: &str, allows_local: bool) -> Option<FieldError> {
    if url.is_empty() {
        return Some(FieldError::new("url", "required"));
    }
    if url.len() > MAX_URL_LENGTH {
        return Some(FieldError::new("url", "too_long").with("max", MAX_URL_LENGTH));
    }
    match egress::scheme_of(url) {
        Some("https") => None,
        Some(_) if allows_local => None,
        Some(_) => Some(FieldError::new("url", "not_https")),
        None => Some(FieldError::new("url", "not_a_url")),
    }
}
