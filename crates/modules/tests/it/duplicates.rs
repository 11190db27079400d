//! Finding, dismissing and merging duplicates, on both databases.

use std::sync::Arc;

use modules::duplicates::{
    self, Cluster, FindRequest, MergeAllRequest, QueueQuery, Reason, Rule, SearchKey, clusters, count, dismiss,
};
use record_engine::jobs::{self, Job, NewJob, run_now};
use record_engine::merge::{MergeRequest, merge};
use record_engine::undo::{Undo, UndoJob, undo};
use record_engine::{EngineError, RequestContext, Role};
use serde_json::{Value as Json, json};

use super::exchange::support::{Base, text};

fn for_each_base(test: impl Fn(&Base)) {
    test_kit::for_each_backend(|database| test(&Base::new(database)));
}

fn request() -> FindRequest {
    FindRequest { object_type: "contact".into(), keys: SearchKey::all(), with_place: false }
}

fn try_begin(base: &Base, context: &RequestContext, request: &FindRequest) -> Result<i64, EngineError> {
    let snapshot = base.engine.snapshot();
    base.engine.write(|tx| {
        let new: NewJob = duplicates::prepare_search(tx, &snapshot, context, request)?;
        jobs::enqueue(tx, context, &new)
    })
}

fn search_by(base: &Base, request: &FindRequest) -> Json {
    let job = base.finish(try_begin(base, &base.admin(), request).unwrap());
    assert_eq!(job.state, "done", "{:?}", job.error);
    job.report.unwrap()
}

fn search(base: &Base) -> Json {
    search_by(base, &request())
}

fn queue_of(base: &Base, context: &RequestContext, query: &QueueQuery) -> Vec<Cluster> {
    let contact = base.engine.snapshot().object_type("contact").unwrap();
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page =
            base.engine.database().read(|tx| clusters(tx, context, &contact, query, cursor.as_deref(), 2)).unwrap();
        all.extend(page.clusters);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return all;
        }
    }
}

fn queue(base: &Base) -> Vec<Vec<i64>> {
    queue_of(base, &base.admin(), &QueueQuery::default()).into_iter().map(|cluster| cluster.ids).collect()
}

fn person(last: &str, first: &str, more: Json) -> Json {
    let mut values = json!({"kind": "person", "last_name": last, "first_name": first});
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    values
}

fn company(name: &str, more: Json) -> Json {
    let mut values = json!({"kind": "company", "company_name": name});
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    values
}

fn merge_all(base: &Base, rule: Rule, min_score: i64) -> Job {
    let snapshot = base.engine.snapshot();
    let request = MergeAllRequest { object_type: "contact".into(), min_score, reasons: Vec::new(), rule };
    let context = base.admin();
    let job = base.engine.write(|tx| {
        let new = duplicates::prepare_merge(&snapshot, &context, &request)?;
        jobs::enqueue(tx, &context, &new)
    });
    base.finish(job.unwrap())
}

