//! Where the service listens.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

/// Why the service cannot listen.
#[derive(Debug, thiserror::Error)]
pub(super) enum ListenError {
    /// Another program is there.
    #[error(
        "another program listens on {0} already: end it, or choose another port with --port or --listen"
    )]
    Taken(SocketAddr),
    /// The system does not let this account.
    #[error(
        "this account may not listen on {0}: choose a port from 1024 on, with a proxy before it"
    )]
    Forbidden(SocketAddr),
    /// The machine has no such address, or another reason.
    #[error("cannot listen on {address}: {error}")]
    Failed {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
}

/// Listens on all addresses that this machine has. A machine without IPv6, or without IPv4, listens
/// on what it has. Where the port is 0, the system chooses one, the same for all.
///
/// # Errors
/// When one of them is taken, or the machine has none of them.
pub(super) async fn listen(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, ListenError> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut missing = None;
    for mut address in addresses.iter().copied() {
        let first = listeners.first().and_then(|first| first.local_addr().ok());
        if let Some(first) = first.filter(|_| address.port() == 0) {
            address.set_port(first.port());
        }
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            // Most systems take IPv4 in where all of IPv6 is listened on.
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse
                    && address.ip().is_unspecified()
                    && first.is_some() => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(ListenError::Taken(address));
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(ListenError::Forbidden(address));
            }
            Err(error) => {
                tracing::debug!(%error, %address, "not listening there");
                missing.get_or_insert(ListenError::Failed { address, error });
            }
        }
    }
    match missing {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(listeners),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_addresses_have_the_same_port() {
        let listeners = listen(&["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()])
            .await
            .unwrap();
        let ports: Vec<u16> = listeners
            .iter()
            .map(|listener| listener.local_addr().unwrap().port())
            .collect();
        assert!(
            ports.iter().all(|port| *port == ports[0] && *port != 0),
            "{ports:?}"
        );
    }

    #[tokio::test]
    async fn a_protocol_that_the_machine_lacks_is_passed_over() {
        // 192.0.2.1 is nobody's (RFC 5737).
        let none: SocketAddr = "192.0.2.1:0".parse().unwrap();
        let own: SocketAddr = "127.0.0.1:0".parse().unwrap();
        assert_eq!(listen(&[none, own]).await.unwrap().len(), 1);
        assert_eq!(listen(&[own, none]).await.unwrap().len(), 1);
        assert!(matches!(
            listen(&[none]).await,
            Err(ListenError::Failed { .. })
        ));
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_named() {
        let there = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let holder = TcpListener::bind(there).await.unwrap();
        let error = listen(&[there]).await.unwrap_err();
        assert!(error.to_string().contains(&there.to_string()), "{error}");
        drop(holder);
    }
}
