-- A constant answer: the ceiling of server and generator together.
require("report")