#[test]
fn one_person_is_found_in_every_spelling_and_strangers_are_not() {
    for_each_base(|base| {
        let phone = |number: &str| json!({"channels": [{"kind": "phone", "value": number}]});
        let by_messenger = json!({"channels": [{"kind": "whatsapp", "value": "8 067 440 12 85"}, {"kind": "whatsapp", "value": "+380674401285"}]});
        let pairs = [
            (person("Щербаков", "Сергей", json!({})), person("Serhii", "Shcherbakov", json!({}))),
            (person("Семёнова", "Юлия", json!({})), person("Семенова", "Юлия", json!({}))),
            (
                person("Ковальчук", "Олена", json!({"addresses": [{"city": "Львів"}]})),
                person("Ковалчук", "Олена", json!({"addresses": [{"city": "львів"}]})),
            ),
            (person("Бондар", "Ігор", phone("+380674401285")), person("Бондар", "", by_messenger)),
            (company("ООО «Ромашка»", json!({})), company("Ромашка, ТОВ", json!({}))),
            (company("Budimex Sp. z o.o.", json!({})), company("BUDIMEX S.A.", json!({}))),
        ];
        let mut expected = Vec::new();
        for (one, two) in pairs {
            expected.push(vec![base.create(one), base.create(two)]);
        }
        // An office shares its number; namesakes share no city; a company is no person.
        let office = |last: &str| {
            json!({"kind": "person", "last_name": last, "first_name": "Анна",
                "channels": [{"kind": "phone", "value": "+380443334455", "is_shared": true}]})
        };
        for stranger in
            [office("Мельник"), office("Гриценко"), person("Ромашка", "", json!({})), person("", "Олена", json!({}))]
        {
            base.create(stranger);
        }
        let report = search(base);
        assert_eq!((&report["pairs"], &report["cut_keys"]), (&json!(6), &json!(0)), "{report}");
        assert_eq!(report["records"], json!(16));
        let mut found = queue(base);
        found.sort();
        assert_eq!(found, expected);
        assert_eq!(
            base.engine
                .database()
                .read(|tx| Ok::<_, EngineError>(
                    database::Query::query_one(tx, "SELECT COUNT(*) FROM duplicate_keys", &[])?.integer(0)?
                ))
                .unwrap(),
            0,
            "the keys are used up"
        );
        let surest = queue_of(base, &base.admin(), &QueueQuery { min_score: 90, reasons: vec![Reason::Phone] });
        assert!(surest.is_empty(), "a part of a name is not sure: {surest:?}");
    });
}

#[test]
fn what_is_dismissed_stays_dismissed_and_what_changed_leaves_the_queue() {
    for_each_base(|base| {
        let make = |name: &str| base.create(person(name, "Іван", json!({})));
        let (one, two) = (make("Петренко"), make("Петренко"));
        let (three, four) = (make("Сидоренко"), make("Сидоренко"));
        let (five, six) = (make("Іваненко"), make("Іваненко"));
        search(base);
        assert_eq!(queue(base).len(), 3);
        let contact = base.engine.snapshot().object_type("contact").unwrap();
        let set = |ids: &[i64], is_dismissed: bool| {
            base.engine.write(|tx| dismiss(tx, &base.admin(), &contact, ids, is_dismissed)).unwrap()
        };
        assert_eq!(set(&[two, one], true), 1);
        base.update(four, json!({"remark": "x"}));
        assert_eq!(queue(base), [vec![five, six]]);
        let snapshot = base.engine.snapshot();
        let asked = MergeRequest { survivor: six, losers: vec![five], ..MergeRequest::default() };
        base.engine.write(|tx| merge(tx, &snapshot, &base.admin(), &contact, &asked)).unwrap();
        assert!(queue(base).is_empty());

        search(base);
        assert_eq!(queue(base), [vec![three, four]], "a search brings back what still is alike, but nothing dismissed");
        set(&[one, two], false);
        assert_eq!(queue(base).len(), 2);
        let refused = base.engine.write(|tx| dismiss(tx, &base.admin(), &contact, &[one], true));
        assert!(matches!(refused, Err(EngineError::Invalid(_))));
        let refused = base.engine.write(|tx| dismiss(tx, &base.user(2, Role::Employee), &contact, &[one, two], true));
        assert!(matches!(refused, Err(EngineError::NotFound)));
    });
}

#[test]
fn a_reader_hears_only_of_pairs_whose_both_records_he_sees() {
    for_each_base(|base| {
        let shared = |managers: Json| person("Петренко", "Іван", json!({"managers": managers}));
        let (one, two, hidden) =
            (base.create(shared(json!([1, 2]))), base.create(shared(json!([2]))), base.create(shared(json!([1]))));
        search(base);
        assert_eq!(queue(base), [vec![one, two, hidden]]);
        let employee = base.user(2, Role::Employee);
        let seen = queue_of(base, &employee, &QueueQuery::default());
        assert_eq!(seen.iter().map(|cluster| cluster.ids.clone()).collect::<Vec<_>>(), [vec![one, two]]);
        let contact = base.engine.snapshot().object_type("contact").unwrap();
        let counted = |context: &RequestContext| {
            base.engine.database().read(|tx| count(tx, context, &contact, &QueueQuery::default())).unwrap()
        };
        assert_eq!((counted(&base.admin()).records, counted(&employee).records), (3, 2));
        assert!(matches!(try_begin(base, &employee, &request()), Err(EngineError::Forbidden)));
    });
}

