-- One row by a random key. Arguments: a path with %d for the key, the number of rows.
require("report")
local path, rows
function init(args)
  path, rows = args[1], tonumber(args[2])
  math.randomseed(tonumber(args[3]) or 1)
end
function request()
  return wrk.format("GET", string.format(path, math.random(0, rows - 1)))
end
