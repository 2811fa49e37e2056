// What JavaScript is to be told, as records of bytes in the order of happening; bounded.
#pragma once
#include <cstddef>
#include <cstdint>
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

/** Little-endian on all machines we build for; padded to a multiple of eight bytes. */
struct EventHeader {
  /** Of the whole record. */
  uint32_t bytes;
  uint16_t kind;
  uint16_t port;
  uint32_t leg;
  /** IPv4 address of the source, in network order; else a timestamp or an error number. */
  uint32_t number;
  uint32_t dataBytes;
  uint32_t reserved;
};

class EventQueue {
 public:
  EventQueue();
  /** False, and nothing queued, when JavaScript has fallen too far behind. */
  bool push(EventKind kind, uint32_t leg, uint32_t number, uint16_t port, const uint8_t* data, size_t length);
  bool isEmpty() const { return head_ == bytes_.size(); }
  /** Moves as many whole records as fit; calls `taken(leg)` for each. */
  template <typename Taken>
  size_t take(uint8_t* into, size_t capacity, Taken taken) {
    size_t written = 0;
    while (head_ < bytes_.size()) {
      const EventHeader header = headerAt(head_);
      if (written + header.bytes > capacity) break;
      copy(head_, header.bytes, into + written);
      written += header.bytes;
      head_ += header.bytes;
      taken(header.leg);
    }
    if (isEmpty()) clear();
    return written;
  }

 private:
  EventHeader headerAt(size_t at) const;
  void copy(size_t at, size_t length, uint8_t* into) const;
  void clear();

  std::vector<uint8_t> bytes_;
  size_t head_ = 0;
};

}  // namespace hilo
