//! What the services of a body want people to know, and where help is to be had.

use behorig_domain::services::{News, Service};

use crate::{
    App,
    rpc::{Answer, Empty, NewsView, ServiceList, ServiceView},
    shapes::words,
};

impl App {
    pub(crate) async fn services(&self, Empty {}: Empty) -> Answer<ServiceList> {
        let services = self.with_store(|store| store.services()).await?;
        let services = services.into_iter().map(|(_, service)| view(service)).collect();
        Ok(ServiceList { services, version: env!("CARGO_PKG_VERSION").to_owned() })
    }
}

fn view(service: Service) -> ServiceView {
    let mut news = service.news;
    news.sort_by_key(|news| std::cmp::Reverse(news.date));
    ServiceView {
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
    }
}
