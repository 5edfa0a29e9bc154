//! One process of a fleet: gets tokens through Redis, and wants another each time, until there were enough.
//!
//! `fleet-worker REDIS-URL TOKEN-PORT GRANT LEASE-MS GOAL`, where GRANT is `initial` for the client credentials grant
//! or a refresh token to begin with. It ends well when it was handed the token number GOAL, and with 3 when it would
//! have to authenticate anew.

use std::process::ExitCode;
use std::time::Duration;

use specmint_runtime::Limits;
use specmint_runtime::token::oauth::{ClientAuth, OAuthEndpoint, OAuthGrant, TokenUrl};
use specmint_runtime::token::store::redis::RedisStore;
use specmint_runtime::token::{
    Advice, Backoff, Fleet, FleetPolicy, Identity, InDoubt, KeyRing, RefreshPolicy, Reject,
    SealingKey, StoreKeys, SystemTimer, Timer, TokenSource,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work(std::env::args().skip(1).collect()))
}

async fn work(arguments: Vec<String>) -> Result<ExitCode, Failure> {
    let [redis, port, grant, lease, goal] = arguments.as_slice() else {
        return Err("fleet-worker REDIS-URL TOKEN-PORT GRANT LEASE-MS GOAL".into());
    };
    let lease = Duration::from_millis(lease.parse()?);
    let goal: u32 = goal.parse()?;
    let source = source(redis, port, grant, lease).await?;
    loop {
        match source.token().await {
            Ok(token) => {
                // The server numbers its tokens.
                let number: u32 = token.expose().trim_start_matches('a').parse()?;
                if number >= goal {
                    return Ok(ExitCode::SUCCESS);
                }
                source.reject(&token, Reject::Outdated);
            }
            Err(error) if error.advice() == Advice::Reauthenticate && grant != "initial" => {
                return Ok(ExitCode::from(3));
            }
            Err(_) => SystemTimer.sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn source(
    redis: &str,
    port: &str,
    grant: &str,
    lease: Duration,
) -> Result<TokenSource, Failure> {
    let url = TokenUrl::loopback_http(&format!("http://127.0.0.1:{port}/token"))?;
    let auth = ClientAuth::post(std::process::id().to_string(), "a secret");
    let by = match grant {
        "initial" => OAuthGrant::client_credentials(),
        _ => OAuthGrant::refresh_token("session"),
    };
    let endpoint = OAuthEndpoint::builder(url, auth, by).build()?;

    let mut times = FleetPolicy::default();
    times.lease = lease;
    times.call = lease * 2 / 3;
    times.patience = lease * 20;
    let store = RedisStore::connect(redis).await?;
    let sealer = KeyRing::sealing(SealingKey::new(1, [1; 32]));
    let mut identity = Identity::default();
    identity.part("session", "shared");
    let key = StoreKeys::new([2; 32]).key(identity);
    let fleet = Fleet::new(store, sealer, key).policy(times.clone());

    let mut policy = RefreshPolicy::default();
    policy.floor = Duration::ZERO;
    policy.in_doubt = InDoubt::Reauth;
    policy.backoff = Backoff {
        first: Duration::from_millis(10),
        most: Duration::from_millis(100),
    };
    let mut limits = Limits::default();
    limits.timeout = times.call;
    let builder = TokenSource::builder(endpoint)
        .policy(policy)
        .limits(limits)
        .custody(fleet);
    Ok(match grant {
        "initial" => builder.build()?,
        token => builder.refresh_token(token).build()?,
    })
}
