//! What a caller may do, and as whom: the network behind proxies, the page that sent the request, and the cookie.

pub mod cookie;
pub mod cors;
pub mod forwarded;
pub mod origins;
