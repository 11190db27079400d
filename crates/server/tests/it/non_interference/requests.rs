//! Requests as their reader might send them, thrown by dice: half of what they ask about he does not know of.

use serde_json::{Value as Json, json};

use super::dice::Dice;
use super::world::{CARDS, CITIES, COMMON, COMPANIES, SECRET, World, phone_of};
use crate::it::app::encoded;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub method: &'static str,
    pub path: String,
    pub body: Json,
}

const TEXTS: [&str; 9] = [
    "name",
    "last_name",
    "first_name",
    "company_name",
    "position",
    "remark",
    "description",
    "patronymic",
    "legal_name",
];
const CHOICES: [(&str, &str); 5] =
    [("warmth", "hot"), ("contact_type", "client"), ("source", "call"), ("visibility", "private"), ("gender", "male")];
const SETS: [&str; 6] = ["tags", "groups", "managers", "readers", "reading_teams", "editing_teams"];
const OTHER_TYPES: [&str; 11] =
    ["comment", "document", "saved_view", "group", "tag", "user", "team", "role", "task", "event", "deal"];

/// What the dice choose from: the ids are the same in both installations.
pub(super) struct Deck {
    pub cards: Vec<i64>,
    pub groups: Vec<i64>,
    pub tags: Vec<i64>,
    pub users: [i64; 3],
    pub team: i64,
}

impl Deck {
    pub fn of(world: &World) -> Deck {
        let World { cards, groups, tags, users, team, .. } = world;
        Deck { cards: cards.clone(), groups: groups.clone(), tags: tags.clone(), users: *users, team: *team }
    }

    fn card(&self, dice: &mut Dice) -> i64 {
        if dice.one_in(12) { 9_999 } else { self.cards[dice.below(self.cards.len())] }
    }

