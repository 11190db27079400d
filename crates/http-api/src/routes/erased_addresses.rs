//! The list of erased addresses: how many there are, whether one is on it, taking one off.

use axum::extract::State;
use modules::erased_addresses::settle;
use modules::personal_data::addresses;
use serde::Deserialize;

use crate::error::Result;
use crate::extract::{Caller, Command};
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/personal-data/erased-addresses" get_erased_addresses)
            .summary("How many phones and e-mail addresses of erased people are known again, by keyed hashes")
            .answers(200, "ErasedAddresses"),
        route!(post "/personal-data/erased-addresses/check" check_erased_address)
            .summary("Whether an address is on the list of erased ones")
            .reads()
            .body("AddressInput")
            .answers(200, "ErasedAddress"),
        route!(post "/personal-data/erased-addresses/remove" remove_erased_address)
            .summary("Takes an address off the list of erased ones")
            .retryable()
            .body("AddressInput")
            .answers(200, "ErasedAddresses"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressInput {
    address: String,
}

async fn get_erased_addresses(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            Ok(Answer::ok(&engine.database().read(|tx| addresses::describe(tx, &context))?))
        })
        .await
}

async fn check_erased_address(
    State(state): State<ApiState>,
    caller: Caller,
    crate::extract::Json(input): crate::extract::Json<AddressInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let (snapshot, context) = (engine.snapshot(), caller.context(engine));
            let found = engine
                .database()
                .read(|tx| addresses::check(tx, &snapshot, engine.vault(), &context, &input.address))?;
            Ok(Answer::ok(&found))
        })
        .await
}

async fn remove_erased_address(
    State(state): State<ApiState>,
    caller: Caller,
    Command { body, retry }: Command<AddressInput>,
) -> Result<Answer> {
    let engine = state.engine().clone();
    let answer = state
        .write(caller, retry, move |Work { tx, snapshot, context }| {
            Ok(Answer::ok(&addresses::remove(tx, snapshot, engine.vault(), context, &body.address)?))
        })
        .await?;
    // An old backup must not bring it back.
    state.run(|engine| Ok(settle(engine)?)).await?;
    Ok(answer)
}
