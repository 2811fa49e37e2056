// The smaller scripts: leases, signs of life, counters, registrations. Time is always that of Redis.
import { Script } from './script.js';

/**
 * Takes a free lease, or renews one's own. The number grows with each holder, also across FLUSHALL: it starts from the time.
 * KEYS 1 lease, 2 hash of fencing numbers   ARGV 1 lease name, 2 node, 3 ttl in ms   Returns number | false (held by another)
 */
export const TAKE_LEASE = new Script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] then return false end
local fencing = redis.call('HGET', KEYS[2], ARGV[1])
if not holder or not fencing then
  local time = redis.call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  fencing = string.format('%.0f', math.max((fencing or 0) + 1, now_ms))
  redis.call('HSET', KEYS[2], ARGV[1], fencing)
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return fencing
`);

/** KEYS 1 lease, 2 hash of fencing numbers   ARGV 1 lease name, 2 node, 3 fencing number */
export const RELEASE_LEASE = new Script(`
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[3] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * A sign of life; also notices that everything was deleted, when no commit does.
 * KEYS 1 sorted set of nodes by the time they are lost, 2 epoch   ARGV 1 node, 2 ttl in ms, 3 channel for changes
 */
export const BEAT = new Script(`
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('SET', KEYS[2], now_ms)
  redis.call('PUBLISH', ARGV[3], 'reset')
end
redis.call('ZADD', KEYS[1], now_ms + ARGV[2], ARGV[1])
return 1
`);

/** KEYS 1 sorted set of nodes   Returns names */
export const LOST_NODES = new Script(`
local time = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', time[1] * 1000 + math.floor(time[2] / 1000))
`);

/** KEYS 1 sorted set of nodes   Returns names */
export const ALIVE_NODES = new Script(`
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now_ms), '+inf')
`);

/** KEYS 1 counter   ARGV 1 window in ms   Returns the count in this window */
export const COUNT = new Script(`
local count = redis.call('INCR', KEYS[1])
if count == 1 or redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
`);

/**
 * Adds a contact of a device, forgets those that have expired, and the soonest to expire when there are too many.
 * KEYS 1 hash of the device's registrations (contact → JSON), 2 set of devices
 * ARGV 1 contact, 2 JSON, 3 now in ms, 4 most contacts, 5 device
 */
export const PUT_REGISTRATION = new Script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[5])
local last_ms, soonest_ms, soonest = 0, math.huge, nil
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local expires_ms = cjson.decode(fields[i + 1]).expiresAtMs
  if expires_ms <= tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], fields[i])
  else
    last_ms = math.max(last_ms, expires_ms)
    if fields[i] ~= ARGV[1] and expires_ms < soonest_ms then soonest_ms, soonest = expires_ms, fields[i] end
  end
end
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) and soonest then redis.call('HDEL', KEYS[1], soonest) end
if last_ms > 0 then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last_ms + 60000)) end
return 1
`);
