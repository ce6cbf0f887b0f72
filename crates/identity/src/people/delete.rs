//! Deleting people, with everything that lets them in.

use busbar_kernel::{Error, Result};
use busbar_store::{Step, params};

use super::UserId;
use crate::Directory;
use crate::sessions::Ended;

/// The most people of one call.
const MOST: usize = 1_000;

impl Directory {
    /// Deletes people and ends their sessions; answers how many there were. Unknown ids count nothing.
    ///
    /// # Errors
    /// `input.invalid` for more than 1,000 ids.
    pub async fn delete_users(&self, ids: &[UserId]) -> Result<u64> {
        if ids.len() > MOST {
            let message = format!("At most {MOST} users can be deleted at once");
            return Err(Error::invalid("userIds", message));
        }
        let mut steps = Vec::with_capacity(2 * ids.len());
        for id in ids {
            steps.push(self.end_user_sessions(id.0.0, "deleted"));
            steps.push(Step::new("DELETE FROM auth.users WHERE id = $1", params![id.0.0]));
        }
        let answers = self.db().batch(steps).await?;
        let mut deleted = 0;
        for pair in answers.chunks(2) {
            let [sessions, users] = pair else { continue };
            deleted += users.affected;
            let ended: Vec<Ended> = sessions
                .rows
                .iter()
                .map(|row| row.read())
                .collect::<Result<_>>()?;
            self.mark_ended(&ended).await?;
        }
        Ok(deleted)
    }
}
