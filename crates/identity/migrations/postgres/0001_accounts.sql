-- People, what lets them in, and the secrets of the directory. Columns that users' tools touch are InsForge's.
CREATE TABLE auth.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    password text,
    email_verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    profile jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    is_project_admin boolean NOT NULL DEFAULT false,
    is_anonymous boolean NOT NULL DEFAULT false
);
CREATE INDEX "auth.users_by_age" ON auth.users (created_at DESC, id DESC);

CREATE TABLE auth.user_providers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    provider text NOT NULL,
    provider_account_id text NOT NULL,
    access_token text,
    refresh_token text,
    provider_data jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider, provider_account_id)
);
CREATE INDEX "auth.user_providers_by_user" ON auth.user_providers (user_id);

CREATE TABLE auth.email_otps (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL,
    purpose text NOT NULL,
    otp_hash text NOT NULL,
    otp_type text NOT NULL,
    expires_at timestamptz NOT NULL,
    consumed_at timestamptz,
    redirect_to text,
    attempts_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (email, purpose)
);

CREATE TABLE auth.config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    singleton boolean NOT NULL DEFAULT true UNIQUE CHECK (singleton),
    require_email_verification boolean NOT NULL DEFAULT false,
    password_min_length integer NOT NULL DEFAULT 6 CHECK (password_min_length BETWEEN 4 AND 128),
    require_number boolean NOT NULL DEFAULT false,
    require_lowercase boolean NOT NULL DEFAULT false,
    require_uppercase boolean NOT NULL DEFAULT false,
    require_special_char boolean NOT NULL DEFAULT false,
    verify_email_method text NOT NULL DEFAULT 'code' CHECK (verify_email_method IN ('code', 'link')),
    reset_password_method text NOT NULL DEFAULT 'code' CHECK (reset_password_method IN ('code', 'link')),
    allowed_redirect_urls text[] NOT NULL DEFAULT '{}',
    disable_signup boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- No reference to the person: the row outlives them until their last access token is over.
CREATE TABLE auth.sessions (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('user', 'admin')),
    user_id uuid,
    operator text,
    token_hash text NOT NULL,
    generation bigint NOT NULL,
    created_at timestamptz NOT NULL,
    rotated_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text,
    CHECK ((user_id IS NULL) <> (operator IS NULL))
);
CREATE INDEX "auth.sessions_by_user" ON auth.sessions (user_id);
CREATE INDEX "auth.sessions_by_operator" ON auth.sessions (operator) WHERE operator IS NOT NULL;
CREATE INDEX "auth.sessions_by_end" ON auth.sessions (expires_at);
CREATE INDEX "auth.sessions_by_revocation" ON auth.sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE auth.operators (
    username text PRIMARY KEY,
    password text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('configuration', 'created')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE system.secrets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key text NOT NULL UNIQUE,
    value_ciphertext text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    is_reserved boolean NOT NULL DEFAULT false,
    last_used_at timestamptz,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
