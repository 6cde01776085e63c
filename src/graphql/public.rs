//! Finds out which operations are public: everybody may see their results. The directive `@public` marks the public
//! types and fields in the schema.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
    registry::{MetaDirectiveInvocation, MetaType, MetaTypeName, Registry},
};

pub use directive::public;

// The macro generates items without a doc comment.
#[allow(missing_docs)]
mod directive {
    use async_graphql::TypeDirective;

    /// Marks a type whose fields depend only on the budgets, their texts and their published snapshots, so that every
    /// caller gets the same values. On a field, it says so of this field. The type that a field returns must be public
    /// too.
    #[TypeDirective(location = "FieldDefinition", location = "Object")]
    pub fn public() {}
}

/// The public fields of every object type, each with the type that it returns.
pub struct PublicFields {
    query: String,
    subscription: String,
    types: HashMap<String, HashMap<String, String>>,
}

impl PublicFields {
    /// Reads the public fields of a schema.
    pub fn of(registry: &Registry) -> Self {
        let types = registry.types.iter().map(|(name, kind)| (name.clone(), public_fields(registry, kind))).collect();
        let subscription = registry.subscription_type.clone().unwrap_or_default();
        Self { query: registry.query_type.clone(), subscription, types }
    }

    /// Returns whether every field that a query selects is public.
    pub fn has_query(&self, document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
        self.has_operation(document, operation, &self.query)
    }

    /// Returns whether every field that a subscription selects is public.
    pub fn has_subscription(&self, document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
        self.has_operation(document, operation, &self.subscription)
    }

    fn has_operation(&self, document: &ExecutableDocument, operation: &OperationDefinition, root: &str) -> bool {
        let mut walk = Walk { fields: self, document, entered: HashSet::new() };
        walk.all_public(&operation.selection_set.node, root)
    }
}

fn public_fields(registry: &Registry, kind: &MetaType) -> HashMap<String, String> {
    let MetaType::Object { fields, directive_invocations, .. } = kind else { return HashMap::new() };
    let is_public = |invocations: &[MetaDirectiveInvocation]| invocations.iter().any(|i| i.name == "public");
    let returned = |name: &str| MetaTypeName::concrete_typename(name).to_owned();
    let returns_public = |name: &str| match registry.types.get(name) {
        Some(MetaType::Object { directive_invocations, .. }) => is_public(directive_invocations),
        other => other.is_some_and(MetaType::is_leaf),
    };
    fields
        .values()
        .filter(|field| is_public(directive_invocations) || is_public(&field.directive_invocations))
        .map(|field| (field.name.clone(), returned(&field.ty)))
        .filter(|(_, returned)| returns_public(returned))
        .collect()
}

struct Walk<'a> {
    fields: &'a PublicFields,
    document: &'a ExecutableDocument,
    /// The fragments that were entered. Each is entered once, so that the walk ends even if a fragment contains itself.
    /// The validation refuses such a document later.
    entered: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn all_public(&mut self, selections: &'a SelectionSet, on: &str) -> bool {
        selections.items.iter().all(|selection| match &selection.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                // Introspection is the same for every caller.
                if name.starts_with("__") {
                    return true;
                }
                let fields = self.fields;
                let returned = fields.types.get(on).and_then(|fields| fields.get(name));
                returned.is_some_and(|returned| self.all_public(&field.node.selection_set.node, returned))
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                self.all_public(&fragment.node.selection_set.node, condition.unwrap_or(on))
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let Some(fragment) = self.document.fragments.get(name) else { return false };
                let condition = fragment.node.type_condition.node.on.node.as_str();
                !self.entered.insert(name) || self.all_public(&fragment.node.selection_set.node, condition)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_public(text: &str) -> bool {
        let document = async_graphql::parser::parse_query(text).unwrap();
        let fields = PublicFields::of(&crate::graphql::registry());
        let (_, operation) = document.operations.iter().next().unwrap();
        match operation.node.ty {
            async_graphql::parser::types::OperationType::Query => fields.has_query(&document, &operation.node),
            _ => fields.has_subscription(&document, &operation.node),
        }
    }

    #[test]
    fn what_touches_only_budgets_and_their_published_snapshots_is_public() {
        for text in [
            "{ __typename }",
            "{ __schema { types { name } } }",
            "{ budgets { slug categories { label } } }",
            "query ($b: String!) { budget(slug: $b) { title aggregate { categories { histogram { count } } } } }",
            "{ budget(slug: \"x\") { ...Texts taxIllustration { taxes { brackets { above } } } } } fragment Texts on Budget { title }",
            "subscription { aggregate(budget: \"x\") { version budget { slug } ... on BudgetAggregate { asOf } } }",
        ] {
            assert!(is_public(text), "{text}");
        }
    }

    #[test]
    fn what_depends_on_who_asks_or_on_the_ledger_is_not_however_it_is_written() {
        for text in [
            "{ viewer { participant } }",
            "{ budgets { slug } viewer { participant } }",
            "{ submission(id: \"x\") { id } }",
            "{ node(id: \"x\") { id } }",
            "{ node(id: \"x\") { ... on Budget { slug } } }",
            "{ budgets { slug } node(id: \"x\") { __typename } }",
            "{ budgets { ... on Node { id ... on Budget { viewerSubmission { id } } } } }",
            "{ budgets { viewerSubmission { id } } }",
            "{ budgets { ...Mine } } fragment Mine on Budget { slug ... on Budget { viewerSubmission { id } } }",
            "{ ... { ... on Query { who: viewer { participant } } } }",
            "subscription { aggregate(budget: \"x\") { version budget { viewerSubmission { id } } } }",
            "{ unheardOf }",
            "{ budgets { ...Unknown } }",
            "{ budgets { ...Loop } } fragment Loop on Budget { unheardOf ...Loop }",
        ] {
            assert!(!is_public(text), "{text}");
        }
    }

    #[test]
    fn a_fragment_that_contains_itself_ends() {
        assert!(is_public("{ budgets { ...Loop } } fragment Loop on Budget { slug ...Loop }"));
    }
}
