//! What a client sends, over any transport: the parameters of GraphQL over HTTP.

use async_graphql::{Name, Request, Value as ConstValue, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    limits::{Limit, LimitExceeded},
    object,
};

/// A query, which of its operations, and its variables.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "camelCase")]
pub struct GraphQLParams {
    /// The document; may be missing where `extensions` name a known one.
    pub query: Option<String>,
    /// Which operation of the document.
    pub operation_name: Option<String>,
    /// By name, without the `$`.
    pub variables: Option<Map<String, Value>>,
    /// What goes beyond the specification.
    #[serde(default, deserialize_with = "object::optional")]
    pub extensions: Option<Extensions>,
}

/// The extensions that are understood; all others are passed over.
#[derive(Deserialize, Debug, Default)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// Automatic persisted queries, as Apollo Client speaks them.
    #[serde(default, deserialize_with = "object::optional")]
    pub persisted_query: Option<PersistedQuery>,
}

/// A document by its hash.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub struct PersistedQuery {
    /// Of the protocol: 1.
    pub version: u32,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256_hash: String,
}

impl GraphQLParams {
    /// Equal for equal documents, operations and variables: the order of the variables' names and the white space of the
    /// JSON tell nothing.
    pub fn key(&self) -> Vec<u8> {
        let query = self.query.as_deref().unwrap_or_default();
        let operation = self.operation_name.as_deref().unwrap_or_default();
        let mut key = Vec::with_capacity(query.len() + operation.len() + 64);
        for text in [query, operation] {
            key.extend_from_slice(text.as_bytes());
            // In no GraphQL document and no name, so that nothing can be shifted from one part to the next.
            key.push(0);
        }
        if let Some(variables) = self.variables.as_ref().filter(|variables| !variables.is_empty()) {
            // A map writes its names in alphabetical order; into memory nothing fails.
            let _ = serde_json::to_writer(&mut key, variables);
        }
        key
    }

    /// `Err` where the variables hold more values than they may.
    pub(super) fn check_variables(&self) -> Result<(), LimitExceeded> {
        let values = self.variables.iter().flat_map(Map::values).fold(0, |count, value| count + count_values(value));
        Limit::VariableValues.check(values)
    }

    /// Leaves out the variables that an operation does not define: they change nothing, and would make another key.
    pub(super) fn keep_variables(&mut self, is_defined: impl Fn(&str) -> bool) {
        if let Some(variables) = &mut self.variables {
            variables.retain(|name, _| is_defined(name));
        }
    }

    /// Gives a variable that was not sent its default. The engine does so where it resolves an argument, and not where it
    /// decides on `@skip` and `@include`.
    pub(super) fn set_default(&mut self, name: &Name, default: &ConstValue) {
        let variables = self.variables.get_or_insert_default();
        if !variables.contains_key(name.as_str())
            && let Ok(default) = default.clone().into_json()
        {
            variables.insert(name.to_string(), default);
        }
    }

    /// As the engine takes it.
    pub(super) fn into_request(self) -> Request {
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
