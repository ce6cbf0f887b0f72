-- A database as InsForge leaves it, cut down to what an adopter meets: its roles, schemas, system tables, and a project.
DO $$ BEGIN CREATE ROLE anon NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE authenticated NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE project_admin NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;

CREATE SCHEMA auth; CREATE SCHEMA storage; CREATE SCHEMA realtime; CREATE SCHEMA system; CREATE SCHEMA functions;
CREATE SCHEMA schedules; CREATE SCHEMA email; CREATE SCHEMA ai; CREATE SCHEMA payments;

CREATE TABLE system.migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
INSERT INTO system.migrations (name, run_on) VALUES ('001_initial', now()), ('002_rename', now()), ('067_last', now());

CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (auth.jwt() ->> 'sub')::uuid $$;
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT auth.jwt() ->> 'role' $$;
CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$ SELECT auth.jwt() ->> 'email' $$;
CREATE FUNCTION system.update_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at = now(); RETURN NEW; END $$;

CREATE TABLE auth.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE NOT NULL, password text, email_verified boolean DEFAULT false,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), profile jsonb DEFAULT '{}', metadata jsonb DEFAULT '{}',
    is_project_admin boolean NOT NULL DEFAULT false, is_anonymous boolean NOT NULL DEFAULT false);
CREATE TABLE auth.user_providers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    provider text NOT NULL, provider_account_id text NOT NULL, access_token text, refresh_token text, provider_data jsonb,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), UNIQUE (provider, provider_account_id));
CREATE TABLE auth.email_otps (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL, purpose text NOT NULL, otp_hash text NOT NULL,
    otp_type text NOT NULL, expires_at timestamptz NOT NULL, consumed_at timestamptz, redirect_to text,
    attempts_count integer NOT NULL DEFAULT 0, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    UNIQUE (email, purpose));
CREATE TABLE auth.config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), require_email_verification boolean DEFAULT false,
    password_min_length integer DEFAULT 6 CHECK (password_min_length BETWEEN 4 AND 128), require_number boolean DEFAULT false,
    require_lowercase boolean DEFAULT false, require_uppercase boolean DEFAULT false, require_special_char boolean DEFAULT false,
    verify_email_method text DEFAULT 'code', reset_password_method text DEFAULT 'code', allowed_redirect_urls text[],
    disable_signup boolean DEFAULT false, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE auth.oauth_configs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), provider text UNIQUE NOT NULL, client_id text, secret_id uuid, scopes text[],
    redirect_uri text, use_shared_key boolean DEFAULT false, native_client_ids text[]);

CREATE TABLE storage.buckets (
    name text PRIMARY KEY, public boolean DEFAULT false, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    cors_rules jsonb, versioning_status text NOT NULL DEFAULT 'disabled');
CREATE TABLE storage.objects (
    bucket text NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE, key text NOT NULL, size integer NOT NULL, mime_type text,
    uploaded_at timestamptz DEFAULT now(), uploaded_by text, uploaded_via text NOT NULL DEFAULT 'rest', s3_access_key_id uuid,
    etag text, PRIMARY KEY (bucket, key));
CREATE TABLE storage.config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), max_file_size_mb integer DEFAULT 50, created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now());
CREATE TABLE storage.s3_access_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), access_key_id text UNIQUE NOT NULL, secret_ciphertext text NOT NULL,
    description text, created_at timestamptz DEFAULT now());
CREATE TABLE storage.object_tags (bucket text NOT NULL, key text NOT NULL, tag_key text NOT NULL, tag_value text NOT NULL,
    PRIMARY KEY (bucket, key, tag_key));

CREATE TABLE realtime.channels (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), pattern text UNIQUE NOT NULL, description text, webhook_urls text[],
    enabled boolean NOT NULL DEFAULT true, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE realtime.messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), event_name text NOT NULL,
    channel_id uuid REFERENCES realtime.channels (id) ON DELETE SET NULL, channel_name text NOT NULL, payload jsonb NOT NULL DEFAULT '{}',
    sender_type text NOT NULL DEFAULT 'system', sender_id uuid, ws_audience_count integer NOT NULL DEFAULT 0,
    wh_audience_count integer NOT NULL DEFAULT 0, wh_delivered_count integer NOT NULL DEFAULT 0, created_at timestamptz DEFAULT now());
