-- One row per request. Arguments: a path. The bodies are made beforehand.
require("report")
local requests, next_one = {}, 0
function init(args)
  for number = 1, 512 do
    local body = string.format('{"name":"item %d","value":%d.5,"note":"%s"}', number, number, string.rep("n", 60))
    requests[number] = wrk.format("POST", args[1], { ["content-type"] = "application/json", ["prefer"] = "return=minimal",
      ["authorization"] = wrk.headers["authorization"], ["host"] = wrk.headers["host"] }, body)
  end
end
function request()
  next_one = next_one % 512 + 1
  return requests[next_one]
end
