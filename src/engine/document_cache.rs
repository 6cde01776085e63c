//! Caches parsed documents. A document is checked against the limits before it is parsed, and cached once async-graphql
//! has found it valid.

use std::sync::Arc;

use async_graphql::{
    Name, Request, ServerError, Value, Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationDefinition, OperationType, Selection},
    },
    registry::Registry,
};
use async_graphql_value::Value as Argument;
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use super::{
    GraphQLParams, RequestError, TrustedDocuments, escapes,
    limits::{
        Limit,
        cost::{Cost, Costs},
        fields::Fields,
        selections, text,
    },
    variable_types::{self, VariableTypes},
};
use crate::{
    fault::{ErrorCode, Fault},
    graphql::{input_fields, public::PublicFields},
};

/// The most tokens of all cached documents together. A parsed token takes about 250 bytes.
const CAPACITY_TOKENS: u64 = 80_000;
/// The most bytes of all texts that are cached by their hashes.
const CAPACITY_BYTES: u64 = 1024 * 1024;
const ESTIMATED_DOCUMENTS: usize = 500;
/// A text with more tokens, or more than [`LIGHT_BYTES`], takes more than half a millisecond to parse.
const LIGHT_TOKENS: usize = 300;
const LIGHT_BYTES: usize = 4 * 1024;
/// A document with more selections takes more than half a millisecond to validate.
const LIGHT_SELECTIONS: usize = 300;

/// A parsed document within the limits.
pub struct Document {
    text: Arc<str>,
    /// The document as async-graphql takes it.
    pub parsed: ExecutableDocument,
    operations: Vec<Operation>,
    tokens: usize,
    selections: usize,
    /// Whether each variable stands by itself, so that the document need not be validated again.
    is_validated_once: bool,
}

/// One operation of a document.
#[derive(Debug)]
pub struct Operation {
    name: Option<Name>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Whether every caller gets the same response.
    pub is_public: bool,
    variables: Vec<Variable>,
    /// The default values of variables that the client does not send.
    pub defaults: Vec<(Name, Value)>,
    /// The argument `budget` of the first field.
    budget: Option<BudgetArgument>,
}

/// A variable that an operation defines.
#[derive(Debug)]
struct Variable {
    name: Name,
    /// Such as `[ID!]!`.
    kind: String,
    /// Whether the client must send it.
    is_required: bool,
}

/// How a document names a budget.
#[derive(Debug)]
enum BudgetArgument {
    Slug(String),
    Variable(String),
}

impl Operation {
    fn of(name: Option<&Name>, operation: &OperationDefinition, is_public: bool) -> Self {
        let variables = || operation.variable_definitions.iter().map(|definition| &definition.node);
        let default = |it: &async_graphql::parser::types::VariableDefinition| {
            Some((it.name.node.clone(), it.default_value.as_ref()?.node.clone()))
        };
        let defaults = variables().filter_map(default).collect();
        let variables = variables().map(|it| Variable {
            name: it.name.node.clone(),
            kind: it.var_type.to_string(),
            is_required: !it.var_type.node.nullable && it.default_value.is_none(),
        });
        let variables = variables.collect();
        let budget = operation.selection_set.node.items.iter().find_map(|selection| match &selection.node {
            Selection::Field(field) => {
                let value = &field.node.get_argument("budget")?.node;
                match value {
                    Argument::String(slug) => Some(BudgetArgument::Slug(slug.clone())),
                    Argument::Variable(name) => Some(BudgetArgument::Variable(name.to_string())),
                    _ => None,
                }
            }
            _ => None,
        });
        Self { name: name.cloned(), kind: operation.ty, is_public, variables, defaults, budget }
    }

    /// Returns the slug of the budget that the first field is about, if its argument has this form.
    pub fn budget<'a>(&'a self, params: &'a GraphQLParams) -> Option<&'a str> {
        match self.budget.as_ref()? {
            BudgetArgument::Slug(slug) => Some(slug),
            BudgetArgument::Variable(name) => params.variables.as_ref()?.get(name)?.as_str(),
        }
    }

    /// Returns whether the operation defines a variable of this name.
    pub fn defines(&self, variable: &str) -> bool {
        self.variables.iter().any(|defined| defined.name.as_str() == variable)
    }

