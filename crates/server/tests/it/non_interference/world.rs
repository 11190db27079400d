//! Two installations of one seed that differ in what their reader may not see, and in nothing else.
//!
//! What stands in a record is thrown by dice of its own, which know the variant only where the reader does not look: all values of records outside
//! of his scope, fields that his role hides, their history, and whether the last few of those records are there at all. Numbers of writes are the
//! same in both, so that ids and versions of what he does see are.

mod work;

use identity::NewUser;
use identity::Secret;
use kartoteka::installation::administrator;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use super::dice::Dice;
use crate::it::app::{App, PASSWORD, User, expect};
use crate::it::person::phone;

/// When both begin: 2026-11-22 10:00 UTC, a Sunday.
pub(super) const START: i64 = 1_795_341_600_000;
/// The clock moves on by this with each write of the seed.
const STEP: i64 = 60_000;
/// Contacts, the first few of them companies.
pub(super) const CARDS: usize = 30;
pub(super) const COMPANIES: usize = 6;
/// Contacts that one of the two has in the trash.
const EXTRA: usize = 4;
/// Contacts at every seventh place, from here on, are restricted: everybody could see them, were they not.
const RESTRICTED: usize = 3;
/// Words that stand everywhere.
pub(super) const COMMON: [&str; 8] = ["Шевчук", "Бондар", "Мельник", "Ткач", "насос", "договір", "Ольга", "Petrenko"];
/// Words that stand where the reader does not look, in one of the two.
pub(super) const SECRET: [[&str; 4]; 2] =
    [["Зорепад", "кипарис", "обладнання", "Quercus"], ["Верболіз", "жоржина", "знижка", "Juglans"]];
pub(super) const CITIES: [&str; 5] = ["Київ", "Львів", "Одеса", "Харків", "Невідоме"];

/// Who looks.
#[derive(Clone, Copy)]
pub(crate) struct Viewer {
    pub name: &'static str,
    /// Rights beside the name of his role; `None` for the built-in employee.
    rights: Option<fn() -> Json>,
    /// Fields of contacts that he does not know of.
    pub hidden: &'static [&'static str],
    sees: Sees,
    /// Whether he may have lists in files.
    pub exports: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sees {
    Shared,
    Team,
    All,
}

/// An employee: some records, all fields.
pub(crate) const EMPLOYEE: Viewer =
    Viewer { name: "employee", rights: None, hidden: &[], sees: Sees::Shared, exports: false };

/// Sees all contacts, and not how to reach them.
pub(crate) const MASKED: Viewer = Viewer {
    name: "masked",
    rights: Some(|| json!({ "base": "supervisor", "types": { "contact": { "fields": hidden(MASKED.hidden) } } })),
    hidden: &["remark", "channels", "birthday", "potential", "description", "position", "reading_teams"],
    sees: Sees::All,
    exports: true,
};

/// The head of a team, who does not see where contacts live and how they are sorted.
pub(crate) const HEAD: Viewer = Viewer {
    name: "head",
    rights: Some(|| {
        let team = json!([{ "level": "team" }]);
        let actions = json!({ "see": team, "change": team, "delete": [{ "level": "own" }], "export": team });
        json!({ "base": "employee", "types": { "contact": { "actions": actions, "fields": hidden(HEAD.hidden) } } })
    }),
    hidden: &["addresses", "groups", "parent", "has_contact_person", "warmth", "tags", "source"],
    sees: Sees::Team,
    exports: true,
};

fn hidden(fields: &[&str]) -> Json {
    fields.iter().map(|field| ((*field).to_owned(), json!("hidden"))).collect::<serde_json::Map<_, _>>().into()
}

/// One of the two.
pub(crate) struct World {
    pub app: App,
    pub clock: Clock,
    pub viewer: User,
    pub admin: User,
    /// Ids of files by their places, which chance gives.
    pub files: Vec<String>,
    /// Ids of contacts by their places.
    pub cards: Vec<i64>,
    /// Whether the reader sees the contact of a place.
    pub seen: Vec<bool>,
    pub groups: Vec<i64>,
    pub tags: Vec<i64>,
    pub users: [i64; 3],
    pub team: i64,
    /// Which of the two.
    pub variant: usize,
}

/// What the common dice say of a contact.
struct Card {
    is_seen: bool,
    is_restricted: bool,
    manager: usize,
    visibility: &'static str,
    is_company: bool,
    is_trashed: bool,
}

