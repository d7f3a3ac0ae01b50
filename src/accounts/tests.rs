use super::*;

const PASSWORD: &str = "rain on warm stone";

async fn accounts() -> Accounts {
    Accounts::new(Store::in_memory().await.unwrap())
}

async fn caller(accounts: &Accounts, token: &SessionToken) -> Caller {
    accounts.authenticate(&token.0).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_email_has_one_account() {
    let accounts = accounts().await;
    accounts.sign_up("ada@example.org", PASSWORD, "Ada", "").await.unwrap();
    let error = accounts.sign_up(" Ada@Example.ORG ", PASSWORD, "Ada", "").await.err().unwrap();
    assert_eq!((error.code(), error.field()), (ErrorCode::Conflict, Some("email")));
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_is_said() {
    let accounts = accounts().await;
    for (email, password, name, field) in [
        ("ada", PASSWORD, "Ada", "email"),
        ("ada@example.org", "short", "Ada", "password"),
        ("ada@example.org", "password123", "Ada", "password"),
        ("ada@example.org", PASSWORD, "  ", "name"),
    ] {
        let error = accounts.sign_up(email, password, name, "").await.err().unwrap();
        assert_eq!((error.code(), error.field()), (ErrorCode::BadInput, Some(field)));
    }
}

#[tokio::test]
async fn unknown_email_and_wrong_password_are_answered_alike() {
    let accounts = accounts().await;
    accounts.sign_up("ada@example.org", PASSWORD, "Ada", "").await.unwrap();
    let wrong = accounts.sign_in("ada@example.org", "rain on cold stone", "").await.err().unwrap();
    let unknown = accounts.sign_in("eve@example.org", PASSWORD, "").await.err().unwrap();
    let malformed = accounts.sign_in("not an email", PASSWORD, "").await.err().unwrap();
    assert_eq!(wrong.code(), ErrorCode::Unauthenticated);
    assert_eq!((&wrong, &wrong), (&unknown, &malformed));
    assert_eq!(accounts.sign_in("ADA@example.org", PASSWORD, "").await.unwrap().0.name, "Ada");
}

#[tokio::test]
async fn a_session_lasts_until_it_is_ended() {
    let accounts = accounts().await;
    let (ada, first) = accounts.sign_up("ada@example.org", PASSWORD, "Ada", "Firefox").await.unwrap();
    let (_, second) = accounts.sign_in("ada@example.org", PASSWORD, "Safari\u{7}").await.unwrap();
    let (bob, _) = accounts.sign_up("bob@example.org", PASSWORD, "Bob", "").await.unwrap();

    let here = caller(&accounts, &second).await;
    assert_eq!(here.user, ada);
    let sessions = accounts.sessions(&here).await.unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().find(|s| s.current).map(|s| s.user_agent.as_str()), Some("Safari"));
    assert!(sessions.iter().all(|s| (s.expires_at.days_since(s.last_seen) - 30.0).abs() < 0.01));

    let other = sessions.iter().find(|s| !s.current).unwrap();
    assert_eq!(accounts.revoke_session(&bob.id, &other.id).await.unwrap_err().code(), ErrorCode::NotFound);
    assert!(accounts.authenticate(&first.0).await.unwrap().is_some());
    accounts.revoke_session(&ada.id, &other.id).await.unwrap();
    assert!(accounts.authenticate(&first.0).await.unwrap().is_none());
    assert_eq!(accounts.revoke_session(&ada.id, &other.id).await.unwrap_err().code(), ErrorCode::NotFound);

    accounts.sign_out(&second.0).await.unwrap();
    assert!(accounts.authenticate(&second.0).await.unwrap().is_none());
    accounts.sign_out(&second.0).await.unwrap();
    assert!(accounts.authenticate("").await.unwrap().is_none());
}

#[tokio::test]
async fn consent_and_role_are_set_and_exported() {
    let accounts = accounts().await;
    let (ada, _) = accounts.sign_up("ada@example.org", PASSWORD, "Ada", "Firefox").await.unwrap();
    assert!(!ada.consent_training && ada.role == Role::Member);
    assert!(accounts.set_consent(&ada.id, true).await.unwrap().consent_training);
    assert_eq!(accounts.set_role("Ada@example.org", Role::Admin).await.unwrap().role, Role::Admin);
    assert_eq!(accounts.set_role("eve@example.org", Role::Admin).await.unwrap_err().code(), ErrorCode::NotFound);

    let archive = accounts.export(&ada.id).await.unwrap();
    assert_eq!(archive["account"]["email"], "ada@example.org");
    assert_eq!(archive["account"]["id"], ada.id.as_str());
    assert_eq!(archive["sessions"][0]["user_agent"], "Firefox");
    let text = archive.to_string();
    assert!(!text.contains("hash") && !text.contains("argon2"), "{text}");
}

#[tokio::test]
async fn deleting_takes_the_password() {
    let accounts = accounts().await;
    let (ada, token) = accounts.sign_up("ada@example.org", PASSWORD, "Ada", "").await.unwrap();
    let error = accounts.delete(&ada.id, "rain on cold stone").await.unwrap_err();
    assert_eq!((error.code(), error.field()), (ErrorCode::Forbidden, Some("password")));
    accounts.delete(&ada.id, PASSWORD).await.unwrap();
    assert!(accounts.authenticate(&token.0).await.unwrap().is_none());
    assert!(accounts.sign_in("ada@example.org", PASSWORD, "").await.is_err());
    accounts.sign_up("ada@example.org", PASSWORD, "Ada", "").await.unwrap();
}
