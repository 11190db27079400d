//! The caps on open connections: of the program, and of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ServerLimits;

/// The places for connections.
pub(super) struct Places {
    pub all: Arc<Semaphore>,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most_of_one: usize,
}

impl Places {
    pub fn new(limits: &ServerLimits) -> Places {
        Places {
            all: Arc::new(Semaphore::new(limits.connections)),
            by_address: Arc::default(),
            most_of_one: limits.connections_per_address,
        }
    }

    pub fn take(&self, address: IpAddr, permit: OwnedSemaphorePermit) -> Option<Place> {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = by_address.entry(address).or_insert(0);
        if *count >= self.most_of_one {
            return None;
        }
        *count += 1;
        Some(Place { address, by_address: self.by_address.clone(), _permit: permit })
    }
}

/// The place of one connection, given back when it is dropped.
pub(super) struct Place {
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}
