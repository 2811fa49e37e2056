// One leg: its two sockets, and the plain stretches of its work that are done without JavaScript.
#pragma once
#include <cstdint>
#include <optional>

#include "event-queue.h"
#include "outgoing-stream.h"
#include "reception.h"
#include "rtp-packet.h"
#include "sound.h"
#include "udp-socket.h"

namespace hilo {

constexpr uint32_t kNoLeg = 0xffffffff;
constexpr int64_t kFramesPerSecond = 50;

/** The moment as the media clock has it. */
struct Now {
  int64_t frame = 0;
  /** Unix time in units of 1/8 ms. */
  int64_t arrival = 0;
  /** What comes in was sent long ago, while the process stood still. */
  bool isInThePast = false;
};

/** What to play: whole frames of `codes` from `offset` on, to `end`; with `isShared` the frame number says where, for ever. */
struct Stretch {
  /** Null: silence. */
  Sound codes;
  uint8_t law = 0;
  bool isShared = false;
  size_t offset = 0;
  size_t end = 0;
};

/**
 * Work of a leg while it is plain: hearing audio of the stream known, counting it, passing it on, playing. At whatever is not
 * plain the leg is handed back, and TypeScript does everything until it begins the next stretch.
 */
struct Offload {
  /** Who is heard; nobody while it is zero. */
  sockaddr_in remote{};
  uint8_t payloadType = 0;
  bool sends = false;
  bool receives = false;
  bool isReadMuted = false;
  bool isWriteMuted = false;
  bool isTapped = false;
  /** Payload type of telephone-events; none when it is above 127. */
  uint8_t eventType = 255;
  uint32_t peer = kNoLeg;
  uint8_t slot = 0;
  std::optional<Stretch> stretch;
  Reception reception;
  OutgoingStream out;
  double packetsSent = 0;
  double bytesSent = 0;
  double flood = 0;
  /** Packets that may still be heard in this second. */
  int32_t budget = 0;
  int64_t budgetSecond = 0;
  int64_t heardFrame = 0;
  /** Of the stretch. */
  double samplesPlayed = 0;
};

struct Leg {
  explicit Leg(uint32_t ownId) : id(ownId) {}

  const uint32_t id;
  UdpSocket rtp;
  UdpSocket rtcp;
  sockaddr_in target{};
  double errors = 0;
  bool isDead = false;
  /** Number of its last record in the event queue. */
  uint64_t lastEvent = 0;
  /** Goes up with each offload; so does TypeScript's. */
  uint32_t turn = 0;
  bool isOffloaded = false;
  Offload work;

  /** Sends to the target; counts what fails. */
  void send(const uint8_t* bytes, size_t length);
};

/** What a leg needs of its engine. */
class LegHost {
 public:
  virtual ~LegHost() = default;
  virtual void tell(Leg& leg, EventKind kind, uint32_t number, uint16_t port, const uint8_t* data, size_t length) = 0;
  virtual Leg* find(uint32_t id) = 0;
  /** Ends the stretch of plain work. */
  virtual void handBack(Leg& leg) = 0;
};

/** A datagram on the RTP port of an offloaded leg; false when TypeScript has to judge it. May change the bytes. */
bool hear(Leg& leg, uint8_t* datagram, size_t length, const sockaddr_in& source, const Now& now, LegHost& host);

/** The next frame of what an offloaded leg plays. */
void playFrame(Leg& leg, int64_t frame, LegHost& host);

}  // namespace hilo
