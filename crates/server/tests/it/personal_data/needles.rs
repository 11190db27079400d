//! A person whose every text is a needle, put wherever the program keeps texts, and the search for what is left of him.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use database::{Backend, Query, quote_identifier};
use modules::personal_data::data_map::{Holds, TABLES};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect};

/// The needles of a person.
#[derive(Default)]
pub(crate) struct Needles {
    texts: Vec<String>,
    of_import_file: Vec<String>,
}

impl Needles {
    /// A text that stands nowhere else; the search folds nothing of it away.
    pub fn next(&mut self) -> String {
        let text = format!("zqneedle{:02}xw", self.texts.len());
        self.texts.push(text.clone());
        text
    }

    /// Makes the person and works with him as people do; gives his record.
    pub fn fill(&mut self, app: &App, user: &mut User) -> Json {
        let mut values = json!({ "kind": "person", "birthday": "1977-07-17" });
        for field in ["last_name", "first_name", "patronymic", "position", "remark", "description"] {
            values[field] = json!(self.next());
        }
        values["channels"] = json!([
            { "kind": "email", "value": format!("{}@{}.example", self.next(), self.next()) },
            { "kind": "telegram", "value": self.next() },
        ]);
        values["addresses"] = json!([{ "street": self.next(), "city": self.next(), "region": self.next() }]);
        for kind in ["text", "long_text", "link"] {
            let field = json!({ "labels": { "uk": format!("Своє {kind}"), "en": kind, "ru": kind }, "kind": kind });
            let made = expect(&user.post("/catalog/contact/fields", &field), 201);
            let text = if kind == "link" { format!("https://{}.example/", self.next()) } else { self.next() };
            values[made["name"].as_str().unwrap()] = json!(text);
        }
        let body = json!({ "values": values });
        let made = expect(&user.send("POST", "/records/contact", &[("idempotency-key", "k1")], &body), 201);
        let contact = made["record"].clone();
        let path = format!("/records/contact/{}", contact["id"]);
        // What stands in the history alone.
        for field in ["remark", "first_name"] {
            let old = self.next();
            for text in [old.as_str(), "звичайне"] {
                expect(&user.patch(&path, &json!({ "values": { field: text } })), 200);
            }
        }
        let bytes = self.next();
        let name = format!("{}.txt", self.next());
        let file = expect(&user.upload(&format!("/files?name={}", encoded(&name)), bytes.as_bytes()), 201);
        let document = json!({ "record": contact["id"], "name": self.next(), "file": file, "remark": self.next() });
        let document = expect(&user.post("/records/document", &json!({ "values": document })), 201);
        let comment = json!({ "record": contact["id"], "text": self.next() });
        let comment = expect(&user.post("/records/comment", &json!({ "values": comment })), 201);
        let path = format!("/records/comment/{}", comment["record"]["id"]);
        expect(&user.patch(&path, &json!({ "values": { "text": self.next() } })), 200);
        expect(&user.delete(&format!("/records/document/{}", document["record"]["id"])), 200);

        // Somebody who was merged into him.
        let other = user.create_contact(json!({ "kind": "person", "last_name": self.next(), "remark": self.next() }));
        let merge = json!({ "survivor": contact["id"], "losers": [other["id"]], "choices": {} });
        expect(&user.post("/records/contact/merge", &merge), 200);

        // An import that finds him by his mail, and whose file says more of him.
        let birthday = self.next();
        self.of_import_file.push(birthday.clone());
        let table = format!(
            "E-mail;Прізвище;Дата народження\n{}@{}.example;{};{}\n",
            self.texts[6], self.texts[7], self.texts[0], birthday
        );
        let file_name = self.next();
        self.of_import_file.push(file_name.clone());
        let upload = format!("/imports?type=contact&file_name={}", encoded(&format!("{file_name}.csv")));
        let import = expect(&user.upload(&upload, table.as_bytes()), 201);
        for what in ["check", "start"] {
            let started = expect(&user.post(&format!("/imports/{}/{what}", import["id"]), &json!({})), 202);
            user.wait_for_job(&started["job"]);
        }
        let export = json!({ "type": "contact", "format": "csv" });
        let started = expect(&user.post("/exports", &export), 202);
        user.wait_for_job(&started["job"]);
        self.leave_in_tables(app);
        expect(&user.get(&format!("/records/contact/{}", contact["id"])), 200)
    }

