-- A backup brings back the list of custom migrations, in the administrator's transaction.
GRANT DELETE ON system.custom_migrations TO project_admin;