struct Maker<'a> {
    viewer: &'a Viewer,
    seed: u64,
    variant: usize,
    groups: Vec<i64>,
    tags: Vec<i64>,
    users: [i64; 3],
    team: i64,
    companies: Vec<i64>,
}

impl Maker<'_> {
    /// The dice for a field of a contact: common ones, or those of the variant where the reader does not look.
    fn dice(&self, place: usize, field: &str, is_seen: bool) -> (Dice, bool) {
        let is_secret = !is_seen || self.viewer.hidden.contains(&field);
        let variant = if is_secret { self.variant as u64 + 1 } else { 0 };
        let name = field.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        (Dice::of(&[self.seed, place as u64, name, variant]), is_secret)
    }

    fn text(&self, place: usize, field: &str, is_seen: bool) -> String {
        let (mut dice, is_secret) = self.dice(place, field, is_seen);
        let first = if is_secret && !dice.one_in(3) { dice.pick(&SECRET[self.variant]) } else { dice.pick(&COMMON) };
        format!("{first} {}", dice.pick(&COMMON))
    }

    fn card(&self, place: usize) -> Card {
        let mut dice = Dice::of(&[self.seed, place as u64]);
        let manager = dice.below(3);
        let visibility = dice.pick(&["private", "private", "private", "read", "write"]);
        let is_shared = visibility != "private";
        let is_restricted = place < CARDS && place % 7 == RESTRICTED;
        let is_seen = !is_restricted
            && match self.viewer.sees {
                Sees::Shared => place < CARDS && (manager == 0 || is_shared),
                Sees::Team => place < CARDS && (manager < 2 || is_shared),
                Sees::All => true,
            };
        let is_trashed = place >= COMPANIES && dice.one_in(6);
        if is_seen {
            let is_company = place < COMPANIES || dice.one_in(5);
            return Card { is_seen, is_restricted, manager, visibility, is_company, is_trashed };
        }
        let mut dice = Dice::of(&[self.seed, place as u64, 77, self.variant as u64]);
        let is_company = place < COMPANIES || dice.one_in(3);
        Card {
            is_seen,
            is_restricted,
            manager: if is_restricted { 0 } else { 2 },
            visibility: if is_restricted { "write" } else { "private" },
            is_company,
            is_trashed: place >= COMPANIES && !is_restricted && dice.one_in(4),
        }
    }

    fn one_of(&self, place: usize, field: &str, is_seen: bool, options: &[&str]) -> Json {
        let (mut dice, _) = self.dice(place, field, is_seen);
        if dice.one_in(4) { Json::Null } else { json!(dice.pick(options)) }
    }

    fn some_of(&self, place: usize, field: &str, is_seen: bool, ids: &[i64]) -> Json {
        let (mut dice, _) = self.dice(place, field, is_seen);
        ids.iter().filter(|_| dice.one_in(3)).copied().collect::<Vec<i64>>().into()
    }

    fn values(&self, place: usize, card: &Card) -> Json {
        let seen = card.is_seen;
        let dice = |field| self.dice(place, field, seen).0;
        let mut values = json!({
            "kind": if card.is_company { "company" } else { "person" },
            "managers": [self.users[card.manager]],
            "visibility": card.visibility,
            "contact_type": self.one_of(place, "contact_type", seen, &["client", "supplier", "partner"]),
            "warmth": self.one_of(place, "warmth", seen, &["cold", "warm", "hot"]),
            "source": self.one_of(place, "source", seen, &["website", "call"]),
            "remark": self.text(place, "remark", seen),
            "description": self.text(place, "description", seen),
            "tags": self.some_of(place, "tags", seen, &self.tags),
            "groups": self.some_of(place, "groups", seen, &self.groups[..2]),
            "addresses": [{ "city": dice("addresses").pick(&CITIES), "country": "UA" }],
            "channels": phone(&self.phone(place, seen)),
        });
        if !self.viewer.hidden.contains(&"reading_teams") && seen {
            values["reading_teams"] = json!([]);
        } else if self.viewer.sees == Sees::All {
            values["reading_teams"] = self.some_of(place, "reading_teams", seen, &[self.team]);
        }
        if dice("potential").one_in(2) {
            values["potential"] = json!({ "amount": 100 + dice("potential").below(900), "currency": "UAH" });
        }
        let name = |field: &str| {
            let (mut dice, is_secret) = self.dice(place, field, seen);
            let words: &[&str] = if is_secret && !dice.one_in(3) { &SECRET[self.variant] } else { &COMMON };
            json!(dice.pick(words))
        };
        if card.is_company {
            values["company_name"] = name("company_name");
        } else {
            values["last_name"] = name("last_name");
            values["first_name"] = name("first_name");
            values["position"] = json!(self.text(place, "position", seen));
            values["birthday"] =
                json!(format!("19{}-0{}-11", 60 + dice("birthday").below(3), 1 + dice("birthday").below(2)));
            values["gender"] = self.one_of(place, "gender", seen, &["male", "female"]);
            // Whether a company has a contact person is the same sign for everybody: nobody unseen works for a company that is seen.
            let is_told = seen && !self.viewer.hidden.contains(&"parent");
            let fitting = |at: usize| is_told || self.viewer.hidden.contains(&"parent") || !self.card(at).is_seen;
            let companies: Vec<i64> =
                self.companies.iter().enumerate().filter(|(at, _)| fitting(*at)).map(|(_, id)| *id).collect();
            let mut dice = dice("parent");
            if !companies.is_empty() && !dice.one_in(3) {
                values["parent"] = json!(companies[dice.below(companies.len())]);
            }
        }
        values
    }

    /// A number that nobody else has.
    fn phone(&self, place: usize, is_seen: bool) -> String {
        let is_secret = self.dice(place, "channels", is_seen).1;
        phone_of(place, is_secret.then_some(self.variant))
    }
}

