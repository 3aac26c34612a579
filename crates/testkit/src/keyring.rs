//! A computer's keyring, which can be there or not, locked, emptied, or silent.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex},
};

use behorig_app::{Secrets, SecretsFault};

/// A keyring in memory. Copies are the same keyring: it outlives the program.
#[derive(Clone)]
pub struct Keyring(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    answered: Condvar,
}

struct State {
    fault: Option<SecretsFault>,
    /// The system asks the person something, and nobody has answered.
    silent: bool,
    kept: BTreeMap<String, Vec<u8>>,
}

impl Keyring {
    fn with(fault: Option<SecretsFault>) -> Self {
        let state = Mutex::new(State { fault, silent: false, kept: BTreeMap::new() });
        Self(Arc::new(Shared { state, answered: Condvar::new() }))
    }

    /// One that works.
    pub fn working() -> Self {
        Self::with(None)
    }

    /// None.
    pub fn missing() -> Self {
        Self::with(Some(SecretsFault::Unavailable))
    }

    /// Whether there is one that answers.
    pub fn is_there(&self) -> bool {
        self.0.state.lock().unwrap().fault.is_none()
    }

    /// From now on it answers with this fault, or works.
    pub fn fails(&self, fault: Option<SecretsFault>) {
        self.0.state.lock().unwrap().fault = fault;
    }

    /// From now on it waits for the person, or does not.
    pub fn is_silent(&self, silent: bool) {
        self.0.state.lock().unwrap().silent = silent;
        self.0.answered.notify_all();
    }

    /// Forgets all that it kept.
    pub fn empty(&self) {
        self.0.state.lock().unwrap().kept.clear();
    }

    /// How many secrets it keeps.
    pub fn count(&self) -> usize {
        self.0.state.lock().unwrap().kept.len()
    }

    fn ask<R>(&self, work: impl FnOnce(&mut State) -> R) -> Result<R, SecretsFault> {
        let state = self.0.state.lock().unwrap();
        let mut state = self.0.answered.wait_while(state, |state| state.silent).unwrap();
        match state.fault {
            Some(fault) => Err(fault),
            None => Ok(work(&mut state)),
        }
    }
}

impl Secrets for Keyring {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SecretsFault> {
        self.ask(|state| state.kept.get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretsFault> {
        self.ask(|state| {
            state.kept.insert(name.to_owned(), secret.to_vec());
        })
    }
}
