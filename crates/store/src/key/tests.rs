use super::*;
use crate::{Fault, Store};

const PIN: &str = "471108";

fn secret(n: u8) -> Secret {
    Secret::from_bytes(&[n; 32]).unwrap()
}

/// A key behind a passphrase, without a keyring.
pub(crate) fn new_key(folder: &Path) -> ReplicaKey {
    let wrapping = Wrapping { keyring: None, word: "smörgåstårta", share: &secret(9) };
    ReplicaKey::create(&folder.join("key.json"), &wrapping).unwrap()
}

/// A new replica.
pub(crate) fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let key = new_key(folder.path());
    let store = Store::open(&folder.path().join("replica.db"), &key).unwrap();
    (folder, store)
}

/// A key behind a PIN and a secret in a keyring, with the server's share.
fn with_keyring() -> (tempfile::TempDir, PathBuf, ReplicaKey) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.json");
    let wrapping = Wrapping { keyring: Some(&secret(1)), word: PIN, share: &secret(2) };
    let key = ReplicaKey::create(&file, &wrapping).unwrap();
    (folder, file, key)
}

#[test]
fn the_right_passphrase_opens_the_replica_and_a_wrong_one_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (key_file, file) = (folder.path().join("key.json"), folder.path().join("replica.db"));
    let key = new_key(folder.path());
    drop(Store::open(&file, &key).unwrap());
    let again = ReplicaKey::unwrap(&key_file, None, "smörgåstårta").unwrap();
    Store::open(&file, &again).unwrap();
    let wrong = ReplicaKey::unwrap(&key_file, None, "smorgastarta").unwrap_err();
    assert!(matches!(wrong, KeyFault::WrongWord { tries_left: 9 }), "{wrong}");
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"), "the file is encrypted");
}

#[test]
fn with_a_keyring_neither_half_opens_alone() {
    let (_folder, file, key) = with_keyring();
    let again = ReplicaKey::unwrap(&file, Some(&secret(1)), PIN).unwrap();
    assert_eq!(again.0, key.0);
    let missing = ReplicaKey::unwrap(&file, None, PIN).unwrap_err();
    assert!(matches!(missing, KeyFault::SecretMissing), "{missing}");
    let other = ReplicaKey::unwrap(&file, Some(&secret(7)), PIN).unwrap_err();
    assert!(matches!(other, KeyFault::WrongWord { .. }), "{other}");

    assert_eq!(ReplicaKey::recover(&file, Some(&secret(1)), &secret(2)).unwrap().0, key.0);
    let missing = ReplicaKey::recover(&file, None, &secret(2)).unwrap_err();
    assert!(matches!(missing, KeyFault::SecretMissing), "{missing}");
    for (keyring, share) in [(7, 2), (1, 7), (2, 1)] {
        let wrong = ReplicaKey::recover(&file, Some(&secret(keyring)), &secret(share));
        assert!(matches!(wrong, Err(KeyFault::WrongShare)), "{keyring} {share}");
    }
}

#[test]
fn without_a_keyring_the_share_alone_recovers_and_a_keyring_that_appears_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.json");
    let key = new_key(folder.path());
    assert!(!ReplicaKey::needs_keyring(&file).unwrap());
    for keyring in [None, Some(&secret(1))] {
        assert_eq!(ReplicaKey::unwrap(&file, keyring, "smörgåstårta").unwrap().0, key.0);
        assert_eq!(ReplicaKey::recover(&file, keyring, &secret(9)).unwrap().0, key.0);
        key.choose_word(&file, keyring, "smörgåstårta").unwrap();
    }
}

#[test]
fn another_pin_opens_the_same_key_and_the_share_goes_on_fitting() {
    let (folder, file, key) = with_keyring();
    let keyring = Some(&secret(1));
    let short = key.choose_word(&file, keyring, "12345").unwrap_err();
    assert!(matches!(short, KeyFault::TooShort), "{short}");
    ReplicaKey::unwrap(&file, keyring, PIN).unwrap();
    key.choose_word(&file, keyring, "åäö123").unwrap();
    assert_eq!(ReplicaKey::unwrap(&file, keyring, "åäö123").unwrap().0, key.0);
    assert!(ReplicaKey::unwrap(&file, keyring, PIN).is_err());
    assert_eq!(ReplicaKey::recover(&file, keyring, &secret(2)).unwrap().0, key.0);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 2, "the key and the count of one wrong try: {left:?}");
}

