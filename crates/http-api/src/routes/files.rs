//! Files of records: upload, and download as an attachment.
//!
//! What must stay true: a file is for its uploader and for whoever sees a record that holds it; for everybody else it does not exist.
//! Browsers never show it as a page of ours. What is sent as a picture was made by [`record_engine::pictures`].

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use filter_language::{Condition, Expr, FieldPath, Literal, Operand, Operator};
use futures_util::stream;
use modules::exchange::{ExchangeError, TableFormat};
use record_engine::access::{Action, Scope, compile_expr};
use record_engine::field_types::{FieldKind, FileSettings};
use record_engine::files::{self, StoredFile};
use record_engine::pictures::{self, Picture, PictureBox, PictureError};
use record_engine::query::{self, ListQuery};
use record_engine::{Engine, EngineError, RequestContext};
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use crate::blocking::Lane;
use crate::error::{ApiError, Result};
use crate::extract::{Caller, Params, Path};
use crate::problem::Problem;
use crate::request::random_hex;
use crate::response::Answer;
use crate::route::{Content, Parameter, Route, route};
use crate::state::ApiState;
use crate::uploads::{self, Incoming};

/// Longest name of a file, in characters.
const MAX_NAME_LENGTH: usize = 255;
/// Bytes of one piece of a download.
const PIECE_BYTES: usize = 64 * 1024;
/// A picture never changes under its id, so a browser that has it may keep it, for its own user and for an hour.
const PICTURE_CACHING: HeaderValue = HeaderValue::from_static("private, max-age=3600, immutable");

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(post "/files" create_file)
            .summary("Stores a file, to be named by a record afterwards")
            .query(&[Parameter::text("name").required(), Parameter::integer("field_id")])
            .upload()
            .lasting()
            .answers(201, "StoredFile"),
        route!(get "/files/{id}" get_file).summary("Downloads a file").lasting().answers_with(Content::Bytes),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileParams {
    name: String,
    /// The field that the file is for: its limits hold at once, and a picture is made to fit.
    field_id: Option<i64>,
}

async fn create_file(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<FileParams>,
    request: Request,
) -> Result<Answer> {
    require_bytes(request.headers())?;
    let name = file_name(&params.name)?;
    let incoming = uploads::receive(&state, request.into_body()).await?;
    state
        .run_in(Lane::File, move |engine| {
            let context = caller.context(engine);
            let settings = params.field_id.map(|id| settings_of(engine, &context, id)).transpose()?;
            if let Some(settings) = &settings
                && std::fs::metadata(incoming.path())?.len() > settings.max_bytes
            {
                return Err(Problem::new("file_over_limit").with("max_megabytes", settings.max_megabytes()).into());
            }
            let stored = match settings.and_then(|settings| settings.picture) {
                Some(into) => keep_picture(engine, &context, incoming.path(), &name, into)?,
                None => {
                    let (hash, size) = engine.files().keep(incoming.path())?;
                    let media_type = media_type(&name).into();
                    let user_id = context.actor.user_id();
                    StoredFile { id: random_hex::<16>(), hash, name, size, media_type, user_id, pixels: None }
                }
            };
            engine.write(|tx| files::insert(tx, &context, &stored))?;
            Ok(Answer::created(&stored.to_json()))
        })
        .await
}

/// The settings of the field that an upload is for. A field that the actor may not know of does not exist for him.
fn settings_of(engine: &Engine, context: &RequestContext, field_id: i64) -> Result<FileSettings> {
    for object_type in &engine.snapshot().catalog.object_types {
        let scope = Scope::of(context, object_type, Action::See)?;
        let field = object_type.value_fields().find(|field| field.id == field_id && scope.shows(field));
        if let Some(FieldKind::File(settings)) = field.map(|field| &field.kind) {
            return Ok(settings.clone());
        }
    }
    Err(Problem::field("field_id", "unknown_field").into())
}

/// Makes a picture of an upload and keeps that instead.
fn keep_picture(
    engine: &Engine,
    context: &RequestContext,
    incoming: &std::path::Path,
    name: &str,
    into: PictureBox,
) -> Result<StoredFile> {
    let Picture { bytes, media_type, ending, width, height } =
        pictures::fit(&std::fs::read(incoming)?, into).map_err(refused_picture)?;
    std::fs::write(incoming, bytes)?;
    let (hash, size) = engine.files().keep(incoming)?;
    Ok(StoredFile {
        id: random_hex::<16>(),
        hash,
        name: with_ending(name, ending),
        size,
        media_type: media_type.into(),
        user_id: context.actor.user_id(),
        pixels: Some((width.into(), height.into())),
    })
}

fn refused_picture(error: PictureError) -> Problem {
    let problem = Problem::new(error.code());
    match error.max_megapixels() {
        Some(max) => problem.with("max_megapixels", max),
        None => problem,
    }
}

/// The name with another ending, still within the longest.
fn with_ending(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let room = MAX_NAME_LENGTH.saturating_sub(ending.len() + 1);
    let stem: String = if stem.is_empty() { name } else { stem }.chars().take(room).collect();
    format!("{stem}.{ending}")
}

