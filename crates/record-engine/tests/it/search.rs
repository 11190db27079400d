//! Search finds parts of words, numbers in any notation, and ranks the best first.

use record_engine::query::{ListQuery, list, search};
use serde_json::json;

use crate::bench_type::{Bench, for_each_bench};

fn found(bench: &Bench, text: &str) -> Vec<String> {
    let snapshot = bench.engine.snapshot();
    let found =
        bench.engine.database().read(|tx| search(tx, &bench.admin(), &snapshot.catalog, None, text, 20)).unwrap();
    found.matches.iter().map(|found| found.record.value("name").as_str().unwrap().to_owned()).collect()
}

#[test]
fn any_part_of_a_name_phone_mail_or_remark_finds_the_card() {
    for_each_bench(|bench| {
        bench.create(
            json!({"name": "Шевчук Тарас Григорович", "channels": [{"kind": "phone", "value": "067 440 12 85"}]}),
        );
        bench
            .create(json!({"name": "Іваненко Ольга", "channels": [{"kind": "email", "value": "olha@karpaty-bud.ua"}]}));
        bench.create(json!({"name": "ТОВ «Карпати Буд»", "story": "дзвонити після 11:00", "channels": [{"kind": "phone", "value": "+7 495 120-66-31"}]}));
        bench.create(json!({"name": "Abdullaev Rustam"}));
        let check = |text: &str, expect: &[&str]| assert_eq!(found(bench, text), expect, "{text}");
        check("шевчук", &["Шевчук Тарас Григорович"]);
        check("ВЧУ", &["Шевчук Тарас Григорович"]);
        check("тарас шев", &["Шевчук Тарас Григорович"]);
        check("ше", &["Шевчук Тарас Григорович"]);
        check("Иваненко", &["Іваненко Ольга"]);
        check("4401285", &["Шевчук Тарас Григорович"]);
        check("+380 (67) 440-12", &["Шевчук Тарас Григорович"]);
        check("067 440", &["Шевчук Тарас Григорович"]);
        check("8 495 120 66 31", &["ТОВ «Карпати Буд»"]);
        check("2066", &["ТОВ «Карпати Буд»"]);
        check("karpaty-bud", &["Іваненко Ольга"]);
        check("після 11", &["ТОВ «Карпати Буд»"]);
        check("bdul", &["Abdullaev Rustam"]);
        check("немає такого", &[]);
        check("%", &[]);
        check("\"\"\"", &[]);
        check("", &[]);
    });
}

#[test]
fn a_changed_card_is_found_by_the_new_text_only() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Старе ім’я"}));
        bench.update(id, json!({"name": "Нове ім’я"}));
        assert_eq!(found(bench, "старе"), Vec::<String>::new());
        assert_eq!(found(bench, "нове"), ["Нове ім’я"]);
        assert_eq!(found(bench, "нове імя"), ["Нове ім’я"]);
    });
}

#[test]
fn the_best_match_comes_first() {
    for_each_bench(|bench| {
        for name in ["Переіваненко", "Сидор Іваненко", "Іваненкович", "Іваненко"]
        {
            bench.create(json!({"name": name}));
        }
        let names = found(bench, "іваненко");
        assert_eq!(names.len(), 4);
        assert_eq!(names[0], "Іваненко");
        assert_eq!(names[3], "Переіваненко");
    });
}

#[test]
fn lists_and_the_trash_can_be_searched() {
    for_each_bench(|bench| {
        let id = bench.create(json!({"name": "Видалена картка"}));
        bench.create(json!({"name": "Жива картка", "color": "red"}));
        bench
            .try_apply(&bench.admin(), "thing", record_engine::write::Change::Delete { id, base_version: None })
            .unwrap();
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let ids = |is_trash: bool, filter: &str| -> usize {
            let filter = record_engine::access::compile(filter, &thing, &bench.admin()).unwrap();
            let query = ListQuery { search: Some("картка".into()), is_trash, filter, ..ListQuery::default() };
            bench.engine.database().read(|tx| list(tx, &bench.admin(), &thing, &query)).unwrap().records.len()
        };
        assert_eq!((ids(false, "all"), ids(true, "all"), ids(false, "color = blue")), (1, 1, 0));
    });
}
