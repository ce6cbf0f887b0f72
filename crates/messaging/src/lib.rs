//! Mail: the outgoing door and the stored mailbox.