/// The number of a contact, with the variant where it is a secret.
pub(super) fn phone_of(place: usize, variant: Option<usize>) -> String {
    let range = match variant {
        None => 440,
        Some(variant) => 551 + variant * 111,
    };
    format!("+380 67 {range} {:02} {:02}", 10 + place, 90 - place)
}

/// A user with roles.
fn user(app: &App, name: &str, roles: Vec<i64>) -> i64 {
    let user = NewUser {
        name: name.into(),
        login: name.into(),
        email: None,
        password: Secret::new(PASSWORD),
        roles,
        language: Some("uk".into()),
        time_zone: None,
        employment: identity::Employment::default(),
    };
    identity::create_user(&app.engine, &administrator(1, &app.engine), &user).unwrap().id
}

fn create(user: &mut User, object_type: &str, values: &Json) -> i64 {
    let answer = user.post(&format!("/records/{object_type}"), &json!({ "values": values }));
    expect(&answer, 201)["record"]["id"].as_i64().unwrap()
}

impl World {
    /// The installation of a seed and a variant.
    pub fn new(database: TestDatabase, viewer: &Viewer, seed: u64, variant: usize) -> World {
        let clock = Clock::fixed(START);
        let app = App::with_clock(database, clock.clone());
        let mut admin = app.administrator();
        let employee = app.engine.database().read(|tx| identity::built_in_role(tx, Role::Employee)).unwrap();
        let role = match viewer.rights {
            None => employee,
            Some(rights) => create(&mut admin, "role", &json!({ "name": viewer.name, "rights": rights().to_string() })),
        };
        let users = [
            user(&app, "reader", vec![role]),
            user(&app, "mate", vec![employee]),
            user(&app, "stranger", vec![employee]),
        ];
        let team = create(&mut admin, "team", &json!({ "name": "Захід", "members": [users[0], users[1]] }));
        let tags = ["vip", "борг", "opt"].map(|name| create(&mut admin, "tag", &json!({ "name": name }))).to_vec();
        let mut groups = ["Дилери", "Архів"].map(|name| create(&mut admin, "group", &json!({ "name": name }))).to_vec();
        for (at, rule) in [
            "warmth = hot".to_owned(),
            format!("remark contains \"{}\" or description contains \"{}\"", SECRET[0][0], SECRET[1][1]),
            "birthday is not empty and addresses.city = \"Київ\"".to_owned(),
            "not tags is empty and position contains \"кипарис\"".to_owned(),
        ]
        .iter()
        .enumerate()
        {
            let values = json!({ "name": format!("Правило {at}"), "kind": "smart", "rule": rule });
            groups.push(create(&mut admin, "group", &values));
        }
        let mut maker = Maker { viewer, seed, variant, groups, tags, users, team, companies: Vec::new() };
        let mut world = World {
            viewer: app.log_in("reader"),
            app,
            clock,
            admin,
            files: Vec::new(),
            cards: Vec::new(),
            seen: Vec::new(),
            groups: maker.groups.clone(),
            tags: maker.tags.clone(),
            users,
            team,
            variant,
        };
        for place in 0..CARDS + EXTRA {
            world.clock.advance(STEP);
            let card = maker.card(place);
            let id = create(&mut world.admin, "contact", &maker.values(place, &card));
            if place < COMPANIES {
                maker.companies.push(id);
            }
            if !card.is_seen && place % 5 == 0 {
                // He was told of it once, and may not know of it any more.
                for readers in [vec![users[0]], Vec::new()] {
                    let values = json!({ "values": { "readers": readers } });
                    expect(&world.admin.patch(&format!("/records/contact/{id}"), &values), 200);
                }
            }
            world.cards.push(id);
            world.seen.push(card.is_seen);
        }
        world.add_parts(&maker);
        world.add_work(&maker);
        world.change(&maker);
        world.restrict(&maker);
        // A mass change of what the reader sees and of more or less of what he does not.
        world.clock.advance(STEP);
        let change = json!({ "action": "update", "filter": "contact_type = partner", "values": { "currency": "KZT" } });
        let change = expect(&world.admin.post("/records/contact/bulk", &change), 202);
        world.admin.wait_for_job(&change["job"]);
        let search = expect(&world.admin.post("/duplicates/search", &json!({ "type": "contact" })), 202);
        world.admin.wait_for_job(&search["job"]);
        world
    }