    /// Fails if a required variable is missing: "If `value` was not provided and the variable's type is non-null, raise
    /// a request error" (GraphQL, October 2021, 6.1.2). async-graphql would notice only at the field that uses the
    /// variable.
    pub fn check(&self, params: &GraphQLParams) -> Result<(), ServerError> {
        let is_given = |name: &str| params.variables.as_ref().is_some_and(|variables| variables.contains_key(name));
        match self.variables.iter().find(|variable| variable.is_required && !is_given(&variable.name)) {
            Some(Variable { name, kind, .. }) => {
                let message = format!("Variable {name} is not defined. Send a value of the type {kind} for it.");
                Err(ServerError::new(message, None))
            }
            None => Ok(()),
        }
    }

    /// Returns whether each variable certainly is of its type. A null is not certain: whether it may stand where the variable is
    /// used depends on the default values of both.
    pub fn fits(&self, types: &VariableTypes, variables: &Variables) -> bool {
        self.variables.iter().all(|variable| match variables.get(&variable.name) {
            Some(Value::Null) => false,
            Some(value) => types.fits(value, &variable.kind),
            None => !variable.is_required,
        })
    }
}

/// Parses a text within the limits. Returns the document with its numbers of tokens and selections.
pub fn parse(text: &str) -> Result<(ExecutableDocument, usize, usize), RequestError> {
    // The length is checked before unescaping copies the text. The tokens are counted after it, in the text that is
    // parsed.
    Limit::TextBytes.check(text.len()).map_err(RequestError::too_complex)?;
    let unescaped = escapes::unescape(text).map_err(|message| RequestError::of(ServerError::new(message, None)))?;
    let tokens = text::check(&unescaped).map_err(RequestError::too_complex)?;
    let parsed = parse_query(unescaped).map_err(|error| RequestError::of(error.into()))?;
    let selections = selections::check(&parsed).map_err(|error| match error {
        selections::Refused::TooComplex(exceeded) => RequestError::too_complex(exceeded),
        selections::Refused::Invalid(error) => RequestError::of(error),
    })?;
    Ok((parsed, tokens, selections))
}

impl Document {
    fn parse(text: &str, schema: &SchemaFacts) -> Result<Self, RequestError> {
        let (parsed, tokens, selections) = parse(text)?;
        schema.fields.check(&parsed).map_err(RequestError::of)?;
        input_fields::check(&parsed, schema.variable_types.registry()).map_err(RequestError::of)?;
        let operation = |(name, operation): (Option<&Name>, &OperationDefinition)| {
            let is_public = match operation.ty {
                OperationType::Query => schema.public.has_query(&parsed, operation),
                OperationType::Mutation => false,
                OperationType::Subscription => schema.public.has_subscription(&parsed, operation),
            };
            Operation::of(name, operation, is_public)
        };
        let operations = parsed.operations.iter().map(|(name, op)| operation((name, &op.node))).collect();
        let is_validated_once = variable_types::stand_alone(&parsed);
        Ok(Self { text: text.into(), parsed, operations, tokens, selections, is_validated_once })
    }

    /// Returns the text as the client sent it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the operation of this name, or the only operation if there is no name.
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

    /// Returns whether parsing or validating the document is heavy work.
    pub fn is_heavy(&self) -> bool {
        is_heavy(&self.text, self.tokens) || self.selections > LIGHT_SELECTIONS
    }
}

/// Returns whether parsing a text with this number of tokens is heavy work.
pub fn is_heavy(text: &str, tokens: usize) -> bool {
    tokens > LIGHT_TOKENS || text.len() > LIGHT_BYTES
}

/// The facts about the schema that documents are checked against.
struct SchemaFacts {
    public: PublicFields,
    fields: Fields,
    costs: Costs,
    variable_types: VariableTypes,
}