#[test]
fn a_change_that_is_cut_off_midway_leaves_the_old_pin() {
    let (_folder, file, _key) = with_keyring();
    // what a power cut before the rename leaves
    fs::write(file.with_extension("json.new"), b"{\"format\":1,").unwrap();
    let key = ReplicaKey::unwrap(&file, Some(&secret(1)), PIN).unwrap();
    key.choose_word(&file, Some(&secret(1)), "654321").unwrap();
    ReplicaKey::unwrap(&file, Some(&secret(1)), "654321").unwrap();
}

#[test]
fn ten_wrong_tries_demand_a_full_sign_in_which_gives_them_back() {
    let (_folder, file, key) = with_keyring();
    let keyring = Some(&secret(1));
    for left in (0..TRIES_MAX).rev() {
        let wrong = ReplicaKey::unwrap(&file, keyring, "000000").unwrap_err();
        assert!(matches!(wrong, KeyFault::WrongWord { tries_left } if tries_left == left));
    }
    assert_eq!(ReplicaKey::tries_left(&file), 0);
    let right = ReplicaKey::unwrap(&file, keyring, PIN).unwrap_err();
    assert!(matches!(right, KeyFault::NoTriesLeft), "right or not: {right}");
    let recovered = ReplicaKey::recover(&file, keyring, &secret(2)).unwrap();
    assert_eq!(recovered.0, key.0);
    recovered.choose_word(&file, keyring, "654321").unwrap();
    assert_eq!(ReplicaKey::tries_left(&file), TRIES_MAX);
    ReplicaKey::unwrap(&file, keyring, "654321").unwrap();
}

#[test]
fn a_success_resets_the_count_and_one_that_cannot_be_read_is_full() {
    let (_folder, file, _key) = with_keyring();
    let keyring = Some(&secret(1));
    for _ in 0..9 {
        ReplicaKey::unwrap(&file, keyring, "000000").unwrap_err();
    }
    assert_eq!(ReplicaKey::tries_left(&file), 1);
    ReplicaKey::unwrap(&file, keyring, PIN).unwrap();
    assert_eq!(ReplicaKey::tries_left(&file), TRIES_MAX);
    fs::write(tries_file(&file), b"none at all").unwrap();
    assert_eq!(ReplicaKey::tries_left(&file), 0);
}

#[test]
fn a_missing_secret_costs_no_try() {
    let (_folder, file, _key) = with_keyring();
    for _ in 0..20 {
        ReplicaKey::unwrap(&file, None, PIN).unwrap_err();
    }
    assert_eq!(ReplicaKey::tries_left(&file), TRIES_MAX);
}

#[test]
fn a_second_key_never_replaces_the_first_and_a_short_word_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.json");
    let share = secret(9);
    let create = |keyring: Option<&Secret>, word| {
        ReplicaKey::create(&file, &Wrapping { keyring, word, share: &share })
    };
    assert!(matches!(create(None, "sju tkn"), Err(KeyFault::TooShort)));
    assert!(matches!(create(Some(&secret(1)), "12345"), Err(KeyFault::TooShort)));
    create(None, "smörgåstårta").unwrap();
    let second = create(None, "en helt annan").unwrap_err();
    assert!(matches!(second, KeyFault::Io(_)), "{second}");
    ReplicaKey::unwrap(&file, None, "smörgåstårta").unwrap();
}

#[test]
fn a_damaged_or_foreign_file_is_told_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (key_file, file) = (folder.path().join("key.json"), folder.path().join("replica.db"));
    let key = new_key(folder.path());
    fs::write(&file, vec![7; 8_192]).unwrap();
    assert!(matches!(Store::open(&file, &key), Err(Fault::Unreadable)));
    assert_eq!(fs::read(&file).unwrap(), vec![7; 8_192]);
    for bytes in [&b""[..], b"{}", b"\xff\xfe", br#"{"format":2}"#] {
        fs::write(&key_file, bytes).unwrap();
        let fault = ReplicaKey::unwrap(&key_file, None, "smörgåstårta").unwrap_err();
        assert!(matches!(fault, KeyFault::Unreadable), "{fault}");
        let fault = key.choose_word(&key_file, None, "smörgåstårta").unwrap_err();
        assert!(matches!(fault, KeyFault::Unreadable), "{fault}");
        assert_eq!(fs::read(&key_file).unwrap(), bytes);
    }
}

#[test]
fn nothing_secret_stands_in_the_key_file() {
    let (_folder, file, key) = with_keyring();
    let text = fs::read_to_string(&file).unwrap();
    for secret in [hex::encode(*key.0), hex::encode([1; 32]), hex::encode([2; 32]), PIN.into()] {
        assert!(!text.contains(&secret));
    }
}
