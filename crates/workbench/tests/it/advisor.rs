//! The advisor.

use busbar_workbench::{FindingFilter, NewSuppression};

use crate::bed::{Bed, on_both};

async fn found(bed: &Bed) -> Vec<(String, String)> {
    let filter = FindingFilter {
        limit: 500,
        ..FindingFilter::default()
    };
    let (findings, total) = bed.bench.advisor.findings(&filter).await.unwrap();
    assert_eq!(findings.len() as u64, total);
    findings
        .into_iter()
        .map(|one| (one.rule_id, one.affected_object))
        .collect()
}

#[tokio::test]
async fn what_should_be_mended_is_found_and_can_be_silenced() {
    on_both("what_should_be_mended", async |bed| {
        assert!(bed.bench.advisor.latest().await.unwrap().is_none());
        bed.sql(
            "CREATE TABLE open (id integer PRIMARY KEY); ALTER TABLE open DISABLE ROW LEVEL SECURITY; \
             CREATE TABLE bare (a integer, open_id integer REFERENCES open (id)); \
             CREATE TABLE fine (id integer PRIMARY KEY, open_id integer REFERENCES open (id), name text); \
             CREATE INDEX fine_open ON fine (open_id); CREATE INDEX fine_open_again ON fine (open_id); \
             CREATE POLICY all_of_it ON fine USING (true)",
        )
        .await;
        let id = bed.bench.advisor.scan().await.unwrap();
        let all = found(&bed).await;
        let has = |rule: &str, object: &str| all.contains(&(rule.to_owned(), object.to_owned()));
        assert!(has("rls-disabled", "public.open"), "{all:?}");
        assert!(has("rls-no-policies", "public.bare"), "{all:?}");
        assert!(has("no-primary-key", "public.bare"), "{all:?}");
        assert!(has("fk-missing-index", "public.bare.open_id"), "{all:?}");
        assert!(!has("fk-missing-index", "public.fine.open_id"), "{all:?}");
        assert!(has("duplicate-index", "public.fine.fine_open_again"), "{all:?}");
        assert!(has("policy-always-true", "public.fine.all_of_it"), "{all:?}");
        assert_eq!(
            has("unused-index", "public.fine.fine_open"),
            bed.is_postgres(),
            "{all:?}"
        );
        assert_eq!(all[0].0, "rls-disabled", "the worst comes first");
        let latest = bed.bench.advisor.latest().await.unwrap().unwrap();
        assert_eq!((latest.id, latest.critical), (id, 1));
        let new = NewSuppression {
            rule_id: "rls-disabled".into(),
            affected_object: Some("public.open".into()),
            reason: "accepted_risk".into(),
            note: None,
        };
        let made = bed.bench.advisor.suppress(&new).await.unwrap();
        assert_eq!(bed.bench.advisor.latest().await.unwrap().unwrap().critical, 0);
        assert_eq!(found(&bed).await.len(), all.len() - 1);
        assert_eq!(bed.bench.advisor.suppressions().await.unwrap().len(), 1);
        bed.bench.advisor.unsuppress(made.id).await.unwrap();
        assert!(bed.bench.advisor.unsuppress(made.id).await.is_err());
        assert_eq!(found(&bed).await.len(), all.len());
        let critical = FindingFilter {
            severity: Some("critical".into()),
            limit: 1,
            ..FindingFilter::default()
        };
        assert_eq!(bed.bench.advisor.findings(&critical).await.unwrap().1, 1);
        let wrong = FindingFilter {
            severity: Some("bad".into()),
            limit: 1,
            ..FindingFilter::default()
        };
        assert!(bed.bench.advisor.findings(&wrong).await.is_err());
    })
    .await;
}
