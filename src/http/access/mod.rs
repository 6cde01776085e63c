//! Where a request comes from and what it may do: the network behind proxies, the page that sent it, and the cookie.

pub mod cookie;
pub mod cors;
pub mod embed_origins;
pub mod forwarded;
pub mod origins;
pub mod trusted_user;
