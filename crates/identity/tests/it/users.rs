//! Users as records: who may see, make and change them, and the administrator who must stay.

use identity::{Density, IdentityError, NewUser, ProfileChange, Theme, create_user, update_profile};
use record_engine::query::get;
use record_engine::undo::{Undo, undo};
use record_engine::write::Change;
use record_engine::{EngineError, RequestContext, Role, Source};
use serde_json::json;
use test_kit::for_each_backend;

use super::base::{Base, PASSWORD, engine_problems, new_user, problem, problems, role_id, values_of};

#[test]
fn a_new_user_gets_the_ways_of_the_installation() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let user = NewUser { email: Some("Maria@Example.com".into()), ..new_user("maria", Role::Employee) };
        let created = create_user(&base.engine, &base.administrator(), &user).unwrap();
        assert!(created.operation_id.is_some());
        let snapshot = base.engine.snapshot();
        let object_type = snapshot.object_type("user").unwrap();
        let record = base.engine.database().read(|tx| get(tx, &base.administrator(), &object_type, created.id));
        let record = record.unwrap().unwrap();
        assert_eq!(
            record.values,
            values_of(&json!({
                "name": "Користувач maria", "login": "maria", "email": "maria@example.com", "roles": [3],
                "language": "ru", "time_zone": "Europe/Warsaw", "is_active": true, "user_kind": "employee",
            }))
        );
        assert_eq!(record.created_by, Some(1));
    });
}

#[test]
fn wrong_input_is_refused_at_its_field() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let create = |user: NewUser| problems(create_user(&base.engine, &base.administrator(), &user));
        let good = || new_user("maria", Role::Employee);
        assert_eq!(create(NewUser { login: " OLENA ".into(), ..good() }), [problem("/login", "login_taken")]);
        assert_eq!(create(NewUser { login: "ma ria".into(), ..good() }), [problem("/login", "wrong_characters")]);
        assert_eq!(create(NewUser { name: " ".into(), ..good() }), [problem("/name", "required")]);
        assert_eq!(create(NewUser { email: Some("maria".into()), ..good() }), [problem("/email", "not_an_email")]);
        assert_eq!(create(NewUser { language: Some("de".into()), ..good() }), [problem("/language", "unknown_option")]);
        let zone = Some("Europe/Atlantis".into());
        assert_eq!(create(NewUser { time_zone: zone, ..good() }), [problem("/time_zone", "unknown_time_zone")]);
        // None of these left half a user behind.
        assert_eq!(base.add_user("maria", Role::Employee), 2);
    });
}

#[test]
fn two_administrators_who_choose_one_login_at_once_make_one_user() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let results = std::thread::scope(|scope| {
            let threads = [(); 2].map(|()| {
                scope.spawn(|| create_user(&base.engine, &base.administrator(), &new_user("maria", Role::Employee)))
            });
            threads.map(|thread| thread.join().unwrap())
        });
        let (made, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 1));
        for result in refused {
            assert_eq!(problems(result), [problem("/login", "login_taken")]);
        }
    });
}

#[test]
fn colleagues_see_each_other_and_change_nothing() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let snapshot = base.engine.snapshot();
        let object_type = snapshot.object_type("user").unwrap();
        for role in [Role::Employee, Role::Supervisor] {
            let context = RequestContext::user(maria, role, Source::Web, &base.clock);
            let record = base.engine.database().read(|tx| get(tx, &context, &object_type, 1)).unwrap().unwrap();
            assert_eq!(record.value("name"), "Олена Ковальчук");
            assert!(record.value("login").is_null());
            // Nor himself: the role is in that record.
            for id in [1, maria] {
                let refused = base.patch_user(&context, id, json!({ "roles": [role_id(Role::Administrator)] }));
                assert!(matches!(refused, Err(EngineError::Forbidden)));
            }
            let created = create_user(&base.engine, &context, &new_user("petro", Role::Administrator));
            assert!(matches!(created, Err(IdentityError::Engine(EngineError::Forbidden))));
        }
    });
}

#[test]
fn the_record_api_makes_and_deletes_no_users_and_renames_no_login() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let administrator = base.administrator();
        let values = values_of(&json!({ "name": "Петро", "language": "uk", "time_zone": "UTC" }));
        let created = base.change_user(&administrator, Change::Create { values });
        assert!(matches!(created, Err(EngineError::Forbidden)));
        let deleted = base.change_user(&administrator, Change::Delete { id: maria, base_version: None });
        assert!(matches!(deleted, Err(EngineError::Forbidden)));
        let renamed = base.patch_user(&administrator, maria, json!({ "login": "petro" }));
        assert_eq!(engine_problems(renamed), [problem("/login", "read_only")]);
        let emptied = base.patch_user(&administrator, maria, json!({ "name": null }));
        assert_eq!(engine_problems(emptied), [problem("/name", "required")]);
    });
}

