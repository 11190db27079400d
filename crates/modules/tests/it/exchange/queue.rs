//! What an import left undecided, worked through after its end.

use modules::exchange::{self, Decisions, ExchangeError, ImportUndone};
use record_engine::undo::{Undo, undo};
use record_engine::{EngineError, RequestContext, Role};
use serde_json::{Value as Json, json};
use test_kit::for_each_backend;

use crate::it::exchange::support::{Base, adds_up, channels, counts, text};

const HEADER: &str = "Фамилия;Имя;Мобильный;E-mail;Должность;Описание";

fn decide(base: &Base, context: &RequestContext, import: i64, answers: Json) -> Result<(), ExchangeError> {
    let answers: Decisions = serde_json::from_value(answers).unwrap();
    exchange::decide(&base.engine, context, import, &answers)
}

fn load(base: &Base, context: &RequestContext, import: i64) -> Result<Json, ExchangeError> {
    let snapshot = base.engine.snapshot();
    let job = base.engine.write(|tx| exchange::start_queue_in(tx, &snapshot, context, import))?;
    let job = base.finish(job);
    assert_eq!(job.state, "done", "{:?}", job.error);
    Ok(job.report.unwrap())
}

fn waiting(base: &Base, import: i64) -> Vec<Json> {
    base.problems(import, Some("decision"))
}

/// Two cards, and an import of five rows of which four are undecided; answers the cards and the import.
fn half_decided(base: &Base) -> (i64, i64, i64) {
    let phone = |value: &str| json!([{ "kind": "phone", "value": value }]);
    let taras = base.create(json!({
        "last_name": "Шевчук", "first_name": "Тарас", "position": "директор", "description": "старе", "channels": phone("0674401285")
    }));
    let frost = base.create(json!({ "last_name": "Мороз", "channels": phone("0501112233") }));
    let import = base.upload_table(&[
        HEADER,
        "Шевчук;Ольга;067 440 12 85;olha@example.com;бухгалтер;нове",
        "Мороз;Дід;050 111 22 33;did@example.com;дід;",
        "Сніг;Анна;050 111 22 33;;;",
        "Лід;Ян;050 111 22 33;;;",
        "Нова;Особа;063 333 44 55;;;",
    ]);
    let report = base.run(import);
    assert!(adds_up(&report));
    assert_eq!(counts(&report), json!({ "read": 5, "created": 1, "skipped": 4, "undecided": 4 }));
    (taras, frost, import)
}

#[test]
fn undecided_rows_wait_and_are_loaded_by_the_answers_given_later() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (taras, frost, import) = half_decided(&base);
        let rows = waiting(&base, import);
        assert_eq!(rows.len(), 4);
        // The row says who it is, and by which channel it meets the card.
        assert_eq!(
            (&rows[0]["params"]["title"], &rows[0]["params"]["channel"]),
            (&json!("Шевчук Ольга"), &json!("phone"))
        );
        assert_eq!((&rows[0]["value"], &rows[0]["match"]["id"]), (&json!("+380 67 440 12 85"), &json!(taras)));
        let admin = base.admin();
        let answers = json!({ "rows": [{ "row": 2, "decision": "merge" }, { "row": 3, "decision": "update" }, { "row": 4, "decision": "create_shared" }] });
        decide(&base, &admin, import, answers).unwrap();
        let before = base.contact(taras);
        let done = load(&base, &admin, import).unwrap();
        assert_eq!((&done["updated"], &done["created"], &done["skipped"]), (&json!(2), &json!(1), &json!(0)));

        // What the card had stays, what it lacked comes; notes and channels are added.
        let after = base.contact(taras);
        assert_eq!((text(&after, "first_name"), text(&after, "position")), ("Тарас".into(), "директор".into()));
        assert_eq!(text(&after, "description"), "старе\nнове");
        assert_eq!(channels(&after, "email").len(), 1);
        assert_eq!(text(&base.contact(frost), "position"), "дід");
        assert_eq!(base.names(), ["Мороз Дід", "Нова Особа", "Сніг Анна", "Шевчук Тарас"]);
        let report = base.import(import)["report"].clone();
        assert!(adds_up(&report));
        assert_eq!(counts(&report), json!({ "read": 5, "created": 2, "updated": 2, "skipped": 1, "undecided": 1 }));
        assert_eq!(waiting(&base, import).iter().map(|row| &row["row"]).collect::<Vec<_>>(), [5]);

        // The answers are an operation of their own, taken back by itself.
        let operation = done["operation_id"].as_i64().unwrap();
        assert_ne!(Some(operation), base.import(import)["operation_id"].as_i64());
        assert!(matches!(undo(&base.engine, &admin, operation).unwrap(), Undo::Done(report) if report.undone == 3));
        assert_eq!(base.contact(taras).values, before.values);
        assert_eq!(base.names(), ["Мороз", "Нова Особа", "Шевчук Тарас"]);

        // One answer for all that are left; what is skipped waits no more.
        decide(&base, &admin, import, json!({ "all": "skip" })).unwrap();
        load(&base, &admin, import).unwrap();
        assert_eq!(waiting(&base, import), Vec::<Json>::new());
        assert_eq!(counts(&base.import(import)["report"])["skipped"], json!(1));
        assert_eq!(base.import(import)["report"]["undecided"], json!(0));
    });
}

