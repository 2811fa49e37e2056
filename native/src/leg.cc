#include "leg.h"

#include <algorithm>
#include <cstring>

#include "g711.h"

namespace hilo {

namespace {

/** As PACKETS_PER_SECOND_MAX of leg.ts. */
constexpr int32_t kPacketsPerSecondMax = 250;

bool isWithinBudget(Offload& work, int64_t frame) {
  const int64_t second = frame / kFramesPerSecond;
  if (second != work.budgetSecond) {
    work.budgetSecond = second;
    work.budget = kPacketsPerSecondMax;
  }
  return --work.budget >= 0;
}

void sendAudio(Leg& leg, const uint8_t* packet, size_t length, uint32_t timestamp, LegHost& host) {
  Offload& work = leg.work;
  work.packetsSent++;
  work.bytesSent += static_cast<double>(length - kRtpHeaderBytes);
  leg.send(packet, length);
  if (work.isTapped) host.tell(leg, EventKind::kSent, timestamp, 0, packet + kRtpHeaderBytes, length - kRtpHeaderBytes);
}

/** Audio of the bridged peer; not heard while something is played. */
void relay(Leg& leg, uint8_t* datagram, const RtpPacket& from, uint8_t law, const Now& now, LegHost& host) {
  Offload& work = leg.work;
  if (!work.sends || work.stretch.has_value()) return;
  uint8_t* const payload = datagram + from.payloadStart;
  const size_t length = from.payloadEnd - from.payloadStart;
  if (work.isWriteMuted) std::memset(payload, silenceByte(work.payloadType), length);
  else if (law != work.payloadType) transcode(payload, length, law);
  uint8_t* const packet = payload - kRtpHeaderBytes;
  const uint32_t timestamp = work.out.relayAudio(packet, from, work.payloadType, now.frame);
  sendAudio(leg, packet, length + kRtpHeaderBytes, timestamp, host);
}

}  // namespace

void Leg::send(const uint8_t* bytes, size_t length) {
  if (rtp.send(bytes, length, rtp.isConnected() ? nullptr : &target) != 0) errors++;
}

bool hear(Leg& leg, uint8_t* datagram, size_t length, const sockaddr_in& source, const Now& now, LegHost& host) {
  Offload& work = leg.work;
  RtpPacket packet;
  if (!isSame(source, work.remote) || !readRtp(datagram, length, packet)) return false;
  if (!work.receives) {
    // Who sends although on hold is alive.
    work.heardFrame = now.frame;
    return true;
  }
  // Keys are read in TypeScript; while nobody else hears them, all the rest goes on here.
  const bool isKey = packet.payloadType == work.eventType && work.peer == kNoLeg;
  const bool isPlain = (isKey || packet.payloadType == work.payloadType) &&
                       work.reception.isNext(packet.ssrc, packet.sequence);
  Leg* const peer = work.peer == kNoLeg ? nullptr : host.find(work.peer);
  const bool isPeerPlain = work.peer == kNoLeg || (peer != nullptr && peer->isOffloaded);
  if (!isPlain || !isPeerPlain) {
    host.handBack(leg);
    return false;
  }
  if (!isWithinBudget(work, now.frame)) {
    work.flood++;
    return true;
  }
  const size_t bytes = packet.payloadEnd - packet.payloadStart;
  work.reception.count(packet.sequence, static_cast<double>(bytes));
  work.heardFrame = now.frame;
  if (isKey) {
    host.tell(leg, EventKind::kKey, 0, 0, datagram, length);
    return true;
  }
  if (work.isReadMuted) std::memset(datagram + packet.payloadStart, silenceByte(work.payloadType), bytes);
  work.reception.measure(packet.timestamp, now.arrival);
  if (work.isTapped) host.tell(leg, EventKind::kHeard, packet.timestamp, 0, datagram + packet.payloadStart, bytes);
  // Nobody wants to hear seconds of old talk in one burst, nor to lag behind by them for the rest of the call.
  if (peer != nullptr && !now.isInThePast) relay(*peer, datagram, packet, work.payloadType, now, host);
  return true;
}

void playFrame(Leg& leg, int64_t frame, LegHost& host) {
  Offload& work = leg.work;
  if (!work.stretch.has_value() || frame <= work.out.lastFrame) return;
  Stretch& stretch = *work.stretch;
  uint8_t packet[kRtpHeaderBytes + kFrameSamples];
  uint8_t* const payload = packet + kRtpHeaderBytes;
  if (stretch.isShared) {
    const size_t frames = stretch.codes->size() / kFrameSamples;
    stretch.offset = static_cast<size_t>(frame) % frames * kFrameSamples;
  }
  if (stretch.codes == nullptr || work.isWriteMuted) {
    std::memset(payload, silenceByte(work.payloadType), kFrameSamples);
  } else {
    std::memcpy(payload, stretch.codes->data() + stretch.offset, kFrameSamples);
    if (stretch.law != work.payloadType) transcode(payload, kFrameSamples, stretch.law);
  }
  stretch.offset += kFrameSamples;
  work.samplesPlayed += kFrameSamples;
  const uint32_t timestamp = work.out.ownAudio(packet, work.payloadType, frame);
  sendAudio(leg, packet, sizeof packet, timestamp, host);
  if (!stretch.isShared && stretch.end - stretch.offset < kFrameSamples) host.handBack(leg);
}

}  // namespace hilo
