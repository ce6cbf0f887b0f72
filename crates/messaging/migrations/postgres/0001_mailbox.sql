-- Every message handed to the stored mailbox; number gives the order in which they came.
CREATE TABLE messaging.mails (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    sent_at timestamptz NOT NULL,
    recipients text NOT NULL,
    subject text NOT NULL,
    category text NOT NULL,
    mail jsonb NOT NULL
);
