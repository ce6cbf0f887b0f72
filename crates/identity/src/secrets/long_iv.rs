//! Opening what InsForge sealed: AES-256-GCM with an IV of 16 bytes, which the library does not offer (NIST SP 800-38D, 7.1).
//!
//! Only reading is here. It runs over stored secrets at a start, never over what a caller sends, so that the time of its
//! multiplications tells nobody anything.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;

const BLOCK: usize = 16;

/// The plain text, when key, IV and tag fit.
pub(super) fn open(key: &[u8], iv: &[u8], tag: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let key = EncryptingKey::ecb(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    let hash_key = block(&key, 0)?;
    let start = hash(hash_key, &[], iv);
    let mut made = hash(hash_key, text, &[]);
    made ^= block(&key, start)?;
    verify_slices_are_equal(&made.to_be_bytes(), tag).ok()?;
    let mut plain = text.to_vec();
    let mut counter = start;
    for piece in plain.chunks_mut(BLOCK) {
        counter = next(counter);
        let mask = block(&key, counter)?.to_be_bytes();
        piece.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    Some(plain)
}

/// One block through the cipher.
fn block(key: &EncryptingKey, plain: u128) -> Option<u128> {
    let mut bytes = plain.to_be_bytes();
    key.encrypt(&mut bytes).ok()?;
    Some(u128::from_be_bytes(bytes))
}

/// The counter's last 32 bits go up by one, and around.
fn next(counter: u128) -> u128 {
    let low = u128::from(u32::MAX);
    (counter & !low) | (((counter & low) + 1) & low)
}

/// GHASH of a text or of an IV, each with its length where the definition wants it.
fn hash(key: u128, text: &[u8], iv: &[u8]) -> u128 {
    let mut sum = 0;
    for piece in text.chunks(BLOCK).chain(iv.chunks(BLOCK)) {
        let mut bytes = [0; BLOCK];
        bytes[..piece.len()].copy_from_slice(piece);
        sum = multiply(sum ^ u128::from_be_bytes(bytes), key);
    }
    // The lengths in bits: of nothing that is only authenticated, and of what was hashed.
    let bits = (text.len() + iv.len()) as u128 * 8;
    multiply(sum ^ bits, key)
}

/// The product in GF(2^128), bits counted from the left.
fn multiply(left: u128, right: u128) -> u128 {
    const REDUCTION: u128 = 0xe1 << 120;
    let (mut product, mut factor) = (0, right);
    for at in 0..128 {
        if (left >> (127 - at)) & 1 == 1 {
            product ^= factor;
        }
        let carry = factor & 1;
        factor >>= 1;
        if carry == 1 {
            factor ^= REDUCTION;
        }
    }
    product
}
