//! The audit log of a running program.

use kartoteka::check::check;

use crate::it::app::{expect, for_each_app};

#[test]
fn the_check_of_a_database_follows_the_chain_of_the_log() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        expect(&administrator.get("/session"), 200);
        let found = check(&app.engine, &mut |_| {}).unwrap();
        assert!(found.problems.is_empty() && found.events >= 3, "{found:?}");
        let end = found.audit_end.unwrap();
        assert_eq!((u64::try_from(end.last_id).unwrap(), end.last_hash.len()), (found.events, 64));

        let sql = "UPDATE audit_events SET address = '203.0.113.9' WHERE id = 2";
        app.engine.database().write(|tx| tx.execute(sql, &[])).unwrap();
        let found = check(&app.engine, &mut |_| {}).unwrap();
        assert_eq!(found.problems, ["audit log: event 2 or the one before it was changed"]);
    });
}
