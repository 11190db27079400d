//! The team of a demo base: the first administrator through the set-up, as in any installation, the others as he would make them.

use std::net::Ipv4Addr;

use demo_data::USERS;
use identity::{Client, NewUser, Secret, SetupRequest};
use record_engine::{Engine, Role};

use crate::installation::administrator;
use crate::{Failure, Result};

/// Sets the installation up and makes the users; answers their ids in the order of [`USERS`].
///
/// # Errors
/// Those of the set-up: a password that is too short, an installation that works already.
pub fn create_team(engine: &Engine, password: &str) -> Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(USERS.len());
    for user in USERS {
        let role = Role::from_key(user.role).ok_or_else(|| Failure::refused(format!("unknown role {}", user.role)))?;
        match ids.first() {
            None => ids.push(set_up(engine, user, password)?),
            Some(first) => {
                let new = NewUser {
                    name: user.name.into(),
                    login: user.login.into(),
                    email: Some(format!("{}@kartoteka.example", user.login)),
                    password: Secret::new(password),
                    roles: vec![engine.database().read(|tx| identity::built_in_role(tx, role))?],
                    language: Some(user.language.into()),
                    time_zone: None,
                    employment: identity::Employment::default(),
                };
                ids.push(identity::create_user(engine, &administrator(*first, engine), &new)?.id);
            }
        }
    }
    Ok(ids)
}

fn set_up(engine: &Engine, user: &demo_data::DemoUser, password: &str) -> Result<i64> {
    let used = || Failure::refused("the installation is set up already");
    let token = identity::create_setup_token(engine)?.ok_or_else(used)?;
    let request = SetupRequest {
        token,
        company_name: "Картотека".into(),
        country: "UA".into(),
        language: user.language.into(),
        name: user.name.into(),
        login: user.login.into(),
        password: Secret::new(password),
    };
    let here = Client { address: Ipv4Addr::LOCALHOST.into(), user_agent: None };
    let session = identity::complete_setup(engine, &request, &here)?;
    identity::log_out(engine, &session.token, &here)?;
    Ok(session.user_id)
}
