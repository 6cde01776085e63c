//! Which sites may show a result in a frame.

use std::str::FromStr;

use super::origins::Origin;

/// Which pages of other sites may show a result of this server in a frame. The server's own pages always may.
#[derive(Debug, Clone)]
pub struct EmbedOrigins(String);

impl FromStr for EmbedOrigins {
    type Err = String;

    /// Parses `*` for every page, or origins that are separated by commas. An empty text allows no other site.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self("*".to_owned()));
        }
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let origins = parts.map(|part| part.parse::<Origin>().map(|_| part)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self([vec!["'self'"], origins].concat().join(" ")))
    }
}

impl EmbedOrigins {
    /// The policy of a page that these pages may show. It sends no form and asks nothing but this server.
    pub fn policy(&self) -> String {
        format!(
            "default-src 'self'; img-src 'self' data:; frame-ancestors {}; base-uri 'none'; form-action 'none'",
            self.0
        )
    }
}
