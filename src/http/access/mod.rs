//! Who may ask, and as whom: the network behind proxies, and the page that sent the request.

pub mod cors;
pub mod forwarded;
pub mod origins;