#[test]
fn only_one_search_of_a_type_runs_and_a_killed_one_goes_on() {
    for_each_base(|base| {
        for at in 0..450 {
            // Twice 225 names, so that several batches are read and compared.
            base.create(person(&format!("Фамилия{}", at % 225), "Іван", json!({})));
        }
        let job = try_begin(base, &base.admin(), &request()).unwrap();
        assert!(matches!(try_begin(base, &base.admin(), &request()), Err(EngineError::State("search_is_running"))));
        // It breaks when the first pair is to be stored, which is behind the reading.
        base.execute("ALTER TABLE duplicate_pairs RENAME TO away");
        let broken = base.finish(job);
        assert_eq!(broken.state, "failed");
        assert!(broken.done >= 450, "{}", broken.done);
        base.execute("ALTER TABLE away RENAME TO duplicate_pairs");
        // Somebody new, whom a search that began again would read too.
        base.create(person("Новенький", "Іван", json!({})));
        // As if the process had died there: the job is free and stands where its last batch ended.
        base.execute("UPDATE jobs SET state = 'queued', error = NULL, finished_at = NULL");
        let done = base.finish(job);
        assert_eq!(done.state, "done", "{:?}", done.error);
        let report = done.report.unwrap();
        assert_eq!(
            (&report["records"], &report["pairs"]),
            (&json!(450), &json!(225)),
            "it does not begin again: {report}"
        );
        assert_eq!(queue(base).len(), 225);
    });
}

#[test]
fn a_key_that_too_many_share_is_cut_off_and_counted() {
    for_each_base(|base| {
        for _ in 0..45 {
            base.create(person("Іваненко", "Іван", json!({})));
        }
        let names = FindRequest { keys: [SearchKey::Name].into(), ..request() };
        let report = search_by(base, &names);
        assert_eq!(
            (&report["pairs"], &report["cut_keys"], &report["cut_records"]),
            (&json!(0), &json!(1), &json!(45)),
            "{report}"
        );
        let with_place = FindRequest { with_place: true, ..request() };
        base.create(person("Мельник", "Іван", json!({"addresses": [{"city": "Київ"}]})));
        base.create(person("Мельник", "Іван", json!({"addresses": [{"city": "Львів"}]})));
        assert_eq!(search_by(base, &with_place)["pairs"], json!(0));
        assert_eq!(search(base)["pairs"], json!(1));
    });
}

#[test]
fn all_sure_clusters_are_merged_as_one_operation_with_one_undo() {
    for_each_base(|base| {
        let mut clusters = Vec::new();
        for at in 0..12 {
            let name = format!("Фамилия{at}");
            let make = |more: Json| {
                base.clock.advance(1_000);
                base.create(person(&name, "Іван", more))
            };
            let phone = format!("+38067440{:04}", at);
            let old = make(json!({"birthday": "1990-01-02"}));
            let full = make(
                json!({"birthday": "1990-01-02", "remark": "r", "position": "p", "channels": [{"kind": "phone", "value": phone}]}),
            );
            let new = make(json!({"birthday": "1990-01-02", "warmth": "hot"}));
            clusters.push((old, full, new));
        }
        // Not sure enough: only the name.
        let namesakes =
            [base.create(person("Мельник", "Ігор", json!({}))), base.create(person("Мельник", "Ігор", json!({})))];
        let before: Vec<_> = base.contacts().into_iter().map(|record| (record.id, record.values)).collect();
        search(base);
        let done = merge_all(base, Rule::MostComplete, 80);
        let report = done.report.unwrap();
        assert_eq!(
            (done.state.as_str(), &report["merged"], &report["gone"], &report["failed_count"]),
            ("done", &json!(12), &json!(24), &json!(0)),
            "{report}"
        );
        let left: Vec<i64> = base.contacts().iter().map(|record| record.id).collect();
        let expect: Vec<i64> = clusters.iter().map(|(_, full, _)| *full).chain(namesakes).collect();
        assert_eq!(left, expect);
        assert_eq!(text(&base.contact(clusters[0].1), "warmth"), "hot", "an empty field is filled");
        assert_eq!(queue(base), [namesakes.to_vec()]);

        let operation = report["operation_id"].as_i64().unwrap();
        if let Undo::Job(job) = undo(&base.engine, &base.admin(), operation).unwrap() {
            run_now(&base.engine, &[Arc::new(UndoJob)], job).unwrap();
        }
        let after: Vec<_> = base.contacts().into_iter().map(|record| (record.id, record.values)).collect();
        assert_eq!(after, before);
        search(base);
        merge_all(base, Rule::Oldest, 80);
        assert_eq!(base.contacts().len(), 14);
        assert!(clusters.iter().all(|(old, ..)| base.contacts().iter().any(|record| record.id == *old)));
    });
}

