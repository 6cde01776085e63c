//! Counts the selections of a parsed document in one walk. The walk enters each fragment once, while async-graphql
//! would expand a fragment at each of its spreads. It stops at the first limit that is exceeded, so it never does more
//! work than the limits allow.
//!
//! The walk also refuses two mistakes that async-graphql would report with thousands of errors: fields that can't be
//! merged (GraphQL, October 2021, 5.3.2) and fragments that contain themselves (5.5.2.2).

use std::{collections::HashMap, rc::Rc};

use async_graphql::{
    Pos, Positioned, ServerError,
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
};

use super::{Limit, LimitExceeded};

/// Why a document is refused.
#[derive(Debug)]
pub enum Refused {
    /// The document exceeds a limit.
    TooComplex(LimitExceeded),
    /// The document is not valid.
    Invalid(ServerError),
}

impl From<LimitExceeded> for Refused {
    fn from(exceeded: LimitExceeded) -> Self {
        Self::TooComplex(exceeded)
    }
}

impl Refused {
    fn invalid(message: String, at: Pos) -> Self {
        Self::Invalid(ServerError::new(message, Some(at)))
    }
}

/// Checks every definition of a document. Returns the number of selections, with every spread expanded.
pub fn check(document: &ExecutableDocument) -> Result<usize, Refused> {
    Limit::Operations.check(document.operations.iter().count())?;
    Limit::Fragments.check(document.fragments.len())?;
    let mut walk = Walk { document, entered: HashMap::new(), selections: 0 };
    for name in document.fragments.keys() {
        walk.fragment(name)?;
    }
    for (_, operation) in document.operations.iter() {
        let root = walk.selection_set(&operation.node.selection_set.node)?;
        Limit::RootFields.check(root.fields.len())?;
        // "Subscription operations must have exactly one root field" (5.2.3.1). async-graphql would mix the results of
        // several.
        if operation.node.ty == OperationType::Subscription && root.fields.len() > 1 {
            let message = "A subscription selects exactly one field of the type Subscription.";
            return Err(Refused::invalid(message.to_owned(), operation.pos));
        }
    }
    Ok(walk.selections)
}

/// A selection set with its spreads expanded.
#[derive(Default)]
struct Expanded<'a> {
    selections: usize,
    depth: usize,
    fields: Vec<OnType<'a>>,
}

/// A field, and the type of the innermost fragment around it. Fields of different object types are never merged, so
/// they cannot conflict.
type OnType<'a> = (Option<&'a str>, &'a Positioned<Field>);

struct Walk<'a> {
    document: &'a ExecutableDocument,
    /// The fragments that were entered. A fragment that is still being walked has no value yet.
    entered: HashMap<&'a str, Option<Rc<Expanded<'a>>>>,
    /// The selections of all definitions so far.
    selections: usize,
}

impl<'a> Walk<'a> {
    fn fragment(&mut self, name: &'a str) -> Result<Rc<Expanded<'a>>, Refused> {
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Rc::default()) };
        match self.entered.get(name) {
            Some(Some(expanded)) => return Ok(Rc::clone(expanded)),
            Some(None) => {
                let message = format!("The fragment \"{name}\" contains itself.");
                return Err(Refused::invalid(message, fragment.pos));
            }
            None => {}
        }
        self.entered.insert(name, None);
        let mut expanded = self.selection_set(&fragment.node.selection_set.node)?;
        let condition = fragment.node.type_condition.node.on.node.as_str();
        expanded.fields.iter_mut().for_each(|(on, _)| *on = on.or(Some(condition)));
        let expanded = Rc::new(expanded);
        self.entered.insert(name, Some(Rc::clone(&expanded)));
        Ok(expanded)
    }

    /// Expands and checks the selection set of a field or a definition.
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Expanded<'a>, Refused> {
        let mut expanded = Expanded::default();
        self.expand(set, None, &mut expanded)?;
        check_fields(&expanded.fields)?;
        Ok(expanded)
    }

    fn expand(&mut self, set: &'a SelectionSet, on: Option<&'a str>, into: &mut Expanded<'a>) -> Result<(), Refused> {
        for selection in &set.items {
            self.count(1)?;
            into.selections += 1;
            let depth_below = match &selection.node {
                Selection::Field(field) => {
                    Limit::Arguments.check(field.node.arguments.len())?;
                    into.fields.push((on, field));
                    let below = self.selection_set(&field.node.selection_set.node)?;
                    into.selections += below.selections;
                    below.depth
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let condition = condition.map(|condition| condition.node.on.node.as_str());
                    let mut below = Expanded::default();
                    self.expand(&fragment.node.selection_set.node, condition, &mut below)?;
                    into.selections += below.selections;
                    into.fields.append(&mut below.fields);
                    below.depth
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragment(&spread.node.fragment_name.node)?;
                    self.count(fragment.selections)?;
                    into.selections += fragment.selections;
                    into.fields.extend_from_slice(&fragment.fields);
                    fragment.depth
                }
            };
            into.depth = into.depth.max(depth_below + 1);
            Limit::Depth.check(into.depth)?;
        }
        Ok(())
    }

    fn count(&mut self, selections: usize) -> Result<(), LimitExceeded> {
        self.selections = self.selections.saturating_add(selections);
        Limit::Selections.check(self.selections)
    }
}

/// Checks the fields of one selection set. No field may be repeated too often, and fields with the same response name
/// must be the same field with the same arguments.
fn check_fields(fields: &[OnType<'_>]) -> Result<(), Refused> {
    let mut repeats: HashMap<&str, usize> = HashMap::new();
    let mut by_response_key: HashMap<(Option<&str>, &str), &Field> = HashMap::new();
    for (on, field) in fields {
        let (at, field) = (field.pos, &field.node);
        let repeats = repeats.entry(field.name.node.as_str()).or_default();
        *repeats += 1;
        Limit::FieldRepeats.check(*repeats)?;
        let key = field.response_key().node.as_str();
        let first = *by_response_key.entry((*on, key)).or_insert(field);
        let differing = if first.name.node != field.name.node {
            "different fields"
        } else if !have_same_arguments(first, field) {
            "differing arguments"
        } else {
            continue;
        };
        let message = format!("Fields \"{key}\" conflict: they have {differing}. Give each an alias of its own.");
        return Err(Refused::invalid(message, at));
    }
    Ok(())
}

fn have_same_arguments(one: &Field, other: &Field) -> bool {
    one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| other.get_argument(&name.node) == Some(value))
}
