//! Any browser, for the pages that the server makes: it follows what stands in them and runs nothing.

use reqwest::{Client, Method, StatusCode, header};

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Its security headers and others, names in lower case.
    pub headers: header::HeaderMap,
    /// Its HTML.
    pub html: String,
}

impl Page {
    /// The value of the page's first field of this name.
    pub fn field(&self, name: &str) -> Option<String> {
        let tag = self.html.split('<').find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
        Some(tag.split_once("value=\"")?.1.split_once('"')?.0.to_owned())
    }

    /// Whether the page says this.
    pub fn says(&self, text: &str) -> bool {
        self.html.contains(text)
    }
}

/// A browser.
pub struct Browser {
    client: Client,
    language: String,
}

impl Browser {
    /// One that prefers a language.
    pub fn new(language: &str) -> Self {
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            language: language.to_owned(),
        }
    }

    async fn ask(
        &self,
        method: Method,
        url: &str,
        form: Option<&[(&str, &str)]>,
    ) -> reqwest::Result<Page> {
        let request = self.client.request(method, url);
        let mut request = request.header(header::ACCEPT_LANGUAGE, &self.language);
        if let Some(form) = form {
            request = request.form(form);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Page { status, headers, html: answer.text().await? })
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) -> Page {
        self.ask(Method::GET, url, None).await.unwrap()
    }

    /// Looks what is at an address, as scanners of mail do.
    pub async fn peek(&self, url: &str) -> StatusCode {
        self.ask(Method::HEAD, url, None).await.unwrap().status
    }

    /// Sends a form.
    pub async fn send(&self, url: &str, form: &[(&str, &str)]) -> Page {
        self.ask(Method::POST, url, Some(form)).await.unwrap()
    }

    /// Whether a form is not taken: told so, or hung up on in the middle.
    pub async fn is_turned_away(&self, url: &str, form: &[(&str, &str)]) -> bool {
        let answer = self.ask(Method::POST, url, Some(form)).await;
        answer.map_or(true, |page| page.status == StatusCode::PAYLOAD_TOO_LARGE)
    }
}
