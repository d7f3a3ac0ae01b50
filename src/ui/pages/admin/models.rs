//! The models in service and their history.

use leptos::{either::Either, prelude::*};

use super::Area;
use crate::{
    api::admin::{self, DeployModel, RollBackModel},
    domain::{
        operation::{DeploymentItem, ModelItem, ModelsOfKind},
        ranking::Trait,
        training::TuningKind,
    },
    ui::components::{FormError, Loaded, PostForm, TableRegion, failure, with_status},
};

/// What serves, what could, and who put it there.
#[component]
pub fn AdminModels() -> impl IntoView {
    let deploy = ServerAction::<DeployModel>::new();
    let roll_back = ServerAction::<RollBackModel>::new();
    let versions = move || (deploy.version().get(), roll_back.version().get());
    let models = Resource::new_blocking(versions, |_| async move { with_status(admin::models().await) });
    view! {
        <Area title="Models" lede="A new model serves only if it is better on people it has not learned from. Each step can be taken back.">
            <FormError error=failure(deploy)/>
            <FormError error=failure(roll_back)/>
            <Loaded resource=models render=move |kinds| {
                kinds.into_iter().map(|models| view! { <OfKind models deploy roll_back/> }).collect_view()
            }/>
        </Area>
    }
}

#[component]
fn OfKind(models: ModelsOfKind, deploy: ServerAction<DeployModel>, roll_back: ServerAction<RollBackModel>) -> impl IntoView {
    let ModelsOfKind { kind, in_service, before, models, deployments } = models;
    let heading = match kind {
        TuningKind::Ranker => "Ranking",
        TuningKind::OpenAi => "Language model",
    };
    let back = before.map(|before| {
        view! {
            <PostForm action=roll_back>
                <input r#type="hidden" name="kind" value=kind.as_str()/>
                <button class="button" r#type="submit">{format!("Bring back {before}")}</button>
            </PostForm>
        }
    });
    let models = models.into_iter().map(|item| view! { <Model item kind deploy/> }).collect_view();
    let story = if deployments.is_empty() {
        Either::Left(view! { <p class="faded">"Nothing was ever exchanged."</p> })
    } else {
        let items = deployments.into_iter().map(|item| view! { <Change item/> }).collect_view();
        Either::Right(view! { <ol class="margin-notes">{items}</ol> })
    };
    view! {
        <section class="section stack">
            <h2>{heading}</h2>
            <p>"In service: "<strong>{in_service}</strong></p>
            {back}
            <TableRegion label=format!("Models: {heading}")>
                <thead>
                    <tr>
                        <th scope="col">"Model"</th><th scope="col">"Made"</th>
                        <th scope="col">"What its training came to"</th><th scope="col">"Service"</th>
                    </tr>
                </thead>
                <tbody>{models}</tbody>
            </TableRegion>
            <h3>"Its story"</h3>
            {story}
        </section>
    }
}

#[component]
fn Model(item: ModelItem, kind: TuningKind, deploy: ServerAction<DeployModel>) -> impl IntoView {
    let ModelItem { name, in_service, created_at, decision, moved } = item;
    let made = created_at.map_or_else(|| "comes with the house".to_owned(), |at| at.minute_text());
    let words: Vec<String> = moved
        .iter()
        .map(|weight| format!("{} {:.2} → {:.2}", Trait::in_words(&weight.feature), weight.from, weight.to))
        .collect();
    let weights = (!words.is_empty()).then(|| {
        view! { <details><summary>"What it weighs otherwise"</summary><p>{words.join("; ")}</p></details> }
    });
    let end = if in_service {
        Either::Left(view! { <span class="faded">"in service"</span> })
    } else {
        let (label, named) = (format!("Put {name} into service"), name.clone());
        Either::Right(view! {
            <PostForm action=deploy>
                <input r#type="hidden" name="kind" value=kind.as_str()/>
                <input r#type="hidden" name="name" value=named/>
                <button class="link small" r#type="submit" aria-label=label>"Put into service"</button>
            </PostForm>
        })
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label="Made">{made}</td>
            <td class="small wide">{decision}{weights}</td>
            <td>{end}</td>
        </tr>
    }
}

#[component]
fn Change(item: DeploymentItem) -> impl IntoView {
    let DeploymentItem { name, previous, action, actor, operator, reason, at } = item;
    let who = operator.unwrap_or_else(|| actor.label().to_owned());
    view! {
        <li>
            <p>{format!("{name} was {}, in the place of {previous}.", action.label())}</p>
            <p class="small">{reason}</p>
            <footer>
                <span>"by "{who}</span>
                <time datetime=at.to_rfc3339()>{at.minute_text()}</time>
            </footer>
        </li>
    }
}
