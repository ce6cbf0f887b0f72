//! Sealing a text with AES-256-GCM, written as InsForge writes it: `ivhex:taghex:cipherhex`.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use busbar_kernel::{Error, Result, Secret, random};

/// The key that seals secrets at rest: SHA-256 of a configured text, as InsForge derives it.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// A cipher whose key is derived from `secret`.
    ///
    /// # Errors
    /// Never with a sound cryptographic library.
    pub fn new(secret: &Secret) -> Result<Self> {
        let key = digest(&SHA256, secret.expose().as_bytes());
        UnboundKey::new(&AES_256_GCM, key.as_ref())
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| Error::internal("an AES-256 key was refused"))
    }

    /// Seals a text under a fresh random IV of 12 bytes.
    ///
    /// # Errors
    /// Never below the 64 GB that the cipher can seal at once.
    pub fn seal(&self, plain: &Secret) -> Result<String> {
        let iv: [u8; NONCE_LEN] = random::bytes();
        let mut text = plain.expose().as_bytes().to_vec();
        let nonce = Nonce::assume_unique_for_key(iv);
        let tag = self
            .0
            .seal_in_place_separate_tag(nonce, Aad::empty(), &mut text)
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok(format!(
            "{}:{}:{}",
            hex::encode(iv),
            hex::encode(tag.as_ref()),
            hex::encode(text)
        ))
    }

    /// Opens a sealed text; `None` when it was sealed with another key, changed, or is not in this form.
    pub fn open(&self, sealed: &str) -> Option<Secret> {
        let mut parts = sealed.split(':').map(|part| hex::decode(part).ok());
        let (iv, tag, mut text) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(&iv).ok()?;
        text.extend_from_slice(&tag);
        let plain = self.0.open_in_place(nonce, Aad::empty(), &mut text).ok()?;
        String::from_utf8(plain.to_vec()).ok().map(Secret::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens_and_no_change_goes_unseen() {
        let cipher = Cipher::new(&Secret::new("one")).unwrap();
        let sealed = cipher.seal(&Secret::new("välkommen")).unwrap();
        assert_eq!(cipher.open(&sealed).unwrap().expose(), "välkommen");
        assert!(Cipher::new(&Secret::new("two")).unwrap().open(&sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            if changed != sealed {
                assert!(cipher.open(&changed).is_none(), "a change at {at} was accepted");
            }
        }
        for malformed in ["", "::", "00:00", "zz:00:00", &format!("{sealed}:00")] {
            assert!(cipher.open(malformed).is_none());
        }
    }

    #[test]
    fn the_same_text_is_sealed_differently_each_time() {
        let cipher = Cipher::new(&Secret::new("one")).unwrap();
        let text = Secret::new("text");
        let (first, second) = (cipher.seal(&text).unwrap(), cipher.seal(&text).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.split(':').next().unwrap().len(), 24);
    }
}
