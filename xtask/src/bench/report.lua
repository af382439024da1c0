-- What the scripts share: threads with a number and the token, and one line of figures at the end.
local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("number", threads)
end

function prepare(token_file)
   math.randomseed(number)
   wrk.headers["Authorization"] = "Bearer " .. io.lines(token_file)()
end

function done(summary, latency, requests)
   local errors = summary.errors
   local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format('result {"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p95":%d,"p99":%d}\n',
      summary.requests, summary.duration, wrong,
      latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
