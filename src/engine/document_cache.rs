//! DocumentCache: checked against the limits, parsed, and kept once they are known to be valid.

use std::sync::Arc;

use async_graphql::{
    Name, ServerError, Value,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationDefinition, OperationType},
    },
    registry::Registry,
};
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
};
use crate::{
    fault::{ErrorCode, Fault},
    graphql::public::PublicFields,
};

/// Tokens of all kept documents together; parsed, one takes about 250 bytes.
const CAPACITY_TOKENS: u64 = 80_000;
/// Bytes of all texts that are kept under their hashes.
const CAPACITY_BYTES: u64 = 1024 * 1024;
const ESTIMATED_DOCUMENTS: usize = 500;
/// A text beyond either takes more than half a millisecond to parse.
const LIGHT_TOKENS: usize = 300;
const LIGHT_BYTES: usize = 4 * 1024;
/// A document beyond this takes as long to validate.
const LIGHT_SELECTIONS: usize = 300;

/// A parsed document within the limits.
pub struct Document {
    text: Arc<str>,
    /// As the engine takes it.
    pub parsed: ExecutableDocument,
    operations: Vec<Operation>,
    tokens: usize,
    selections: usize,
}

/// One operation of a document.
#[derive(Debug)]
pub struct Operation {
    name: Option<Name>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// Whether everybody gets the same answer.
    pub is_public: bool,
    /// The variables that it defines.
    variables: Vec<Name>,
    /// The variables that must be given, and their types.
    required: Vec<(String, String)>,
    /// What variables are that are not given.
    pub defaults: Vec<(Name, Value)>,
}

impl Operation {
    fn of(name: Option<&Name>, operation: &OperationDefinition, is_public: bool) -> Self {
        let variables = || operation.variable_definitions.iter().map(|definition| &definition.node);
        let required = variables().filter(|it| !it.var_type.node.nullable && it.default_value.is_none());
        let required = required.map(|it| (it.name.to_string(), it.var_type.to_string())).collect();
        let default = |it: &async_graphql::parser::types::VariableDefinition| {
            Some((it.name.node.clone(), it.default_value.as_ref()?.node.clone()))
        };
        let defaults = variables().filter_map(default).collect();
        let variables = variables().map(|it| it.name.node.clone()).collect();
        Self { name: name.cloned(), kind: operation.ty, is_public, variables, required, defaults }
    }

    /// Whether it has a variable of this name.
    pub fn defines(&self, variable: &str) -> bool {
        self.variables.iter().any(|name| name.as_str() == variable)
    }

