//! Budget files: a draft as YAML or JSON.

use std::fmt;

use super::BudgetDraft;

/// The largest file that is read. A budget with every text in thirty languages is far smaller.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a text is not a budget file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The line and column, from 1.
    pub position: Option<(u64, u64)>,
    /// Where in the draft, for example `categories[2].color`. Empty where that is not known.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON, which YAML contains; the errors of a parser of its own are clearer.
    Json,
}

/// Reads a budget file. A text that begins with a brace is JSON.
pub fn parse(text: &str) -> Result<BudgetDraft, FileError> {
    if text.len() > MAX_BYTES {
        let message = format!("the file has more than {MAX_BYTES} bytes");
        return Err(FileError { position: None, path: String::new(), message });
    }
    if text.trim_start().starts_with('{') { parse_json(text) } else { parse_yaml(text) }
}

/// Writes a budget file.
pub fn write(draft: &BudgetDraft, format: Format) -> String {
    // What a draft is made of can always be written; see `BudgetDraft::to_value`.
    match format {
        Format::Json => serde_json::to_string_pretty(draft).map(|json| json + "\n").unwrap_or_default(),
        Format::Yaml => serde_saphyr::to_string(draft).unwrap_or_default(),
    }
}

fn parse_json(text: &str) -> Result<BudgetDraft, FileError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let draft = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = path_of(error.path());
        of_json(path, &error.into_inner())
    })?;
    deserializer.end().map_err(|error| of_json(String::new(), &error))?;
    Ok(draft)
}

fn of_json(path: String, error: &serde_json::Error) -> FileError {
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let position = (number(error.line()), number(error.column()));
    let message = error.to_string();
    // serde_json repeats the position at the end of its message.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    FileError { position: Some(position), path, message: message.to_owned() }
}

fn parse_yaml(text: &str) -> Result<BudgetDraft, FileError> {
    let mut path = String::new();
    let draft = serde_saphyr::with_deserializer_from_str(text, |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            path = path_of(error.path());
            error.into_inner()
        })
    });
    draft.map_err(|error| {
        let error = error.without_snippet();
        let position = error.location().map(|location| (location.line(), location.column()));
        let message = error.to_string();
        let message = message.lines().next().unwrap_or_default().to_owned();
        FileError { position, path: path.clone(), message }
    })
}

fn path_of(path: &serde_path_to_error::Path) -> String {
    let path = path.to_string();
    if path == "." { String::new() } else { path }
}

/// `line 3, column 5, categories[2].color: what is wrong`
impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.position.map(|(line, column)| format!("line {line}, column {column}"));
        let path = (!self.path.is_empty()).then(|| self.path.clone());
        let place: Vec<String> = position.into_iter().chain(path).collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for FileError {}
