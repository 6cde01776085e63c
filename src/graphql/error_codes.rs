//! Gives a code to the errors of async-graphql itself, which are errors of parsing and validating.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, Response, ServerError,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextSubscribe},
};
use futures_util::{StreamExt, stream::BoxStream};

use crate::{domain::violation::Violation, fault::ErrorCode};

/// The extension of async-graphql that gives each error a code. A schema with an extension resolves each field through it, so
/// the public schema, which answers most requests, has none: the engine gives the codes.
pub struct ErrorCodes;

impl ExtensionFactory for ErrorCodes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for ErrorCodes {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(context).await;
        give_codes(&mut response.errors);
        response
    }

    fn subscribe<'s>(
        &self,
        context: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let stream = next.run(context, stream);
        Box::pin(stream.map(|mut response| {
            give_codes(&mut response.errors);
            response
        }))
    }
}

/// The maximum number of errors in one response. Nobody corrects more at once.
const MAX_ERRORS: usize = 20;
/// The maximum number of characters in a message. async-graphql repeats the input in its messages, and that may be
/// long.
const MAX_MESSAGE: usize = 400;

/// Gives a code to each error. Replaces the errors beyond the maximum with one error that says how many there are.
pub fn give_codes(errors: &mut Vec<ServerError>) {
    let left_out = errors.len().saturating_sub(MAX_ERRORS);
    errors.truncate(MAX_ERRORS);
    errors.iter_mut().for_each(give_code);
    if left_out > 0 {
        let mut error = ServerError::new(format!("There are {left_out} more errors. Mend the first ones."), None);
        give_code(&mut error);
        errors.push(error);
    }
}

/// Gives a code to an error that has none, and makes it readable.
pub fn give_code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_some() {
        return;
    }
    extensions.set("code", ErrorCode::BadUserInput.as_str());
    error.message = readable(&error.message);
    let violation = Violation::new(path_of(&error.message), "GRAPHQL", error.message.clone());
    if let Ok(violations) = async_graphql::to_value([violation]) {
        extensions.set("violations", violations);
    }
}

/// Returns the message of async-graphql in one line. The parser draws the whole query with an arrow below it. Only the
/// last line of its message says what it expected, and the location of the error says where.
fn readable(message: &str) -> String {
    let message = match message.rsplit_once("\n  = ") {
        Some((drawing, expected)) if drawing.starts_with(" --> ") => format!("The query cannot be read: {expected}."),
        _ => message.to_owned(),
    };
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

/// Returns the path of an error in the input. async-graphql writes it into the message, as in
/// `Invalid value for argument "input.shares.0.percent"`, sometimes followed by `field "percent" … is required` or
/// `unknown field "percents"`. The path is empty if the message has none.
fn path_of(message: &str) -> String {
    let quoted = |before: &str| message.split_once(before).and_then(|(_, rest)| rest.split('"').next());
    let Some(argument) = quoted("argument \"") else { return String::new() };
    let field = if message.starts_with("Invalid value") { quoted("field \"") } else { None };
    let mut path = String::new();
    for part in argument.split('.').chain(field).skip_while(|part| *part == "input") {
        if part.parse::<usize>().is_ok() {
            path.push_str(&format!("[{part}]"));
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path.push_str(&format!("{dot}{part}"));
        }
    }
    if path.is_empty() { argument.to_owned() } else { path }
}
