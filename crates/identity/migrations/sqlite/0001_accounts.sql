-- People, what lets them in, and the secrets of the directory. Columns that users' tools touch are InsForge's.
CREATE TABLE auth.users (
    id text NOT NULL PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password text,
    email_verified boolean NOT NULL DEFAULT false,
    created_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    updated_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    profile text NOT NULL DEFAULT '{}',
    metadata text NOT NULL DEFAULT '{}',
    is_project_admin boolean NOT NULL DEFAULT false,
    is_anonymous boolean NOT NULL DEFAULT false
);
CREATE INDEX "auth.users_by_age" ON auth.users (created_at DESC, id DESC);

CREATE TABLE auth.user_providers (
    id text NOT NULL PRIMARY KEY,
    user_id text NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    provider text NOT NULL,
    provider_account_id text NOT NULL,
    access_token text,
    refresh_token text,
    provider_data text,
    created_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    updated_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    UNIQUE (provider, provider_account_id)
);
CREATE INDEX "auth.user_providers_by_user" ON auth.user_providers (user_id);

CREATE TABLE auth.email_otps (
    id text NOT NULL PRIMARY KEY,
    email text NOT NULL,
    purpose text NOT NULL,
    otp_hash text NOT NULL,
    otp_type text NOT NULL,
    expires_at text NOT NULL,
    consumed_at text,
    redirect_to text,
    attempts_count integer NOT NULL DEFAULT 0,
    created_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    updated_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    UNIQUE (email, purpose)
);

CREATE TABLE auth.config (
    id text NOT NULL PRIMARY KEY,
    singleton boolean NOT NULL DEFAULT true UNIQUE CHECK (singleton),
    require_email_verification boolean NOT NULL DEFAULT false,
    password_min_length integer NOT NULL DEFAULT 6 CHECK (password_min_length BETWEEN 4 AND 128),
    require_number boolean NOT NULL DEFAULT false,
    require_lowercase boolean NOT NULL DEFAULT false,
    require_uppercase boolean NOT NULL DEFAULT false,
    require_special_char boolean NOT NULL DEFAULT false,
    verify_email_method text NOT NULL DEFAULT 'code' CHECK (verify_email_method IN ('code', 'link')),
    reset_password_method text NOT NULL DEFAULT 'code' CHECK (reset_password_method IN ('code', 'link')),
    allowed_redirect_urls text NOT NULL DEFAULT '[]',
    disable_signup boolean NOT NULL DEFAULT false,
    created_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    updated_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00')
);

-- No reference to the person: the row outlives them until their last access token is over.
CREATE TABLE auth.sessions (
    id text NOT NULL PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('user', 'admin')),
    user_id text,
    operator text,
    token_hash text NOT NULL,
    generation integer NOT NULL,
    created_at text NOT NULL,
    rotated_at text NOT NULL,
    expires_at text NOT NULL,
    revoked_at text,
    revoked_reason text,
    CHECK ((user_id IS NULL) <> (operator IS NULL))
);
CREATE INDEX "auth.sessions_by_user" ON auth.sessions (user_id);
CREATE INDEX "auth.sessions_by_operator" ON auth.sessions (operator) WHERE operator IS NOT NULL;
CREATE INDEX "auth.sessions_by_end" ON auth.sessions (expires_at);
CREATE INDEX "auth.sessions_by_revocation" ON auth.sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE auth.operators (
    username text NOT NULL PRIMARY KEY,
    password text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('configuration', 'created')),
    created_at text NOT NULL,
    updated_at text NOT NULL
);

CREATE TABLE system.secrets (
    id text NOT NULL PRIMARY KEY,
    key text NOT NULL UNIQUE,
    value_ciphertext text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    is_reserved boolean NOT NULL DEFAULT false,
    last_used_at text,
    expires_at text,
    created_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'),
    updated_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00')
);
