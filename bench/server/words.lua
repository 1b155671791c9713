-- wrk: GET /v1/search with words that the demo model knows. MODE=distinct: no query twice within a minute; few: 200 queries again and
-- again; zipf: the n-th most wanted of them all is asked for 1/n as often as the first. FIRST: with which to begin.
-- SHAPE=query: our address and FastAPI's; SHAPE=gradio: Gradio's call.
local counts = { "a", "two", "three", "four", "five", "many" }
local sizes = { "small", "large", "tiny", "huge", "old", "new" }
local colours = { "red", "blue", "green", "yellow", "white", "black", "purple", "orange", "pink", "grey", "brown" }
local things = { "car", "boat", "tree", "dog", "castle", "rocket", "horse", "balloon", "lighthouse", "camel", "house", "cat", "cow", "bird", "flower" }
local places = { "beach", "city street", "desert", "farm", "forest", "lake", "sea", "meadow", "garden", "kitchen", "mountain" }
local times = { "at night", "at sunset", "in the rain", "in the snow", "in the morning", "in fog", "in spring", "in autumn" }
local mode, gradio = os.getenv("MODE"), os.getenv("SHAPE") == "gradio"
local number, first, all = 0, tonumber(os.getenv("FIRST") or "0"), 522720
math.randomseed(first)

-- Every list has a turn of its own, so that neighbours differ and 522,720 queries come before one comes back.
local function words(n)
  local said = {}
  for _, list in ipairs({ things, colours, places, times, sizes, counts }) do
    said[#said + 1] = list[n % #list + 1]
    n = math.floor(n / #list)
  end
  return said[6] .. " " .. said[5] .. " " .. said[2] .. " " .. said[1] .. " near a " .. said[3] .. " " .. said[4]
end

function request()
  number = number + 1
  local query = words(mode == "few" and number % 200 or mode == "zipf" and math.floor((all + 1) ^ math.random()) or first + number)
  if gradio then
    return wrk.format("POST", "/gradio/gradio_api/run/search", { ["Content-Type"] = "application/json" }, '{"data":["' .. query .. '"]}')
  end
  return wrk.format("GET", "/v1/search?k=10&q=" .. query:gsub(" ", "+"))
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %.3f %.3f %d\n", summary.requests, summary.duration, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