CREATE FUNCTION realtime.channel_name() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('realtime.channel_name', true), '') $$;

CREATE TABLE system.secrets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), key text UNIQUE NOT NULL, value_ciphertext text NOT NULL, is_active boolean DEFAULT true,
    is_reserved boolean DEFAULT false, last_used_at timestamptz, expires_at timestamptz, created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now());
-- Sealed with the encryption key "the-encryption-key-of-the-adopted-project": ik_abab… and anon_cdcd…
INSERT INTO system.secrets (key, value_ciphertext, is_reserved) VALUES
    ('API_KEY', 'e52f8d82b13a0ee9d12bcc1faf12e0fb:dfadf29a8420c0fe2a5164d17056de85:ce0357ebf69134ce7379eaf28e3f0d681f5dc215b99bd2578746774b8a092eccf1d7cb2d15c40d7b9a7b560038384982c14d4a13dbb8f8e2e15de11f9c57c272c3ec3d', true),
    ('ANON_KEY', 'b6499ccb83fd3a9c2918328e5060b27b:d2c0c2f5e0ca97605a26461f86944dfe:fb4dcfa40204bb6f365a1c150f9cba1a24bbaf68df455d137cb48f6a68cd4f89ef2bf6948c626f9b4fb35beb93be9d61a4f70268733972933fa89ced952870ede8ac85b5a8', true);
CREATE TABLE system.audit_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), actor text NOT NULL, action text NOT NULL, module text NOT NULL, details jsonb,
    ip_address inet, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE system.custom_migrations (
    version text PRIMARY KEY CHECK (version ~ '^[0-9]{1,64}$'), name text NOT NULL, statements text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO system.custom_migrations (version, name, statements) VALUES ('1', 'posts', ARRAY['CREATE TABLE posts ()']);
CREATE TABLE functions.definitions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text UNIQUE NOT NULL, name text NOT NULL, description text, code text NOT NULL,
    status text DEFAULT 'draft', created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), deployed_at timestamptz);
CREATE TABLE email.templates (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), template_type text UNIQUE NOT NULL, subject text NOT NULL,
    body_html text NOT NULL, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE payments.customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text);

GRANT USAGE ON SCHEMA public, auth, realtime TO anon, authenticated, project_admin;
GRANT CREATE ON SCHEMA public TO project_admin;
GRANT USAGE ON SCHEMA storage TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON storage.buckets, storage.objects TO authenticated;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO anon, authenticated;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO project_admin;

-- The project: two people, a table each to itself with a policy, a table that is open, and files.
INSERT INTO auth.users (id, email, password, email_verified, profile) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'ada@example.com', '$2b$10$qgkjikllrzxNJc3ysnAzuOGTjwy0ryEj9Mye4Lxm32M7JVKAuWVfO', true, '{"name": "Ada"}'),
    ('00000000-0000-4000-8000-00000000000b', 'bob@example.com', '$2b$10$qgkjikllrzxNJc3ysnAzuOGTjwy0ryEj9Mye4Lxm32M7JVKAuWVfO', NULL, NULL);
INSERT INTO auth.config (allowed_redirect_urls) VALUES (NULL);
INSERT INTO storage.config DEFAULT VALUES;
CREATE TABLE public.posts (
    id integer PRIMARY KEY, title text, owner uuid REFERENCES auth.users (id));
ALTER TABLE public.posts OWNER TO project_admin;
ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.posts FOR ALL TO authenticated USING (owner = auth.uid());
CREATE TABLE public.news (id integer PRIMARY KEY, title text);
INSERT INTO public.posts VALUES (1, 'hers', '00000000-0000-4000-8000-00000000000a'), (2, 'his', '00000000-0000-4000-8000-00000000000b');
INSERT INTO public.news VALUES (1, 'for all');
INSERT INTO storage.buckets (name, public) VALUES ('photos', false);
INSERT INTO storage.objects (bucket, key, size, mime_type, uploaded_by, etag) VALUES
    ('photos', 'a/one.png', 12, 'image/png', '00000000-0000-4000-8000-00000000000a', 'x'),
    ('photos', 'two.png', 34, 'image/png', '00000000-0000-4000-8000-00000000000b', 'y');
INSERT INTO storage.s3_access_keys (access_key_id, secret_ciphertext) VALUES ('AKOLD', 'sealed');
INSERT INTO realtime.channels (pattern) VALUES ('room:%');
