//! Duplicates: which records of a type may be the same person or company, and what is done about it.
//!
//! A search (`find_job`) reduces every record to keys (`traits`), compares only records that share one (`compare`), and stores the pairs that
//! are alike with a score and the reasons. The queue (`queue`) shows them in clusters; there a pair is merged, or dismissed for good.
//! All clusters that are sure enough can be merged by a rule, as one job and one operation (`merge_job`).
//!
//! What must stay true:
//! - a pair is shown only while both records stand as they were compared, and only to who sees both, and all that they are compared by;
//! - what was dismissed stays dismissed, whatever a later search finds;
//! - memory does not grow with the base: keys live in a table, and a key that too many records share is cut off and counted;
//! - it writes records only by the merge of the engine.
//!
//! It requires `contacts`, for what a name is. Other types are compared by their channels and titles.

mod compare;
mod find_job;
mod merge_job;
mod queue;
mod store;
mod traits;

use std::sync::Arc;

use record_engine::jobs::JobHandler;

pub use compare::{Alike, MIN_SCORE, Reason};
pub use find_job::{FIND_JOB, FindRequest, SearchKey, prepare_search};
pub use merge_job::{MERGE_JOB, MergeAllRequest, Rule, prepare_merge};
pub use queue::{
    Cluster, ClusterPage, ClusterPair, MAX_PAGE, QueueQuery, Summary, cluster_of, clusters, count, dismiss,
    knows_what_is_compared, last_search,
};
pub use store::MIGRATIONS;

/// The handlers of the jobs of this module.
pub fn handlers() -> Vec<Arc<dyn JobHandler>> {
    vec![Arc::new(find_job::FindJob), Arc::new(merge_job::MergeJob)]
}
