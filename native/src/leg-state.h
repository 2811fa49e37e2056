// A leg's numbers on their way between JavaScript and here.
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

#include "leg.h"

namespace hilo {

/** How many numbers a leg's state has when it goes to and fro; their order is that of `exchange`. */
constexpr size_t kStateNumbers = 32;

/** A number from JavaScript as an integer; what is no integer of this kind becomes the nearest one or 0. */
template <typename Integer>
Integer integerOf(double value) {
  if (std::isnan(value)) return 0;
  const double low = static_cast<double>(std::numeric_limits<Integer>::min());
  const double high = static_cast<double>(std::numeric_limits<Integer>::max());
  // The greatest 64-bit integers have no double of their own: beyond 2^53 nothing of ours counts.
  const double limit = 9007199254740991.0;
  return static_cast<Integer>(std::fmax(std::fmax(low, -limit), std::fmin(std::fmin(high, limit), value)));
}

struct Reader {
  const double* at;
  template <typename Integer>
  void integer(Integer& into) { into = integerOf<Integer>(*at++); }
  void number(double& into) { into = *at++; }
  void flag(bool& into) { into = *at++ != 0; }
};

struct Writer {
  double* at;
  template <typename Integer>
  void integer(const Integer& value) { *at++ = static_cast<double>(value); }
  void number(const double& value) { *at++ = value; }
  void flag(const bool& value) { *at++ = value ? 1 : 0; }
};

/** The order is known to src/switch/media/native/leg-state.ts. */
template <typename Side, typename Work>
void exchange(Side& side, Work& work) {
  auto& heard = work.reception;
  side.number(heard.packets);
  side.number(heard.bytes);
  side.number(heard.gaps);
  side.flag(heard.isHeard);
  side.integer(heard.ssrc);
  side.integer(heard.highest);
  side.number(heard.cycles);
  side.number(heard.received);
  side.integer(heard.history);
  side.number(heard.jitter);
  side.number(heard.jitterMin);
  side.number(heard.jitterMax);
  side.number(heard.measured);
  side.number(heard.firstArrival);
  side.number(heard.lastArrival);
  side.number(heard.intervals);
  side.flag(heard.hasTransit);
  side.integer(heard.transit);
  auto& out = work.out;
  side.integer(out.ssrc);
  side.integer(out.baseTimestamp);
  side.flag(out.isOnPeer);
  side.integer(out.timestampOffset);
  side.integer(out.sequenceOffset);
  side.integer(out.nextSequence);
  side.integer(out.lastTimestamp);
  side.integer(out.lastFrame);
  side.number(work.packetsSent);
  side.number(work.bytesSent);
  side.number(work.flood);
  side.integer(work.budget);
  side.integer(work.heardFrame);
  side.number(work.samplesPlayed);
}

}  // namespace hilo
