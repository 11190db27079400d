//! A pivot table as a file: its groups by name in the language of whoever asks, figures as numbers, totals as on the page.
//!
//! What must stay true: it is the [`Table`] that the page shows, read as an export; where something was cut or left out, the file says so.

use std::path::Path;

use file_formats::{OutCell, RowWriter};
use record_engine::access::Action;
use record_engine::catalog::{ObjectType, labels};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::field_types::FieldKind;
use record_engine::query::sums::{Grouping, MAX_COLUMNS, MAX_GROUPS, MAX_ROWS, Wanted};
use record_engine::query::{Shown, check_pivot};
use record_engine::{Engine, RequestContext};
use record_engine::{currency, decimal};
use serde::{Deserialize, Serialize};

use super::error::of_file;
use super::failed_rows::TableFormat;
use super::targets::text_in;
use crate::pivots::{self, Amount, Figure, Table};

const TOTAL: [&str; 3] = ["Total", "Итого", "Разом"];
const COUNT: [&str; 3] = ["Count", "Количество", "Кількість"];
const SUM: [&str; 3] = ["Sum", "Сумма", "Сума"];
const AVERAGE: [&str; 3] = ["Average", "Среднее", "Середнє"];
const NO_VALUE: [&str; 3] = ["No value", "Без значения", "Без значення"];
const UNSEEN: [&str; 3] = ["Not visible", "Не видно", "Не видно"];
const NAME: [&str; 3] = ["pivot table", "сводная таблица", "зведена таблиця"];
const PARTIAL: [&str; 3] = [
    "Some amounts are left out: there is no rate.",
    "Часть сумм не вошла: нет курса.",
    "Частина сум не ввійшла: немає курсу.",
];
const CUT_ROWS: [&str; 3] = [
    "The rows with the most records are shown; the others are in no total either. Rows:",
    "Показаны строки с наибольшим числом записей; остальные не вошли и в итоги. Строк:",
    "Показано рядки з найбільшою кількістю записів; решта не ввійшла і до підсумків. Рядків:",
];
const CUT_COLUMNS: [&str; 3] = [
    "The columns with the most records are shown; the others are in no total either. Columns:",
    "Показаны колонки с наибольшим числом записей; остальные не вошли и в итоги. Колонок:",
    "Показано колонки з найбільшою кількістю записів; решта не ввійшла і до підсумків. Колонок:",
];
const MONTHS: [[&str; 3]; 12] = [
    ["January", "январь", "січень"],
    ["February", "февраль", "лютий"],
    ["March", "март", "березень"],
    ["April", "апрель", "квітень"],
    ["May", "май", "травень"],
    ["June", "июнь", "червень"],
    ["July", "июль", "липень"],
    ["August", "август", "серпень"],
    ["September", "сентябрь", "вересень"],
    ["October", "октябрь", "жовтень"],
    ["November", "ноябрь", "листопад"],
    ["December", "декабрь", "грудень"],
];

/// A list as a table of groups, as the page asks for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PivotRequest {
    /// One or two fields: `responsible,closed_on:month`.
    pub rows: String,
    /// One field more.
    #[serde(default)]
    pub columns: Option<String>,
    /// A field of money or numbers; records are counted without it.
    #[serde(default)]
    pub value: Option<String>,
    /// What of the value is written.
    #[serde(default)]
    pub figure: PivotFigure,
}

/// What of a value stands in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PivotFigure {
    /// What the records come to.
    #[default]
    Sum,
    /// The same for one of them.
    Average,
}

impl PivotRequest {
    fn rows(&self) -> Vec<&str> {
        self.rows.splitn(MAX_GROUPS + 1, ',').map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    fn wanted<'a>(&'a self, rows: &'a [&'a str]) -> Wanted<'a> {
        let given = |name: &'a Option<String>| name.as_deref().filter(|name| !name.is_empty());
        Wanted { rows, columns: given(&self.columns), value: given(&self.value), action: Action::Export }
    }

    /// Refuses what could not be read.
    ///
    /// # Errors
    /// As [`check_pivot`].
    pub(super) fn check(&self, context: &RequestContext, object_type: &ObjectType, shown: Shown<'_>) -> Result<()> {
        check_pivot(context, object_type, self.wanted(&self.rows()), shown)
    }
}

/// What a file of a pivot table is called before its day: `Сделки, сводная таблица`.
pub(super) fn title(plural: &str, language: &str) -> String {
    format!("{plural}, {}", word(NAME, language))
}

/// Writes the table at a path; answers how many rows it has.
///
/// # Errors
/// `TooSlow` where it is too much to be added up; those of the database and of the file system.
pub(super) fn write(
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    request: &PivotRequest,
    shown: Shown<'_>,
    (path, format): (&Path, TableFormat),
) -> Result<i64> {
    let rows = request.rows();
    let wanted = request.wanted(&rows);
    let table = pivots::read(engine, snapshot, context, object_type, wanted, shown)?;
    let sheet = Sheet {
        table: &table.ok_or(EngineError::TooSlow)?,
        language: &context.language,
        value: wanted.value,
        is_average: request.figure == PivotFigure::Average,
    };
    let value = wanted.value.and_then(|name| object_type.field(name));
    let name = sheet.name(value.map(|field| text_in(&field.labels, &context.language)));
    let mut writer =
        file_formats::create(path, format.write_kind(), &name, &sheet.heads()).map_err(|error| of_file(&error))?;
    sheet.write(&mut *writer).map_err(|error| of_file(&error))?;
    writer.finish().map_err(|error| of_file(&error))?;
    Ok(i64::try_from(sheet.table.pivot.rows.len()).unwrap_or(0))
}

