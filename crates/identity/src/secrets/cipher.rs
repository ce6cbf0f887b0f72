//! Sealing a text with AES-256-GCM, written as InsForge writes it: `ivhex:taghex:cipherhex`.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use busbar_kernel::{Error, Result, Secret, random};

use super::long_iv;

/// InsForge's IVs are this long, in bytes; ours have the 12 that the mode is made for.
const INSFORGE_IV_LEN: usize = 16;

/// The key that seals secrets at rest: SHA-256 of a configured text, as InsForge derives it.
pub struct Cipher {
    key: LessSafeKey,
    /// The same key, for what InsForge sealed.
    bytes: [u8; 32],
}

impl Cipher {
    /// A cipher whose key is derived from `secret`.
    ///
    /// # Errors
    /// Never with a sound cryptographic library.
    pub fn new(secret: &Secret) -> Result<Self> {
        let key = digest(&SHA256, secret.expose().as_bytes());
        let refused = || Error::internal("an AES-256 key was refused");
        let bytes = key.as_ref().try_into().map_err(|_| refused())?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).map_err(|_| refused())?;
        Ok(Self {
            key: LessSafeKey::new(key),
            bytes,
        })
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
            .key
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
        if iv.len() == INSFORGE_IV_LEN {
            let plain = long_iv::open(&self.bytes, &iv, &tag, &text)?;
            return String::from_utf8(plain).ok().map(Secret::new);
        }
        let nonce = Nonce::try_assume_unique_for_key(&iv).ok()?;
        text.extend_from_slice(&tag);
        let plain = self.key.open_in_place(nonce, Aad::empty(), &mut text).ok()?;
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
    fn what_insforge_sealed_is_opened() {
        // Made by Node's crypto module, as InsForge does it.
        let sealed = "000102030405060708090a0b0c0d0e0f:e6910c258e5a58cf9c16b7bf3a73b2ef:\
                      b1aa71d70bffad4aa8b359b8174ff96f8e7364eee7874124c635a9ccac4ed9acf9e9";
        let cipher = Cipher::new(&Secret::new("one")).unwrap();
        assert_eq!(
            cipher.open(sealed).unwrap().expose(),
            "välkommen, all of you who come by"
        );
        assert!(cipher.open(&sealed.replace("b1aa", "b1ab")).is_none());
        assert!(cipher.open(&sealed.replace("e691", "e692")).is_none());
        assert!(Cipher::new(&Secret::new("two")).unwrap().open(sealed).is_none());
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
