//! Goals beside facts: for each person and team whose goals the reader sees, month by month, what was planned, what was won, and what may still come.
//!
//! What must stay true: amounts are added exactly and counted over once, as everywhere; a fact is what the list of its deals would come to for the same
//! reader, so nobody learns of deals that he does not see.

use std::collections::{BTreeMap, BTreeSet};

use database::ReadTx;
use record_engine::access::{Action, Scope, compile};
use record_engine::catalog::{ObjectType, TEAM_TYPE, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query::sums::{Cell, Wanted};
use record_engine::query::{self, Amounts, ListQuery, Shown, Summed};
use record_engine::record::{Record, Values};
use record_engine::{Engine, RequestContext};
use serde_json::{Value as Json, json};

use super::SALES_GOAL_TYPE;
use crate::currencies::{Rates, Total, total};
use crate::deals::DEAL_TYPE;

/// Most months of one answer.
pub const MAX_MONTHS: usize = 24;
/// Most people and most teams of one answer.
pub const MAX_PEOPLE: usize = 500;
/// Goals that are read at once.
const PAGE: usize = 200;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct PlanQuery {
    /// `YYYY-MM`, ascending.
    pub months: Vec<String>,
    /// The people of one team and the team itself.
    pub team: Option<i64>,
    /// Only the reader himself.
    pub is_own: bool,
}

/// One month of a person or a team.
#[derive(Clone, Debug)]
pub struct Month {
    /// The goal with its amount as it was set: id, version, amount, deals.
    pub goal: Option<Json>,
    /// The amount of the goal in the currency of the company.
    pub planned: Total,
    /// How many deals were won.
    pub won: i64,
    /// What they come to.
    pub fact: Total,
    /// How many deals are open that shall be closed in this month.
    pub open: i64,
    /// What they come to, by chance too.
    pub forecast: Total,
}

/// A person or a team.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// `user` or `team`.
    pub target: &'static str,
    /// Its id.
    pub id: i64,
    /// Its name.
    pub title: String,
    /// The users whose deals count for it.
    pub people: Vec<i64>,
    /// Whether the reader may set its goals.
    pub can_edit: bool,
    /// In the order of the months that were asked for.
    pub months: Vec<Month>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Teams, then people, by name.
    pub rows: Vec<PlanRow>,
    /// Whether facts and forecasts could be counted: the reader sees what they are made of, and it did not take too long.
    pub has_facts: bool,
}

/// The months from one to another, both included.
///
/// # Errors
/// `Invalid` for what is no month, for a span that is upside down, and for more than [`MAX_MONTHS`].
pub fn months_between(from: &str, to: &str) -> Result<Vec<String>> {
    let read = |name: &str, text: &str| {
        let month = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
        let month = month.and_then(|(year, month)| Some((year.parse::<usize>().ok()?, month.parse::<usize>().ok()?)));
        let month = month.filter(|(year, month)| (1000..=9999).contains(year) && (1..=12).contains(month));
        month
            .map(|(year, month)| year * 12 + month - 1)
            .ok_or_else(|| EngineError::field(FieldError::new(name, "not_a_month").with("value", text)))
    };
    let (first, last) = (read("from", from)?, read("to", to)?);
    if last < first || last - first >= MAX_MONTHS {
        return Err(EngineError::field(FieldError::new("to", "out_of_range").with("minimum", from)));
    }
    Ok((first..=last).map(|month| format!("{:04}-{:02}", month / 12, month % 12 + 1)).collect())
}

/// Facts or forecasts by person and month.
type Figures = BTreeMap<(i64, String), Cell>;

