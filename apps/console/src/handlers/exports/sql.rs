//! Tables as SQL that makes them again, as of one moment.

use axum::body::Bytes;
use busbar_kernel::Result;
use busbar_workbench::{ExportPiece, ExportRequest};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::Services;

/// Some tables, or all of them with functions and views.
pub(crate) async fn of(
    services: &Services,
    tables: Option<Vec<String>>,
) -> Result<BoxStream<'static, Result<Bytes>>> {
    let whole = tables.is_none();
    let request = ExportRequest {
        tables,
        data: true,
        functions: whole,
        sequences: whole,
        views: whole,
        row_limit: None,
    };
    let pieces = services.workbench.transfer.sql(&request).await?;
    Ok(pieces.map(|piece| piece.map(text)).boxed())
}

fn text(piece: ExportPiece) -> Bytes {
    match piece {
        ExportPiece::Sql(sql) => Bytes::from(sql),
        // Rows are statements here, and none are left out.
        ExportPiece::Table(_) | ExportPiece::Rows(_) | ExportPiece::Truncated(_) => Bytes::new(),
    }
}