#[test]
fn the_last_administrator_stays() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let administrator = base.administrator();
        let demote = || json!({ "roles": [role_id(Role::Employee)] });
        let refused = base.patch_user(&administrator, 1, demote());
        assert_eq!(engine_problems(refused), [problem("/roles", "last_administrator")]);
        let refused = base.patch_user(&administrator, 1, json!({ "is_active": false }));
        assert_eq!(engine_problems(refused), [problem("/is_active", "last_administrator")]);

        let maria = base.add_user("maria", Role::Administrator);
        base.patch_user(&administrator, maria, json!({ "is_active": false })).unwrap();
        // One who is deactivated does not count.
        assert!(base.patch_user(&administrator, 1, demote()).is_err());
        base.patch_user(&administrator, maria, json!({ "is_active": true })).unwrap();
        base.patch_user(&administrator, 1, demote()).unwrap();
        assert!(base.patch_user(&administrator, maria, demote()).is_err());
    });
}

#[test]
fn two_administrators_who_demote_each_other_at_once_do_not_both_succeed() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Administrator);
        let administrator = base.administrator();
        let results = std::thread::scope(|scope| {
            let threads = [1, maria].map(|id| {
                let (base, administrator) = (&base, &administrator);
                scope.spawn(move || base.patch_user(administrator, id, json!({ "roles": [role_id(Role::Employee)] })))
            });
            threads.map(|thread| thread.join().unwrap())
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    });
}

#[test]
fn undo_neither_removes_a_user_nor_the_last_administrator_nor_leaves_a_session() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let administrator = base.administrator();
        let undone = |operation: i64| match undo(&base.engine, &administrator, operation).unwrap() {
            Undo::Done(report) => (report.undone, report.kept_count),
            Undo::Job(_) => panic!("an undo of one record is done at once"),
        };
        let created = create_user(&base.engine, &administrator, &new_user("maria", Role::Employee)).unwrap();
        assert_eq!(undone(created.operation_id.unwrap()), (0, 1));
        assert!(base.log_in("maria", PASSWORD).is_ok());

        base.patch_user(&administrator, created.id, json!({ "roles": [role_id(Role::Administrator)] })).unwrap();
        let promotion = last_operation(&base);
        let session = base.log_in("maria", PASSWORD).unwrap();
        assert_eq!(undone(promotion), (1, 0));
        assert!(!base.is_open(&session));

        base.patch_user(&administrator, created.id, json!({ "roles": [role_id(Role::Administrator)] })).unwrap();
        let promotion = last_operation(&base);
        base.patch_user(&administrator, 1, json!({ "roles": [role_id(Role::Employee)] })).unwrap();
        assert_eq!(undone(promotion), (0, 1));
    });
}

#[test]
fn who_gave_up_his_role_does_not_take_it_back_by_undo() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Administrator);
        let himself = RequestContext::user(maria, Role::Administrator, Source::Web, &base.clock);
        base.patch_user(&himself, maria, json!({ "roles": [role_id(Role::Supervisor)] })).unwrap();
        let demotion = last_operation(&base);
        let now = RequestContext::user(maria, Role::Supervisor, Source::Web, &base.clock);
        let report = |context: &RequestContext| match undo(&base.engine, context, demotion).unwrap() {
            Undo::Done(report) => (report.undone, report.kept_count),
            Undo::Job(_) => panic!("an undo of one record is done at once"),
        };
        let role = || {
            use database::Query;
            let sql = "SELECT value FROM user_roles WHERE record_id = ?";
            base.engine.database().read(|tx| tx.query_one(sql, &[maria.into()])?.integer(0)).unwrap()
        };
        assert_eq!((report(&now), role()), ((0, 1), role_id(Role::Supervisor)));
        // Another administrator may still give it back.
        assert_eq!((report(&base.administrator()), role()), ((1, 0), role_id(Role::Administrator)));
    });
}

#[test]
fn the_own_profile() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        let opened = base.log_in("maria", PASSWORD).unwrap();
        let change = |change: ProfileChange| {
            let session = base.session(&opened).unwrap();
            update_profile(&base.engine, &session, &session.context(Source::Web, &base.clock), &change)
        };
        change(ProfileChange { theme: Some(Theme::Dark), ..ProfileChange::default() }).unwrap();
        change(serde_json::from_value(json!({ "name": "Марія Гайда", "density": "dense" })).unwrap()).unwrap();
        change(ProfileChange { density: Some(Density::Comfortable), ..ProfileChange::default() }).unwrap();
        let session = base.session(&opened).unwrap();
        assert_eq!((session.name.as_str(), session.access.roles()[0].id), ("Марія Гайда", role_id(Role::Employee)));
        assert_eq!((session.theme.as_deref(), session.density.as_deref()), (Some("dark"), Some("comfortable")));
        let empty = ProfileChange { name: Some(" ".into()), ..ProfileChange::default() };
        assert_eq!(problems(change(empty)), [problem("/name", "required")]);
    });
}

fn last_operation(base: &Base) -> i64 {
    use database::Query;
    let last = base.engine.database().read(|tx| tx.query_one("SELECT MAX(id) FROM operations", &[])?.integer(0));
    last.unwrap()
}