/// Puts goals beside facts.
///
/// # Errors
/// `Forbidden` or `NotFound` for whoever sees no goals; those of the database.
pub fn plan(engine: &Engine, context: &RequestContext, rates: &Rates, asked: &PlanQuery) -> Result<Plan> {
    let snapshot = engine.snapshot();
    let (first, last) =
        (asked.months.first().cloned().unwrap_or_default(), asked.months.last().cloned().unwrap_or_default());
    // A day that no month has is behind all that it has.
    let within = |field: &str| format!("{field} >= {first}-01 and {field} <= {}", last_day(&last));
    let mine = if asked.is_own { " and responsible = me" } else { "" };
    let won = format!("stage.meaning = won and {}{mine}", within("closed_on"));
    let open = format!("stage.meaning = open and {}{mine}", within("expected_close"));
    // Each has a transaction of its own: what takes too long ends it on PostgreSQL.
    let figures = |filter: &str, by: &str| engine.database().read(|tx| figures(tx, &snapshot, context, filter, by));
    let (won, open) = (figures(&won, "closed_on:month")?, figures(&open, "expected_close:month")?);
    let has_facts = won.is_some() && open.is_some();
    let (won, open) = (won.unwrap_or_default(), open.unwrap_or_default());
    engine.database().read(|tx| {
        let goal_type = snapshot.object_type(SALES_GOAL_TYPE)?;
        let goals = goals(tx, context, &goal_type, asked, &first, &last)?;
        let sees = Scope::of(context, &goal_type, Action::See)?;
        let sets = Scope::of(context, &goal_type, Action::Change)?;
        let may_create = context.permissions(&goal_type).may(Action::Create);
        let own = snapshot.installation.currency.clone();
        let today = context.today().to_string();
        let counted = |cell: &Cell, field: &str| {
            let amounts = Some(cell.amounts.clone());
            let weighted_by = Some("probability".to_owned());
            total(field, Summed { dated_by: Some("closed_on".into()), weighted_by, amounts }, rates, &own, &today)
        };
        let mut rows = Vec::new();
        for subject in subjects(tx, &snapshot, context, asked)? {
            let of = Values::from([(subject.field.to_owned(), json!(subject.id))]);
            if !sees.admits_values(&goal_type, &of) {
                continue;
            }
            let month = |month: &String| {
                let sum = |figures: &Figures| {
                    let mut sum = Cell::default();
                    let cells = subject.members.iter().filter_map(|id| figures.get(&(*id, month.clone())));
                    cells.for_each(|cell| sum.add(cell));
                    sum
                };
                let goal = goals.get(&(subject.field, subject.id, month.clone()));
                let (won, open) = (sum(&won), sum(&open));
                Month {
                    goal: goal.map(present_goal),
                    planned: planned(goal, rates, &own, &today),
                    won: won.count,
                    fact: counted(&won, "budget"),
                    open: open.count,
                    forecast: counted(&open, "budget"),
                }
            };
            rows.push(PlanRow {
                target: subject.target,
                id: subject.id,
                title: subject.title.clone(),
                people: subject.members.iter().copied().collect(),
                can_edit: may_create && sets.admits_values(&goal_type, &of),
                months: asked.months.iter().map(month).collect(),
            });
        }
        Ok(Plan { rows, has_facts })
    })
}

/// The last day that a month may have.
fn last_day(month: &str) -> String {
    let day = format!("{month}-01").parse::<jiff::civil::Date>().map(|day| day.last_of_month().to_string());
    day.unwrap_or_else(|_| format!("{month}-28"))
}

