//! One row of the table of routes: what the router and the OpenAPI document are both made from.

use axum::routing::MethodRouter;

use crate::state::ApiState;

/// A route of the API.
pub(crate) struct Route {
    /// Name of the handler; the operation id.
    pub operation_id: &'static str,
    /// Lower-case HTTP method.
    pub method: &'static str,
    /// Below the base path, with `{parameters}`.
    pub path: &'static str,
    /// What it does, one line.
    pub summary: &'static str,
    /// Works without a login.
    pub is_public: bool,
    /// Accepts an `Idempotency-Key`.
    pub is_retryable: bool,
    /// Takes the session of a person; a key of a program is refused.
    pub is_session_only: bool,
    /// Changes nothing, whatever its method.
    pub is_reading: bool,
    /// Lasts longer than other answers by its nature.
    pub is_lasting: bool,
    /// Accepts `If-Match`.
    pub is_versioned: bool,
    /// Query parameters.
    pub query: Vec<Parameter>,
    /// What the request carries.
    pub body: Body,
    /// Status and content of the answer.
    pub answer: (u16, Content),
    /// What it answers instead in some case: status, schema, and which case that is.
    pub other_answer: Option<(u16, &'static str, &'static str)>,
    /// Serves it.
    pub handler: MethodRouter<ApiState>,
}

/// A query parameter.
#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// JSON Schema type.
    pub kind: &'static str,
    /// Must be given.
    pub is_required: bool,
}

impl Parameter {
    /// An optional text.
    pub const fn text(name: &'static str) -> Parameter {
        Parameter { name, kind: "string", is_required: false }
    }

    /// An optional whole number.
    pub const fn integer(name: &'static str) -> Parameter {
        Parameter { name, kind: "integer", is_required: false }
    }

    /// An optional flag.
    pub const fn flag(name: &'static str) -> Parameter {
        Parameter { name, kind: "boolean", is_required: false }
    }

    /// The same, required.
    pub const fn required(self) -> Parameter {
        Parameter { is_required: true, ..self }
    }
}

/// What a request carries.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// Nothing; `{}` is accepted.
    None,
    /// JSON of a named component schema.
    Json(&'static str),
    /// A file as it is.
    Bytes,
}

/// What an answer carries.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// Nothing.
    None,
    /// JSON of a named component schema.
    Json(&'static str),
    /// A file as an attachment.
    Bytes,
    /// Server-sent events.
    Events,
}

impl Route {
    /// A route behind the login that answers 200 with nothing described; see [`route`](crate::route::route).
    pub fn new(
        method: &'static str,
        path: &'static str,
        operation_id: &'static str,
        handler: MethodRouter<ApiState>,
    ) -> Route {
        Route {
            operation_id,
            method,
            path,
            summary: "",
            is_public: false,
            is_retryable: false,
            is_session_only: false,
            is_reading: method == "get",
            is_lasting: false,
            is_versioned: false,
            query: Vec::new(),
            body: Body::None,
            answer: (204, Content::None),
            other_answer: None,
            handler,
        }
    }

    /// What it does.
    pub fn summary(self, summary: &'static str) -> Route {
        Route { summary, ..self }
    }

    /// Works without a login.
    pub fn public(self) -> Route {
        Route { is_public: true, ..self }
    }

    /// Accepts an `Idempotency-Key`.
    pub fn retryable(self) -> Route {
        Route { is_retryable: true, ..self }
    }

    /// Is for people who logged in: passwords, sessions, keys, users.
    pub fn session_only(self) -> Route {
        Route { is_session_only: true, ..self }
    }

    /// Only reads, though its question comes in a body.
    pub fn reads(self) -> Route {
        Route { is_reading: true, ..self }
    }

    /// Has no limit on the time of its answer.
    pub fn lasting(self) -> Route {
        Route { is_lasting: true, ..self }
    }

    /// Accepts `If-Match`.
    pub fn versioned(self) -> Route {
        Route { is_versioned: true, ..self }
    }

    /// Takes query parameters.
    pub fn query(self, query: &[Parameter]) -> Route {
        Route { query: query.to_vec(), ..self }
    }

    /// Takes a JSON body.
    pub fn body(self, schema: &'static str) -> Route {
        Route { body: Body::Json(schema), ..self }
    }

    /// Takes a file.
    pub fn upload(self) -> Route {
        Route { body: Body::Bytes, ..self }
    }

    /// Answers JSON with a status.
    pub fn answers(self, status: u16, schema: &'static str) -> Route {
        Route { answer: (status, Content::Json(schema)), ..self }
    }

    /// Answers other JSON with another status in some case.
    pub fn or_answers(self, status: u16, schema: &'static str, case: &'static str) -> Route {
        Route { other_answer: Some((status, schema, case)), ..self }
    }

    /// Answers something else.
    pub fn answers_with(self, content: Content) -> Route {
        Route { answer: (200, content), ..self }
    }
}

/// `route!(get "/catalog" get_catalog)`: the operation id is the handler's own name, so the two cannot differ.
macro_rules! route {
    ($method:ident $path:literal $handler:ident) => {
        $crate::route::Route::new(stringify!($method), $path, stringify!($handler), ::axum::routing::$method($handler))
    };
}
pub(crate) use route;
