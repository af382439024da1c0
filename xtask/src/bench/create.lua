-- Creates patients, each with an identifier of its own.
dofile("xtask/src/bench/report.lua")

local body = [[{"resourceType":"Patient","identifier":[{"system":"urn:akashi:bench","value":"%d-%d"}],]]
   .. [["name":[{"use":"official","family":"試験","given":["太郎"]}],"gender":"male","birthDate":"1970-01-01",]]
   .. [["address":[{"use":"home","postalCode":"000-0000","text":"架空県試験市一丁目"}]}]]

local made = 0

function init(args)
   prepare(args[1])
   wrk.headers["Content-Type"] = "application/fhir+json"
end

function request()
   made = made + 1
   return wrk.format("POST", wrk.path .. "/Patient", nil, body:format(number, made))
end
