// The one way live state changes: all documents of a commit or none, each only if it is at the expected version.
import { Script } from './script.js';

/**
 * KEYS  1 hash of agents, 2 hash of entries (id → "<version> <JSON>")
 *       3 epoch: missing after FLUSHALL or the loss of all data
 *       4 hash of fencing numbers (lease name → number)
 * ARGV  1 deadline, Redis time in ms: later than that nobody waits for the answer any more
 *       2 channel for changes
 *       3 lease name, '' for a commit without lease   4 its fencing number
 *       then per document: 1 = agent or 2 = entry, id, expected version (0 = absent), JSON ('' = delete)
 * Returns {'ok', version, …} | {'conflict', 1 or 2, id} | {'fenced'} | {'late'}
 * Publishes 'reset' when the epoch was missing, then per commit lines of: kind TAB id TAB version TAB JSON
 */
export const COMMIT = new Script(`
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
if now_ms > tonumber(ARGV[1]) then return {'late'} end

if redis.call('EXISTS', KEYS[3]) == 0 then
  redis.call('SET', KEYS[3], now_ms)
  redis.call('PUBLISH', ARGV[2], 'reset')
end

if ARGV[3] ~= '' and redis.call('HGET', KEYS[4], ARGV[3]) ~= ARGV[4] then return {'fenced'} end

for i = 5, #ARGV, 4 do
  local document = redis.call('HGET', KEYS[tonumber(ARGV[i])], ARGV[i + 1])
  local version = document and string.match(document, '^%d+') or '0'
  if version ~= ARGV[i + 2] then return {'conflict', ARGV[i], ARGV[i + 1]} end
end

local answer, lines = {'ok'}, {}
for i = 5, #ARGV, 4 do
  local key, id, json = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 3]
  local version = string.format('%d', ARGV[i + 2] + 1)
  if json == '' then redis.call('HDEL', key, id) else redis.call('HSET', key, id, version .. ' ' .. json) end
  answer[#answer + 1] = version
  lines[#lines + 1] = table.concat({ARGV[i], id, version, json}, '\\t')
end
if #lines > 0 then redis.call('PUBLISH', ARGV[2], table.concat(lines, '\\n')) end
return answer
`);
