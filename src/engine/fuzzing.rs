//! Validates requests without executing them. Only the crate `fuzz` uses this module.

use std::sync::{Arc, LazyLock};

use async_graphql::{
    Response, Schema,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use futures_util::FutureExt;

use super::{DocumentCache, GraphQLParams, Limit, Operation, RequestError, TrustedDocuments, result};
use crate::graphql::{Mutation, Query, Subscription, TaxBudgetSchema, registry};

static DOCUMENTS: LazyLock<DocumentCache> =
    LazyLock::new(|| DocumentCache::new(registry(), &TrustedDocuments::built_in()));
static SCHEMA: LazyLock<TaxBudgetSchema> =
    LazyLock::new(|| Schema::build(Query, Mutation, Subscription).extension(NothingIsExecuted).finish());

/// Checks a request against every limit and then against the validation rules of async-graphql. Returns the JSON of the
/// response, with null as its `data` if the request would be executed.
pub fn validate(mut params: GraphQLParams) -> bytes::Bytes {
    let validated = || {
        Limit::TextBytes.check(params.query.as_ref().map_or(0, String::len)).map_err(RequestError::too_complex)?;
        params.check_variables().map_err(RequestError::too_complex)?;
        let hash = DOCUMENTS.resolve_persisted_query(&mut params)?;
        let document = DOCUMENTS.parse(params.query.as_deref().unwrap_or_default())?;
        let operation = Operation::of(&DOCUMENTS, document, params, hash)?;
        let mut request = operation.params.into_request();
        request.set_parsed_query(operation.document.parsed.clone());
        let response = SCHEMA.execute(request).now_or_never().expect("validation waits for nothing");
        result::body(&response)
    };
    validated().unwrap_or_else(|error: RequestError| error.response())
}

struct NothingIsExecuted;

impl ExtensionFactory for NothingIsExecuted {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NothingIsExecuted {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::default()
    }
}
