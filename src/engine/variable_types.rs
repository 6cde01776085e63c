//! Compares variables with the types that an operation defines for them. If they fit, a document that was found valid before
//! need not be validated again: nothing else differs from one execution to the next.
//!
//! That holds if each variable is an argument by itself. async-graphql validates an argument such as `{slug: $slug}` only as a
//! whole, and not at all as long as the variable has no value: a document with it may be found valid although another slug in
//! its place would not be.

use async_graphql::{
    Name, Positioned, Value,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value as Argument;

use crate::graphql::input_fields::has_variable;

/// Returns whether each variable of a document stands by itself wherever it is used, and not within a list or an object.
pub fn stand_alone(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| {
        let operation = &operation.node;
        operation.variable_definitions.iter().all(|variable| stand_alone_in_directives(&variable.node.directives))
            && stand_alone_in_directives(&operation.directives)
            && stand_alone_in(&operation.selection_set.node)
    }) && document.fragments.values().all(|fragment| {
        stand_alone_in_directives(&fragment.node.directives) && stand_alone_in(&fragment.node.selection_set.node)
    })
}

fn stand_alone_in(selections: &SelectionSet) -> bool {
    selections.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let field = &field.node;
            stand_alone_as(&field.arguments)
                && stand_alone_in_directives(&field.directives)
                && stand_alone_in(&field.selection_set.node)
        }
        Selection::FragmentSpread(spread) => stand_alone_in_directives(&spread.node.directives),
        Selection::InlineFragment(fragment) => {
            stand_alone_in_directives(&fragment.node.directives) && stand_alone_in(&fragment.node.selection_set.node)
        }
    })
}

fn stand_alone_in_directives(directives: &[Positioned<Directive>]) -> bool {
    directives.iter().all(|directive| stand_alone_as(&directive.node.arguments))
}

fn stand_alone_as(arguments: &[(Positioned<Name>, Positioned<Argument>)]) -> bool {
    arguments.iter().all(|(_, value)| matches!(value.node, Argument::Variable(_)) || !has_variable(&value.node))
}

/// The types that variables may have.
pub struct VariableTypes(Registry);

impl VariableTypes {
    /// The types of a schema.
    pub fn new(registry: Registry) -> Self {
        Self(registry)
    }

    /// Returns all types of the schema.
    pub fn registry(&self) -> &Registry {
        &self.0
    }

    /// Returns whether a value certainly is of a type, such as `[ID!]!`. The rules are those of async-graphql, which says what
    /// is wrong with a value that does not fit.
    pub fn fits(&self, value: &Value, of: &str) -> bool {
        match (MetaTypeName::create(of), value) {
            (MetaTypeName::NonNull(_), Value::Null) => false,
            (_, Value::Null) => true,
            (MetaTypeName::List(of), Value::List(values)) => values.iter().all(|value| self.fits(value, of)),
            // A value may stand for a list that has it alone.
            (MetaTypeName::NonNull(of) | MetaTypeName::List(of), value) => self.fits(value, of),
            (MetaTypeName::Named(of), value) => self.0.types.get(of).is_some_and(|of| self.fits_named(value, of)),
        }
    }

    fn fits_named(&self, value: &Value, of: &MetaType) -> bool {
        match (of, value) {
            (MetaType::Scalar { is_valid, .. }, value) => is_valid.as_ref().is_none_or(|is_valid| is_valid(value)),
            (MetaType::Enum { enum_values, .. }, Value::String(name)) => enum_values.contains_key(name),
            (MetaType::InputObject { input_fields, oneof: false, .. }, Value::Object(values)) => {
                let are_fields = values.keys().all(|name| input_fields.contains_key(name.as_str()));
                are_fields
                    && input_fields.values().all(|field| match values.get(field.name.as_str()) {
                        Some(value) => self.fits(value, &field.ty),
                        None => field.default_value.is_some() || !MetaTypeName::create(&field.ty).is_non_null(),
                    })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value as Json, json};

    use super::*;
    use crate::{
        engine::{GraphQLParams, fuzzing},
        graphql::registry,
    };

    fn is_found_valid(value: &Json, of: &str, document: &str) -> bool {
        let params = json!({ "query": document.replace("TYPE", of), "variables": { "value": value } });
        let response = fuzzing::validate(serde_json::from_value::<GraphQLParams>(params).unwrap());
        !serde_json::from_slice::<Json>(&response).unwrap().as_object().unwrap().contains_key("errors")
    }

    fn fits(value: &Json, of: &str) -> bool {
        VariableTypes::new(registry()).fits(&Value::from_json(value.clone()).unwrap(), of)
    }

    fn any_value() -> impl Strategy<Value = Json> {
        let share = |percent: Json| json!({ "category": "health", "percent": percent });
        prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(7),
            json!(1.5),
            json!(9e99),
            json!("text"),
            json!("OPEN"),
            json!([]),
            json!([null]),
            json!({}),
            share(json!(50)),
            json!([share(json!(12.5)), share(json!(87.5))]),
            json!([share(json!("50"))]),
            json!([share(json!(null))]),
            json!([{ "category": "health" }]),
            json!([{ "category": "health", "percent": 1, "more": 1 }]),
        ])
    }

