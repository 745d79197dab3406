-- tests/bench/buyers.lua: what wrk sends for tests/bench/sale.py. Every request comes from a network of its own, as the trusted proxy says, for limits go by network.
--   wrk … -s buyers.lua URL -- basket FILE COOKIES BODY     each time a new basket, whose cookie is noted in FILE
--   wrk … -s buyers.lua URL -- checkout FILE COOKIES BODY   checks out the baskets of FILE, each once; then the last again and again
local mode, file, cookies, body
local baskets, at = {}, 0

function init(arguments)
  mode, cookies, body = arguments[1], arguments[3], arguments[4]
  file = io.open(arguments[2], mode == "basket" and "w" or "r")
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  if mode == "checkout" then
    for line in file:lines() do baskets[#baskets + 1] = line end
  end
end

function request()
  at = at + 1
  wrk.headers["X-Forwarded-For"] = "10." .. math.floor(at / 62500) % 250 .. "." .. math.floor(at / 250) % 250 .. "." .. at % 250 + 1
  wrk.headers["Cookie"] = mode == "basket" and cookies or cookies .. "; " .. baskets[math.min(at, #baskets)]
  return wrk.format("POST", nil, nil, body)
end

function response(status, headers)
  local cookie = mode == "basket" and headers["Set-Cookie"]
  if not cookie then return end
  file:write(cookie:match("^[^;]+"), "\n")
  file:flush() -- wrk ends without a farewell
end
