//! Options of lists as administrators change them: their keys, what becomes of those that are left out, and what they mean to the program.
//!
//! What must stay true: an option that was is never gone, only retired; every option that is offered has a meaning where the field declares meanings,
//! and each meaning has an option that is offered, so that a task can be closed and a deal can be lost whatever the lists are called.

use super::store::{MAX_OPTIONS, check_labels};
use crate::catalog::ObjectType;
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::{ChoiceOption, ChoiceSettings, FieldKind};

/// Longest time after which a record is stale, in days.
const MAX_DAYS: u16 = 3_650;

/// Largest limit of a column: beyond it boards do not count.
const MAX_RECORDS: u32 = 10_000;

/// Most teams of one option.
const MAX_TEAMS: usize = 100;

/// Checks options that come from outside, and gives those without a key one.
pub(super) fn checked_options(options: Vec<ChoiceOption>) -> Result<Vec<ChoiceOption>> {
    let error = |code: &str| FieldError::new("settings", code).at("options");
    if options.is_empty() {
        return Err(EngineError::field(error("required")));
    }
    if options.len() > MAX_OPTIONS {
        return Err(EngineError::field(error("too_many_values").with("max", MAX_OPTIONS)));
    }
    let mut made: Vec<ChoiceOption> = Vec::with_capacity(options.len());
    let mut next = 1;
    for mut option in options {
        check_labels(&option.labels)?;
        let is_usable = |key: &str| {
            !key.is_empty()
                && key.len() <= 40
                && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        while option.key.is_empty() || made.iter().any(|other| other.key == option.key) {
            option.key = format!("o{next}");
            next += 1;
        }
        if !is_usable(&option.key) {
            return Err(EngineError::field(error("wrong_type").with("value", option.key)));
        }
        made.push(option);
    }
    Ok(made)
}

/// Options that the new settings leave out stay as retired ones: records may hold them.
pub(super) fn keep_options(old: &FieldKind, new: FieldKind) -> FieldKind {
    let retired = |options: &mut Vec<ChoiceOption>| {
        for option in old.options().unwrap_or_default() {
            if !options.iter().any(|other| other.key == option.key) {
                options.push(ChoiceOption { is_retired: true, ..option.clone() });
            }
        }
    };
    match new {
        FieldKind::Choice(mut settings) => {
            retired(&mut settings.options);
            if let FieldKind::Choice(old) = old {
                (settings.meanings, settings.within) = (old.meanings.clone(), old.within.clone());
            }
            FieldKind::Choice(settings)
        }
        FieldKind::ChoiceSet(mut settings) => {
            retired(&mut settings.options);
            FieldKind::ChoiceSet(settings)
        }
        other => other,
    }
}

/// Checks what options mean. A list of several options means nothing.
pub(super) fn check_traits(object_type: &ObjectType, kind: &FieldKind) -> Result<()> {
    let FieldKind::Choice(settings) = kind else { return Ok(()) };
    for (at, option) in settings.options.iter().enumerate().filter(|(_, option)| !option.is_retired) {
        if let Some((member, code)) = wrong_trait(object_type, settings, option) {
            return Err(EngineError::field(FieldError::new("settings", code).at(format!("options/{at}/{member}"))));
        }
    }
    match settings.meanings.iter().find(|meaning| settings.first_of(meaning).is_none()) {
        Some(meaning) => Err(EngineError::field(
            FieldError::new("settings", "meaning_without_option").at("options").with("value", meaning.as_str()),
        )),
        None => Ok(()),
    }
}

/// Which of the traits of an option is wrong, and why.
fn wrong_trait(
    object_type: &ObjectType,
    settings: &ChoiceSettings,
    option: &ChoiceOption,
) -> Option<(&'static str, &'static str)> {
    let traits = &option.traits;
    match &traits.meaning {
        Some(meaning) if !settings.meanings.contains(meaning) => return Some(("meaning", "unknown_option")),
        None if !settings.meanings.is_empty() => return Some(("meaning", "required")),
        _ => {}
    }
    if traits.percent.is_some_and(|percent| percent > 100) {
        return Some(("percent", "out_of_range"));
    }
    if traits.max_days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
        return Some(("max_days", "out_of_range"));
    }
    if traits.max_records.is_some_and(|records| !(1..=MAX_RECORDS).contains(&records)) {
        return Some(("max_records", "out_of_range"));
    }
    if traits.teams.len() > MAX_TEAMS || traits.teams.iter().any(|team| *team < 1) {
        return Some(("teams", "out_of_range"));
    }
    let above = settings.within.as_deref().and_then(|field| object_type.field(field));
    let is_above = |key: &str| {
        above.and_then(|field| field.kind.options()).is_some_and(|options| options.iter().any(|other| other.key == key))
    };
    if traits.within.as_deref().is_some_and(|key| !is_above(key)) {
        return Some(("within", "unknown_option"));
    }
    let is_asked = |name: &String| object_type.field(name).is_some_and(|field| !field.is_system && !field.is_read_only);
    if !traits.requires.iter().all(is_asked) {
        return Some(("requires", "unknown_field"));
    }
    None
}