struct Sheet<'a> {
    table: &'a Table<'a>,
    language: &'a str,
    value: Option<&'a str>,
    is_average: bool,
}

impl Sheet<'_> {
    fn word(&self, words: [&str; 3]) -> String {
        word(words, self.language)
    }

    /// What is counted, for the name of the sheet.
    fn name(&self, label: Option<&str>) -> String {
        match label {
            None => self.word(COUNT),
            Some(label) => {
                self.in_currency(format!("{}: {label}", self.word(if self.is_average { AVERAGE } else { SUM })))
            }
        }
    }

    fn in_currency(&self, text: String) -> String {
        match &self.table.currency {
            Some(currency) => format!("{text}, {currency}"),
            None => text,
        }
    }

    fn heads(&self) -> Vec<String> {
        let pivot = &self.table.pivot;
        let groups = pivot.row_groups.iter().map(|group| text_in(&group.field().labels, self.language).to_owned());
        let columns = pivot.column_group.iter().flat_map(|group| {
            let keys = pivot.columns.iter().map(|line| line.first().and_then(Option::as_deref));
            keys.map(|key| self.in_currency(self.key(group, key)))
        });
        groups.chain(columns).chain([self.in_currency(self.word(TOTAL))]).collect()
    }

    fn write(&self, writer: &mut dyn RowWriter) -> std::result::Result<(), file_formats::FormatError> {
        let (table, pivot) = (self.table, &self.table.pivot);
        let columns = if pivot.column_group.is_some() { pivot.columns.len() } else { 0 };
        let total = |totals: &[Figure], at: usize| totals.get(at).map_or(OutCell::Empty, |figure| self.cell(figure));
        for (row, line) in pivot.rows.iter().enumerate() {
            let names = pivot.row_groups.iter().zip(line);
            let names = names.map(|(group, key)| OutCell::Text(self.key(group, key.as_deref())));
            let figures = (0..columns)
                .map(|column| table.cells.get(&(row, column)).map_or(OutCell::Empty, |figure| self.cell(figure)));
            writer.write_row(&names.chain(figures).chain([total(&table.row_totals, row)]).collect::<Vec<_>>())?;
        }
        let names = std::iter::once(OutCell::Text(self.word(TOTAL)));
        let names = names.chain(pivot.row_groups.iter().skip(1).map(|_| OutCell::Empty));
        let figures = (0..columns).map(|column| total(&table.column_totals, column));
        writer.write_row(&names.chain(figures).chain([self.cell(&table.total)]).collect::<Vec<_>>())?;
        for note in self.notes() {
            writer.write_row(&[OutCell::Text(note)])?;
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let pivot = &self.table.pivot;
        let rows = pivot.has_more_rows.then(|| format!("{} {MAX_ROWS}", self.word(CUT_ROWS)));
        let columns = pivot.has_more_columns.then(|| format!("{} {MAX_COLUMNS}", self.word(CUT_COLUMNS)));
        let partial = (self.value.is_some() && self.table.total.is_partial).then(|| self.word(PARTIAL));
        [rows, columns, partial].into_iter().flatten().collect()
    }

    fn cell(&self, figure: &Figure) -> OutCell {
        if figure.count == 0 {
            return OutCell::Empty;
        }
        if self.value.is_none() {
            return OutCell::Integer(figure.count);
        }
        match if self.is_average { figure.average } else { figure.sum } {
            None => OutCell::Empty,
            Some(Amount::Number(number)) => OutCell::Number(number),
            Some(Amount::Money(amount)) => {
                let places = currency::places(self.table.currency.as_deref().unwrap_or_default());
                let text = decimal::text(amount.into(), usize::try_from(places).unwrap_or_default());
                text.parse().map_or(OutCell::Text(text), OutCell::Number)
            }
        }
    }

    /// The name of a group.
    fn key(&self, group: &Grouping<'_>, key: Option<&str>) -> String {
        let Some(key) = key else { return self.word(NO_VALUE) };
        if group.grain().is_some() {
            return period(key, self.language);
        }
        if let FieldKind::Choice(settings) = &group.field().kind {
            let option = settings.options.iter().find(|option| option.key == key);
            return option.map_or(key, |option| text_in(&option.labels, self.language)).to_owned();
        }
        let target = group.field().kind.reference_target().zip(key.parse().ok());
        let title = target.and_then(|(target, id)| self.table.titles.title(&target.target, id));
        title.map_or_else(|| self.word(UNSEEN), str::to_owned)
    }
}

fn word(words: [&str; 3], language: &str) -> String {
    text_in(&labels(words), language).to_owned()
}

/// `2026-11`, `2026-Q4` or `2026` for people.
fn period(key: &str, language: &str) -> String {
    let Some((year, part)) = key.split_once('-') else { return key.to_owned() };
    if let Some(quarter) = part.strip_prefix('Q') {
        let words = [format!("Q{quarter}"), format!("{quarter} кв."), format!("{quarter} кв.")];
        return format!("{} {year}", word(words.each_ref().map(String::as_str), language));
    }
    let month = part.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    month.map_or_else(|| key.to_owned(), |month| format!("{} {year}", word(*month, language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_said_in_words() {
        for (key, language, words) in [
            ("2026-11", "ru", "ноябрь 2026"),
            ("2026-01", "en", "January 2026"),
            ("2026-Q4", "uk", "4 кв. 2026"),
            ("2026-Q1", "en", "Q1 2026"),
            ("2026", "ru", "2026"),
            ("2026-13", "ru", "2026-13"),
        ] {
            assert_eq!(period(key, language), words);
        }
    }
}
