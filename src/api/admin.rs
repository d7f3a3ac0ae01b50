//! `/api/admin`: the operator's area. 401 for strangers, 403 for members; counts, states and decisions, never what people wrote,
//! but for the training examples that they consented to.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{caller, house};
use crate::domain::{
    AppError,
    operation::{Census, HouseUsage, JobsReport, ModelsOfKind, TuningItem, TuningReport},
    page::Page,
    training::Example,
};
#[cfg(feature = "ssr")]
use crate::{
    catalog::import::job::IMPORT,
    domain::{
        AppResult, ErrorCode,
        account::Role,
        ids::{JobId, UserId},
        operation::JobState,
        page::Cursor,
        training::{Actor, TuningKind},
    },
    jobs::Wanted,
    learning::tuning::TUNE,
};

/// The operator who calls; anybody else is refused.
#[cfg(feature = "ssr")]
pub fn operator() -> AppResult<UserId> {
    check_operator(&caller()?.user)
}

/// The id of an account that may operate the house.
#[cfg(feature = "ssr")]
pub fn check_operator(user: &crate::domain::account::User) -> AppResult<UserId> {
    if user.role == Role::Admin {
        Ok(user.id.clone())
    } else {
        Err(AppError::forbidden("This is for the operators of the house."))
    }
}

#[cfg(feature = "ssr")]
fn kind_of(word: &str) -> AppResult<TuningKind> {
    TuningKind::from_word(word).ok_or_else(|| AppError::bad_input("kind", "A kind is ranker or openai."))
}

/// The queue: counts, and a page of jobs (of a kind, in a state), those that failed first.
#[server(prefix = "/api", name = ListJobs, endpoint = "admin/jobs", input = GetUrl)]
pub async fn jobs(kind: Option<String>, state: Option<String>, cursor: Option<String>) -> Result<JobsReport, AppError> {
    operator()?;
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let state = given(state).map(|word| {
        JobState::from_word(&word).ok_or_else(|| {
            let words: Vec<&str> = JobState::ALL.iter().map(|state| state.as_str()).collect();
            AppError::bad_input("state", format!("A state is one of {}.", words.join(", ")))
        })
    });
    let wanted = Wanted { kind: given(kind), state: state.transpose()? };
    house().queue.report(&wanted, Cursor::parse(cursor.as_deref())?).await
}

/// Has a failed job done again.
#[server(prefix = "/api", name = RetryJob, endpoint = "admin/jobs/retry", input = PostAny)]
pub async fn retry_job(id: String) -> Result<(), AppError> {
    operator()?;
    let id: JobId = id.parse()?;
    let house = house();
    if let Some((user, memory)) = house.memories.job_of_memory(&id).await? {
        return house.memories.retry(&user, &memory).await.map(drop);
    }
    match house.queue.about(&id).await?.0.as_str() {
        TUNE => Err(AppError::conflict("A training that failed is begun anew, on the page of trainings.")),
        _ => house.queue.retry(&id).await,
    }
}

/// Ends a job that waits or runs. What it is about stays: a memory keeps its words, a catalog what was written of it.
#[server(prefix = "/api", name = CancelJob, endpoint = "admin/jobs/cancel", input = PostAny)]
pub async fn cancel_job(id: String) -> Result<(), AppError> {
    operator()?;
    let id: JobId = id.parse()?;
    let house = house();
    if let Some((user, memory)) = house.memories.job_of_memory(&id).await? {
        return match house.memories.cancel(&user, &memory).await {
            // A memory that is ready is understood anew, or it is gone: then there is the job alone.
            Err(error) if matches!(error.code(), ErrorCode::Conflict | ErrorCode::NotFound) => house.queue.stop(&id).await,
            outcome => outcome.map(drop),
        };
    }
    let (kind, _, payload) = house.queue.about(&id).await?;
    match kind.as_str() {
        TUNE => match house.learning.cancel_tuning(&payload["job"].as_str().unwrap_or_default().parse()?).await {
            // Of a training that has ended, this is what clears up after it.
            Err(error) if error.code() == ErrorCode::Conflict => house.queue.stop(&id).await,
            outcome => outcome,
        },
        IMPORT => house.imports.stop(&id).await,
        _ => house.queue.stop(&id).await,
    }
}

/// The models by kind: what serves, what could, and who put it there.
#[server(prefix = "/api", name = ListModels, endpoint = "admin/models/list", input = GetUrl)]
pub async fn models() -> Result<Vec<ModelsOfKind>, AppError> {
    operator()?;
    house().learning.models().await
}

/// Puts a kept model into service.
#[server(prefix = "/api", name = DeployModel, endpoint = "admin/models/deploy", input = PostAny)]
pub async fn deploy(kind: String, name: String) -> Result<Vec<ModelsOfKind>, AppError> {
    let operator = operator()?;
    let house = house();
    house.learning.deploy(kind_of(&kind)?, &name, "Chosen by an operator.", Actor::Operator, Some(&operator)).await?;
    house.learning.models().await
}

/// Brings back what was in service before.
#[server(prefix = "/api", name = RollBackModel, endpoint = "admin/models/rollback", input = PostAny)]
pub async fn roll_back(kind: String) -> Result<Vec<ModelsOfKind>, AppError> {
    let operator = operator()?;
    let house = house();
    house.learning.roll_back(kind_of(&kind)?, Actor::Operator, Some(&operator)).await?;
    house.learning.models().await
}

/// The trainings, newest first.
#[server(prefix = "/api", name = ListTunings, endpoint = "admin/fine_tuning/list", input = GetUrl)]
pub async fn tunings() -> Result<TuningReport, AppError> {
    operator()?;
    house().learning.tunings().await
}

/// Starts a training: of the ranking, at once; of a language model, at the provider.
#[server(prefix = "/api", name = StartTuning, endpoint = "admin/fine_tuning/start", input = PostAny)]
pub async fn start_tuning(kind: String) -> Result<TuningItem, AppError> {
    let operator = operator()?;
    house().learning.start_tuning(kind_of(&kind)?, &operator).await
}

/// Stops a training that has not ended.
#[server(prefix = "/api", name = CancelTuning, endpoint = "admin/fine_tuning/cancel", input = PostAny)]
pub async fn cancel_tuning(id: String) -> Result<(), AppError> {
    operator()?;
    house().learning.cancel_tuning(&id.parse()?).await
}

/// What the house has used this month.
#[server(prefix = "/api", name = HouseUsageOf, endpoint = "admin/usage", input = GetUrl)]
pub async fn usage() -> Result<HouseUsage, AppError> {
    operator()?;
    house().meter.of_house().await
}

/// The people, counted.
#[server(prefix = "/api", name = ListPeople, endpoint = "admin/users", input = GetUrl)]
pub async fn users(cursor: Option<String>) -> Result<Census, AppError> {
    operator()?;
    house().accounts.census(Cursor::parse(cursor.as_deref())?).await
}

/// The training examples of all who consent, newest first.
#[server(prefix = "/api", name = ListAllExamples, endpoint = "admin/examples", input = GetUrl)]
pub async fn examples(cursor: Option<String>) -> Result<Page<Example>, AppError> {
    operator()?;
    house().learning.examples_of_all(Cursor::parse(cursor.as_deref())?).await
}

/// Removes one of them for good.
#[server(prefix = "/api", name = RemoveAnyExample, endpoint = "admin/examples/remove", input = PostAny)]
pub async fn remove_example(id: String) -> Result<(), AppError> {
    operator()?;
    house().learning.remove_any_example(&id.parse()?).await
}
