use behorig_domain::{DeviceId, PersonId, cases::Happening, identity::Profile};
use uuid::Uuid;

use super::*;
use crate::{
    Identity,
    key::tests::new_store,
    search::tests::{CASE, ISSUER, ME, at, case, document, page, put},
};

#[test]
fn however_much_one_does_oneself_the_news_of_others_is_told() {
    let (_folder, mut store) = new_store();
    let identity = Identity { server: "https://a.example".into(), person: ME };
    store.put_identity(&identity, DeviceId(Uuid::from_u128(4))).unwrap();
    let own = "Åsa Öberg";
    let namesake = PersonId(Uuid::from_u128(77));
    let profile = Profile { person: ME, name: own.into() };
    let mut lines = vec![put("case", CASE, 1, &case())];
    lines.push(put("profile", RecordId(ME.0), 2, &profile));
    for n in 0..=100_u32 {
        // the oldest is somebody else's, who is called the same
        let by = Some(if n == 0 { namesake } else { ME });
        let when = at(1_000 + i64::from(n));
        let event = Event {
            issuer: ISSUER,
            case: CASE,
            no: n,
            at: when,
            by,
            by_name: own.into(),
            what: Happening::Unassigned,
        };
        let rev = 3 + 2 * i64::from(n);
        lines.push(put("event", RecordId(Uuid::from_u128(500 + u128::from(n))), rev, &event));
        let handling = match n % 2 {
            0 => Handling::Accepted { by, by_name: own.into(), at: when },
            _ => Handling::Replaced { at: when },
        };
        let (id, document) = document(u128::from(n), 500, handling);
        lines.push(put("document", id, rev + 1, &document));
    }
    store.apply(page(lines, 204), at(10_000)).unwrap();
    let news = store.overview(at(0)).unwrap().news;
    let when: Vec<_> = news.iter().map(|it| it.at).collect();
    assert_eq!(when, [at(1_000), at(1_000)], "what happened, and a document");
}