    /// A text that stands somewhere, or nearly so.
    fn text(&self, dice: &mut Dice) -> String {
        let place = dice.below(CARDS);
        let whole = match dice.below(8) {
            0 | 1 => dice.pick(&COMMON).to_owned(),
            2..=4 => dice.pick(&SECRET[dice.clone().below(2)]).to_owned(),
            5 => phone_of(place, [None, Some(0), Some(1)][dice.below(3)]),
            6 => dice.pick(&CITIES).to_owned(),
            _ => format!("{} {}", dice.pick(&COMMON), dice.pick(&SECRET[dice.clone().below(2)])),
        };
        let letters: Vec<char> = whole.chars().collect();
        match dice.below(4) {
            0 => letters.iter().take(2 + dice.below(letters.len())).collect(),
            1 => letters.iter().skip(dice.below(letters.len() / 2)).collect(),
            2 if letters.len() > 4 => letters.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, c)| *c).collect(),
            _ => whole,
        }
    }

    fn field(&self, dice: &mut Dice) -> String {
        let more = [
            "id",
            "created_at",
            "updated_at",
            "kind",
            "parent",
            "channels",
            "addresses",
            "birthday",
            "potential",
            "has_contact_person",
        ];
        match dice.below(4) {
            0 => dice.pick(&TEXTS).to_owned(),
            1 => CHOICES[dice.below(CHOICES.len())].0.to_owned(),
            2 => dice.pick(&SETS).to_owned(),
            _ => dice.pick(&more).to_owned(),
        }
    }

    fn condition(&self, dice: &mut Dice) -> String {
        match dice.below(13) {
            0 | 1 => {
                let test = dice.pick(&["contains", "starts with", "=", "!="]);
                format!("{} {test} \"{}\"", dice.pick(&TEXTS), self.text(dice))
            }
            2 => {
                let (field, option) = CHOICES[dice.below(CHOICES.len())];
                format!("{field} {} {option}", dice.pick(&["=", "!="]))
            }
            3 => format!("{} is {}empty", self.field(dice), dice.pick(&["", "not "])),
            4 => format!("tags has {}", self.tags[dice.below(self.tags.len())]),
            5 | 6 => format!("groups has {}", self.groups[dice.below(self.groups.len())]),
            7 => format!("{} has {}", dice.pick(&["managers", "readers"]), dice.pick(&["me", "my_people"])),
            8 => format!("reading_teams has {}", dice.pick(&["my_teams", "1"])),
            9 => format!("parent = {}", self.cards[dice.below(COMPANIES)]),
            10 => dice
                .pick(&[
                    "birthday < 1961-06-01",
                    "birthday = 1962-01-11",
                    "potential.amount > 400",
                    "potential > 400",
                    "created_at > today - 1d",
                    "created_by = me",
                    "updated_at > 2026-11-22T11:00:00Z",
                    "has_contact_person = true",
                ])
                .to_owned(),
            11 => format!("addresses.city = \"{}\"", dice.pick(&CITIES)),
            _ => format!("channels contains \"{}\"", self.text(dice)),
        }
    }

    fn filter(&self, dice: &mut Dice) -> String {
        let one = self.condition(dice);
        match dice.below(5) {
            0 => format!("not ({one})"),
            1 => format!("{one} and {}", self.condition(dice)),
            2 => format!("{one} or {}", self.condition(dice)),
            _ => one,
        }
    }

    fn list(&self, dice: &mut Dice) -> Vec<(String, String)> {
        let mut query = vec![("limit".to_owned(), (1 + dice.below(12)).to_string())];
        let mut add = |name: &str, value: String| query.push((name.into(), value));
        if !dice.one_in(3) {
            add("filter", self.filter(dice));
        }
        if !dice.one_in(3) {
            let sign = dice.pick(&["", "-"]);
            let more = if dice.one_in(4) { format!(",{}", self.field(dice)) } else { String::new() };
            add("sort", format!("{sign}{}{more}", self.field(dice)));
        }
        if dice.one_in(4) {
            add("fields", format!("name,{}", self.field(dice)));
        }
        match dice.below(8) {
            0 | 1 => add("search", self.text(dice)),
            2 => add("trash", "true".into()),
            3 => add("as_of", format!("2026-11-22T1{}:{}0:00Z", dice.below(3), dice.below(6))),
            4 => add("bbox", "22,44,40.5,52.5".into()),
            _ => {}
        }
        query
    }

    /// Any request that is answered at once.
    pub fn draw(&self, dice: &mut Dice) -> Request {
        let get = |path: String| Request { method: "GET", path, body: Json::Null };
        let post = |path: &str, body: Json| Request { method: "POST", path: path.into(), body };
        let card = self.card(dice);
        match dice.below(60) {
            56..=59 => get(self.work(dice)),
            0..=13 => get(address("/records/contact", &self.list(dice))),
            14..=17 => {
                let mut query = self.list(dice);
                query.retain(|(name, _)| matches!(name.as_str(), "filter" | "search" | "trash" | "as_of"));
                get(address("/records/contact/count", &query))
            }
            18..=20 => {
                let filters: Vec<String> = (0..3).map(|_| self.filter(dice)).collect();
                post(
                    "/records/contact/counts",
                    json!({ "filters": filters, "may": dice.pick(&["see", "change", "delete"]) }),
                )
            }
            21 | 22 => {
                let mut query = self.list(dice);
                query.retain(|(name, _)| matches!(name.as_str(), "filter" | "search"));
                query.push(("zoom".into(), dice.below(12).to_string()));
                get(address("/records/contact/map", &query))
            }
            50..=52 => {
                let mut query = self.list(dice);
                query.retain(|(name, _)| matches!(name.as_str(), "filter" | "search" | "sort" | "fields" | "limit"));
                let (field, _) = CHOICES[dice.below(CHOICES.len())];
                query.push(("field".into(), field.into()));
                if dice.one_in(2) {
                    query.push(("sum".into(), "potential".into()));
                }
                if dice.one_in(3) {
                    query.push(("counts".into(), "false".into()));
                }
                get(address("/records/contact/board", &query))
            }
            23..=28 => {
                let types =
                    dice.pick(&["", "&types=contact", "&types=comment,document", "&types=group,tag,saved_view,user"]);
                get(format!("/search?q={}{types}&limit={}", encoded(&self.text(dice)), 1 + dice.below(20)))
            }
            29..=31 => {
                let moment =
                    if dice.one_in(3) { format!("?as_of=2026-11-22T1{}:30:00Z", dice.below(3)) } else { String::new() };
                get(format!("/records/contact/{card}{moment}"))
            }
            32 | 33 => {
                let field = if dice.one_in(3) { format!("&field={}", self.field(dice)) } else { String::new() };
                get(format!("/records/contact/{card}/history?limit={}{field}", 1 + dice.below(5)))
            }
            53..=55 => {
                let kinds = dice.pick(&["", "&kinds=comment,task,deal,event,document,change", "&kinds=task,change"]);
                let with_others = if dice.one_in(4) { "&with_others=false" } else { "" };
                let limit = 1 + dice.below(9);
                get(format!("/records/contact/{card}/timeline?limit={limit}{kinds}{with_others}"))
            }
            34 => get(format!("/records/contact/{card}/explain?filter={}", encoded(&self.filter(dice)))),
            35 => get(format!("/records/contact/{card}/sets")),
            36..=38 => self.other_type(dice),
            39 if dice.one_in(5) => {
                if dice.one_in(3) {
                    return get(format!("/work/load?limit={}", 1 + dice.below(9)));
                }
                let counts = if dice.one_in(3) { "/counts" } else { "" };
                get(format!("/work{counts}?user={}", 1 + dice.below(6)))
            }
            39 => get(match dice.below(8) {
                5 => format!("/session/notifications?limit={}", 1 + dice.below(9)),
                6 => "/session/notifications?unread=true".into(),
                7 => "/session/notifications/unread".into(),
                0 => "/operations?limit=20".into(),
                1 => "/jobs?limit=20".into(),
                2 => "/session".into(),
                3 => "/catalog".into(),
                _ => format!("/operations/{}/later-changes", 1 + dice.below(250)),
            }),
            40 | 41 => {
                let reasons = dice.pick(&["", "&reasons=phone", "&reasons=birthday,city", "&min_score=80"]);
                get(match dice.below(3) {
                    0 => format!("/duplicates/count?type=contact{reasons}"),
                    1 => format!("/duplicates?type=contact&id={card}{reasons}"),
                    _ => format!("/duplicates?type=contact&limit={}{reasons}", 1 + dice.below(9)),
                })
            }
            42 | 43 => {
                let mut choices = serde_json::Map::new();
                if dice.one_in(3) {
                    choices.insert(self.field(dice), json!(card));
                }
                post(
                    "/records/contact/merge/preview",
                    json!({ "survivor": card, "losers": [self.card(dice)], "choices": choices }),
                )
            }
            44 | 45 => post("/records/contact?check_only=true", json!({ "values": self.values(dice) })),
            46 => post(&format!("/records/contact/{card}/presence"), json!({ "view": "v1", "doing": "editing" })),
            47 => Request {
                method: "PATCH",
                path: format!("/records/contact/{card}"),
                body: json!({ "values": self.change(dice) }),
            },
            48 if dice.one_in(3) => {
                Request { method: "DELETE", path: format!("/records/contact/{card}"), body: json!({}) }
            }
            48 => post(&format!("/records/contact/{card}/restore"), json!({})),
            _ => post(&format!("/operations/{}/undo", 1 + dice.below(250)), json!({})),
        }
    }

    /// What is done with the cards: the calendar, and what deals come to.
    fn work(&self, dice: &mut Dice) -> String {
        let filter = match dice.below(4) {
            0 => format!("&filter={}", encoded(&format!("title contains \"{}\"", self.text(dice)))),
            1 => format!("&filter={}", encoded(&format!("contact = {}", self.card(dice)))),
            2 => format!("&search={}", encoded(&self.text(dice))),
            _ => String::new(),
        };
        match dice.below(5) {
            0 | 1 => {
                let users: Vec<String> = self.users.iter().filter(|_| dice.one_in(2)).map(i64::to_string).collect();
                let users = if users.is_empty() { String::new() } else { format!("&users={}", users.join(",")) };
                let from = 22 + dice.below(8);
                let types = dice.pick(&["", "&types=event", "&types=task&open=true"]);
                format!(
                    "/calendar?from=2026-11-{from}T00:00:00Z&to=2026-12-0{}T22:00:00Z{users}{types}",
                    1 + dice.below(7)
                )
            }
            2 => format!("/records/deal/pivot?rows=stage&columns=created_at:month&value=budget{filter}"),
            3 => format!("/records/deal/figures?by=responsible&sum=budget{filter}"),
            _ => format!("/records/deal/board?field=stage&sum=budget{filter}"),
        }
    }

    fn other_type(&self, dice: &mut Dice) -> Request {
        let name = dice.pick(&OTHER_TYPES);
        let path = match dice.below(6) {
            0 => format!("/records/{name}/{}", 1 + dice.below(20)),
            1 => format!("/records/{name}/{}/history", 1 + dice.below(20)),
            2 => format!("/records/{name}/count"),
            3 => format!("/records/{name}?search={}", encoded(&self.text(dice))),
            4 => {
                let filter = dice.pick(&[
                    "created_by = me",
                    "id > 3",
                    "record = 2",
                    "text contains \"знижка\"",
                    "name contains \"а\"",
                ]);
                format!("/records/{name}?filter={}", encoded(filter))
            }
            _ => format!("/records/{name}?limit=7&trash={}", dice.one_in(4)),
        };
        Request { method: "GET", path, body: Json::Null }
    }

    /// The values of a new contact. Numbers are those that nobody has, or that the reader sees: that a number is taken, and who answers for it, is told to
    /// everybody on purpose (decision D2, `write/checks/duplicates.rs`).
    fn values(&self, dice: &mut Dice) -> Json {
        let mut values = json!({ "kind": "person", "last_name": self.text(dice) });
        if dice.one_in(2) {
            values["parent"] = json!(self.card(dice));
        }
        if dice.one_in(4) {
            values[self.field(dice)] = json!(self.text(dice));
        }
        values
    }

    fn change(&self, dice: &mut Dice) -> Json {
        let field = match dice.below(5) {
            0 => return json!({ "parent": self.card(dice) }),
            1 => return json!({ "tags": [self.tags[dice.below(self.tags.len())]] }),
            2 => return json!({ "managers": [self.users[dice.below(3)], self.users[0]] }),
            3 => return json!({ "reading_teams": [self.team] }),
            _ => self.field(dice),
        };
        json!({ field: self.text(dice) })
    }
}

/// A path with a query.
pub(super) fn address(path: &str, query: &[(String, String)]) -> String {
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("{path}?{}", query.join("&"))
}
