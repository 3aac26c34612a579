//! What a password that somebody chooses must be like. After OWASP ASVS 5.0, 6.2: length and nothing about
//! its composition, any character allowed, none of the well-known ones.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// Fewest characters.
pub const PASSWORD_MIN: usize = 12;
/// Most characters.
pub const PASSWORD_MAX: usize = 200;

/// Passwords that are tried first, and the words that they are made with: sorted, lower case. Those of
/// twelve characters or more among the 50,000 most common ones, what is left of the first 20,000 without the
/// digits and signs around them, and some Swedish words. From zxcvbn-ts (MIT, see the licence beside it).
static WELL_KNOWN: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("well_known.txt").lines().collect());

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFault {
    /// Fewer than [`PASSWORD_MIN`] characters.
    TooShort,
    /// More than [`PASSWORD_MAX`] characters.
    TooLong,
    /// It is the user name, perhaps with digits and signs around it.
    UserName,
    /// It is among the first that anybody tries.
    WellKnown,
}

/// Whether somebody with this user name may choose this password. `None`: they may.
pub fn password_fault(password: &str, user_name: &str) -> Option<PasswordFault> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Some(PasswordFault::TooShort);
    }
    if length > PASSWORD_MAX {
        return Some(PasswordFault::TooLong);
    }
    let password = password.trim().to_lowercase();
    let (core, name) = (core(&password), user_name.trim().to_lowercase());
    if !name.is_empty() && (password == name || (!core.is_empty() && core == self::core(&name))) {
        return Some(PasswordFault::UserName);
    }
    let known = core.is_empty()
        || [password.as_str(), core].iter().any(|word| WELL_KNOWN.contains(word))
        || repeats(&password)
        || is_run(&password);
    known.then_some(PasswordFault::WellKnown)
}

/// A word without the digits and signs around it.
fn core(word: &str) -> &str {
    word.trim_matches(|each: char| !each.is_alphabetic())
}

/// Whether it is one short part again and again, such as `hejhejhejhej`.
fn repeats(password: &str) -> bool {
    let all: Vec<char> = password.chars().collect();
    (1..PASSWORD_MIN.min(all.len() / 2 + 1))
        .any(|unit| all.iter().zip(all.iter().skip(unit)).all(|(a, b)| a == b))
}

/// Whether nearly every character is the neighbour of the one before, in the alphabet or on the keyboard.
fn is_run(password: &str) -> bool {
    const ROWS: [&str; 6] = [
        "abcdefghijklmnopqrstuvwxyzåäö",
        "01234567890",
        "qwertyuiopå",
        "asdfghjklöä",
        "zxcvbnm,.-",
        "!\"#¤%&/()=?",
    ];
    let neighbours = |a: char, b: char| {
        a == b
            || ROWS.iter().any(|row| {
                let mut pairs = row.chars().zip(row.chars().skip(1));
                pairs.any(|pair| pair == (a, b) || pair == (b, a))
            })
    };
    let steps = password.chars().zip(password.chars().skip(1));
    steps.filter(|(a, b)| !neighbours(*a, *b)).count() <= 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "asa.lindqvist";

    #[test]
    fn each_rule_refuses_and_what_keeps_them_all_is_taken() {
        for (password, fault) in [
            ("elva tecken", PasswordFault::TooShort),
            ("            ", PasswordFault::WellKnown),
            ("asa.lindqvist", PasswordFault::UserName),
            ("Asa.Lindqvist2026!", PasswordFault::UserName),
            ("1qaz2wsx3edc", PasswordFault::WellKnown),
            ("Password1234", PasswordFault::WellKnown),
            ("Sommar2026!!", PasswordFault::WellKnown),
            ("123456789012", PasswordFault::WellKnown),
            ("hejhejhejhej", PasswordFault::WellKnown),
            ("ååååååååååååå", PasswordFault::WellKnown),
            ("qwertyuiopåasdf", PasswordFault::WellKnown),
            ("abcdefghijkl", PasswordFault::WellKnown),
        ] {
            assert_eq!(password_fault(password, NAME), Some(fault), "{password}");
        }
        for good in ["kyla och värme", "tolv tecken!", "Sju sköna sjömän", "æøå 漢字 🙂🙂 åäö ñ"]
        {
            assert_eq!(password_fault(good, NAME), None, "{good}");
        }
        assert_eq!(password_fault("kyla och värme", ""), None, "whoever's it is");
    }

    #[test]
    fn long_ones_are_taken_up_to_the_limit() {
        let long = |length: usize| "kyla och värme, ".chars().cycle().take(length);
        let long = |length: usize| format!("{}xy", long(length - 2).collect::<String>());
        assert_eq!(password_fault(&long(64), NAME), None);
        assert_eq!(password_fault(&long(PASSWORD_MAX), NAME), None);
        assert_eq!(password_fault(&long(PASSWORD_MAX + 1), NAME), Some(PasswordFault::TooLong));
    }

    #[test]
    fn the_list_is_sorted_and_lower_case() {
        let list: Vec<&str> = include_str!("well_known.txt").lines().collect();
        assert!(list.is_sorted() && list.len() > 10_000);
        assert!(list.iter().all(|word| word.to_lowercase() == *word));
    }

    proptest! {
        #[test]
        fn digits_and_signs_around_a_well_known_word_help_nobody(
            word in "(password|dragon|lösenord|vinter)", tail in "[0-9!]{12}"
        ) {
            prop_assert_eq!(password_fault(&(word + &tail), NAME), Some(PasswordFault::WellKnown));
        }
    }
}