fn figures(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    context: &RequestContext,
    filter: &str,
    by: &str,
) -> Result<Option<Figures>> {
    let Ok(object_type) = snapshot.object_type(DEAL_TYPE) else { return Ok(None) };
    let filter = match compile(filter, &object_type, context) {
        Ok(filter) => filter,
        // Who may not see what facts are made of gets none.
        Err(EngineError::Filter(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let wanted = Wanted { rows: &["responsible"], columns: Some(by), value: Some("budget"), action: Action::See };
    let shown = Shown { filter: &filter, search: None, is_trash: false };
    let table = match query::pivot(tx, context, &object_type, wanted, shown) {
        Ok(table) => table,
        Err(EngineError::Invalid(_) | EngineError::Filter(_)) => None,
        Err(error) => return Err(error),
    };
    let Some(table) = table.filter(|table| !table.has_more_rows) else { return Ok(None) };
    let key = |lines: &[Vec<Option<String>>], at: usize| lines.get(at).and_then(|line| line.first().cloned().flatten());
    let mut figures = Figures::new();
    for ((row, column), cell) in &table.cells {
        let id = key(&table.rows, *row).and_then(|id| id.parse().ok());
        if let Some(place) = id.zip(key(&table.columns, *column)) {
            figures.insert(place, cell.clone());
        }
    }
    Ok(Some(figures))
}

/// Whose goals they are: the field that names him, his id, the month.
type Goals = BTreeMap<(&'static str, i64, String), Record>;

fn goals(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    asked: &PlanQuery,
    first: &str,
    last: &str,
) -> Result<Goals> {
    let mine = if asked.is_own { " and person = me" } else { "" };
    let filter = compile(&format!("month >= {first}-01 and month <= {last}-01{mine}"), object_type, context)?;
    let mut goals = Goals::new();
    let mut cursor = None;
    loop {
        let wanted = ListQuery { filter: filter.clone(), limit: PAGE, cursor, ..ListQuery::default() };
        let page = query::list(tx, context, object_type, &wanted)?;
        for record in page.records {
            let month = record.value("month").as_str().and_then(|day| day.get(..7)).unwrap_or_default().to_owned();
            let of = ["person", "team"].into_iter().find_map(|field| Some((field, record.value(field).as_i64()?)));
            if let Some((field, id)) = of {
                goals.insert((field, id, month), record);
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(goals);
        }
    }
}

fn present_goal(goal: &Record) -> Json {
    json!({ "id": goal.id, "version": goal.version, "amount": goal.value("amount"), "deals": goal.value("deals") })
}

/// The amount of a goal in the currency of the company, by the rate of its month.
fn planned(goal: Option<&Record>, rates: &Rates, own: &str, today: &str) -> Total {
    let amount = goal.and_then(|goal| {
        let amount = goal.value("amount");
        Some(Amounts {
            currency: amount.get("currency")?.as_str()?.to_owned(),
            day: goal.value("month").as_str().map(String::from),
            count: 1,
            sum: amount.get("amount")?.as_i64()?.into(),
            weighted: 0,
        })
    });
    let amounts = Some(amount.into_iter().collect());
    total("amount", Summed { dated_by: Some("month".into()), weighted_by: None, amounts }, rates, own, today)
}

/// A person or a team that may have goals.
struct Subject {
    target: &'static str,
    /// The field of a goal that names it.
    field: &'static str,
    id: i64,
    title: String,
    /// Whose deals count for it: those who are in the team today.
    members: BTreeSet<i64>,
}

/// Teams and the people who work, as far as the reader sees them.
fn subjects(tx: &mut ReadTx, snapshot: &Snapshot, context: &RequestContext, asked: &PlanQuery) -> Result<Vec<Subject>> {
    let me = context.actor.user_id().unwrap_or_default();
    let mut subjects = Vec::new();
    if !asked.is_own {
        let filter = asked.team.map_or_else(|| "all".to_owned(), |id| format!("id = {id}"));
        for team in records(tx, snapshot, context, TEAM_TYPE, &filter)? {
            let members = team.value("members").as_array().into_iter().flatten().filter_map(Json::as_i64).collect();
            let title = snapshot.object_type(TEAM_TYPE)?.definition.title_field;
            subjects.push(subject(TEAM_TYPE, "team", &team, title, members));
        }
    }
    let of_team: Option<BTreeSet<i64>> =
        asked.team.map(|_| subjects.iter().flat_map(|team| team.members.iter().copied()).collect());
    let filter = if asked.is_own { format!("id = {me}") } else { "is_active = true".to_owned() };
    for user in records(tx, snapshot, context, USER_TYPE, &filter)? {
        if of_team.as_ref().is_none_or(|of_team| of_team.contains(&user.id)) {
            let title = snapshot.object_type(USER_TYPE)?.definition.title_field;
            subjects.push(subject(USER_TYPE, "person", &user, title, BTreeSet::from([user.id])));
        }
    }
    Ok(subjects)
}

fn subject(target: &'static str, field: &'static str, record: &Record, title: &str, members: BTreeSet<i64>) -> Subject {
    let title = record.value(title).as_str().unwrap_or_default().to_owned();
    Subject { target, field, id: record.id, title, members }
}

/// The records of a type that the reader sees, by name.
fn records(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    context: &RequestContext,
    name: &str,
    filter: &str,
) -> Result<Vec<Record>> {
    let object_type = snapshot.object_type(name)?;
    let filter = compile(filter, &object_type, context)?;
    let sort = query::Sort::parse(object_type.definition.title_field);
    let (mut records, mut cursor): (Vec<Record>, Option<String>) = Default::default();
    loop {
        let wanted =
            ListQuery { filter: filter.clone(), sort: sort.clone(), limit: PAGE, cursor, ..ListQuery::default() };
        let page = query::list(tx, context, &object_type, &wanted)?;
        records.extend(page.records);
        cursor = page.next_cursor;
        if cursor.is_none() || records.len() >= MAX_PEOPLE {
            records.truncate(MAX_PEOPLE);
            return Ok(records);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{last_day, months_between};

    #[test]
    fn months_are_counted_over_years() {
        let check = |from: &str, to: &str, expect: Option<&[&str]>| {
            let months = months_between(from, to).ok();
            assert_eq!(months, expect.map(|months| months.iter().map(|month| (*month).to_owned()).collect()));
        };
        check("2026-11", "2027-02", Some(&["2026-11", "2026-12", "2027-01", "2027-02"]));
        check("2026-11", "2026-11", Some(&["2026-11"]));
        check("2026-11", "2026-10", None);
        check("2026-01", "2028-01", None);
        check("2026-13", "2026-13", None);
        check("26-1", "2026-11", None);
        assert_eq!((last_day("2028-02").as_str(), last_day("2026-11").as_str()), ("2028-02-29", "2026-11-30"));
    }
}
