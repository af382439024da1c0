//! Reads the body of a request, up to its limit.

use crate::codes;
use base::Problem;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};

/// Most bytes set aside on the word of `Content-Length` alone.
const TRUSTED_BYTES_MAX: usize = 256 * 1024;

/// The whole body. A length that is announced and too large is refused before a byte is read.
pub(crate) async fn read<B>(mut body: B, bytes_max: usize) -> Result<Vec<u8>, Problem>
where
    B: Body<Data = Bytes> + Unpin,
{
    let too_large = || Problem::new(&codes::BODY_TOO_LARGE).with("limit", bytes_max);
    let announced = usize::try_from(body.size_hint().lower()).map_err(|_| too_large())?;
    if announced > bytes_max {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(TRUSTED_BYTES_MAX));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(&codes::BODY_BROKEN))?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if bytes.len().saturating_add(data.len()) > bytes_max {
            return Err(too_large());
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}
