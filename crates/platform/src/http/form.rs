//! A whole multipart form: one file and the fields beside it, held in memory.

use std::collections::HashMap;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;

use super::upload::{FIELD, form_error, multipart, no_file};
use crate::Failure;

/// So many fields a form may have.
const FIELDS: usize = 50;

/// The field `file` of a `multipart/form-data` body with the other fields, in any order. The route's body limit bounds
/// all of it.
pub struct Form {
    /// The name the client gives the file.
    pub file_name: Option<String>,
    /// The file.
    pub file: Bytes,
    fields: HashMap<String, String>,
}

impl Form {
    /// A field's text; an empty one counts as absent.
    pub fn field(&self, name: &str) -> Option<&str> {
        let text = self.fields.get(name).map(String::as_str);
        text.filter(|text| !text.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let mut form = multipart(request)?;
        let (mut file, mut fields) = (None, HashMap::new());
        while let Some(field) = form.next_field().await.map_err(form_error)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == FIELD {
                let file_name = field.file_name().map(str::to_owned);
                file = Some((file_name, field.bytes().await.map_err(form_error)?));
            } else if fields.len() < FIELDS {
                fields.insert(name, field.text().await.map_err(form_error)?);
            }
        }
        let (file_name, file) = file.ok_or_else(no_file)?;
        Ok(Self {
            file_name,
            file,
            fields,
        })
    }
}
