//! Gives a code to the errors that the GraphQL engine itself makes: what it can't parse or validate.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, Response, ServerError,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextSubscribe},
};
use futures_util::{StreamExt, stream::BoxStream};

use crate::domain::violation::Violation;

/// The extension.
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
        response.errors.iter_mut().for_each(give_code);
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
            response.errors.iter_mut().for_each(give_code);
            response
        }))
    }
}

fn give_code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_some() {
        return;
    }
    if error.message.starts_with("Query is too complex") || error.message.starts_with("Query is nested too deep") {
        extensions.set("code", "QUERY_TOO_COMPLEX");
        error.message = "This query asks for too much at once. Ask for fewer fields, levels or list items.".to_owned();
        return;
    }
    extensions.set("code", "BAD_USER_INPUT");
    let violation = Violation::new(path_of(&error.message), "GRAPHQL", error.message.clone());
    if let Ok(violations) = async_graphql::to_value([violation]) {
        extensions.set("violations", violations);
    }
}

/// Where in the input: the engine tells it in the message, as `Invalid value for argument "input.shares.0.percent"`.
fn path_of(message: &str) -> String {
    let Some(quoted) = message.strip_prefix("Invalid value for argument \"").and_then(|rest| rest.split('"').next())
    else {
        return String::new();
    };
    let mut path = String::new();
    for part in quoted.split('.').skip_while(|part| *part == "input") {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path.push_str(&format!("{dot}{part}"));
        }
    }
    path
}
