//! Signed links: what they open, how long, and every way to forge one.

use std::time::Duration;

use busbar_files::{Links, ObjectRule};
use busbar_kernel::{Actor, Clock, Kind};

use crate::fixture::{Fixture, key, operator, user};
use crate::on_each_database;

const HOUR: Duration = Duration::from_secs(3600);

on_each_database! {
    async fn a_link_opens_one_object_for_its_time(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        let other = fixture.bucket("other", false).await;
        for (into, at) in [(&b, "a"), (&b, "c"), (&other, "a")] {
            fixture.put(&user("ada"), into, at, "secret").await.unwrap();
        }
        let link = fixture.files.links.sign(&user("ada"), &b, &key("a"), HOUR).await.unwrap();
        assert_eq!(link.expires_at, fixture.clock.now() + HOUR);
        let token = Some(link.token.as_str());
        for reader in [Actor::Nobody, Actor::Anonymous, user("eve")] {
            assert_eq!(fixture.get_signed(&reader, &b, "a", token).await.unwrap(), "secret");
            for (from, at) in [(&b, "c"), (&other, "a"), (&b, "missing")] {
                let error = fixture.get_signed(&reader, from, at, token).await.unwrap_err();
                assert_eq!(error.code_str(), "files.link_invalid");
            }
        }
        fixture.clock.advance(HOUR - Duration::from_secs(1));
        assert!(fixture.get_signed(&Actor::Nobody, &b, "a", token).await.is_ok());
        fixture.clock.advance(Duration::from_secs(1));
        let error = fixture.get_signed(&Actor::Nobody, &b, "a", token).await.unwrap_err();
        assert_eq!((error.kind(), error.code_str()), (Kind::Forbidden, "files.link_expired"));
    }

    async fn a_link_outlives_its_owners_replacement_and_no_other(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "k", "one").await.unwrap();
        let link = fixture.files.links.sign(&user("ada"), &b, &key("k"), HOUR).await.unwrap();
        let token = Some(link.token.as_str());
        fixture.put(&user("ada"), &b, "k", "two").await.unwrap();
        assert_eq!(fixture.get_signed(&Actor::Nobody, &b, "k", token).await.unwrap(), "two");
        fixture.files.objects.delete(&user("ada"), &b, &key("k")).await.unwrap();
        let gone = fixture.get_signed(&Actor::Nobody, &b, "k", token).await.unwrap_err();
        assert_eq!(gone.kind(), Kind::NotFound);
        fixture.put(&user("eve"), &b, "k", "hers").await.unwrap();
        let error = fixture.get_signed(&Actor::Nobody, &b, "k", token).await.unwrap_err();
        assert_eq!(error.code_str(), "files.link_invalid", "the next owner never signed it");
    }

    async fn no_changed_token_passes(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "k", "secret").await.unwrap();
        let token = fixture.files.links.sign(&user("ada"), &b, &key("k"), HOUR).await.unwrap().token;
        let parts: Vec<&str> = token.split('.').collect();
        let [seconds, owner, signature] = parts.as_slice() else { panic!("{token}") };
        let later = (seconds.parse::<i64>().unwrap() + 1).to_string();
        let (with_plus, with_zero) = (format!("+{seconds}"), format!("0{seconds}"));
        let mut forged = vec![
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            seconds.to_string(),
            format!("{seconds}.{owner}"),
            format!("{seconds}.{owner}."),
            format!("{seconds}..{signature}"),
            format!(".{owner}.{signature}"),
            format!("{later}.{owner}.{signature}"),
            format!("{with_plus}.{owner}.{signature}"),
            format!("{with_zero}.{owner}.{signature}"),
            format!("99999999999999999999.{owner}.{signature}"),
            format!("-1.{owner}.{signature}"),
            format!("{seconds}.{}.{signature}", "A".repeat(owner.len())),
            format!("{seconds}.{owner}.{}", &signature[..signature.len() - 1]),
            format!("{seconds}.{owner}.{signature}A"),
            format!("{seconds}.{owner}.{signature}="),
            format!("{seconds}.{owner}.{}", "A".repeat(signature.len())),
            format!("{seconds}.{owner}.{signature}.{signature}"),
            format!(" {token}"),
        ];
        // Every single character of the token counts, save the unused bits of base64's last one.
        for at in 0..token.len() - 1 {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
            forged.push(String::from_utf8(changed).unwrap());
        }
        for token in &forged {
            let error = fixture.get_signed(&Actor::Nobody, &b, "k", Some(token)).await.unwrap_err();
            assert_eq!(error.code_str(), "files.link_invalid", "{token}");
        }
        let stranger = fixture.again(ObjectRule::Owner, "another secret").await;
        let theirs = stranger.links.sign(&user("ada"), &b, &key("k"), HOUR).await.unwrap().token;
        assert!(fixture.get_signed(&Actor::Nobody, &b, "k", Some(&theirs)).await.is_err());
        assert!(fixture.get_signed(&Actor::Nobody, &b, "k", Some(&token)).await.is_ok());
    }

    async fn only_readers_sign_and_lifetimes_are_bounded(fixture: Fixture) {
        let b = fixture.bucket("b", false).await;
        fixture.put(&user("ada"), &b, "k", "x").await.unwrap();
        for stranger in [user("eve"), Actor::Anonymous, Actor::Nobody] {
            assert!(fixture.files.links.sign(&stranger, &b, &key("k"), HOUR).await.is_err());
        }
        for (asked, given) in [
            (Duration::ZERO, Duration::from_secs(1)),
            (Links::DEFAULT_LIFETIME, HOUR),
            (Duration::from_secs(u64::MAX), Links::MAX_LIFETIME),
        ] {
            let link = fixture.files.links.sign(&operator(), &b, &key("k"), asked).await.unwrap();
            assert_eq!(link.expires_at, fixture.clock.now() + given);
        }
    }
}
