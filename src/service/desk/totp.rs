//! One-time codes of an authenticator app (TOTP, RFC 6238): six digits, a step of 30 seconds, SHA-1, which every app knows.
//! The secret is stored sealed with the server's secret.

use chrono::{DateTime, Utc};
use rand::{TryRng, rngs::SysRng};
use totp_rs::{Builder, Secret, Totp};

use super::error::DeskError;
use crate::{
    domain::desk::AccountId,
    service::{
        codes::keys::NoRandomness,
        seal::{Opened, Seal},
    },
};

/// The name that an app shows beside the account.
const ISSUER: &str = "Tax Budget Allocator";
/// The steps before and after the present one whose codes are taken: clocks differ.
const TOLERANCE: u16 = 1;

/// The secret of an account's codes.
pub struct TotpSecret {
    secret: Secret,
    totp: Totp,
}

/// A secret that was stored sealed.
pub struct OpenedSecret {
    /// The secret.
    pub secret: TotpSecret,
    /// Whether it was sealed with the current secret of the server.
    pub is_current: bool,
}

impl TotpSecret {
    /// Makes a new secret of 160 bits for the account of this name.
    pub fn generate(name: &str) -> Result<Self, DeskError> {
        let mut random = [0; 20];
        SysRng.try_fill_bytes(&mut random).map_err(NoRandomness::from)?;
        Self::new(name, Secret::from(random.as_slice()))
    }

    fn new(name: &str, secret: Secret) -> Result<Self, DeskError> {
        let totp = Builder::new()
            .with_secret(secret.clone())
            .with_skew(TOLERANCE)
            .with_issuer(Some(ISSUER))
            .with_account_name(name)
            .build()
            .map_err(DeskError::internal)?;
        Ok(Self { secret, totp })
    }

    /// Seals the secret for its account.
    pub fn sealed(&self, seal: &Seal, account: AccountId) -> String {
        seal.seal(&sealed_name(account), self.secret.as_ref())
    }

    /// Opens the sealed secret of an account.
    pub fn open(seal: &Seal, account: AccountId, name: &str, sealed: &str) -> Result<OpenedSecret, DeskError> {
        let Opened { value, is_current } = seal.open(&sealed_name(account), sealed).ok_or_else(|| {
            DeskError::Internal(format!(
                "the codes of account number {} were sealed with a secret that is neither this process's secret nor its \
                 previous one (--previous-secret, TAXBUDGET_PREVIOUS_SECRET)",
                account.0
            ))
        })?;
        Ok(OpenedSecret { secret: Self::new(name, Secret::from(value))?, is_current })
    }

    /// Returns the address that an app reads, as `otpauth://…`.
    pub fn url(&self) -> Result<String, DeskError> {
        self.totp.to_url().map_err(DeskError::internal)
    }

    /// Returns the secret for typing it in, in base 32.
    pub fn text(&self) -> String {
        self.secret.to_base32()
    }

    /// Returns the time step whose code this is. The caller must use each step once.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
        let step = self.totp.check(&code, u64::try_from(now.timestamp()).ok()?)?;
        i64::try_from(step).ok()
    }
}

fn sealed_name(account: AccountId) -> String {
    format!("codes of account {}", account.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_that_of_rfc_6238_and_is_taken_one_step_early_or_late() {
        // RFC 6238, appendix B, of the eight digits the last six.
        let secret = TotpSecret::new("ada", Secret::from(b"12345678901234567890".as_slice())).unwrap();
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(secret.step_of("287082", at(59)), Some(1));
        assert_eq!(secret.step_of("287 082", at(89)), Some(1), "a step late, with a space");
        assert_eq!(secret.step_of("287082", at(0)), Some(1), "a step early");
        assert_eq!(secret.step_of("287082", at(90)), None, "two steps late");
        assert_eq!(secret.step_of("050471", at(1_111_111_111)), Some(37_037_037));
        assert_eq!(secret.step_of("", at(59)), None);
    }

    #[test]
    fn a_secret_opens_for_its_account_alone() {
        let seal = Seal::new(&[1; 32], None);
        let secret = TotpSecret::generate("ada").unwrap();
        let sealed = secret.sealed(&seal, AccountId(1));
        let opened = TotpSecret::open(&seal, AccountId(1), "ada", &sealed).unwrap();
        assert_eq!(opened.secret.text(), secret.text());
        assert!(opened.secret.url().unwrap().starts_with("otpauth://totp/Tax%20Budget%20Allocator:ada?secret="));
        assert!(TotpSecret::open(&seal, AccountId(2), "ada", &sealed).is_err());
    }
}