    /// Comments, files and views of other people.
    fn add_parts(&mut self, maker: &Maker<'_>) {
        for place in 0..CARDS {
            let (id, is_seen) = (self.cards[place], self.seen[place]);
            self.clock.advance(STEP);
            if place % 2 == 0 {
                let values = json!({ "record": id, "text": maker.text(place, "comment", is_seen) });
                create(&mut self.admin, "comment", &values);
            }
            if place % 4 == 0 {
                let name = maker.text(place, "document", is_seen);
                let bytes = if is_seen { "same".to_owned() } else { name.clone() };
                let file = expect(&self.admin.upload("/files?name=a.txt", bytes.as_bytes()), 201);
                self.files.push(file["id"].as_str().unwrap().to_owned());
                let values =
                    json!({ "record": id, "name": name, "file": file, "remark": maker.text(place, "of", is_seen) });
                create(&mut self.admin, "document", &values);
            }
            if place % 6 == 0 {
                let view = json!({ "name": SECRET[maker.variant][1], "object_type": "contact", "definition": "{}" });
                let view = create(&mut self.admin, "saved_view", &view);
                if maker.variant == 0 {
                    expect(&self.admin.delete(&format!("/records/saved_view/{view}")), 200);
                } else {
                    let values = json!({ "values": { "position": place } });
                    expect(&self.admin.patch(&format!("/records/saved_view/{view}"), &values), 200);
                }
            }
        }
    }

    /// Takes contacts out of use that the reader could change until then.
    fn restrict(&mut self, maker: &Maker<'_>) {
        for place in (0..CARDS).filter(|place| maker.card(*place).is_restricted) {
            self.clock.advance(STEP);
            let path = format!("/personal-data/subjects/{}/restrict", self.cards[place]);
            let body = json!({ "cause": "demand", "reason": SECRET[maker.variant][0] });
            expect(&self.admin.post(&path, &body), 200);
        }
    }

    /// Changes of every contact, some deletions: a history.
    fn change(&mut self, maker: &Maker<'_>) {
        for place in 0..CARDS + EXTRA {
            let card = maker.card(place);
            let path = format!("/records/contact/{}", self.cards[place]);
            for field in ["remark", "description"] {
                self.clock.advance(STEP);
                let text = format!("{} нове", maker.text(place + 1000, field, card.is_seen));
                expect(&self.admin.patch(&path, &json!({ "values": { field: text } })), 200);
            }
            let is_extra = place >= CARDS && !card.is_seen;
            let is_deleted = if is_extra { maker.variant == 0 } else { card.is_trashed };
            self.clock.advance(STEP);
            if is_deleted {
                expect(&self.admin.delete(&path), 200);
            } else {
                // As many operations as where it is deleted; a version less, where nobody looks.
                let field = if card.is_company { "legal_name" } else { "patronymic" };
                let text = maker.text(place, field, card.is_seen);
                let values = if card.is_company {
                    json!({ "requisites_country": "UA", field: text })
                } else {
                    json!({ field: text })
                };
                expect(&self.admin.patch(&path, &json!({ "values": values })), 200);
            }
        }
    }
}
