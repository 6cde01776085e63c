//! The ids of answers at the desk. The id of a submission opens its result page, so an organiser must not see it: the id of
//! an answer is the submission's, encrypted.
//!
//! A submission's id is 16 bytes, which is one block of AES. So the same answer always has the same id, and two answers never
//! have one in common. No two blocks are equal, so nothing of the time in a submission's id is left.

use aes::{
    Aes256,
    cipher::{BlockDecrypt, BlockEncrypt, KeyInit, generic_array::GenericArray},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Spreadsheets take digits with an `e` among them for a number.
const PREFIX: char = 'a';

/// Encrypts the ids of submissions.
pub struct AnswerIds {
    cipher: Aes256,
    /// The cipher of the secret before. Ids that it made can be read.
    previous: Option<Aes256>,
}

impl AnswerIds {
    /// Derives the keys from secrets of at least 32 bytes each.
    pub fn new(secret: &[u8], previous: Option<&[u8]>) -> Self {
        Self { cipher: cipher(secret), previous: previous.map(cipher) }
    }

    /// The id of the answer that this submission is.
    pub fn encode(&self, submission: Uuid) -> String {
        let mut block = GenericArray::from(submission.into_bytes());
        self.cipher.encrypt_block(&mut block);
        format!("{PREFIX}{}", hex::encode(block))
    }

    /// The submissions that an id can be of: one for each secret. At most one of them is stored. Empty if it is no id.
    pub fn decode(&self, id: &str) -> Vec<Uuid> {
        let bytes = id.strip_prefix(PREFIX).and_then(|digits| hex::decode(digits).ok());
        let bytes = bytes.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let Some(bytes) = bytes else { return Vec::new() };
        let decrypted = |cipher: &Aes256| {
            let mut block = GenericArray::from(bytes);
            cipher.decrypt_block(&mut block);
            Uuid::from_bytes(block.into())
        };
        [Some(&self.cipher), self.previous.as_ref()].into_iter().flatten().map(decrypted).collect()
    }
}

fn cipher(secret: &[u8]) -> Aes256 {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(b"ids of answers");
    let key: [u8; 32] = mac.finalize().into_bytes().into();
    Aes256::new(&GenericArray::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_submission_and_shows_nothing_of_it() {
        let (ids, submission) = (AnswerIds::new(&[7; 32], None), Uuid::new_v4());
        let id = ids.encode(submission);
        assert_eq!(ids.encode(submission), id);
        assert_eq!(ids.decode(&id), [submission]);
        assert!(!id.contains(&submission.simple().to_string()));
        assert_ne!(AnswerIds::new(&[8; 32], None).decode(&id), [submission], "another secret");
        assert!(AnswerIds::new(&[8; 32], Some(&[7; 32])).decode(&id).contains(&submission), "the secret before");
        for nonsense in ["", "x", "ä", &format!("{id}A"), &submission.to_string()] {
            assert!(ids.decode(nonsense).is_empty(), "{nonsense}");
        }
    }
}
