//! What is here and how to ask for it, for whoever writes another client. The document is written by hand;
//! the tests walk the router and hold it, and real answers, against the document.

use axum::{Router, http::header, routing::get};
use behorig_protocol::path;

const DOCUMENT: &str = include_str!("../openapi.json");

pub(super) fn document() -> Router {
    let json = [(header::CONTENT_TYPE, "application/json")];
    Router::new().route(path::OPENAPI, get(move || std::future::ready((json, DOCUMENT))))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, net::SocketAddr, sync::Arc};

    use axum::{body::Body, extract::ConnectInfo, http::Request};
    use behorig_protocol::{ErrorCode, VERSION, VERSION_HEADER, tus};
    use serde_json::Value;
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt as _;

    use super::*;
    use crate::state::State;

    fn router(data: &std::path::Path) -> Router {
        let sms = Arc::new(behorig_sms::Kept::default());
        let state = State::open(data, crate::system_clock(), sms).unwrap();
        super::super::router(Arc::new(state), CancellationToken::new())
    }

    /// The paths of a router, as its `Debug` form names them: it tells them in no other way.
    fn paths(router: &Router) -> BTreeSet<String> {
        let told = format!("{router:?}");
        let quoted = told.split('"').skip(1).step_by(2);
        // what answers where nothing is stands there too, under two names of axum's own
        let is_own = |part: &&str| *part == "/" || part.contains("__private__");
        quoted.filter(|it| it.starts_with('/') && !is_own(it)).map(str::to_owned).collect()
    }

    /// The methods that a path takes: a foreign one is answered with them.
    async fn methods(router: &Router, path: &str) -> BTreeSet<String> {
        let path = path.replace("{id}", &uuid::Uuid::nil().to_string());
        let path = path.replace(['{', '}'], "x");
        let request = Request::builder()
            .method("BREW")
            .uri(path)
            .header(VERSION_HEADER, VERSION)
            .header(tus::RESUMABLE, tus::VERSION)
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))))
            .body(Body::empty());
        let answer = router.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 405);
        let allowed = answer.headers()["allow"].to_str().unwrap();
        let mut methods: BTreeSet<String> =
            allowed.split(',').map(|it| it.trim().to_lowercase()).collect();
        if methods.contains("get") {
            // whoever takes GET takes HEAD
            methods.remove("head");
        }
        methods
    }

    #[tokio::test]
    async fn the_document_has_every_endpoint_and_no_other() {
        let data = tempfile::tempdir().unwrap();
        let router = router(data.path());
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let written = document["paths"].as_object().unwrap();
        let there = paths(&router);
        assert!(there.contains(path::SIGN_IN) && there.contains(path::HEALTH), "{there:?}");
        let names: BTreeSet<String> = written.keys().cloned().collect();
        assert_eq!(names, there);
        for path in &there {
            let item = written[path].as_object().unwrap();
            let methods_written: BTreeSet<String> =
                item.keys().filter(|key| *key != "parameters").cloned().collect();
            assert_eq!(methods_written, methods(&router, path).await, "{path}");
        }
    }

    #[test]
    fn every_code_of_a_failure_stands_in_the_document() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let codes = &document["components"]["schemas"]["ErrorBody"]["properties"]["code"]["enum"];
        let codes: Vec<ErrorCode> = serde_json::from_value(codes.clone()).unwrap();
        // one more here means one more there
        let all = |code| match code {
            ErrorCode::BadRequest
            | ErrorCode::SignInRefused
            | ErrorCode::WrongCode
            | ErrorCode::CodeExpired
            | ErrorCode::SmsFailed
            | ErrorCode::SignInNeeded
            | ErrorCode::EraseOrdered
            | ErrorCode::WrongPassword
            | ErrorCode::PasswordUnfit
            | ErrorCode::TooManyTries
            | ErrorCode::UpgradeNeeded
            | ErrorCode::TooLarge
            | ErrorCode::NotFound
            | ErrorCode::QuotaExceeded
            | ErrorCode::OffsetDiffers
            | ErrorCode::Busy
            | ErrorCode::Internal => true,
        };
        assert!(codes.len() == 17 && codes.into_iter().all(all));
    }

    #[test]
    fn every_name_that_the_document_points_to_is_in_it() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let pointed = DOCUMENT.split("\"$ref\": \"#").skip(1);
        let names: BTreeSet<&str> =
            pointed.filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
        assert!(names.len() > 30);
        for name in names {
            assert!(document.pointer(name).is_some(), "{name}");
        }
    }
}
