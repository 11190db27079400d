//! Who asks, and about whose contacts.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect};
use crate::it::person::{person, with};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    Anonymous,
    NoRole,
    Employee,
    /// Sees and changes what his team is responsible for.
    Head,
    /// People and no companies, without remarks; what they do is not his to write.
    Custom,
    Supervisor,
    Administrator,
    Deactivated,
    Expired,
    /// A program with the key of an employee.
    Key,
    /// The same, and the key only reads.
    ReadingKey,
    /// The same, and the key is for tags alone.
    LimitedKey,
}

/// Whose contact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Own,
    SharedRead,
    SharedWrite,
    Team,
    Foreign,
    TrashedOwn,
    TrashedForeign,
}

impl Relation {
    pub const ALL: [Relation; 7] = [
        Relation::Own,
        Relation::SharedRead,
        Relation::SharedWrite,
        Relation::Team,
        Relation::Foreign,
        Relation::TrashedOwn,
        Relation::TrashedForeign,
    ];
}

impl Principal {
    pub fn has_session(self) -> bool {
        !matches!(self, Principal::Anonymous | Principal::Deactivated | Principal::Expired)
    }

    pub fn is_key(self) -> bool {
        matches!(self, Principal::Key | Principal::ReadingKey | Principal::LimitedKey)
    }

    fn is_master(self) -> bool {
        matches!(self, Principal::Supervisor | Principal::Administrator)
    }

    pub fn sees(self, what: Relation) -> bool {
        use Relation::{Foreign, Own, SharedRead, SharedWrite, Team, TrashedForeign, TrashedOwn};
        self.is_master()
            || !matches!(self, Principal::NoRole | Principal::LimitedKey)
                && match what {
                    Own | TrashedOwn | SharedRead | SharedWrite => true,
                    Team => self == Principal::Head,
                    Foreign | TrashedForeign => false,
                }
    }

    pub fn changes(self, what: Relation) -> bool {
        self.is_master() || self.sees(what) && what != Relation::SharedRead
    }

    pub fn deletes(self, what: Relation) -> bool {
        self.is_master() || self.sees(what) && matches!(what, Relation::Own | Relation::TrashedOwn)
    }

    /// The role of the head says nothing of sharing: there he is as any employee. A key that only reads opens nothing to anybody.
    pub fn shares(self, what: Relation) -> bool {
        self.is_master() || self.changes(what) && what != Relation::Team && self != Principal::ReadingKey
    }

    fn rights(self) -> Option<Json> {
        let types = match self {
            Principal::Head => {
                let team = json!([{ "level": "team" }]);
                json!({ "contact": { "actions": { "see": team, "change": team } } })
            }
            Principal::Custom => {
                let people = json!([{ "level": "shared", "filter": "kind = person" }]);
                let fields = json!({ "remark": "hidden", "position": "read" });
                json!({ "contact": { "actions": { "see": people, "change": people }, "fields": fields } })
            }
            _ => return None,
        };
        Some(json!({ "base": "employee", "types": types }))
    }
}

/// One who asks, with contacts in all relations to him.
pub(super) struct Cast {
    pub user: User,
    /// What stands in the header of a program.
    pub bearer: Option<String>,
    user_id: i64,
    mate: i64,
    stranger: i64,
    /// A contact and a file of it in each relation.
    pub contacts: Vec<(Relation, i64, String)>,
}

impl Cast {
    pub fn new(app: &App, admin: &mut User, principal: Principal) -> Cast {
        let role = match principal {
            Principal::Administrator => Role::Administrator,
            Principal::Supervisor => Role::Supervisor,
            _ => Role::Employee,
        };
        let mut user = app.with_user(role);
        let user_id = user.id;
        let (mate, stranger) = (app.with_user(Role::Employee).id, app.with_user(Role::Employee).id);
        let path = format!("/records/user/{user_id}");
        let login = expect(&admin.get(&path), 200)["values"]["login"].as_str().unwrap().to_owned();
        let mut change = |values: Json| drop(expect(&admin.patch(&path, &json!({ "values": values })), 200));
        match (principal, principal.rights()) {
            (Principal::NoRole, _) => change(json!({ "roles": [] })),
            (Principal::Deactivated, _) => change(json!({ "is_active": false })),
            (_, Some(rights)) => {
                let values = json!({ "name": format!("{principal:?}"), "rights": rights.to_string() });
                let made = expect(&admin.post("/records/role", &json!({ "values": values })), 201);
                let roles = json!({ "values": { "roles": [made["record"]["id"]] } });
                expect(&admin.patch(&path, &roles), 200);
            }
            _ => {}
        }
        // Other roles have ended the session.
        if principal == Principal::NoRole || principal.rights().is_some() {
            user = app.log_in(&login);
        }
        if principal == Principal::Anonymous {
            user = app.anonymous();
        }
        if principal == Principal::Head {
            let team = json!({ "name": "Захід", "members": [user_id, mate] });
            expect(&admin.post("/records/team", &json!({ "values": team })), 201);
        }
        if principal == Principal::Expired {
            let sql = "UPDATE sessions SET expires_at = 1 WHERE user_id = ?";
            app.engine.write(|tx| Ok::<_, record_engine::EngineError>(tx.execute(sql, &[user_id.into()])?)).unwrap();
        }
        let bearer = principal.is_key().then(|| {
            let types = if principal == Principal::LimitedKey { json!(["tag"]) } else { Json::Null };
            let input = json!({ "name": "Склад", "may_write": principal != Principal::ReadingKey, "types": types });
            let made = expect(&user.post("/session/api-keys", &input), 201);
            user = app.anonymous();
            format!("Bearer {}", made["key"].as_str().unwrap())
        });
        let mut cast = Cast { user, bearer, user_id, mate, stranger, contacts: Vec::new() };
        for relation in Relation::ALL {
            let (id, file) = cast.contact(admin, relation);
            cast.contacts.push((relation, id, file));
        }
        cast
    }

    /// A new contact in a relation, with a file.
    pub fn contact(&self, admin: &mut User, relation: Relation) -> (i64, String) {
        let manager = match relation {
            Relation::Own | Relation::TrashedOwn => self.user_id,
            Relation::Team => self.mate,
            _ => self.stranger,
        };
        let visibility = match relation {
            Relation::SharedRead => "read",
            Relation::SharedWrite => "write",
            _ => "private",
        };
        let values = with(with(person("Матриця"), "managers", json!([manager])), "visibility", json!(visibility));
        let id = admin.create_contact(values)["id"].as_i64().unwrap();
        let file = expect(&admin.upload(&format!("/files?name={}", encoded("а.txt")), b"text"), 201);
        let document = json!({ "record": id, "name": "а.txt", "file": file });
        expect(&admin.post("/records/document", &json!({ "values": document })), 201);
        if matches!(relation, Relation::TrashedOwn | Relation::TrashedForeign) {
            expect(&admin.delete(&format!("/records/contact/{id}")), 200);
        }
        (id, file["id"].as_str().unwrap().to_owned())
    }
}