#[test]
fn another_person_with_the_right_works_it_through_and_nobody_else() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (_, _, import) = half_decided(&base);
        let (supervisor, employee) = (base.user(2, Role::Supervisor), base.user(3, Role::Employee));
        let refused = decide(&base, &employee, import, json!({ "all": "skip" }));
        assert!(matches!(refused, Err(ExchangeError::Engine(EngineError::NotFound))));
        assert!(load(&base, &employee, import).is_err());
        assert_eq!(exchange::list_imports(&base.engine, &employee, None, 10).unwrap().0, Vec::<Json>::new());
        assert_eq!(exchange::list_imports(&base.engine, &supervisor, None, 10).unwrap().0.len(), 1);
        decide(&base, &supervisor, import, json!({ "all": "create_shared" })).unwrap();
        let done = load(&base, &supervisor, import).unwrap();
        assert_eq!(done["created"], json!(4));
        let made = base.contacts().into_iter().find(|record| text(record, "last_name") == "Лід").unwrap();
        assert_eq!(made.created_by, Some(2));
    });
}

#[test]
fn the_queue_opens_with_the_end_of_the_import_and_goes_with_its_undo() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (_, _, import) = half_decided(&base);
        let unloaded = base.upload_table(&[HEADER, "Пізній;Рядок;067 440 12 85;;;"]);
        let early = load(&base, &base.admin(), unloaded);
        assert!(matches!(early, Err(ExchangeError::Engine(EngineError::State("import_is_busy")))), "{early:?}");
        let wrong = decide(&base, &base.admin(), import, json!({ "rows": [{ "row": 6, "decision": "skip" }] }));
        assert!(matches!(wrong, Err(ExchangeError::Engine(EngineError::Invalid(_)))));
        base.undo_import(import);
        let late = decide(&base, &base.admin(), import, json!({ "all": "update" }));
        assert!(matches!(late, Err(ExchangeError::Engine(EngineError::State("already_undone")))));
        // The rows are not lost: they stand in the file of those that were not loaded.
        let rows = String::from_utf8(base.failed_rows(import, exchange::TableFormat::Csv)).unwrap();
        assert!(rows.contains("Сніг") && rows.contains("частично совпадает"), "{rows}");
    });
}

#[test]
fn what_fills_a_card_makes_no_company_that_the_card_does_not_take() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = |value: &str| json!([{ "kind": "phone", "value": value }]);
        let vector = base.create(json!({ "kind": "company", "company_name": "Вектор" }));
        let taras = base.create(json!({ "last_name": "Шевчук", "parent": vector, "channels": phone("0674401285") }));
        let frost = base.create(json!({ "last_name": "Мороз", "channels": phone("0501112233") }));
        let import = base.upload_table(&[
            "Фамилия;Имя;Мобильный;Компания",
            "Сніг;Ольга;067 440 12 85;Зайва",
            "Лід;Ян;050 111 22 33;Потрібна",
        ]);
        base.run(import);
        decide(&base, &base.admin(), import, json!({ "all": "merge" })).unwrap();
        let done = load(&base, &base.admin(), import).unwrap();
        assert_eq!((&done["updated"], &done["failed"]), (&json!(2), &json!(0)), "{done}");
        assert_eq!(base.contact(taras).value("parent"), &json!(vector));
        let needed = base.contacts().into_iter().find(|record| text(record, "company_name") == "Потрібна").unwrap();
        assert_eq!(base.contact(frost).value("parent"), &json!(needed.id));
        assert!(!base.names().contains(&"Зайва".to_owned()), "{:?}", base.names());
    });
}

#[test]
fn no_answer_is_taken_while_the_answers_before_it_are_loaded() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (_, _, import) = half_decided(&base);
        let (admin, snapshot) = (base.admin(), base.engine.snapshot());
        decide(&base, &admin, import, json!({ "rows": [{ "row": 4, "decision": "create_shared" }] })).unwrap();
        let job = base.engine.write(|tx| exchange::start_queue_in(tx, &snapshot, &admin, import)).unwrap();
        let late = decide(&base, &admin, import, json!({ "rows": [{ "row": 4, "decision": "skip" }] }));
        assert!(matches!(late, Err(ExchangeError::Engine(EngineError::State("import_is_busy")))), "{late:?}");
        assert_eq!(base.finish(job).state, "done");
        decide(&base, &admin, import, json!({ "rows": [{ "row": 5, "decision": "skip" }] })).unwrap();
    });
}