async fn get_file(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response> {
    let (stored, path) = state
        .run(move |engine| {
            let context = caller.context(engine);
            let stored = engine.database().read(|tx| files::find(tx, &id))?.ok_or(EngineError::NotFound)?;
            // A key for some types gets what they show, not all that its owner ever uploaded.
            let is_own = stored.user_id == context.actor.user_id() && !context.access.is_for_some_types();
            if !is_own && !is_held_visibly(engine, &context, &stored.id)? {
                return Err(EngineError::NotFound.into());
            }
            let path = engine.files().path(&stored.hash);
            Ok((stored, path))
        })
        .await?;
    if stored.pixels.is_none() {
        return attachment(&path, &stored.name, &stored.media_type).await;
    }
    // After its hour a browser asks whether it may still show what it has; the right was looked at above.
    let tag = format!("\"{}\"", stored.hash);
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        attachment(&path, &stored.name, &stored.media_type).await?
    };
    response.headers_mut().insert(CACHE_CONTROL, PICTURE_CACHING);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

/// Whether the reader sees a record with the file in a field that he sees.
fn is_held_visibly(engine: &Engine, context: &RequestContext, file_id: &str) -> Result<bool> {
    for object_type in &engine.snapshot().catalog.object_types {
        for field in object_type.value_fields().filter(|field| matches!(field.kind, FieldKind::File(_))) {
            let holds = Expr::Condition(Condition {
                field: FieldPath { field: field.name.clone(), part: None },
                operator: Operator::Equal,
                value: Operand::One(Literal::Text(file_id.into())),
            });
            let filter = compile_expr(&holds, object_type, context)?;
            let query = ListQuery { filter, fields: Some(Vec::new()), limit: 1, ..ListQuery::default() };
            match engine.database().read(|tx| query::list(tx, context, object_type, &query)) {
                Ok(page) if !page.records.is_empty() => return Ok(true),
                // A field that is hidden from the reader cannot be asked about.
                Ok(_) | Err(EngineError::Filter(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
    }
    Ok(false)
}

/// A file of the store as a download.
pub(super) async fn attachment(path: &std::path::Path, name: &str, media_type: &str) -> Result<Response> {
    let file = tokio::fs::File::open(path).await?;
    let size = file.metadata().await?.len();
    let pieces = stream::try_unfold(file, async |mut file| {
        let mut piece = vec![0_u8; PIECE_BYTES];
        let count = file.read(&mut piece).await?;
        piece.truncate(count);
        Ok::<_, std::io::Error>((count > 0).then(|| (Bytes::from(piece), file)))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(CONTENT_DISPOSITION, disposition(name));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(response)
}

/// `attachment` with the name in the form of RFC 6266: a plain one for old programs, the real one in percent encoding.
fn disposition(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// The name of a file as people know it: without folders, control characters and marks that turn the reading direction.
pub(super) fn file_name(text: &str) -> Result<String, Problem> {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_hidden = |c: &char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(|c| !is_hidden(c)).take(MAX_NAME_LENGTH).collect();
    let name = name.trim();
    if name.is_empty() || name.chars().all(|c| c == '.') {
        Err(Problem::field("name", "required"))
    } else {
        Ok(name.into())
    }
}

/// Refuses an upload that is not sent as bytes.
pub(super) fn require_bytes(headers: &HeaderMap) -> Result<(), ApiError> {
    let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if media_type.eq_ignore_ascii_case(b"application/octet-stream") {
        Ok(())
    } else {
        Err(Problem::new("unsupported_media_type").into())
    }
}

/// A table that is written for this answer alone; `name` is that of the file without its ending.
///
/// # Errors
/// Those of `write`, or of the file.
pub(super) async fn send_table(
    state: &ApiState,
    format: TableFormat,
    name: &str,
    write: impl FnOnce(&Engine, &std::path::Path) -> Result<(), ExchangeError> + Send + 'static,
) -> Result<Response> {
    let written = Incoming::fresh(state);
    let written = state
        .run_in(Lane::File, move |engine| {
            write(engine, written.path())?;
            Ok(written)
        })
        .await?;
    let media_type = match format {
        TableFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        TableFormat::Csv => "text/csv; charset=utf-8",
    };
    let name = format!("{name}.{}", format.extension());
    // The answer holds the open file; its name in the folder is given up at once.
    attachment(written.path(), &name, media_type).await
}

/// For display. It is never trusted: every download is an attachment that browsers may not guess about.
pub(super) fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "vcf" => "text/vcard",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_and_invisible_marks() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(file_name(text).ok().as_deref(), expect, "{text:?}");
        check("договор.pdf", Some("договор.pdf"));
        check("../../etc/passwd", Some("passwd"));
        check("C:\\docs\\a.txt", Some("a.txt"));
        check("a\u{202e}fdp.exe", Some("afdp.exe"));
        check("a\r\nb", Some("ab"));
        check("..", None);
        check("", None);
        check("dir/", None);
    }

    #[test]
    fn a_picture_has_the_ending_of_what_it_became() {
        let check = |name: &str, expect: &str| assert_eq!(with_ending(name, "jpg"), expect);
        check("Фото.webp", "Фото.jpg");
        check("logo", "logo.jpg");
        check(".png", ".png.jpg");
        check(&"я".repeat(255), &format!("{}.jpg", "я".repeat(251)));
    }

    #[test]
    fn the_disposition_survives_any_name() {
        let check = |name: &str, expect: &str| assert_eq!(disposition(name).to_str().ok(), Some(expect));
        check("a b.txt", "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt");
        check("\"><img>", "attachment; filename=\"___img_\"; filename*=UTF-8''%22%3E%3Cimg%3E");
        check("Я.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%D0%AF.pdf");
    }
}
