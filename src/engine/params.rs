//! The parameters of a GraphQL request, as clients send them over any transport.

use async_graphql::{Name, Request, Value as ConstValue, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    RequestError, document_cache,
    limits::{Limit, LimitExceeded},
    object,
};

/// The parameters of a GraphQL request, named as in GraphQL over HTTP.
#[derive(Deserialize, Debug, Default, Clone)]
#[serde(rename_all = "camelCase")]
pub struct GraphQLParams {
    /// The document. It may be missing if `extensions` have the hash of a cached document.
    pub query: Option<String>,
    /// The name of the operation to execute.
    pub operation_name: Option<String>,
    /// The variables by their names, without the `$`.
    pub variables: Option<Map<String, Value>>,
    /// The extensions of the protocol.
    #[serde(default, deserialize_with = "object::optional")]
    pub extensions: Option<Extensions>,
}

/// The supported extensions. All others are ignored.
#[derive(Deserialize, Debug, Default, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// An automatic persisted query, as Apollo Client sends it.
    #[serde(default, deserialize_with = "object::optional")]
    pub persisted_query: Option<PersistedQuery>,
}

/// The hash of a document.
#[derive(Deserialize, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct PersistedQuery {
    /// The version of the protocol, which is 1.
    pub version: u32,
    /// The SHA-256 of the document, in hexadecimal digits.
    pub sha256_hash: String,
}

impl GraphQLParams {
    /// Returns a key that is equal for equal documents, operation names and variables. The order of the variables and
    /// the white space of the JSON make no difference.
    pub fn key(&self) -> Vec<u8> {
        let query = self.query.as_deref().unwrap_or_default();
        let operation = self.operation_name.as_deref().unwrap_or_default();
        let mut key = Vec::with_capacity(query.len() + operation.len() + 64);
        for text in [query, operation] {
            key.extend_from_slice(text.as_bytes());
            // No document and no name contains a zero, so two different pairs of them never give the same key.
            key.push(0);
        }
        if let Some(variables) = self.variables.as_ref().filter(|variables| !variables.is_empty()) {
            // A map writes its names in alphabetical order. Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut key, variables);
        }
        key
    }

    /// Fails if the variables contain more values than the limit.
    pub(super) fn check_variables(&self) -> Result<(), LimitExceeded> {
        let values = self.variables.iter().flat_map(Map::values).fold(0, |count, value| count + count_values(value));
        Limit::VariableValues.check(values)
    }

    /// Removes the variables that the operation does not define. They have no effect, but would make a different key.
    pub(super) fn keep_variables(&mut self, is_defined: impl Fn(&str) -> bool) {
        if let Some(variables) = &mut self.variables {
            variables.retain(|name, _| is_defined(name));
        }
    }

    /// Sets a variable that the client did not send to its default. async-graphql does so when it resolves an argument,
    /// but not when it evaluates `@skip` and `@include`.
    pub(super) fn set_default(&mut self, name: &Name, default: &ConstValue) {
        let variables = self.variables.get_or_insert_default();
        if !variables.contains_key(name.as_str())
            && let Ok(default) = default.clone().into_json()
        {
            variables.insert(name.to_string(), default);
        }
    }

    /// Converts the parameters into a request for a schema other than the engine's. The document is within the limits,
    /// and is parsed already.
    pub fn into_limited_request(self) -> Result<Request, RequestError> {
        self.check_variables().map_err(RequestError::too_complex)?;
        let (document, ..) = document_cache::parse(self.query.as_deref().unwrap_or_default())?;
        let mut request = self.into_request();
        request.set_parsed_query(document);
        Ok(request)
    }

    /// Converts the parameters into a request for async-graphql.
    pub fn into_request(self) -> Request {
        let mut request = Request::new(self.query.unwrap_or_default());
        request.operation_name = self.operation_name.filter(|name| !name.is_empty());
        request.variables = Variables::from_json(Value::Object(self.variables.unwrap_or_default()));
        request
    }
}

fn count_values(value: &Value) -> usize {
    match value {
        Value::Array(values) => values.iter().map(count_values).sum::<usize>() + 1,
        Value::Object(values) => values.values().map(count_values).sum::<usize>() + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(json: &str) -> Vec<u8> {
        object::from_slice::<GraphQLParams>(json.as_bytes()).unwrap().key()
    }

    #[test]
    fn the_order_of_names_and_the_white_space_of_the_json_make_no_difference() {
        let one = r#"{"query":"{a}","variables":{"a":1,"b":{"c":[1,2],"d":null}}}"#;
        let other =
            r#"{ "variables" : { "b": {"d":null, "c": [1, 2]}, "a": 1 }, "operationName": null, "query": "{a}" }"#;
        assert_eq!(key(one), key(other));
        assert_eq!(key(r#"{"query":"{a}","variables":{}}"#), key(r#"{"query":"{a}"}"#));
    }

    #[test]
    fn another_document_operation_variable_or_kind_of_value_makes_another_key() {
        let all = [
            r#"{"query":"{a}"}"#,
            r#"{"query":"{b}"}"#,
            r#"{"query":"{a}","operationName":"a"}"#,
            r#"{"query":"{a}","variables":{"a":1}}"#,
            r#"{"query":"{a}","variables":{"a":"1"}}"#,
            r#"{"query":"{a}","variables":{"a":1.5}}"#,
            r#"{"query":"{a}","variables":{"a":[1]}}"#,
            r#"{"query":"{a}","variables":{"a":null}}"#,
            r#"{"query":"{a}","variables":{"b":1}}"#,
        ];
        let keys: std::collections::HashSet<_> = all.iter().map(|json| key(json)).collect();
        assert_eq!(keys.len(), all.len());
    }

    #[test]
    fn what_is_not_of_the_right_kind_is_refused() {
        for json in [
            r#"{"query":5}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"x"}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r#"{"query":"{a}","extensions":7}"#,
            r#"[{"query":"{a}"}]"#,
            r#"["{a}",null,null,null]"#,
            r#"{"query":"{a}","extensions":[null]}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":[1,"00"]}}"#,
            r#"{"query":"{a}"} more"#,
        ] {
            assert!(object::from_slice::<GraphQLParams>(json.as_bytes()).is_err(), "{json}");
        }
    }
}
