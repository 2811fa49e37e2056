// The RTP stream a leg sends: one SSRC, one run of sequence numbers, one timeline. The same rules as outgoing-stream.ts; keys are
// headed there.
#pragma once
#include <cstdint>

#include "rtp-packet.h"

namespace hilo {

struct OutgoingStream {
  uint32_t ssrc = 0;
  /** RTP time of frame 0. */
  uint32_t baseTimestamp = 0;
  /** The last packet was on the peer's timeline: the offsets count. */
  bool isOnPeer = false;
  uint32_t timestampOffset = 0;
  uint16_t sequenceOffset = 0;
  uint16_t nextSequence = 0;
  uint32_t lastTimestamp = 0;
  /** Frame of the last own packet: a gap is marked (RFC 3551 §4.1). */
  int64_t lastFrame = 0;

  uint32_t timestampOf(int64_t frame) const;
  /** Heads a packet of our own for this frame; returns its timestamp. */
  uint32_t ownAudio(uint8_t* packet, uint8_t payloadType, int64_t frame);
  /** Writes our header over the first bytes of a packet that came from the peer as `from`; returns its timestamp. */
  uint32_t relayAudio(uint8_t* packet, const RtpPacket& from, uint8_t payloadType, int64_t frame);

 private:
  bool isPlaced(const RtpPacket& from, int64_t frame) const;
  void place(const RtpPacket& from, int64_t frame);
  void passPeer(int64_t frame);
  void write(uint8_t* packet, uint8_t payloadType, uint16_t sequence, uint32_t timestamp, bool marker);
};

}  // namespace hilo
