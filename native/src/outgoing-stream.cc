#include "outgoing-stream.h"

#include <cstdlib>

namespace hilo {

namespace {

/** A relayed timeline this far (one second) from our clock is placed anew. */
constexpr int64_t kDriftSamplesMax = 8000;
/** Relayed sequence numbers this far ahead are a jump of the sender, not a loss. */
constexpr int kSequenceGapMax = 1000;

}  // namespace

uint32_t OutgoingStream::timestampOf(int64_t frame) const {
  return baseTimestamp + static_cast<uint32_t>(frame) * static_cast<uint32_t>(kFrameSamples);
}

uint32_t OutgoingStream::ownAudio(uint8_t* packet, uint8_t payloadType, int64_t frame) {
  passPeer(frame);
  const uint32_t timestamp = timestampOf(frame);
  const bool isAfterGap = frame - lastFrame > 1;
  isOnPeer = false;
  write(packet, payloadType, nextSequence++, timestamp, isAfterGap);
  lastFrame = frame;
  return timestamp;
}

uint32_t OutgoingStream::relayAudio(uint8_t* packet, const RtpPacket& from, uint8_t payloadType, int64_t frame) {
  const bool isNew = !isPlaced(from, frame);
  if (isNew) place(from, frame);
  const uint32_t timestamp = from.timestamp + timestampOffset;
  const uint16_t sequence = static_cast<uint16_t>(from.sequence + sequenceOffset);
  if (static_cast<uint16_t>(sequence - nextSequence) < 0x8000) nextSequence = static_cast<uint16_t>(sequence + 1);
  write(packet, payloadType, sequence, timestamp, from.marker || isNew);
  return timestamp;
}

bool OutgoingStream::isPlaced(const RtpPacket& from, int64_t frame) const {
  if (!isOnPeer) return false;
  const int ahead = static_cast<int16_t>(static_cast<uint16_t>(from.sequence + sequenceOffset - nextSequence));
  if (std::abs(ahead) > kSequenceGapMax) return false;
  const int64_t drift = timestampDistance(from.timestamp + timestampOffset, timestampOf(frame));
  return std::abs(drift) <= kDriftSamplesMax;
}

void OutgoingStream::place(const RtpPacket& from, int64_t frame) {
  const uint32_t now = timestampOf(frame);
  // Never back in time, even when our frame has only just begun.
  const uint32_t earliest = lastTimestamp + static_cast<uint32_t>(kFrameSamples);
  const uint32_t start = timestampDistance(now, earliest) < 0 ? earliest : now;
  timestampOffset = start - from.timestamp;
  sequenceOffset = static_cast<uint16_t>(nextSequence - from.sequence);
  isOnPeer = true;
}

/** Our own frames never begin before the end of what went before: a relayed timeline may be ahead of ours. */
void OutgoingStream::passPeer(int64_t frame) {
  const int32_t behind =
      timestampDistance(lastTimestamp + static_cast<uint32_t>(kFrameSamples), timestampOf(frame));
  if (behind > 0) baseTimestamp += static_cast<uint32_t>(behind);
}

void OutgoingStream::write(uint8_t* packet, uint8_t payloadType, uint16_t sequence, uint32_t timestamp, bool marker) {
  if (timestampDistance(timestamp, lastTimestamp) > 0) lastTimestamp = timestamp;
  writeRtpHeader(packet, {marker, payloadType, sequence, timestamp, ssrc});
}

}  // namespace hilo
