//! What was measured, as a table and as JSON.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::timings::Timings;

/// One kind of work with its bare counterpart.
pub(crate) struct Measure {
    pub name: String,
    pub ours: Timings,
    pub bare: Option<Timings>,
}

/// A single number with its unit.
pub(crate) struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
}

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    pub title: String,
    pub measures: Vec<Measure>,
    pub figures: Vec<Figure>,
}

impl Report {
    pub fn measure(&mut self, name: impl Into<String>, ours: Timings, bare: Option<Timings>) {
        let measure = Measure { name: name.into(), ours, bare };
        eprintln!("  {:<52} p95 {:>9} ms", measure.name, shown(measure.ours.percentile_ms(95)));
        self.measures.push(measure);
    }

    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        let figure = Figure { name: name.into(), value, unit };
        eprintln!("  {:<52} {:>13.1} {}", figure.name, figure.value, figure.unit);
        self.figures.push(figure);
    }

    /// Two Markdown tables: times in milliseconds, then single figures.
    pub fn table(&self) -> String {
        let mut out = String::new();
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{}\n", self.title);
        let _ = writeln!(
            out,
            "| Milliseconds | runs | p50 | p95 | bare p50 | bare p95 | p95 ratio |\n|---|--:|--:|--:|--:|--:|--:|"
        );
        for Measure { name, ours, bare } in &self.measures {
            let _ = write!(
                out,
                "| {name} | {} | {} | {} |",
                ours.count(),
                shown(ours.percentile_ms(50)),
                shown(ours.percentile_ms(95))
            );
            let _ = match bare {
                Some(bare) => writeln!(
                    out,
                    " {} | {} | {} |",
                    shown(bare.percentile_ms(50)),
                    shown(bare.percentile_ms(95)),
                    shown(ratio(ours, bare))
                ),
                None => writeln!(out, " – | – | – |"),
            };
        }
        let _ = writeln!(out, "\n| Figure | Value |\n|---|--:|");
        for Figure { name, value, unit } in &self.figures {
            let _ = writeln!(out, "| {name} | {value:.1} {unit} |");
        }
        out
    }

    pub fn json(&self) -> Json {
        let times = |timings: &Timings| json!({ "runs": timings.count(), "p50_ms": timings.percentile_ms(50), "p95_ms": timings.percentile_ms(95) });
        json!({
            "title": self.title,
            "measures": self.measures.iter().map(|measure| json!({
                "name": measure.name,
                "ours": times(&measure.ours),
                "bare": measure.bare.as_ref().map(times),
                "p95_ratio": measure.bare.as_ref().map(|bare| ratio(&measure.ours, bare)),
            })).collect::<Vec<_>>(),
            "figures": self.figures.iter().map(|figure| json!({ "name": figure.name, "value": figure.value, "unit": figure.unit })).collect::<Vec<_>>(),
        })
    }
}

/// A number of a table; nothing that was given up has one.
fn shown(number: f64) -> String {
    if number.is_finite() { format!("{number:.2}") } else { "given up".to_owned() }
}

fn ratio(ours: &Timings, bare: &Timings) -> f64 {
    ours.percentile_ms(95) / bare.percentile_ms(95).max(0.001)
}
