//! A filter as clients write it: in the text form of the filter language or in its JSON form. The one reader of both, for lists and exports.

use filter_language::{CheckedExpr, Expr, parse};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::access::compile_asked;
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};

/// A filter in either form; nothing has been checked yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Filter {
    /// `warmth = hot and managers has me`; a blank text is no filter.
    Text(String),
    /// The tree as JSON.
    Expr(Json),
}

impl Filter {
    /// The filter of a list, checked against the type and with `today` and `me` resolved; `followers has me` among it.
    ///
    /// # Errors
    /// `Filter` with what is wrong with it.
    pub fn compile(&self, object_type: &ObjectType, context: &RequestContext) -> Result<CheckedExpr> {
        compile_asked(&self.parse()?, object_type, context)
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        matches!(self, Filter::Text(text) if text.trim().is_empty())
    }

    /// The text form, for jobs.
    ///
    /// # Errors
    /// `Filter` when it cannot be read.
    pub fn text(&self) -> Result<String> {
        Ok(self.parse()?.to_string())
    }

    fn parse(&self) -> Result<Expr> {
        match self {
            Filter::Text(_) if self.is_empty() => Ok(Expr::All),
            Filter::Text(text) => parse(text).map_err(|error| EngineError::Filter(error.to_string())),
            Filter::Expr(form) => Expr::from_json(form).map_err(|error| EngineError::Filter(error.to_string())),
        }
    }
}