    /// "If `value` was not provided and the variable's type is non-null, raise a request error" (GraphQL, October 2021,
    /// 6.1.2); the engine would notice only at the field that uses it.
    pub fn check(&self, params: &GraphQLParams) -> Result<(), ServerError> {
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
    fn parse(text: &str, schema: &SchemaFacts) -> Result<Self, RequestError> {
        // A text that is too long is not even copied; what is counted is what the parser reads.
        Limit::TextBytes.check(text.len()).map_err(RequestError::too_complex)?;
        let unescaped = escapes::unescape(text).map_err(|message| RequestError::of(ServerError::new(message, None)))?;
        let tokens = text::check(&unescaped).map_err(RequestError::too_complex)?;
        let parsed = parse_query(unescaped).map_err(|error| RequestError::of(error.into()))?;
        let selections = selections::check(&parsed).map_err(|refused| match refused {
            selections::Refused::TooComplex(exceeded) => RequestError::too_complex(exceeded),
            selections::Refused::Invalid(error) => RequestError::of(error),
        })?;
        schema.fields.check(&parsed).map_err(RequestError::of)?;
        let operation = |(name, operation): (Option<&Name>, &OperationDefinition)| {
            let is_public = match operation.ty {
                OperationType::Query => schema.public.has_query(&parsed, operation),
                OperationType::Mutation => false,
                OperationType::Subscription => schema.public.has_subscription(&parsed, operation),
            };
            Operation::of(name, operation, is_public)
        };
        let operations = parsed.operations.iter().map(|(name, op)| operation((name, &op.node))).collect();
        Ok(Self { text: text.into(), parsed, operations, tokens, selections })
    }

    /// As it was sent.
    pub fn text(&self) -> &str {
        &self.text
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

    /// Whether parsing and validating it takes milliseconds.
    pub fn is_heavy(&self) -> bool {
        is_heavy(&self.text, self.tokens) || self.selections > LIGHT_SELECTIONS
    }
}

/// Whether a text of so many tokens takes so long to parse that it must not hold up others.
pub fn is_heavy(text: &str, tokens: usize) -> bool {
    tokens > LIGHT_TOKENS || text.len() > LIGHT_BYTES
}

/// What documents are checked against.
struct SchemaFacts {
    public: PublicFields,
    fields: Fields,
    costs: Costs,
}

/// The documents that were sent lately and were valid.
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
    /// None yet, but for the hashes of those that are trusted.
    pub fn new(registry: &Registry, trusted: &TrustedDocuments) -> Self {
        let (public, fields) = (PublicFields::of(registry), Fields::of(registry));
        let schema = SchemaFacts { public, fields, costs: Costs::of(registry) };
        let by_hash = Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY_BYTES, Weight);
        for text in trusted.texts() {
            by_hash.insert(Sha256::digest(text.as_bytes()).into(), text.into());
        }
        let valid = Cache::with_weighter(ESTIMATED_DOCUMENTS, CAPACITY_TOKENS, Weight);
        Self { schema, valid, by_hash }
    }

    /// The document of this text, where it was sent before and was valid.
    pub fn known(&self, text: &str) -> Option<Arc<Document>> {
        self.valid.get(text)
    }

    /// Parses a text that is within the limits.
    pub fn parse(&self, text: &str) -> Result<Arc<Document>, RequestError> {
        Document::parse(text, &self.schema).map(Arc::new)
    }

    /// Keeps a document that the engine found valid; under its hash too, where it was sent with one.
    pub fn keep(&self, document: &Arc<Document>, hash: Option<[u8; 32]>) {
        if self.known(&document.text).is_none() {
            self.valid.insert(Arc::clone(&document.text), Arc::clone(document));
        }
        if let Some(hash) = hash {
            self.by_hash.insert(hash, Arc::clone(&document.text));
        }
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.valid.len()
    }

    /// What an operation of a document costs with these variables.
    pub fn cost(&self, document: &Document, operation: &Operation, params: &GraphQLParams) -> Cost {
        let mut definitions = document.parsed.operations.iter();
        let definition = definitions.find(|(name, _)| *name == operation.name.as_ref());
        definition.map_or_else(Cost::default, |(_, definition)| {
            self.schema.costs.of_operation(&document.parsed, &definition.node, params.variables.as_ref())
        })
    }

    /// Automatic persisted queries: a client that sends the hash of a document alone gets it filled in where this process
    /// knows it, and where it sends both, the document is kept under the hash once it was found valid. Each node learns for
    /// itself; a client that is not understood sends the document again. Returns the hash of a document that came with it.
    pub fn complete(&self, params: &mut GraphQLParams) -> Result<Option<[u8; 32]>, RequestError> {
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
            let known = self.by_hash.get(&hash);
            // The message that Apollo's clients look for.
            let known = known.ok_or_else(|| {
                RequestError::of_fault(&Fault::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"))
            })?;
            params.query = Some((*known).to_owned());
            return Ok(None);
        };
        if <[u8; 32]>::from(Sha256::digest(text.as_bytes())) != hash {
            let message = "`sha256Hash` is not the SHA-256 of this query.";
            return Err(RequestError::of_fault(&Fault::new(ErrorCode::BadUserInput, message)));
        }
        Ok(Some(hash))
    }
}

/// A hash as Apollo's protocol writes it.
pub fn read_hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}
