// All legs of one media worker: opens, closes, receives, ticks, tells. Knows no thread: its owner calls it under one lock.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "event-queue.h"
#include "leg.h"

namespace hilo {

constexpr uint8_t kSlots = 4;

class Engine final : public LegHost {
 public:
  Engine();
  ~Engine() override;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /** Readable when a datagram waits. */
  int pollDescriptor() const { return poll_; }

  /** Binds `local` and the port after it; 0 and the id of the leg, or an error number. */
  int open(const sockaddr_in& local, uint32_t& id);
  void close(uint32_t id);
  Leg* find(uint32_t id) override;

  /**
   * Begins a plain stretch of work; false while TypeScript has not taken all events of the leg, unless it says that it does not
   * want them any more.
   */
  bool begin(Leg& leg, Offload work, bool forgetsEvents);
  /** Ends it, if it has not ended itself. */
  void end(Leg& leg);

  /** Reads what waits, at most `datagramsMax`; returns how many. */
  size_t receive(const Now& now, size_t datagramsMax);
  /** Legs that play in this slot. */
  size_t playing(uint8_t slot) const { return playing_[slot].size(); }
  /** Frames for `count` of them, the last ones first: beginning with index `from` - 1. */
  void tick(uint8_t slot, int64_t frame, size_t from, size_t count);

  /** Copies whole records of the queue. Needs no lock, nor does the next. */
  size_t takeEvents(uint8_t* into, size_t capacity);
  bool hasEvents() const { return !events_.isEmpty(); }
  /** Records that found the queue full. */
  double dropped() const { return dropped_; }

  void tell(Leg& leg, EventKind kind, uint32_t number, uint16_t port, const uint8_t* data, size_t length) override;
  void handBack(Leg& leg) override;

 private:
  bool watch(const Leg& leg, bool isRtcp);
  void receiveRtp(Leg& leg, const Now& now);
  void receiveRtcp(Leg& leg);
  void fail(Leg& leg, int error);
  void stopPlaying(const Leg& leg);

  int poll_;
  /** By index; an id is an index and a generation, so that the id of a closed leg finds nobody. */
  std::vector<std::unique_ptr<Leg>> legs_;
  std::vector<uint32_t> generations_;
  std::vector<uint32_t> free_;
  std::array<std::vector<uint32_t>, kSlots> playing_;
  EventQueue events_;
  double dropped_ = 0;
  /** One more than what is RTP: a longer datagram is seen to be too long. */
  std::array<uint8_t, kDatagramBytesMax + 1> datagram_;
};

}  // namespace hilo
