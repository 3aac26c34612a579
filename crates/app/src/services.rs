//! What the services of a body want people to know, and where help is to be had.

use behorig_domain::{
    RecordId,
    services::{News, Service},
};
use behorig_store::feedback_place;

use crate::{
    App,
    rpc::{Answer, Empty, FeedbackText, NewsView, ServiceList, ServiceView},
    shapes::{record_id, words},
};

impl App {
    pub(crate) async fn services(&self, Empty {}: Empty) -> Answer<ServiceList> {
        let read = self.with_store(|store| {
            let mut services = Vec::new();
            for (id, service) in store.services()? {
                let feedback = store.draft(&feedback_place(id))?.unwrap_or_default();
                services.push(view(id, service, feedback));
            }
            Ok(services)
        });
        Ok(ServiceList { services: read.await?, version: env!("CARGO_PKG_VERSION").to_owned() })
    }

    pub(crate) async fn save_feedback(&self, asked: FeedbackText) -> Answer<Empty> {
        let place = feedback_place(record_id(&asked.service)?);
        self.save_writing(place, String::new(), asked.text).await
    }
}

fn view(id: RecordId, service: Service, feedback: String) -> ServiceView {
    let mut news = service.news;
    news.sort_by_key(|news| std::cmp::Reverse(news.date));
    ServiceView {
        id: id.to_string(),
        name: words(service.name),
        page: words(service.page),
        news: news
            .into_iter()
            .map(|News { date, title, text }| NewsView {
                date: date.to_string(),
                title: words(title),
                text: words(text),
            })
            .collect(),
        support_email: service.support.email,
        support_phone: service.support.phone,
        support_hours: words(service.support.hours),
        feedback,
    }
}
