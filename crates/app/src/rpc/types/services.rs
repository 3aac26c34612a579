//! The shapes of services as their bodies present them.

use serde::{Deserialize, Serialize};

use super::Words;

shapes! {
    /// The services that the person has to do with.
    pub struct ServiceList {
        /// In the order of their Swedish names.
        pub services: Vec<ServiceView>,
        /// The version of this program, to quote to support.
        pub version: String,
    }

    /// A service, as its body presents it.
    pub struct ServiceView {
        /// Its id.
        pub id: String,
        /// What people call it.
        pub name: Words,
        /// What to read first: paragraphs, parted by empty lines.
        pub page: Words,
        /// What is new, the latest first.
        pub news: Vec<NewsView>,
        /// Where help is to be had by mail.
        pub support_email: String,
        /// And by telephone.
        pub support_phone: String,
        /// When somebody answers.
        pub support_hours: Words,
        /// What is being written to those who help; empty if nothing is.
        pub feedback: String,
    }

    /// What is being written to those who help.
    pub struct FeedbackText {
        /// The service's id.
        pub service: String,
        /// What it says so far.
        pub text: String,
    }

    /// Something that a body wants people to know.
    pub struct NewsView {
        /// The day from which it counts, such as 2026-11-22.
        pub date: String,
        /// What it is about.
        pub title: Words,
        /// The rest: paragraphs, parted by empty lines.
        pub text: Words,
    }
}
