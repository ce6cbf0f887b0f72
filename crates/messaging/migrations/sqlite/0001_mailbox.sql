-- Every message handed to the stored mailbox; number gives the order in which they came.
CREATE TABLE messaging.mails (
    number integer PRIMARY KEY AUTOINCREMENT,
    id text NOT NULL UNIQUE,
    sent_at text NOT NULL,
    recipients text NOT NULL,
    subject text NOT NULL,
    category text NOT NULL,
    mail text NOT NULL
);