#[test]
fn a_merge_that_is_undone_puts_its_records_back_into_the_queue() {
    for_each_base(|base| {
        let pair =
            [base.create(person("Мельник", "Ігор", json!({}))), base.create(person("Мельник", "Ігор", json!({})))];
        let changed = base.create(person("Бондар", "Олена", json!({})));
        base.create(person("Бондар", "Олена", json!({})));
        let early = base.update(changed, json!({"remark": "a"}));
        base.clock.advance(1_000);
        search(base);
        let before = queue(base);
        assert_eq!(before.len(), 2);
        base.clock.advance(1_000);
        let take_back = |operation: i64| match undo(&base.engine, &base.admin(), operation).unwrap() {
            Undo::Done(report) => report.operation_id.unwrap(),
            Undo::Job(job) => panic!("a small undo became the job {job}"),
        };
        let snapshot = base.engine.snapshot();
        let contact = snapshot.object_type("contact").unwrap();
        let request = MergeRequest { survivor: pair[0], losers: vec![pair[1]], ..MergeRequest::default() };
        let merged = base.engine.write(|tx| merge(tx, &snapshot, &base.admin(), &contact, &request)).unwrap();
        assert_eq!(queue(base).len(), 1);
        let undone = take_back(merged.operation_id);
        assert_eq!(queue(base), before);
        // The undo taken back too: they are one again, and a third time two.
        let again = take_back(undone);
        assert_eq!(queue(base).len(), 1);
        take_back(again);
        assert_eq!(queue(base), before);
        // What was changed since the search and stands so is another record than was compared, also when that was an undo.
        base.update(pair[0], json!({"remark": "x"}));
        assert_eq!(queue(base).len(), 1);
        take_back(early);
        assert_eq!(queue(base), Vec::<Vec<i64>>::new());
    });
}

#[test]
fn a_merge_of_all_that_broke_half_way_goes_on_as_the_same_operation() {
    for_each_base(|base| {
        for at in 0..18 {
            base.create(person(&format!("Фамилия{}", at / 3), "Іван", json!({"birthday": "1990-01-02"})));
        }
        search(base);
        // The surest first, and of equals the newest: the last clusters collide, because two cards go into one.
        base.execute("CREATE UNIQUE INDEX obstacle ON contact (merged_into) WHERE merged_into < 9");
        let broken = merge_all(base, Rule::Oldest, 80);
        assert_eq!(broken.state, "failed");
        let left = base.contacts().len();
        assert!(left > 6 && left < 18, "{left}");
        base.execute("DROP INDEX obstacle");
        base.execute(
            "UPDATE jobs SET state = 'queued', error = NULL, finished_at = NULL WHERE kind = 'merge_duplicates'",
        );
        let done = base.finish(broken.id);
        let report = done.report.unwrap();
        assert_eq!(
            (done.state.as_str(), &report["merged"], &report["gone"]),
            ("done", &json!(6), &json!(12)),
            "{report}"
        );
        assert_eq!((base.contacts().len(), done.operation_id), (6, broken.operation_id));
        if let Undo::Job(job) = undo(&base.engine, &base.admin(), done.operation_id.unwrap()).unwrap() {
            run_now(&base.engine, &[Arc::new(UndoJob)], job).unwrap();
        }
        assert_eq!(base.contacts().len(), 18);
    });
}
