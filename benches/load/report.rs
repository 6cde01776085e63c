//! Tables, and how what was measured compares with what is wanted.

use std::process::ExitCode;

/// What is said at the end.
#[derive(Default)]
pub struct Report {
    criteria: Vec<Vec<String>>,
    failures: Vec<String>,
}

impl Report {
    /// Notes what is wanted, what was measured, and whether that holds; `None` where there was nothing to measure.
    pub fn criterion(&mut self, name: &str, target: &str, measured: &str, holds: Option<bool>) {
        let verdict = match holds {
            Some(true) => "ok",
            Some(false) => "missed",
            None => "n/a",
        };
        self.criteria.push([name, target, measured, verdict].map(str::to_owned).to_vec());
    }

    /// Notes what could not be measured.
    pub fn failure(&mut self, what: &str, error: &anyhow::Error) {
        eprintln!("{what}: {error:#}");
        self.failures.push(format!("{what}: {error:#}"));
    }

    /// Prints all of it.
    pub fn print(&self) -> ExitCode {
        if !self.criteria.is_empty() {
            heading("Summary");
            table(&["criterion", "target", "measured", "verdict"], &self.criteria);
        }
        for failure in &self.failures {
            println!("COULD NOT BE MEASURED: {failure}");
        }
        ExitCode::from(u8::from(!self.failures.is_empty()))
    }
}

/// A title.
pub fn heading(title: &str) {
    println!("\n== {title}");
}

/// What is going on, for who waits.
pub fn progress(what: &str) {
    eprintln!("   … {what}");
}

/// Columns as wide as their widest cell; the first to the left, the others to the right where figures stand.
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
