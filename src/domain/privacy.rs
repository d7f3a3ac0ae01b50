//! What becomes of what people give, in sentences that are true of this house.

use serde::{Deserialize, Serialize};

use super::notes::vocabulary;

vocabulary! {
    /// Where memories and files are kept.
    Place { Here => "here", "on the machine that it runs on"; Elsewhere => "elsewhere", "in the storage that was chosen for it"; }
}

vocabulary! {
    /// What models of a provider are given to read, to look at or to hear.
    Sent { Words => "words", "words"; Photos => "photos", "photos"; Recordings => "recordings", "recordings"; }
}

/// Where memories lie and who else gets to see some of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub place: Place,
    /// What is sent to the provider's models.
    pub sent: Vec<Sent>,
    /// A language model is tuned at the provider, with the examples of those who consented.
    pub tunes: bool,
}

impl Default for Promise {
    fn default() -> Self {
        Self { place: Place::Here, sent: Vec::new(), tunes: false }
    }
}

impl Promise {
    /// Who keeps the memories, and who can read them.
    pub fn of_keeping(&self) -> String {
        format!(
            "Your memories are kept by this house, {}. No other guest can read them; whoever runs the house technically could.",
            self.place
        )
    }

    /// What leaves the house.
    pub fn of_sending(&self) -> String {
        let names: Vec<&str> = self.sent.iter().map(|sent| sent.label()).collect();
        match names.as_slice() {
            [] => "They are understood here: no model elsewhere gets to see them.".to_owned(),
            [one] => format!("To be understood, your {one} are also sent to models of a provider outside the house."),
            [most @ .., last] => {
                format!(
                    "To be understood, your {} and {last} are also sent to models of a provider outside the house.",
                    most.join(", ")
                )
            }
        }
    }

    /// What is done with the examples of those who consent.
    pub fn of_examples(&self) -> &'static str {
        if self.tunes {
            "They train the models of this house; and because it tunes a language model at its provider, they are uploaded there, too."
        } else {
            "They are there to train the models of this house, and none is uploaded to a provider."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_said_to_leave() {
        let here = Promise::default();
        assert!(here.of_keeping().contains("on the machine that it runs on"));
        assert!(here.of_sending().contains("no model elsewhere"));
        assert!(here.of_examples().contains("none is uploaded"));
        let some = Promise { place: Place::Elsewhere, sent: vec![Sent::Words, Sent::Photos], tunes: true };
        assert!(some.of_keeping().contains("storage"));
        assert!(some.of_sending().contains("your words and photos are also sent"), "{}", some.of_sending());
        assert!(some.of_examples().contains("uploaded there"));
        let all = Promise { sent: Sent::ALL.to_vec(), ..Promise::default() };
        assert!(all.of_sending().contains("your words, photos and recordings are"), "{}", all.of_sending());
    }
}
