//! Refuses unknown fields of input objects that have variables in them. async-graphql validates such an object only as a whole,
//! and not at all while one of its variables has no value; when it executes it, it ignores fields that it does not know. An
//! erasure with a misspelt `budget` would erase everything.

use std::sync::Arc;

use async_graphql::{
    Pos, Positioned, ServerError, ServerResult, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery},
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value;

/// Fails if a document names a field that an input object does not have.
pub fn check(document: &ExecutableDocument, registry: &Registry) -> Result<(), ServerError> {
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Query => Some(&registry.query_type),
            OperationType::Mutation => registry.mutation_type.as_ref(),
            OperationType::Subscription => registry.subscription_type.as_ref(),
        };
        check_selections(&operation.node.selection_set.node, root.map_or("", String::as_str), registry)?;
    }
    document.fragments.values().try_for_each(|fragment| {
        let on = fragment.node.type_condition.node.on.node.as_str();
        check_selections(&fragment.node.selection_set.node, on, registry)
    })
}

fn check_selections(set: &SelectionSet, on: &str, registry: &Registry) -> Result<(), ServerError> {
    set.items.iter().try_for_each(|selection| match &selection.node {
        Selection::Field(field) => {
            let field = &field.node;
            let known = registry.types.get(on).and_then(|on| on.field_by_name(&field.name.node));
            // async-graphql reports unknown fields and arguments.
            let Some(known) = known else { return Ok(()) };
            for (name, Positioned { pos, node: value }) in &field.arguments {
                let argument = known.args.get(name.node.as_str());
                if let Some(argument) = argument.filter(|_| has_variable(value)) {
                    check_value(value, &argument.ty, *pos, registry)?;
                }
            }
            check_selections(&field.selection_set.node, MetaTypeName::concrete_typename(&known.ty), registry)
        }
        Selection::InlineFragment(fragment) => {
            let condition = fragment.node.type_condition.as_ref();
            let on = condition.map_or(on, |condition| condition.node.on.node.as_str());
            check_selections(&fragment.node.selection_set.node, on, registry)
        }
        Selection::FragmentSpread(_) => Ok(()),
    })
}

fn check_value(value: &Value, of: &str, at: Pos, registry: &Registry) -> Result<(), ServerError> {
    let name = MetaTypeName::concrete_typename(of);
    match (value, registry.types.get(name)) {
        (Value::List(values), _) => values.iter().try_for_each(|value| check_value(value, of, at, registry)),
        (Value::Object(fields), Some(MetaType::InputObject { input_fields, .. })) => {
            fields.iter().try_for_each(|(field, value)| match input_fields.get(field.as_str()) {
                Some(known) => check_value(value, &known.ty, at, registry),
                None => Err(ServerError::new(format!("unknown field \"{field}\" of type \"{name}\""), Some(at))),
            })
        }
        _ => Ok(()),
    }
}

/// Returns whether there is a variable anywhere in a value.
pub fn has_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(values) => values.iter().any(has_variable),
        Value::Object(fields) => fields.values().any(has_variable),
        _ => false,
    }
}

/// The extension of async-graphql that checks the documents of a schema whose requests do not come through the engine.
pub struct KnownInputFields;

impl ExtensionFactory for KnownInputFields {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for KnownInputFields {
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(context, query, variables).await?;
        check(&document, &context.schema_env.registry)?;
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::registry;

    fn refusal(document: &str) -> Option<String> {
        check(&parse_query(document).unwrap(), &registry()).err().map(|error| error.message)
    }

    #[test]
    fn an_unknown_field_of_an_input_object_with_a_variable_is_named_wherever_it_is() {
        for (document, refused) in [
            ("mutation($a: ID) { eraseMyData(input: {slug: $a}) { erased { submissions } } }", "\"slug\""),
            (
                "query A { budgets { slug } } mutation B($a: ID) { eraseMyData(input: {slug: $a}) { __typename } }",
                "\"slug\"",
            ),
            (
                "mutation($a: ID) { ...F } fragment F on Mutation { eraseMyData(input: {slug: $a}) { __typename } }",
                "\"slug\"",
            ),
            ("mutation($a: ID) { ... { eraseMyData(input: {slug: $a}) { __typename } } }", "\"slug\""),
            ("mutation($a: ID) { ... on Mutation { eraseMyData(input: {slug: $a}) { __typename } } }", "\"slug\""),
            (
                "mutation($a: ID) { submitAllocation(input: {shares: [{part: $a}]}) { __typename } }",
                "\"part\" of type \"ShareInput\"",
            ),
            // One object for a list of it.
            (
                "mutation($a: ID) { submitAllocation(input: {shares: {part: 1, category: $a}}) { __typename } }",
                "\"part\"",
            ),
        ] {
            let message = refusal(document).unwrap_or_default();
            assert!(message.contains(refused), "{document}: {message}");
        }
    }

    #[test]
    fn everything_else_is_left_to_validation() {
        for document in [
            "mutation($a: ID) { eraseMyData(input: {budget: $a}) { __typename } }",
            "mutation($a: EraseMyDataInput!) { eraseMyData(input: $a) { __typename } }",
            "mutation { eraseMyData(input: {slug: 1}) { __typename } }",
            "mutation($a: ID) { eraseMyData(nothing: {slug: $a}) { __typename } }",
            "mutation($a: ID) { nothing(input: {slug: $a}) { __typename } }",
            "query($a: ID) { budget(slug: {slug: $a}) { slug } }",
            "subscription($a: ID) { aggregateUpdated(budget: $a) { version } }",
        ] {
            assert_eq!(refusal(document), None, "{document}");
        }
    }
}
