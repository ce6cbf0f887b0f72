//! People and their mail.

use busbar_platform::{Routes, delete, get, post};

use crate::Services;
use crate::handlers::{mailbox, users};
use crate::permissions::{MAILBOX_EMPTY, MAILBOX_READ, USERS_READ, USERS_WRITE};

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    Routes::new()
        .group("console people")
        .route(
            get("/api/users", &USERS_READ, users::list::handle)
                .summary("People, newest first")
                .params::<users::list::PeopleQuery>()
                .answers::<users::list::Page>(200, "A page"),
        )
        .route(
            post("/api/users", &USERS_WRITE, users::create::handle)
                .summary("Make an account")
                .body::<users::create::NewAccount>()
                .answers::<users::UserView>(201, "Made")
                .answers_plain(409, "The address is taken"),
        )
        .route(
            delete("/api/users/{id}", &USERS_WRITE, users::delete::handle)
                .summary("Delete an account")
                .answers_plain(204, "Deleted"),
        )
        .route(
            get("/api/mailbox", &MAILBOX_READ, mailbox::list::handle)
                .summary("Stored mail, newest first")
                .params::<mailbox::list::MailboxQuery>()
                .answers::<mailbox::list::Page>(200, "A page"),
        )
        .route(
            get("/api/mailbox/{id}", &MAILBOX_READ, mailbox::show::handle)
                .summary("A stored message")
                .answers::<mailbox::show::MailView>(200, "The message"),
        )
        .route(
            delete("/api/mailbox", &MAILBOX_EMPTY, mailbox::empty::handle)
                .summary("Empty the mailbox")
                .answers_plain(204, "Emptied"),
        )
}
