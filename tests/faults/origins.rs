//! What pages of other sites may do, through the proxy that operators are given: it must pass on what the server judges by.

use test_support::origins;

use crate::world::{
    Cluster, Layout,
    cluster::{Data, Extra},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_the_proxy_exactly_what_may_be_executed_is() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(&Layout {
        data: Data::Sqlite(folder.path().to_owned()),
        web_nodes: 1,
        has_worker: false,
        extras: vec![Extra::Proxy],
        flags: origins::FLAGS.map(str::to_owned).to_vec(),
    })
    .await;
    let proxy = cluster.proxy.as_ref().unwrap().address;
    origins::check(proxy, &cluster.database).await;
    cluster.stop().await;
}
