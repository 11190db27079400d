//! The demo base: the same seed gives the same base, and a base that the program itself finds sound.

use demo_data::{DemoBase, GROUPS, TAGS};
use kartoteka::check::check;
use kartoteka::demo::{Labels, Loader, create_team};
use record_engine::access::compile;
use record_engine::currency::FIRST;
use record_engine::query::count;
use record_engine::{Clock, RequestContext};
use tempfile::TempDir;
use test_kit::TestDatabase;

use crate::it::app::{PASSWORD, content_of};

/// 2026-11-22T08:00:00Z.
const NOW: i64 = 1_795_334_400_000;
const BASE: DemoBase = DemoBase { contacts: 400, seed: 7 };

/// Loads a base and gives its content.
fn load(database: &TestDatabase) -> String {
    let folder = TempDir::new().unwrap();
    let place = kartoteka::installation::Place::new(folder.path(), Some(&database.url));
    let installation = place.open(Clock::fixed(NOW)).unwrap();
    let engine = &installation.engine;
    let team = create_team(engine, PASSWORD).unwrap();
    let mut last = 0;
    let labels = Labels::create(engine, team[0]).unwrap();
    let loaded = Loader::new(engine, BASE, team).labelled(labels).with_work(1).load(&mut |done| last = done).unwrap();
    assert_eq!((loaded.contacts, last), (BASE.contacts, BASE.contacts));
    let findings = check(engine, &mut |_| {}).unwrap();
    assert_eq!(findings.problems, Vec::<String>::new());
    assert!(loaded.work > BASE.contacts, "{}", loaded.work);
    assert_eq!(
        findings.records,
        BASE.contacts + loaded.work + 8 + 3 + (GROUPS.len() + TAGS.len() + FIRST.len()) as u64
    );
    let snapshot = engine.snapshot();
    let contacts = snapshot.object_type("contact").unwrap();
    let context = RequestContext::system(engine.clock());
    let members = |filter: &str| {
        let filter = compile(filter, &contacts, &context).unwrap();
        engine.database().read(|tx| count(tx, &context, &contacts, &filter, None, false, true)).unwrap().count.unwrap()
    };
    // By hand, by a rule, and a tag.
    let (by_hand, hot, tagged) = (members("groups has (2)"), members("groups has (3)"), members("tags has (2)"));
    assert_eq!(hot, members("contact_type = client and warmth = hot"));
    assert!(by_hand > 0 && hot > 0 && tagged > 0, "{by_hand} {hot} {tagged}");
    let content = content_of(engine, &["operations"]);
    engine.database().close();
    content
}

#[test]
fn the_same_seed_gives_the_same_base() {
    let (first, second) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    assert_eq!(load(&first), load(&second));
}

#[test]
fn a_base_is_sound_on_both_databases() {
    test_kit::for_each_backend(|database| {
        load(&database);
    });
}
