-- Sends the requests of a file, chosen at random. A line is method, path below the base, body and header fields
-- ("Name: value"), with tabs between them; {{n}} stands for a number that no other request has.
-- At the end it writes one line of figures.
local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("number", threads)
end

local ready, fresh, sent = {}, {}, 0
local token

local function fields_of(line)
   local fields = {}
   for field in (line .. "\t"):gmatch("(.-)\t") do
      fields[#fields + 1] = field
   end
   return fields
end

local function written(line)
   local fields = fields_of(line)
   local headers = { ["Authorization"] = "Bearer " .. token }
   local body = fields[3] ~= "" and fields[3] or nil
   if body then
      headers["Content-Type"] = "application/fhir+json"
   end
   for index = 4, #fields do
      local name, value = fields[index]:match("^([^:]+): (.*)$")
      headers[name] = value
   end
   return wrk.format(fields[1], wrk.path .. fields[2], headers, body)
end

function init(args)
   math.randomseed(number)
   token = io.lines(args[1])()
   for line in io.lines(args[2]) do
      local changes = line:find("{{n}}", 1, true) ~= nil
      ready[#ready + 1] = changes and line or written(line)
      fresh[#fresh + 1] = changes
   end
end

function request()
   local index = math.random(#ready)
   if not fresh[index] then
      return ready[index]
   end
   sent = sent + 1
   return written((ready[index]:gsub("{{n}}", number .. "-" .. sent)))
end

function done(summary, latency, requests)
   local errors = summary.errors
   local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format(
      'result {"requests":%d,"microseconds":%d,"bytes":%.0f,"errors":%d,"p50":%d,"p95":%d,"p99":%d}\n',
      summary.requests, summary.duration, summary.bytes, wrong,
      latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
