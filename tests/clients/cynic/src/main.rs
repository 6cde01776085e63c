//! A client by cynic and graphql-ws-client: executes one operation and writes each result as a line of JSON. It is called with
//! ORIGIN OPERATION VARIABLES, where VARIABLES are JSON, and ends when there are no more results or when standard input ends.

use std::{
    future::IntoFuture,
    io::{self, Read as _},
    thread,
};

use anyhow::{Context, bail};
use cynic::{
    GraphQlErrorPathSegment, GraphQlResponse, MutationBuilder, Operation, QueryBuilder, SubscriptionBuilder,
    http::ReqwestExt,
};
use futures_util::StreamExt;
use graphql_ws_client::Client;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{client::IntoClientRequest, http::HeaderValue};

mod operations;

use operations::{Find, Read, Submit, Watch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let mut word = || words.next().context("usage: cynic-client ORIGIN OPERATION VARIABLES");
    let (origin, operation, variables) = (word()?, word()?, word()?);
    match operation.as_str() {
        "Read" => post(&origin, Read::build(serde_json::from_str::<operations::Slug>(&variables)?)).await,
        "Find" => post(&origin, Find::build(serde_json::from_str::<operations::Id>(&variables)?)).await,
        "Submit" => post(&origin, Submit::build(serde_json::from_str::<operations::Input>(&variables)?)).await,
        "Watch" => watch(&origin, serde_json::from_str(&variables)?).await,
        _ => bail!("there is no operation {operation}"),
    }
}

async fn post<T, V>(origin: &str, operation: Operation<T, V>) -> anyhow::Result<()>
where
    T: DeserializeOwned + Serialize + 'static,
    V: Serialize,
{
    let request = reqwest::Client::new().post(format!("{origin}/graphql"));
    let GraphQlResponse { data, errors } = request.run_graphql(operation).retain_extensions::<Value>().await?;
    let errors = errors.into_iter().flatten();
    write(data, errors.map(|error| json!({ "path": path(error.path), "extensions": error.extensions })));
    Ok(())
}

async fn watch(origin: &str, variables: operations::WatchedBudget) -> anyhow::Result<()> {
    let mut request = format!("{}/graphql/ws", origin.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (socket, _) = tokio_tungstenite::connect_async(request).await?;
    let (client, actor) = Client::build(socket).await?;
    let actor = tokio::spawn(actor.into_future());
    let mut results = client.subscribe(Watch::build(variables)).await?;
    let (end, mut ended) = oneshot::channel();
    // A thread that nobody waits for: the runtime would wait for its own.
    thread::spawn(move || {
        let _ = io::stdin().read(&mut [0]);
        let _ = end.send(());
    });
    loop {
        let result = tokio::select! { result = results.next() => result, _ = &mut ended => None };
        let Some(result) = result else { break };
        let GraphQlResponse { data, errors } = result?;
        let is_last = data.is_none();
        // cynic drops the extensions of a subscription's errors.
        let errors = errors.into_iter().flatten();
        write(data, errors.map(|error| json!({ "message": error.message, "path": path(error.path) })));
        // An error is the last message of a subscription; graphql-ws-client waits for more all the same.
        if is_last {
            break;
        }
    }
    drop(results);
    client.close(1000, "done").await;
    Ok(actor.await?)
}

fn path(segments: Option<Vec<GraphQlErrorPathSegment>>) -> Value {
    let segment = |segment| match segment {
        GraphQlErrorPathSegment::Field(name) => Value::from(name),
        GraphQlErrorPathSegment::Index(index) => Value::from(index),
    };
    segments.into_iter().flatten().map(segment).collect()
}

fn write<T: Serialize>(data: Option<T>, errors: impl Iterator<Item = Value>) {
    let errors: Vec<Value> = errors.collect();
    println!("{}", if errors.is_empty() { json!({ "data": data }) } else { json!({ "errors": errors }) });
}
