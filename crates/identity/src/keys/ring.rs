//! The key ring of a directory: RSA-2048, made at its first start and kept sealed.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use busbar_kernel::{Error, Result, Secret};
use serde_json::{Value, json};

use super::pem;
use crate::secrets::Vault;

const PRIVATE: &str = "JWT_PRIVATE_KEY";
const PUBLIC: &str = "JWT_PUBLIC_KEY";
const KEY_ID: &str = "JWT_KEY_ID";

/// The keys that sign and check a directory's access tokens.
///
/// A key carries its algorithm: whoever checks a signature asks the ring by key id and never looks at the
/// algorithm a token claims before that. Keys are parsed once, because parsing a private key costs as much as
/// signing with it.
pub struct KeyRing {
    signing: RsaKeyPair,
    signing_id: String,
    checking: HashMap<String, ParsedPublicKey>,
    published: Value,
}

impl KeyRing {
    /// The one algorithm of every key in the ring.
    pub const ALGORITHM: &str = "RS256";

    /// Takes the ring from the vault, or makes one at the first start.
    ///
    /// # Errors
    /// A stored key that cannot be read, troubles of the vault.
    pub async fn open(vault: &Vault) -> Result<Self> {
        if let Some(ring) = Self::stored(vault).await? {
            return Ok(ring);
        }
        let secrets = tokio::task::spawn_blocking(generate)
            .await
            .map_err(|error| Error::internal("making a key was interrupted").source(error))??;
        vault.keep_first(&secrets).await?;
        Self::stored(vault)
            .await?
            .ok_or_else(|| Error::internal("a new signing key was not kept"))
    }

    async fn stored(vault: &Vault) -> Result<Option<Self>> {
        let (Some(private), Some(id)) = (vault.get(PRIVATE).await?, vault.get(KEY_ID).await?) else {
            return Ok(None);
        };
        Self::from_pem(&private, id.expose()).map(Some)
    }

    /// A ring of one key.
    ///
    /// # Errors
    /// When the text is no RSA key of 2048 bits or more in PKCS#8 PEM.
    pub fn from_pem(private: &Secret, id: &str) -> Result<Self> {
        let unreadable = || Error::internal("the stored signing key cannot be read").with("key", id);
        let der = pem::decode("PRIVATE KEY", private.expose()).ok_or_else(unreadable)?;
        let signing = RsaKeyPair::from_pkcs8(&der).map_err(|_| unreadable())?;
        let public = signing.public_key();
        let parsed =
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_ref()).map_err(|_| unreadable())?;
        let published = json!({"keys": [{
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "alg": Self::ALGORITHM,
            "use": "sig",
            "kid": id,
        }]});
        Ok(Self {
            signing,
            signing_id: id.to_owned(),
            checking: HashMap::from([(id.to_owned(), parsed)]),
            published,
        })
    }

    /// The id of the key that signs now.
    pub fn signing_id(&self) -> &str {
        &self.signing_id
    }

    /// Signs a message.
    ///
    /// # Errors
    /// Never with a key that was accepted.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Error::internal("a token could not be signed"))?;
        Ok(signature)
    }

    /// Whether the key named `id` signed the message; `None` when there is no such key.
    pub fn check(&self, id: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let key = self.checking.get(id)?;
        Some(key.verify_sig(message, signature).is_ok())
    }

    /// The JSON Web Key Set for those who check tokens themselves (RFC 7517): public parts only.
    pub fn published(&self) -> &Value {
        &self.published
    }
}

fn generate() -> Result<[(&'static str, Secret); 3]> {
    let refused = |_| Error::internal("an RSA key could not be made");
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(refused)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(refused)?;
    let public = pair.public_key().as_der().map_err(refused)?;
    let id = format!(
        "kid_{}",
        hex::encode(&digest(&SHA256, public.as_ref()).as_ref()[..12])
    );
    Ok([
        (PRIVATE, Secret::new(pem::encode("PRIVATE KEY", private.as_ref()))),
        (PUBLIC, Secret::new(pem::encode("PUBLIC KEY", public.as_ref()))),
        (KEY_ID, Secret::new(id)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_signs_checks_and_publishes_only_its_public_part() {
        let [(_, private), _, (_, id)] = generate().unwrap();
        let ring = KeyRing::from_pem(&private, id.expose()).unwrap();
        let signature = ring.sign(b"message").unwrap();
        assert_eq!(ring.check(id.expose(), b"message", &signature), Some(true));
        assert_eq!(ring.check(id.expose(), b"massage", &signature), Some(false));
        assert_eq!(ring.check("kid_other", b"message", &signature), None);
        let published = ring.published()["keys"][0].as_object().unwrap();
        let mut fields: Vec<_> = published.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["alg", "e", "kid", "kty", "n", "use"]);
        assert!(id.expose().starts_with("kid_"));
    }
}
