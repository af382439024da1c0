-- Reads records at random: the paths stand in a file, one a line; "/_history/1" may be put behind each.
dofile("xtask/src/bench/report.lua")

local paths = {}

function init(args)
   prepare(args[1])
   local tail = args[3] or ""
   for line in io.lines(args[2]) do
      paths[#paths + 1] = wrk.path .. "/" .. line .. tail
   end
end

function request()
   return wrk.format("GET", paths[math.random(#paths)])
end
