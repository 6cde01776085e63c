//! Tables, and the comparison of measurements with targets.

use std::process::ExitCode;

use crate::last::{self, Figure};

/// The results that are printed at the end.
#[derive(Default)]
pub struct Report {
    criteria: Vec<Vec<String>>,
    failures: Vec<String>,
}

impl Report {
    /// Records a target, what was measured, and whether the target is met; `None` if there was nothing to measure.
    pub fn criterion(&mut self, name: &str, target: &str, measured: &str, holds: Option<bool>) {
        let verdict = match holds {
            Some(true) => "ok",
            Some(false) => "missed",
            None => "n/a",
        };
        self.criteria.push([name, target, measured, verdict].map(str::to_owned).to_vec());
    }

    /// Records a measurement that failed.
    pub fn failure(&mut self, what: &str, error: &anyhow::Error) {
        eprintln!("{what}: {error:#}");
        self.failures.push(format!("{what}: {error:#}"));
    }

    /// Prints everything, and what is worse than the figures that were kept last. Then keeps the present ones, if that is wanted.
    pub fn print(&mut self, keeps: bool) -> ExitCode {
        if !self.criteria.is_empty() {
            heading("Summary");
            table(&["criterion", "target", "measured", "verdict"], &self.criteria);
            if let Err(error) = self.compare(keeps) {
                self.failure("the comparison with the last time", &error);
            }
        }
        for failure in &self.failures {
            println!("COULD NOT BE MEASURED: {failure}");
        }
        ExitCode::from(u8::from(!self.failures.is_empty()))
    }

    fn compare(&self, keeps: bool) -> anyhow::Result<()> {
        let figures: Vec<Figure> = self.criteria.iter().filter_map(|row| Figure::of(row)).collect();
        last::compare(&figures)?;
        if keeps { last::keep(&figures) } else { Ok(()) }
    }
}

pub fn heading(title: &str) {
    println!("\n== {title}");
}

/// Tells the waiting user what is being measured.
pub fn progress(what: &str) {
    eprintln!("   … {what}");
}

/// Prints columns as wide as their widest cell. The first column is aligned left, columns of figures are aligned right.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let width_of = |column: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width_of).collect();
    for row in [&head].into_iter().chain(rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        println!("   {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
