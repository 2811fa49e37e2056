// Counts of a stream that arrives in order, with gaps (RFC 3550 A.1, A.3, A.8): the plain part of src/switch/rtp/reception.ts, which
// takes over at the first packet that is late, doubled or of another run.
#pragma once
#include <cstdint>

namespace hilo {

struct Reception {
  double packets = 0;
  double bytes = 0;
  /** Times that packets were missing, one or several in a row. */
  double gaps = 0;
  bool isHeard = false;
  uint32_t ssrc = 0;
  uint16_t highest = 0;
  /** Times the 16-bit sequence number has wrapped, times 65 536. */
  double cycles = 0;
  /** Packets of the current run. */
  double received = 0;
  /** Bit n: the packet n before the highest one has arrived. */
  uint32_t history = 0;
  double jitter = 0;
  double jitterMin = 0;
  double jitterMax = 0;
  double measured = 0;
  double firstArrival = 0;
  double lastArrival = 0;
  double intervals = 0;
  bool hasTransit = false;
  int64_t transit = 0;

  /** True for the next packet of the run, with or without a gap before it. */
  bool isNext(uint32_t packetSsrc, uint16_t sequence) const;
  /** Counts a packet for which `isNext` holds. */
  void count(uint16_t sequence, double payloadBytes);
  /** Jitter and intervals; both in timestamp units. */
  void measure(uint32_t timestamp, int64_t arrival);
};

}  // namespace hilo
