//! Forged, foreign and tampered access tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use busbar_identity::tokens::OutsideTokens;
use busbar_identity::{Credential, Directory, codes};
use busbar_kernel::{Actor, Result};
use busbar_store::Scope;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::{Value, json};

use crate::bed::{Bed, SIGNING, Start, code, on_both, sign_up};

async fn shown(directory: &Directory, token: &str) -> Result<Actor> {
    directory.authenticate(Credential::Bearer(token)).await
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn hs256(header: &Header, claims: &Value, secret: &[u8]) -> String {
    encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn outside(claims: &Value) -> String {
    hs256(&Header::new(Algorithm::HS256), claims, SIGNING.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn our_tokens_are_good_for_others_with_the_published_keys() {
    on_both("jwks", |bed| async move {
        let directory = bed.directory().await;
        let who = sign_up(&directory, "ada@example.com").await;
        let keys: JwkSet = serde_json::from_value(directory.published_keys().clone()).unwrap();
        let header = jsonwebtoken::decode_header(who.tokens.access.expose()).unwrap();
        let kid = header.kid.unwrap();
        assert!(kid.starts_with("kid_") && header.alg == Algorithm::RS256);
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::RS256);
        rules.validate_exp = false;
        rules.set_audience(&["insforge"]);
        let read = decode::<Value>(who.tokens.access.expose(), &key, &rules)
            .unwrap()
            .claims;
        assert_eq!(
            (&read["sub"], &read["email"]),
            (&json!(who.user.id), &json!("ada@example.com"))
        );
        assert_eq!(
            (&read["role"], &read["typ"]),
            (&json!("authenticated"), &json!("access"))
        );
        assert_eq!(read["exp"].as_i64().unwrap() - read["iat"].as_i64().unwrap(), 900);
        assert_eq!(
            who.tokens.access_expires.timestamp(),
            read["exp"].as_i64().unwrap()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_trick_with_the_header_gets_in() {
    on_both("header tricks", |bed| async move {
        let directory = bed.directory().await;
        let token = sign_up(&directory, "ada@example.com")
            .await
            .tokens
            .access
            .expose()
            .to_owned();
        let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();

        // The public key, in every form in which it is public, as the secret of an HMAC.
        let jwk = &directory.published_keys()["keys"][0];
        let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
        let mut with_kid = Header::new(Algorithm::HS256);
        with_kid.kid = Some(kid.clone());
        for public in [
            jwk.to_string().into_bytes(),
            modulus,
            jwk["n"].as_str().unwrap().into(),
        ] {
            for header in [with_kid.clone(), Header::new(Algorithm::HS256)] {
                assert_eq!(
                    code(shown(&directory, &hs256(&header, &claims, &public)).await),
                    codes::TOKEN_INVALID
                );
            }
        }
        // The true secret, under our key id or a foreign one: a key id always means the ring.
        let mut foreign = Header::new(Algorithm::HS256);
        foreign.kid = Some("kid_unknown".to_owned());
        for header in [with_kid, foreign] {
            let forged = hs256(&header, &claims, SIGNING.as_bytes());
            assert_eq!(code(shown(&directory, &forged).await), codes::TOKEN_INVALID);
        }
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "None", "kid": kid}),
            json!({"alg": "none", "kid": kid, "typ": "JWT"}),
            json!({"alg": "HS256", "kid": kid}),
            json!({"alg": "RS512", "kid": kid}),
            json!({"alg": "PS256", "kid": kid}),
            json!({"alg": "RS256"}),
            json!({"alg": "RS256", "kid": "../../dev/null"}),
            json!({"alg": "RS256", "kid": "' OR 1=1 --"}),
            json!({"alg": "RS256", "kid": ["a"]}),
            json!({"alg": "RS256", "kid": kid, "crit": ["b64"], "b64": false}),
            json!({"alg": "RS256", "jwk": jwk}),
        ] {
            for signature in ["", signature] {
                let forged = format!("{}.{payload}.{signature}", part(&header));
                assert_eq!(
                    code(shown(&directory, &forged).await),
                    codes::TOKEN_INVALID,
                    "{header}"
                );
            }
        }
        for malformed in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            format!("{header}.{payload}"),
            format!("{header}.{payload}."),
            format!("{header}.{payload}.{signature}="),
            format!("{header}.{payload}.{signature}.{signature}"),
            format!("{}.{payload}.{signature}", part(&json!([]))),
            "x".repeat(100_000),
        ] {
            assert_eq!(code(shown(&directory, &malformed).await), codes::TOKEN_INVALID);
        }
        assert!(shown(&directory, &token).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_claim_breaks_the_signature_also_when_the_token_was_seen_before() {
    on_both("tampered claims", |bed| async move {
        let directory = bed.directory().await;
        let token = sign_up(&directory, "ada@example.com")
            .await
            .tokens
            .access
            .expose()
            .to_owned();
        assert!(shown(&directory, &token).await.is_ok());
        let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        for (name, value) in [
            ("role", json!("project_admin")),
            ("sub", json!("local:admin@example.com")),
            ("exp", json!(9_999_999_999i64)),
            ("aud", json!("school")),
        ] {
            let mut changed = claims.clone();
            changed[name] = value;
            let forged = format!("{header}.{}.{signature}", part(&changed));
            assert_eq!(
                code(shown(&directory, &forged).await),
                codes::TOKEN_INVALID,
                "{name}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_last_second_also_when_it_is_remembered() {
    on_both("expiry", |bed| async move {
        let directory = bed.directory().await;
        let token = sign_up(&directory, "ada@example.com")
            .await
            .tokens
            .access
            .expose()
            .to_owned();
        bed.advance(899);
        assert!(shown(&directory, &token).await.is_ok());
        bed.advance(1);
        assert_eq!(code(shown(&directory, &token).await), codes::TOKEN_EXPIRED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_tokens_are_users_at_most() {
    on_both("outside tokens", |bed| async move {
        let directory = bed.directory().await;
        let soon = bed.now() + 60;
        let good = outside(&json!({"sub": "auth0|7", "exp": soon, "email": "a@b.de", "team": "red"}));
        let Actor::User(user) = shown(&directory, &good).await.unwrap() else {
            panic!()
        };
        assert_eq!(
            (user.subject.as_str(), &user.claims["team"]),
            ("auth0|7", &json!("red"))
        );
        let actor = Actor::User(user);
        assert_eq!(code(directory.current_user(&actor).await), codes::NOT_A_USER);

        for anonymous in [
            json!({"sub": "x", "exp": soon, "role": "anon"}),
            json!({"exp": soon, "role": "anon"}),
        ] {
            let actor = shown(&directory, &outside(&anonymous)).await.unwrap();
            assert!(matches!(actor, Actor::Anonymous), "{anonymous}");
        }

        for bad in [
            json!({"sub": "x"}),
            json!({"role": "anon"}),
            json!({"sub": "x", "exp": null}),
            json!({"sub": "x", "exp": "soon"}),
            json!({"sub": "x", "exp": soon, "role": "project_admin"}),
            json!({"sub": "x", "exp": soon, "role": ["authenticated"]}),
            json!({"sub": "x", "exp": soon, "type": "refresh"}),
            json!({"sub": "", "exp": soon}),
            json!({"sub": 7, "exp": soon}),
            json!({"exp": soon}),
            json!({"sub": "x", "exp": soon, "nbf": soon + 3600}),
        ] {
            assert_eq!(
                code(shown(&directory, &outside(&bad)).await),
                codes::TOKEN_INVALID,
                "{bad}"
            );
        }
        let over = outside(&json!({"sub": "x", "exp": bed.now()}));
        assert_eq!(code(shown(&directory, &over).await), codes::TOKEN_EXPIRED);
        let wrong = json!({"sub": "x", "exp": soon});
        let wrong = hs256(
            &Header::new(Algorithm::HS256),
            &wrong,
            b"another secret of the right length",
        );
        assert_eq!(code(shown(&directory, &wrong).await), codes::TOKEN_INVALID);
        let stronger = encode(
            &Header::new(Algorithm::HS512),
            &json!({"sub": "x", "exp": soon}),
            &EncodingKey::from_secret(SIGNING.as_bytes()),
        );
        assert_eq!(
            code(shown(&directory, &stronger.unwrap()).await),
            codes::TOKEN_INVALID
        );
    })
    .await;
}

async fn with_policy(bed: &Bed, name: &'static str, outside: OutsideTokens) -> Directory {
    bed.start(Start {
        name,
        scope: Scope::App(name.to_owned()),
        outside,
        ..Start::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_decides_about_outside_tokens() {
    on_both("outside policy", |bed| async move {
        let soon = bed.now() + 60;
        let user = outside(&json!({"sub": "x", "exp": soon}));
        let admin = outside(&json!({"sub": "local:root", "role": "project_admin"}));
        let closed = with_policy(&bed, "closed", OutsideTokens::Refused).await;
        assert!(shown(&closed, &user).await.is_err() && shown(&closed, &admin).await.is_err());
        let original = with_policy(&bed, "original", OutsideTokens::Original).await;
        assert!(shown(&original, &user).await.is_ok());
        let operator = shown(&original, &admin).await.unwrap();
        assert_eq!(
            operator,
            Actor::Operator {
                name: "root".to_owned()
            }
        );
    })
    .await;
}
