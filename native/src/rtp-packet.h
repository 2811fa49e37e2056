// RTP packets as bytes (RFC 3550 §5.1): the same rules as src/switch/rtp/packet.ts.
#pragma once
#include <cstddef>
#include <cstdint>

namespace hilo {

constexpr size_t kRtpHeaderBytes = 12;
/** Larger datagrams are not audio of ours. */
constexpr size_t kDatagramBytesMax = 2048;
constexpr size_t kFrameSamples = 160;

struct RtpPacket {
  bool marker = false;
  uint8_t payloadType = 0;
  uint16_t sequence = 0;
  uint32_t timestamp = 0;
  uint32_t ssrc = 0;
  /** Where the payload lies in the datagram. */
  size_t payloadStart = 0;
  size_t payloadEnd = 0;
};

/** Fills `into`; false when the bytes are not a whole RTP version 2 packet. */
bool readRtp(const uint8_t* bytes, size_t length, RtpPacket& into);

struct RtpHeader {
  bool marker;
  uint8_t payloadType;
  uint16_t sequence;
  uint32_t timestamp;
  uint32_t ssrc;
};

/** Writes kRtpHeaderBytes. */
void writeRtpHeader(uint8_t* bytes, const RtpHeader& header);

/** `a - b` for timestamps, which wrap: positive when `a` is later. */
inline int32_t timestampDistance(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b); }

}  // namespace hilo
