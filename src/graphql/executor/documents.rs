//! Documents, parsed once: what their operations are, and whether everybody gets the same answer.

use std::sync::Arc;

use async_graphql::{
    ServerError,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
    },
};
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use super::{Params, Refusal};
use crate::graphql::public::PublicFields;

/// Text of all kept documents together, in bytes; parsed they take about twenty times as much.
const CAPACITY: u64 = 1024 * 1024;
const ESTIMATED_DOCUMENTS: usize = 500;
/// A document that nobody could run again and again by accident is not worth its place.
const LONGEST_KEPT: usize = 16 * 1024;
const NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";

/// A parsed document.
pub struct Document {
    /// As the engine takes it.
    pub parsed: ExecutableDocument,
    operations: Vec<Operation>,
}

/// One operation of a document.
#[derive(Debug, Clone)]
pub struct Operation {
    name: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Whether everybody gets the same answer.
    pub is_public: bool,
    /// The variables that must be given, and their types.
    required: Vec<(String, String)>,
}

impl Operation {
    /// "If `value` was not provided and the variable's type is non-null, raise a request error" (GraphQL, October 2021,
    /// 6.1.2); the engine would notice only at the field that uses it.
    pub fn check(&self, params: &Params) -> Result<(), ServerError> {
        let is_given = |name: &str| params.variables.as_ref().is_some_and(|variables| variables.contains_key(name));
        match self.required.iter().find(|(name, _)| !is_given(name)) {
            Some((name, kind)) => {
                let message = format!("Variable {name} is not defined. Send a value of the type {kind} for it.");
                Err(ServerError::new(message, None))
            }
            None => Ok(()),
        }
    }
}

impl Document {
    fn parse(text: &str, public: &PublicFields) -> Result<Self, ServerError> {
        let parsed = parse_query(text)?;
        let operation = |(name, operation): (Option<&async_graphql::Name>, &OperationDefinition)| {
            let is_public = match operation.ty {
                OperationType::Query => public.has_query(&parsed, operation),
                OperationType::Mutation => false,
                OperationType::Subscription => public.has_subscription(&parsed, operation),
            };
            let variables = operation.variable_definitions.iter().map(|definition| &definition.node);
            let required = variables.filter(|it| !it.var_type.node.nullable && it.default_value.is_none());
            let required = required.map(|it| (it.name.to_string(), it.var_type.to_string())).collect();
            Operation { name: name.map(ToString::to_string), kind: operation.ty, is_public, required }
        };
        let operations = parsed.operations.iter().map(|(name, op)| operation((name, &op.node))).collect();
        for (_, operation) in parsed.operations.iter() {
            if operation.node.ty == OperationType::Subscription {
                check_one_root_field(&parsed, &operation.node)?;
            }
        }
        Ok(Self { parsed, operations })
    }

    /// The operation of this name, or the only one.
    pub fn operation(&self, name: Option<&str>) -> Result<&Operation, ServerError> {
        let found = match name.filter(|name| !name.is_empty()) {
            Some(name) => self.operations.iter().find(|operation| operation.name.as_deref() == Some(name)),
            None if self.operations.len() == 1 => self.operations.first(),
            None => return Err(ServerError::new("The document has several operations: name one of them.", None)),
        };
        found.ok_or_else(|| {
            let name = name.unwrap_or_default();
            ServerError::new(format!("Unknown operation named \"{name}\"."), None)
        })
    }
}

/// "Subscription operations must have exactly one root field" (GraphQL, October 2021, 5.2.3.1); the engine would mix the
/// events of several.
fn check_one_root_field(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), ServerError> {
    fn count(document: &ExecutableDocument, selections: &SelectionSet, depth: u8) -> usize {
        let of = |selection: &Selection| match selection {
            Selection::Field(_) => 1,
            Selection::InlineFragment(fragment) => count(document, &fragment.node.selection_set.node, depth),
            Selection::FragmentSpread(spread) => match document.fragments.get(&spread.node.fragment_name.node) {
                // A fragment that contains itself is refused by the validation.
                Some(fragment) if depth < 8 => count(document, &fragment.node.selection_set.node, depth + 1),
                _ => 0,
            },
        };
        selections.items.iter().map(|selection| of(&selection.node)).sum()
    }
    if count(document, &operation.selection_set.node, 0) > 1 {
        return Err(ServerError::new("A subscription selects exactly one field of the type Subscription.", None));
    }
    Ok(())
}

/// The documents that were sent lately.
pub struct Documents {
    public: PublicFields,
    parsed: Cache<String, Arc<Document>, TextLength>,
    by_hash: Cache<[u8; 32], Arc<str>, TextLength>,
}

#[derive(Clone)]
struct TextLength;

impl Weighter<String, Arc<Document>> for TextLength {
    fn weight(&self, text: &String, _: &Arc<Document>) -> u64 {
        text.len() as u64
    }
}

impl Weighter<[u8; 32], Arc<str>> for TextLength {
    fn weight(&self, _: &[u8; 32], text: &Arc<str>) -> u64 {
        text.len() as u64
    }
}

impl Documents {
    /// None yet.
    pub fn new(public: PublicFields) -> Self {
        Self {
            public,
            parsed: Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY, TextLength),
            by_hash: Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY, TextLength),
        }
    }

    /// The document of this text.
    pub fn parse(&self, text: &str) -> Result<Arc<Document>, ServerError> {
        if let Some(document) = self.parsed.get(text) {
            return Ok(document);
        }
        let document = Arc::new(Document::parse(text, &self.public)?);
        if text.len() <= LONGEST_KEPT {
            self.parsed.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }

    /// Automatic persisted queries: a client that sends the hash of a document alone gets it filled in where this process
    /// knows it, and where it sends both, the document is remembered. Each node learns for itself; a client that is not
    /// understood sends the document again.
    pub fn complete(&self, params: &mut Params) -> Result<(), Refusal> {
        let Some(persisted) = params.extensions.as_ref().and_then(|extensions| extensions.persisted_query.as_ref())
        else {
            return Ok(());
        };
        if persisted.version != 1 {
            let message = "Only version 1 of persisted queries is known. Send the query itself.";
            return Err(Refusal::with_code("PERSISTED_QUERY_NOT_SUPPORTED", message));
        }
        let hash = read_hash(&persisted.sha256_hash).ok_or_else(|| {
            Refusal::with_code("BAD_USER_INPUT", "`sha256Hash` must be SHA-256 in 64 hexadecimal digits.")
        })?;
        let Some(text) = params.query.as_deref().filter(|text| !text.is_empty()) else {
            let known = self.by_hash.get(&hash);
            // The message that Apollo's clients look for.
            let known = known.ok_or_else(|| Refusal::with_code(NOT_FOUND, "PersistedQueryNotFound"))?;
            params.query = Some((*known).to_owned());
            return Ok(());
        };
        if <[u8; 32]>::from(Sha256::digest(text.as_bytes())) != hash {
            let message = "`sha256Hash` is not the SHA-256 of this query.";
            return Err(Refusal::with_code("BAD_USER_INPUT", message));
        }
        // Nothing is kept that nobody could run.
        if text.len() <= LONGEST_KEPT && self.parse(text).is_ok() {
            self.by_hash.insert(hash, text.into());
        }
        Ok(())
    }
}

/// A hash as Apollo's protocol writes it.
pub fn read_hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}
