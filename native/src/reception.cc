#include "reception.h"

#include <algorithm>
#include <cmath>

namespace hilo {

namespace {

/** A jump further than this is a sender that started anew (RFC 3550 A.1 MAX_DROPOUT). */
constexpr uint16_t kDropoutMax = 3000;
/** How far back duplicates are told from late packets. */
constexpr uint32_t kHistoryPackets = 31;
/** The jitter estimate means something after so many packets. */
constexpr double kSettledPackets = 16;

}  // namespace

bool Reception::isNext(uint32_t packetSsrc, uint16_t sequence) const {
  const uint16_t ahead = static_cast<uint16_t>(sequence - highest);
  return isHeard && packetSsrc == ssrc && ahead > 0 && ahead <= kDropoutMax;
}

void Reception::count(uint16_t sequence, double payloadBytes) {
  const uint32_t ahead = static_cast<uint16_t>(sequence - highest);
  packets++;
  bytes += payloadBytes;
  if (sequence < highest) cycles += 0x10000;
  if (ahead > 1) gaps++;
  highest = sequence;
  history = ahead > kHistoryPackets ? 1 : (history << ahead) | 1;
  received++;
}

void Reception::measure(uint32_t timestamp, int64_t arrival) {
  const int64_t now = arrival - timestamp;
  if (hasTransit) {
    // Modulo 2^32, as timestamps wrap.
    const double difference = std::fabs(static_cast<double>(static_cast<int32_t>(static_cast<uint32_t>(now - transit))));
    jitter += (difference - jitter) / 16;
    if (++measured >= kSettledPackets) {
      jitterMin = std::min(jitterMin, jitter);
      jitterMax = std::max(jitterMax, jitter);
    }
    intervals++;
  } else if (intervals == 0) {
    firstArrival = static_cast<double>(arrival);
  }
  lastArrival = static_cast<double>(arrival);
  hasTransit = true;
  transit = now;
}

}  // namespace hilo
