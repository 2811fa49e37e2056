// What JavaScript is to be told, as records of bytes in the order of happening; bounded. Has a lock of its own, which nobody holds
// for long, so that JavaScript never waits for packets to take what is there.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace hilo {

/** The numbers are known to src/switch/media/native/events.ts. */
enum class EventKind : uint16_t {
  /** A datagram on the RTP or RTCP port that TypeScript has to judge. */
  kRtp = 1,
  kRtcp = 2,
  /** The leg is TypeScript's again; nothing more is done here alone. */
  kHandBack = 3,
  /** Audio that was dealt with here, for recordings: heard from the remote party, sent to it. */
  kHeard = 4,
  kSent = 5,
  /** A telephone-event of an offloaded leg, counted here. */
  kKey = 7,
  /** The RTP socket is unusable; `number` is the system's error. */
  kDead = 6,
};

/** Little-endian on all machines we build for; the record is padded to a multiple of eight bytes. */
struct EventHeader {
  /** Of the whole record; filled in by the queue. */
  uint32_t bytes;
  uint16_t kind;
  uint16_t port;
  uint32_t leg;
  /** IPv4 address of the source, in network order; else a timestamp or an error number. */
  uint32_t number;
  uint32_t dataBytes;
  /** Of the leg: events of an earlier turn are not wanted any more. */
  uint32_t turn;
};

class EventQueue {
 public:
  EventQueue();
  /** False, and nothing queued, when JavaScript has fallen too far behind. */
  bool push(EventHeader header, const uint8_t* data);
  bool isEmpty() const;
  /** Everything that was pushed up to now has been taken when `taken()` reaches this. */
  uint64_t pushed() const { return pushed_; }
  uint64_t taken() const;
  /** Moves as many whole records as fit. */
  size_t take(uint8_t* into, size_t capacity);

 private:
  EventHeader headerAt(size_t at) const;

  mutable std::mutex mutex_;
  std::vector<uint8_t> bytes_;
  size_t head_ = 0;
  uint64_t pushed_ = 0;
  uint64_t taken_ = 0;
};

}  // namespace hilo
