//! The Redis engine.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use busbar_kernel::{Clock, Error, Result};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, ConnectionAddr, IntoConnectionInfo, RedisError, Script};

use crate::config::Address;
use crate::{Count, Engine};

const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Values and counters shared by every process that names the same Redis.
pub(crate) struct Redis {
    connection: ConnectionManager,
    prefix: String,
    clock: Arc<dyn Clock>,
    shown: String,
    count_up: Script,
}

impl Redis {
    pub(crate) async fn connect(address: Address, prefix: String, clock: Arc<dyn Clock>) -> Result<Self> {
        let info = match address {
            Address::Url(url) => url.expose().into_connection_info(),
            Address::Parts {
                host,
                port,
                password,
                tls,
            } => {
                let address = match tls {
                    true => ConnectionAddr::TcpTls {
                        host,
                        port,
                        insecure: false,
                        tls_params: None,
                    },
                    false => ConnectionAddr::Tcp(host, port),
                };
                address.into_connection_info().map(|info| match password {
                    Some(password) => {
                        let login = info.redis_settings().clone().set_password(password.expose());
                        info.set_redis_settings(login)
                    }
                    None => info,
                })
            }
        };
        let info = info.map_err(|error| {
            Error::invalid("REDIS_URL", "This is not a Redis address")
                .with("cause", error.category().to_owned())
        })?;
        let shown = format!("Redis at {}", info.addr());
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(ANSWER_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_number_of_retries(1);
        let not_there = |error: RedisError| {
            unavailable(error).with("address", shown.clone()).with(
                "advice",
                "look at REDIS_URL, or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD",
            )
        };
        let client = Client::open(info).map_err(not_there)?;
        let connection = ConnectionManager::new_with_config(client, config)
            .await
            .map_err(not_there)?;
        let count_up = Script::new(
            "local count = redis.call('INCR', KEYS[1])
             local left = redis.call('PTTL', KEYS[1])
             if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]); left = tonumber(ARGV[1]) end
             return {count, left}",
        );
        Ok(Self {
            connection,
            prefix,
            clock,
            shown,
            count_up,
        })
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

#[async_trait]
impl Engine for Redis {
    async fn get(&self, key: &str) -> Result<Option<String>> {
        self.connection
            .clone()
            .get(self.key(key))
            .await
            .map_err(unavailable)
    }

    async fn set(&self, key: &str, value: &str, lifetime: Duration) -> Result<()> {
        let millis = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX).max(1);
        self.connection
            .clone()
            .pset_ex(self.key(key), value, millis)
            .await
            .map_err(unavailable)
    }

    async fn delete(&self, key: &str) -> Result<()> {
        self.connection
            .clone()
            .del(self.key(key))
            .await
            .map_err(unavailable)
    }

    async fn increment(&self, key: &str, window: Duration) -> Result<Count> {
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX).max(1);
        let (count, left): (u64, u64) = self
            .count_up
            .key(self.key(key))
            .arg(millis)
            .invoke_async(&mut self.connection.clone())
            .await
            .map_err(unavailable)?;
        Ok(Count {
            count,
            resets_in: Duration::from_millis(left),
        })
    }

    async fn check(&self) -> Result<Duration> {
        let before = self.clock.monotonic();
        let _: String = redis::cmd("PING")
            .query_async(&mut self.connection.clone())
            .await
            .map_err(unavailable)?;
        Ok(self.clock.monotonic() - before)
    }

    fn describe(&self) -> String {
        self.shown.clone()
    }
}

fn unavailable(error: RedisError) -> Error {
    Error::unavailable("cache.unavailable", "The cache does not answer").source(error)
}
