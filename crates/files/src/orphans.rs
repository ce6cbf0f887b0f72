//! The sweep of bytes that no row refers to.

use std::collections::HashSet;
use std::time::Duration;

use busbar_kernel::ids::Id;
use busbar_kernel::{Result, Timestamp};
use busbar_ports::objects::ObjectName;
use busbar_store::Value;

use crate::Place;

/// Younger bytes are spared: their upload may still be running.
const GRACE: Duration = Duration::from_secs(24 * 3600);

/// How many names are compared at once.
const AT_ONCE: usize = 500;

pub(crate) async fn sweep(place: &Place) -> Result<u64> {
    let prefix = ObjectName::prefix_of(place.room);
    let born_before = place.clock.now() - GRACE;
    let mut after: Option<ObjectName> = None;
    let mut removed = 0;
    loop {
        let page = place.bytes.list(&prefix, after.as_ref(), AT_ONCE).await?;
        let Some(last) = page.last() else {
            return Ok(removed);
        };
        after = Some(last.name.clone());
        // Names that are not ours are nobody's business here.
        let old: Vec<Id> = page
            .iter()
            .filter_map(|info| info.name.id_in(place.room))
            .filter(|id| born(*id).is_some_and(|born| born < born_before))
            .collect();
        if old.is_empty() {
            continue;
        }
        let needed = referred_to(place, &old).await?;
        let orphans: Vec<Id> = old.into_iter().filter(|id| !needed.contains(id)).collect();
        for orphan in &orphans {
            tracing::info!(blob = %orphan, "bytes without an object are removed");
        }
        place.discard(&orphans).await;
        removed += orphans.len() as u64;
    }
}

async fn referred_to(place: &Place, blobs: &[Id]) -> Result<HashSet<Id>> {
    let marks: Vec<String> = (1..=blobs.len()).map(|number| format!("${number}")).collect();
    let marks = marks.join(", ");
    let sql = format!(
        "SELECT blob FROM storage.objects WHERE blob IN ({marks})
         UNION ALL SELECT blob FROM storage.upload_parts WHERE blob IN ({marks})"
    );
    let params = blobs.iter().copied().map(Value::from).collect();
    Ok(place.db.all::<Id>(&sql, params).await?.into_iter().collect())
}

/// The moment inside a UUIDv7.
fn born(id: Id) -> Option<Timestamp> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    Timestamp::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}
