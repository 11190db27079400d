//! Says why a record is in or out: the tree of the filter with a verdict at every node.
//!
//! Nothing is cut short, unlike in [`crate::matches()`], so that every condition has its verdict. The
//! values of the record are not repeated here; who may not see a field learns nothing new.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::ast::{Condition, Expr};
use crate::check::CheckedExpr;
use crate::evaluate::{Row, condition_holds};

/// A node of a filter and whether it holds for the record.
///
/// In JSON `{"holds": true, "and": […]}`, with `all`, `or`, `not` and `condition` likewise.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Whether this node holds.
    pub holds: bool,
    /// The node, with the verdicts of its parts.
    pub node: ExplanationNode,
}

/// What a node is; the shape of [`Expr`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExplanationNode {
    /// Matches everything.
    All,
    /// Holds if every part does.
    And(Vec<Explanation>),
    /// Holds if any part does.
    Or(Vec<Explanation>),
    /// Holds if the inner node does not.
    Not(Box<Explanation>),
    /// One test.
    Condition(Condition),
}

/// Evaluates every node of a resolved filter. The verdict at the root is that of
/// [`crate::matches()`].
pub fn explain(expr: &CheckedExpr, row: &dyn Row) -> Explanation {
    explain_expr(expr.expr(), row)
}

fn explain_expr(expr: &Expr, row: &dyn Row) -> Explanation {
    match expr {
        Expr::All => Explanation { holds: true, node: ExplanationNode::All },
        Expr::And(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| explain_expr(part, row)).collect();
            let holds = parts.iter().all(|part| part.holds);
            Explanation { holds, node: ExplanationNode::And(parts) }
        }
        Expr::Or(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| explain_expr(part, row)).collect();
            let holds = parts.iter().any(|part| part.holds);
            Explanation { holds, node: ExplanationNode::Or(parts) }
        }
        Expr::Not(inner) => {
            let inner = explain_expr(inner, row);
            Explanation { holds: !inner.holds, node: ExplanationNode::Not(Box::new(inner)) }
        }
        Expr::Condition(condition) => {
            Explanation { holds: condition_holds(condition, row), node: ExplanationNode::Condition(condition.clone()) }
        }
    }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("holds", &self.holds)?;
        match &self.node {
            ExplanationNode::All => map.serialize_entry("all", &true)?,
            ExplanationNode::And(parts) => map.serialize_entry("and", parts)?,
            ExplanationNode::Or(parts) => map.serialize_entry("or", parts)?,
            ExplanationNode::Not(inner) => map.serialize_entry("not", inner)?,
            ExplanationNode::Condition(condition) => map.serialize_entry("condition", condition)?,
        }
        map.end()
    }
}
