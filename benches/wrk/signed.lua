-- Requests that were signed beforehand, one after another. Arguments: the method, a file whose lines are path, authorization, moment and payload
-- hash, parted by tabs, and for PUT a file with the body.
require("report")
local requests, count, next_one = {}, 0, 0
function init(args)
  local body
  if args[3] then
    local file = assert(io.open(args[3], "rb"))
    body = file:read("*a")
    file:close()
  end
  for line in io.lines(args[2]) do
    local path, authorization, moment, hash = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    count = count + 1
    requests[count] = wrk.format(args[1], path, { ["authorization"] = authorization, ["x-amz-date"] = moment,
      ["x-amz-content-sha256"] = hash, ["host"] = wrk.headers["host"] }, body)
  end
end
function request()
  next_one = next_one % count + 1
  return requests[next_one]
end
