//! What people put into `public` to be taken for the database's own, or Busbar's, is never run by the owner.

use busbar_store::{Db, Scope, Session, Step, params};

use crate::harness::{on_postgres, state};

/// Makes things in `public` as the administrator, who may, with a spy that tells who ran it.
async fn made(db: &Db, texts: &[&str]) {
    db.batch(vec![
        Step::new(
            "GRANT USAGE, CREATE ON SCHEMA public TO project_admin, anon",
            params![],
        ),
        Step::new("CREATE TABLE public.loot (who text)", params![]),
        Step::new("GRANT ALL ON public.loot TO PUBLIC", params![]),
    ])
    .await
    .unwrap();
    let steps = texts.iter().map(|sql| Step::new(*sql, params![])).collect();
    db.batch_as(&Session::role("project_admin"), steps).await.unwrap();
}

async fn loot(db: &Db) -> Vec<String> {
    db.all("SELECT who FROM public.loot", params![]).await.unwrap()
}

const SPY: &str =
    "LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.loot VALUES (current_user::text); RETURN true; END $$";

#[tokio::test]
async fn a_function_that_fits_better_than_the_databases_own() {
    on_postgres("a_function_that_fits_better", |store, _| async move {
        let db = store.scope(Scope::Data).await.unwrap();
        // PostgreSQL's own takes text: for a varchar this one fits exactly.
        made(
            &db,
            &[&format!(
                "CREATE FUNCTION public.upper(character varying) RETURNS boolean {SPY}"
            )],
        )
        .await;
        let ran = "SELECT upper('a'::character varying)::text";
        assert_eq!(db.one::<String>(ran, params![]).await.unwrap(), "A");
        let told = db
            .batch(vec![Step::new(ran, params![]), Step::new(ran, params![])])
            .await
            .unwrap();
        assert_eq!(told[1].rows[0].text(0), Some("A"));
        let told: String = db
            .transaction(move |tx| Box::pin(async move { tx.one(ran, params![]).await }))
            .await
            .unwrap();
        assert_eq!(told, "A");
        assert!(loot(&db).await.is_empty());
        assert_eq!(
            state(&db.one::<bool>("SELECT spy()", params![]).await.unwrap_err()),
            "42883"
        );
        // People's own requests find what people made.
        db.batch_as(&Session::role("project_admin"), vec![Step::new(ran, params![])])
            .await
            .unwrap();
        assert_eq!(loot(&db).await, ["project_admin"]);
    })
    .await;
}

#[tokio::test]
async fn an_operator_that_fits_better_than_the_databases_own() {
    on_postgres("an_operator_that_fits_better", |store, _| async move {
        let db = store.scope(Scope::Data).await.unwrap();
        made(
            &db,
            &[
                &format!("CREATE FUNCTION public.same(character varying, text) RETURNS boolean {SPY}"),
                "CREATE OPERATOR public.= (LEFTARG = character varying, RIGHTARG = text, FUNCTION = public.same)",
            ],
        )
        .await;
        let sql = "SELECT 'a'::character varying = 'b'::text";
        assert!(!db.one::<bool>(sql, params![]).await.unwrap());
        assert!(!db.one::<bool>("SELECT 'a'::character varying = $1::text", params!["b"]).await.unwrap());
        assert!(loot(&db).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_called_like_one_of_ours() {
    on_postgres("a_table_that_is_called_like", |store, _| async move {
        let db = store.scope(Scope::Data).await.unwrap();
        made(
            &db,
            &[
                "CREATE TABLE public.users (id text)",
                "CREATE TABLE public.pg_class (relname text)",
                "INSERT INTO public.users VALUES ('forged')",
            ],
        )
        .await;
        db.execute("CREATE TABLE auth.users (id text)", params![])
            .await
            .unwrap();
        assert!(
            db.all::<String>("SELECT id FROM auth.users", params![])
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            state(
                &db.all::<String>("SELECT id FROM users", params![])
                    .await
                    .unwrap_err()
            ),
            "42P01"
        );
        let real: i64 = db.one("SELECT count(*) FROM pg_class", params![]).await.unwrap();
        assert!(real > 0);
        let error = db
            .execute("CREATE TABLE unplaced (id text)", params![])
            .await
            .unwrap_err();
        assert!(
            !error.message().is_empty(),
            "the owner makes nothing without saying where"
        );
    })
    .await;
}

#[tokio::test]
async fn a_type_that_is_called_like_one_of_ours() {
    on_postgres("a_type_that_is_called_like", |store, _| async move {
        let db = store.scope(Scope::Data).await.unwrap();
        made(
            &db,
            &[
                &format!("CREATE FUNCTION public.checked(text) RETURNS boolean {SPY}"),
                "CREATE DOMAIN public.mine AS text CHECK (public.checked(VALUE))",
                "CREATE DOMAIN public.uuid AS text CHECK (public.checked(VALUE))",
            ],
        )
        .await;
        assert_eq!(
            state(&db.one::<String>("SELECT 'x'::mine", params![]).await.unwrap_err()),
            "42704"
        );
        let id = "00000000-0000-4000-8000-000000000001";
        let sql = "SELECT ($1::uuid)::text";
        assert_eq!(db.one::<String>(sql, params![id]).await.unwrap(), id);
        assert!(loot(&db).await.is_empty());
    })
    .await;
}