    fn any_input() -> impl Strategy<Value = Json> {
        let names = ["budget", "shares", "remember", "code", "idempotencyKey", "challengeSolution", "unknown"];
        // Mostly right, so that a single mistake decides.
        let right = json!({ "budget": "federal", "shares": [{ "category": "health", "percent": 100 }] });
        prop::collection::vec((prop::sample::select(names.to_vec()), prop::option::weighted(0.8, any_value())), 0..3)
            .prop_map(move |changes| {
                let mut input: Map<String, Json> = right.as_object().unwrap().clone();
                for (name, value) in changes {
                    match value {
                        Some(value) => drop(input.insert(name.to_owned(), value)),
                        None => drop(input.remove(name)),
                    }
                }
                Json::Object(input)
            })
    }

    proptest! {
        // Not the other way round: validation accepts a text for an object, and the resolver refuses it.
        #[test]
        fn validation_accepts_what_fits(input in any_input()) {
            let (of, document) = ("SubmitAllocationInput!", "mutation($value: TYPE) { submitAllocation(input: $value) { hasReplaced } }");
            prop_assert!(!fits(&input, of) || is_found_valid(&input, of, document));
        }

        #[test]
        fn a_plain_value_fits_exactly_if_validation_accepts_it(value in any_value()) {
            for (of, document) in [
                ("String!", "query($value: TYPE) { budget(slug: $value) { slug } }"),
                ("ID!", "query($value: TYPE) { submission(id: $value) { id } }"),
            ] {
                prop_assert_eq!(fits(&value, of), is_found_valid(&value, of, document), "{}", of);
            }
        }
    }

    #[test]
    fn variables_stand_alone_unless_one_is_within_a_list_or_an_object() {
        for (document, is_so) in [
            ("query($a: ID!) { submission(id: $a) { id } }", true),
            ("{ submission(id: \"x\") { id } }", true),
            ("mutation { submitAllocation(input: {shares: [{percent: 1}]}) { hasReplaced } }", true),
            ("mutation($a: String) { eraseMyData(input: {budget: $a}) { erased { submissions } } }", false),
            ("query($a: ID!) { nodes(ids: [$a]) { id } }", false),
            ("query A { budgets { slug } } query B($a: ID!) { nodes(ids: [[$a]]) { id } }", false),
            ("query($a: ID!) { ...F } fragment F on Query { budgets { nodes(ids: [$a]) { id } } }", false),
            ("query($a: ID!) { ... on Query { nodes(ids: [$a]) { id } } }", false),
            ("query($a: Boolean!) { budgets @skip(if: $a) { slug } }", true),
            ("query($a: Boolean!) { budgets @skip(if: [$a]) { slug } }", false),
            ("query($a: Boolean!) { ...F @skip(if: [$a]) } fragment F on Query { budgets { slug } }", false),
            ("query($a: Boolean!) { ... @skip(if: [$a]) { budgets { slug } } }", false),
            ("query($a: Boolean!) @skip(if: [$a]) { budgets { slug } }", false),
            ("query($a: Boolean!) { ...F } fragment F on Query @skip(if: [$a]) { budgets { slug } }", false),
        ] {
            assert_eq!(stand_alone(&async_graphql::parser::parse_query(document).unwrap()), is_so, "{document}");
        }
    }

    #[test]
    fn an_input_fits_if_every_field_does() {
        let share = json!({ "category": "health", "percent": 100 });
        let with = |field: &str, value: Json| {
            let mut input = json!({ "budget": "federal", "shares": [share] });
            input[field] = value;
            input
        };
        for (input, is_right) in [
            (with("remember", json!(true)), true),
            (with("code", json!(null)), true),
            // One value stands for a list of it.
            (with("shares", share.clone()), true),
            (with("shares", json!([])), true),
            (with("shares", json!([null])), false),
            (with("shares", json!("health")), false),
            (with("remember", json!(null)), false),
            (with("budget", json!(7)), false),
            (with("colour", json!("red")), false),
            (json!({ "budget": "federal" }), false),
            (json!(null), false),
        ] {
            assert_eq!(fits(&input, "SubmitAllocationInput!"), is_right, "{input}");
        }
    }

    #[test]
    fn an_enum_takes_its_own_names_alone() {
        for (value, is_one) in [(json!("ALWAYS"), true), (json!("NEVER"), false), (json!(1), false)] {
            assert_eq!(fits(&value, "ResultVisibility!"), is_one, "{value}");
            assert_eq!(fits(&json!([value]), "[ResultVisibility!]"), is_one, "{value}");
        }
        assert!(!fits(&json!("x"), "NoSuchType"));
    }
}