/// The cache of valid documents, by their text and by their hash.
pub struct DocumentCache {
    schema: SchemaFacts,
    valid: Cache<Arc<str>, Arc<Document>, Weight>,
    by_hash: Cache<[u8; 32], Arc<str>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Arc<str>, Arc<Document>> for Weight {
    fn weight(&self, _: &Arc<str>, document: &Arc<Document>) -> u64 {
        document.tokens as u64
    }
}

impl Weighter<[u8; 32], Arc<str>> for Weight {
    fn weight(&self, _: &[u8; 32], text: &Arc<str>) -> u64 {
        text.len() as u64
    }
}

impl DocumentCache {
    /// Creates a cache. It is empty, except that a client can send the hash of a trusted document from the start.
    pub fn new(registry: Registry, trusted: &TrustedDocuments) -> Self {
        let (public, fields) = (PublicFields::of(&registry), Fields::of(&registry));
        let costs = Costs::of(&registry);
        let schema = SchemaFacts { public, fields, costs, variable_types: VariableTypes::new(registry) };
        let by_hash = Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY_BYTES, Weight);
        for text in trusted.texts() {
            by_hash.insert(Sha256::digest(text.as_bytes()).into(), text.into());
        }
        let valid = Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY_TOKENS, Weight);
        Self { schema, valid, by_hash }
    }

    /// Returns the cached document of this text.
    pub fn get(&self, text: &str) -> Option<Arc<Document>> {
        self.valid.get(text)
    }

    /// Parses a text and checks the document against the limits. The document is not cached yet.
    pub fn parse(&self, text: &str) -> Result<Arc<Document>, RequestError> {
        Document::parse(text, &self.schema).map(Arc::new)
    }

    /// Caches a document that async-graphql has found valid; by its hash too, if the client sent one.
    pub fn insert(&self, document: &Arc<Document>, hash: Option<[u8; 32]>) {
        if self.get(&document.text).is_none() {
            self.valid.insert(Arc::clone(&document.text), Arc::clone(document));
        }
        if let Some(hash) = hash {
            self.by_hash.insert(hash, Arc::clone(&document.text));
        }
    }

    /// Returns the number of cached documents.
    pub fn count(&self) -> usize {
        self.valid.len()
    }

    /// Returns whether a document that was found valid before is valid with the variables of this request, too. If not, it must be
    /// validated.
    pub fn is_still_valid(&self, document: &Document, request: &Request) -> bool {
        let operation = document.operation(request.operation_name.as_deref());
        document.is_validated_once
            && operation.is_ok_and(|operation| operation.fits(&self.schema.variable_types, &request.variables))
    }

    /// Returns the cost of an operation with these variables.
    pub fn cost(&self, document: &Document, operation: &Operation, params: &GraphQLParams) -> Cost {
        let mut definitions = document.parsed.operations.iter();
        let definition = definitions.find(|(name, _)| *name == operation.name.as_ref());
        definition.map_or_else(Cost::default, |(_, definition)| {
            self.schema.costs.of_operation(&document.parsed, &definition.node, params.variables.as_ref())
        })
    }

    /// Resolves automatic persisted queries. If the client sent only the hash of a document, the cached text is filled
    /// in. If the client sent both, this function checks and returns the hash, and the document is cached by it once it
    /// is found valid.
    ///
    /// Each node has a cache of its own. A client that gets `PERSISTED_QUERY_NOT_FOUND` sends the document again.
    pub fn resolve_persisted_query(&self, params: &mut GraphQLParams) -> Result<Option<[u8; 32]>, RequestError> {
        let Some(persisted) = params.extensions.as_ref().and_then(|extensions| extensions.persisted_query.as_ref())
        else {
            return Ok(None);
        };
        if persisted.version != 1 {
            let message = "Only version 1 of persisted queries is known. Send the query itself.";
            return Err(RequestError::of_fault(&Fault::new(ErrorCode::PersistedQueryNotSupported, message)));
        }
        let hash = read_hash(&persisted.sha256_hash).ok_or_else(|| {
            RequestError::of_fault(&Fault::new(
                ErrorCode::BadUserInput,
                "`sha256Hash` must be SHA-256 in 64 hexadecimal digits.",
            ))
        })?;
        let Some(text) = params.query.as_deref().filter(|text| !text.is_empty()) else {
            // The clients of Apollo look for exactly this message.
            let cached = self.by_hash.get(&hash).ok_or_else(|| {
                RequestError::of_fault(&Fault::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"))
            })?;
            params.query = Some((*cached).to_owned());
            return Ok(None);
        };
        if <[u8; 32]>::from(Sha256::digest(text.as_bytes())) != hash {
            let message = "`sha256Hash` is not the SHA-256 of this query.";
            return Err(RequestError::of_fault(&Fault::new(ErrorCode::BadUserInput, message)));
        }
        Ok(Some(hash))
    }
}

/// Reads a hash as the protocol of Apollo writes it, in 64 hexadecimal digits.
pub fn read_hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}
