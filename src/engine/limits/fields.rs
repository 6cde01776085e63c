//! Limits the fields that do not exist. async-graphql reports each of them with an error of its own; thousands of such
//! errors are expensive and help nobody. Also refuses what async-graphql does not validate: the parts of a `__typename`.

use std::collections::HashMap;

use async_graphql::{
    Pos, Positioned, ServerError,
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};

/// The most unknown fields that async-graphql reports one by one.
const MAX_UNKNOWN: usize = 20;
/// The field that every type has. It has no arguments and no selection.
const TYPENAME: &str = "__typename";

/// The fields of the schema: for each type, the type that each of its fields returns.
pub struct Fields {
    roots: [String; 3],
    types: HashMap<String, HashMap<String, String>>,
}

impl Fields {
    /// Reads the fields of a schema.
    pub fn of(registry: &Registry) -> Self {
        let subscription = registry.subscription_type.clone().unwrap_or_default();
        let roots = [registry.query_type.clone(), registry.mutation_type.clone().unwrap_or_default(), subscription];
        let returned = |kind: &MetaType| {
            let fields = kind.fields().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), MetaTypeName::concrete_typename(&field.ty).to_owned())).collect()
        };
        Self { roots, types: registry.types.iter().map(|(name, kind)| (name.clone(), returned(kind))).collect() }
    }

    /// Fails if too many fields do not exist for async-graphql to report each, or if a `__typename` has a part that no such field
    /// has.
    pub fn check(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        let mut unknown = Unknown { fields: self, count: 0, first: None, of_typename: None };
        for (_, operation) in document.operations.iter() {
            let root = match operation.node.ty {
                OperationType::Query => &self.roots[0],
                OperationType::Mutation => &self.roots[1],
                OperationType::Subscription => &self.roots[2],
            };
            unknown.count(&operation.node.selection_set.node, root);
        }
        for fragment in document.fragments.values() {
            unknown.count(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node);
        }
        if let Some(error) = unknown.of_typename {
            return Err(error);
        }
        match unknown.first {
            Some((name, on, at)) if unknown.count > MAX_UNKNOWN => {
                let count = unknown.count;
                let message = format!("{count} fields do not exist. The first is \"{name}\" on type \"{on}\".");
                Err(ServerError::new(message, Some(at)))
            }
            _ => Ok(()),
        }
    }
}

struct Unknown<'a> {
    fields: &'a Fields,
    count: usize,
    first: Option<(&'a str, &'a str, Pos)>,
    of_typename: Option<ServerError>,
}

impl<'a> Unknown<'a> {
    /// Counts the unknown fields of a selection set and of the sets inside it. The selection of an unknown field is
    /// skipped, because its type is unknown too.
    fn count(&mut self, set: &'a SelectionSet, on: &'a str) {
        let Some(known) = self.fields.types.get(on) else { return };
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    if name == TYPENAME {
                        self.of_typename = self.of_typename.take().or_else(|| unknown_part(field));
                    } else if let Some(returned) = known.get(name) {
                        self.count(&field.node.selection_set.node, returned);
                    } else if !name.starts_with("__") {
                        self.count += 1;
                        self.first = self.first.or(Some((name, on, field.pos)));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let condition = condition.map_or(on, |condition| condition.node.on.node.as_str());
                    self.count(&fragment.node.selection_set.node, condition);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}

/// Returns the error for the first directive, argument or selection of a `__typename` that does not exist.
fn unknown_part(field: &Positioned<Field>) -> Option<ServerError> {
    let Field { directives, arguments, selection_set, .. } = &field.node;
    let directive =
        directives.iter().find(|directive| !["skip", "include"].contains(&directive.node.name.node.as_str()));
    if let Some(directive) = directive {
        let message = format!("Unknown directive \"{}\"", directive.node.name.node);
        return Some(ServerError::new(message, Some(directive.pos)));
    }
    if let Some((argument, _)) = arguments.first() {
        let message = format!("Unknown argument \"{}\" on field \"{TYPENAME}\"", argument.node);
        return Some(ServerError::new(message, Some(argument.pos)));
    }
    let has_selection = !selection_set.node.items.is_empty();
    let message = || format!("Field \"{TYPENAME}\" must not have a selection since it has no subfields");
    has_selection.then(|| ServerError::new(message(), Some(selection_set.pos)))
}
