//! The edge from outside: a real listener with TLS on a port of its own, and a door that notes what it is asked.

#[cfg(test)]
mod addresses;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod client;
#[cfg(test)]
mod console;
#[cfg(test)]
mod door;
#[cfg(test)]
mod emergency;
#[cfg(test)]
mod floods;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod http_2;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod log;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod news;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod site;
#[cfg(test)]
mod slowness;
#[cfg(test)]
mod tls;
