//! What a restore leaves as it is.

use serde_json::json;

use crate::backups::made;
use crate::bed::{Bed, on_both};

async fn policies_of_files(bed: &Bed) -> Vec<String> {
    let listed = bed.schema.policies.list("storage").await.unwrap();
    listed.into_iter().map(|policy| policy.name).collect()
}

#[tokio::test]
async fn policies_of_files_stay_as_they_are() {
    on_both("policies_of_files_stay_as_they_are", async |bed| {
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY); CREATE POLICY mine ON t USING (id = 1)")
            .await;
        bed.sql("CREATE POLICY wide ON storage.objects FOR SELECT USING (bucket = 'a')")
            .await;
        bed.sql("ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY")
            .await;
        let backup = made(&bed, "wide").await;
        assert_eq!(backup.error_message, None);
        bed.sql("DROP POLICY mine ON t").await;
        bed.sql(
            "DROP POLICY wide ON storage.objects; \
             CREATE POLICY narrow ON storage.objects FOR SELECT USING (bucket = 'a' AND key = 'b'); \
             ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY",
        )
        .await;
        bed.bench.backups.restore(backup.id).await.unwrap();
        assert_eq!(policies_of_files(&bed).await, ["narrow"]);
        assert_eq!(bed.schema.policies.list("public").await.unwrap().len(), 1);
        if !bed.is_postgres() {
            let guarded = bed
                .schema
                .library
                .current()
                .object_policies()
                .map(|policies| policies.len());
            assert_eq!(guarded, Some(1), "row security was turned off by the restore");
        }
        bed.sql("DROP POLICY narrow ON storage.objects").await;
        bed.bench.backups.restore(backup.id).await.unwrap();
        assert!(policies_of_files(&bed).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_table_that_policies_of_files_ask_does_not_go_missing() {
    on_both("a_table_that_policies_of_files_ask", async |bed| {
        let before = made(&bed, "before").await;
        bed.sql("CREATE TABLE members (key text PRIMARY KEY)").await;
        let with = made(&bed, "with").await;
        bed.sql(
            "CREATE POLICY members ON storage.objects FOR SELECT \
             USING (EXISTS (SELECT 1 FROM public.members m WHERE m.key = objects.key))",
        )
        .await;
        let refused = bed.bench.backups.restore(before.id).await.unwrap_err();
        assert_eq!(
            refused.wire_code_str(),
            Some("2BP01"),
            "{}",
            refused.operator_line()
        );
        assert_eq!(policies_of_files(&bed).await, ["members"]);
        assert_eq!(bed.rows("SELECT key FROM members").await, json!([]));
        if !bed.is_postgres() {
            bed.bench.backups.restore(with.id).await.unwrap();
        }
        bed.sql("DROP POLICY members ON storage.objects").await;
        bed.bench.backups.restore(before.id).await.unwrap();
        assert!(bed.try_sql("SELECT key FROM members").await.is_err());
    })
    .await;
}