#[test]
fn an_import_that_was_taken_back_meanwhile_is_loaded_no_further() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (_, _, import) = half_decided(&base);
        let (admin, snapshot) = (base.admin(), base.engine.snapshot());
        decide(&base, &admin, import, json!({ "all": "create_shared" })).unwrap();
        let job = base.engine.write(|tx| exchange::start_queue_in(tx, &snapshot, &admin, import)).unwrap();
        base.undo_import(import);
        let ended = base.finish(job);
        assert_eq!((ended.state.as_str(), &ended.error.unwrap()["code"]), ("failed", &json!("already_undone")));
        assert_eq!(base.names(), ["Мороз", "Шевчук Тарас"]);
        assert_eq!(waiting(&base, import).len(), 4);
    });
}

fn take_back(base: &Base, context: &RequestContext, import: i64) -> Result<ImportUndone, ExchangeError> {
    let snapshot = base.engine.snapshot();
    base.engine.write(|tx| exchange::undo_import_in(tx, &snapshot, context, import))
}

#[test]
fn the_undo_of_an_import_takes_back_what_its_queue_loaded() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (taras, frost, import) = half_decided(&base);
        let admin = base.admin();
        let before = [base.contact(taras).values, base.contact(frost).values];
        for answers in [
            json!({ "rows": [{ "row": 2, "decision": "merge" }, { "row": 4, "decision": "create_shared" }] }),
            json!({ "rows": [{ "row": 5, "decision": "update" }, { "row": 3, "decision": "update" }] }),
        ] {
            decide(&base, &admin, import, answers).unwrap();
            load(&base, &admin, import).unwrap();
        }
        let shown = base.import(import);
        assert_eq!((&shown["can_undo"], &shown["queue_records_of_others"]), (&json!(true), &json!(0)));
        assert!(shown["queue_records"].as_i64().unwrap() >= 3, "{shown}");
        let done = take_back(&base, &admin, import).unwrap();
        assert_eq!((done.job, done.left, done.report.kept_count), (None, 0, 0), "{:?}", done.report.kept);
        assert_eq!(base.names(), ["Мороз", "Шевчук Тарас"]);
        assert_eq!([base.contact(taras).values, base.contact(frost).values], before);
        let shown = base.import(import);
        assert_eq!(
            (&shown["state"], &shown["can_undo"], &shown["queue_records"]),
            (&json!("undone"), &json!(false), &json!(0))
        );
        let again = take_back(&base, &admin, import).err();
        assert!(matches!(again, Some(ExchangeError::Engine(EngineError::State("already_undone")))), "{again:?}");
    });
}

#[test]
fn what_an_earlier_undo_left_of_an_import_is_taken_back_and_what_others_loaded_is_told() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (_, _, import) = half_decided(&base);
        let (admin, supervisor) = (base.admin(), base.user(2, Role::Supervisor));
        decide(&base, &supervisor, import, json!({ "rows": [{ "row": 4, "decision": "create_shared" }] })).unwrap();
        load(&base, &supervisor, import).unwrap();
        // The import is not his, though a part of what came of it is.
        let refused = take_back(&base, &supervisor, import).err();
        assert!(matches!(refused, Some(ExchangeError::Engine(EngineError::Forbidden))), "{refused:?}");
        let snapshot = base.engine.snapshot();
        let shown = |context: &RequestContext| exchange::import_json(&base.engine, context, import).unwrap();
        assert_eq!(shown(&supervisor)["can_undo"], json!(false));
        // Taken back alone, as an operation, the import leaves the part that came later; that stays within reach.
        base.undo_import(import);
        assert_eq!(base.names(), ["Мороз", "Сніг Анна", "Шевчук Тарас"]);
        assert_eq!((&shown(&admin)["state"], &shown(&admin)["can_undo"]), (&json!("undone"), &json!(true)));
        decide(&base, &admin, import, json!({ "all": "skip" })).unwrap_err();
        let job = base.engine.write(|tx| exchange::start_queue_in(tx, &snapshot, &admin, import));
        assert!(job.is_err());
        take_back(&base, &admin, import).unwrap();
        assert_eq!(base.names(), ["Мороз", "Шевчук Тарас"]);
        assert_eq!(shown(&admin)["can_undo"], json!(false));
    });
}
