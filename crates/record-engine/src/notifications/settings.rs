//! Which kinds reach a person where. Only what he chose otherwise than the kind itself is stored.

use std::collections::BTreeMap;

use database::{Query, Tx, Value, in_list};

use super::kind::{ALL, Kind};
use crate::error::Result;

/// Where a kind goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// Behind the bell.
    pub page: bool,
    /// By mail.
    pub mail: bool,
    /// Over all windows, in the browsers that he has switched on.
    pub push: bool,
}

/// Where all kinds go for a person, in the order of the settings.
///
/// # Errors
/// Those of the database.
pub fn read(tx: &mut dyn Query, user_id: i64) -> Result<Vec<(&'static Kind, Channels)>> {
    let mut found = Vec::with_capacity(ALL.len());
    for kind in ALL.iter().copied() {
        let channels = of_users(tx, kind, &[user_id])?.remove(&user_id).unwrap_or(kind.channels);
        found.push((kind, channels));
    }
    Ok(found)
}

/// Where a kind goes for people who said so; of the others there is none.
///
/// # Errors
/// Those of the database.
pub(super) fn of_users(tx: &mut dyn Query, kind: &Kind, user_ids: &[i64]) -> Result<BTreeMap<i64, Channels>> {
    let mut found = BTreeMap::new();
    for chunk in user_ids.chunks(500) {
        let sql = format!(
            "SELECT user_id, is_on_page, is_mailed, is_pushed FROM notification_settings WHERE kind = ? AND user_id IN {}",
            in_list(chunk.len())
        );
        let params: Vec<Value> =
            [Value::from(kind.key)].into_iter().chain(chunk.iter().map(|id| Value::Integer(*id))).collect();
        for row in tx.query(&sql, &params)? {
            let channels = Channels { page: row.boolean(1)?, mail: row.boolean(2)?, push: row.boolean(3)? };
            found.insert(row.integer(0)?, channels);
        }
    }
    Ok(found)
}

/// Where a kind goes for one person from now on. What waits and is not wanted any more does not leave.
///
/// # Errors
/// Those of the database.
pub fn write(tx: &mut Tx, user_id: i64, kind: &Kind, channels: Channels) -> Result<()> {
    tx.execute(
        "INSERT INTO notification_settings (user_id, kind, is_on_page, is_mailed, is_pushed) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (user_id, kind) DO UPDATE SET \
         is_on_page = excluded.is_on_page, is_mailed = excluded.is_mailed, is_pushed = excluded.is_pushed",
        &[user_id.into(), kind.key.into(), channels.page.into(), channels.mail.into(), channels.push.into()],
    )?;
    for (_, column) in [(channels.mail, "mail_at"), (channels.push, "push_at")].iter().filter(|(wanted, _)| !wanted) {
        let sql =
            format!("UPDATE notifications SET {column} = NULL WHERE user_id = ? AND kind = ? AND {column} IS NOT NULL");
        tx.execute(&sql, &[user_id.into(), kind.key.into()])?;
    }
    Ok(())
}