    /// A person of whom a little is known, by texts of another kind.
    pub fn fill_simply(&mut self, user: &mut User, text: &str) -> Json {
        let values = json!({ "kind": "person", "last_name": format!("{text}1"), "remark": format!("{text}2") });
        let contact = user.create_contact(values);
        let comment = json!({ "record": contact["id"], "text": format!("{text}3") });
        expect(&user.post("/records/comment", &json!({ "values": comment })), 201);
        contact
    }

    /// All needles.
    pub fn all(&self) -> impl Iterator<Item = String> {
        self.texts.iter().cloned()
    }

    /// Those that stand in the file of an import alone.
    pub fn of_import_file(&self) -> &[String] {
        &self.of_import_file
    }

    /// What only rare circumstances put there: the columns exist, so a needle may.
    fn leave_in_tables(&self, app: &App) {
        let name = format!("{} звичайне {}", self.texts[0], self.texts[2]);
        let report = json!({ "kept": [{ "title": name, "type": "contact" }] }).to_string();
        app.engine
            .write(|tx| {
                for column in ["payload", "position", "report"] {
                    let sql = format!("UPDATE jobs SET {column} = ? WHERE kind = 'import_check'");
                    tx.execute(&sql, &[report.as_str().into()])?;
                }
                tx.execute("UPDATE jobs SET error = ? WHERE kind = 'import_check'", &[name.as_str().into()])?;
                tx.execute(
                    "INSERT INTO job_failures (job_id, place, record_id, code, params) VALUES (9, 1, 1, 'x', ?)",
                    &[report.as_str().into()],
                )?;
                tx.execute("UPDATE operations SET reason = ? WHERE kind = 'merge'", &[name.as_str().into()])?;
                tx.execute(
                    "INSERT INTO device_names (device_id, collection, record_id, name, uid) VALUES (1, 'contacts', 1, ?, ?)",
                    &[format!("{}.vcf", self.texts[0]).into(), self.texts[6].as_str().into()],
                )?;
                // A message to another program about somebody else that names him.
                tx.execute(
                    "INSERT INTO webhook_attempts (delivery_id, number, at, duration_ms, request, answer) VALUES (1, 1, 1, 1, ?, ?)",
                    &[report.as_str().into(), name.as_str().into()],
                )?;
                // Of an import that did not come to him.
                tx.execute(
                    "INSERT INTO imports (id, object_type, file_hash, file_name, file_size, state, settings, inspection, check_report, report, created_at) \
                     VALUES (777, 'contact', 'x', ?, 1, 'done', ?, ?, ?, ?, 1)",
                    &[name.as_str().into(), report.as_str().into(), report.as_str().into(), report.as_str().into(), report.as_str().into()],
                )?;
                tx.execute(
                    "INSERT INTO import_problems (import_id, stage, row_number, place, kind, code, params, value, match_on) VALUES (777, 'import', 1, 1, 'error', 'x', ?, ?, ?)",
                    &[report.as_str().into(), name.as_str().into(), report.as_str().into()],
                )
                .map(drop)
                .map_err(record_engine::EngineError::from)
            })
            .unwrap();
    }

    /// The columns of the data map that may hold people, and needles, that stand nowhere yet.
    pub fn missing(&self, app: &App) -> Vec<String> {
        let places = self.places(app);
        let mut missing: Vec<String> =
            self.texts.iter().filter(|text| !places.iter().any(|(_, of)| of == *text)).cloned().collect();
        for table in TABLES {
            for (column, holds) in table.columns {
                let place = format!("{}.{column}", table.name);
                // What was alike in two records is told by keys alone.
                let is_key = place == "duplicate_pairs.reasons";
                if *holds == Holds::People && !is_key && !places.iter().any(|(found, _)| *found == place) {
                    missing.push(place);
                }
            }
        }
        missing
    }

    /// Where needles stand: in the tables, in the files of the installation, in the bytes of the database.
    pub fn found(&self, app: &App) -> Vec<String> {
        let mut found: Vec<String> =
            self.places(app).into_iter().map(|(place, text)| format!("{place}: {text}")).collect();
        if let Some(path) = database_file(app) {
            for ending in ["", "-wal"] {
                let file = format!("{path}{ending}");
                let bytes = fs::read(&file).unwrap_or_default();
                found.extend(self.of_bytes(&bytes).into_iter().map(|text| format!("{file}: {text}")));
            }
        }
        found
    }

    /// The needles in a text.
    pub fn of_text(&self, text: &str) -> Vec<String> {
        self.of_bytes(text.as_bytes())
    }

    fn of_bytes(&self, bytes: &[u8]) -> Vec<String> {
        let lower = bytes.to_ascii_lowercase();
        let holds = |text: &&String| lower.windows(text.len()).any(|part| part == text.as_bytes());
        // One look for all: needles begin alike.
        if !lower.windows(8).any(|part| part == b"zqneedle") {
            return Vec::new();
        }
        self.texts.iter().filter(holds).cloned().collect()
    }

    fn places(&self, app: &App) -> BTreeSet<(String, String)> {
        let mut places = BTreeSet::new();
        for (table, column) in text_columns(app) {
            let sql = format!("SELECT {} FROM {}", quote_identifier(&column), quote_identifier(&table));
            for row in app.engine.database().read(|tx| tx.query(&sql, &[])).unwrap() {
                let text = row.optional_text(0).unwrap().unwrap_or_default();
                places.extend(self.of_text(&text).into_iter().map(|needle| (format!("{table}.{column}"), needle)));
            }
        }
        let mut folders = vec![app.data.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    places.extend(self.of_file(&path));
                }
            }
        }
        places
    }

    fn of_file(&self, path: &Path) -> Vec<(String, String)> {
        let bytes = fs::read(path).unwrap_or_default();
        self.of_bytes(&bytes).into_iter().map(|needle| (path.display().to_string(), needle)).collect()
    }
}

/// The file of a SQLite database.
pub(crate) fn database_file(app: &App) -> Option<String> {
    if app.engine.database().backend() == Backend::Postgres {
        return None;
    }
    let rows = app.engine.database().read(|tx| tx.query("SELECT file FROM pragma_database_list", &[])).unwrap();
    Some(rows[0].text(0).unwrap())
}

/// All text columns of all tables, but for those inside the trigram index, which holds no texts.
pub(crate) fn text_columns(app: &App) -> Vec<(String, String)> {
    let sql = match app.engine.database().backend() {
        Backend::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '%\\_index%' ESCAPE '\\' \
             AND m.name NOT LIKE 'sqlite%' AND UPPER(c.type) LIKE '%TEXT%' ORDER BY 1, 2"
        }
        Backend::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema() \
             AND data_type IN ('text', 'character varying', 'json', 'jsonb') ORDER BY 1, 2"
        }
    };
    let rows = app.engine.database().read(|tx| tx.query(sql, &[])).unwrap();
    rows.iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap())).collect()
}

/// The tables of the records: what stands in them is told by the fields.
pub(crate) fn record_tables(app: &App) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for object_type in &app.engine.snapshot().catalog.object_types {
        tables.insert(object_type.table().to_owned());
        tables.insert(object_type.search_table());
        let children = object_type.value_fields().filter(|field| field.behaviour().child_table().is_some());
        tables.extend(children.map(|field| object_type.child_table(field)));
    }
    tables
}
