// The thread of a media worker: one clock of 20 ms frames in four slots, packets in between; shares its engine with JavaScript.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "engine.h"

namespace hilo {

/** A lock that the media thread gives up between small pieces of work when JavaScript waits for it. */
class PoliteLock {
 public:
  /** For JavaScript. */
  void lock();
  void unlock() { mutex_.unlock(); }
  /** For the media thread: lets who waits go first. */
  void lockLast();

 private:
  std::mutex mutex_;
  std::atomic<int> waiting_{0};
};

struct ClockCounts {
  double ticks = 0;
  double lateTicks = 0;
  double skippedFrames = 0;
};

class MediaThread {
 public:
  /** `sinceEpochMs`: the age of frame 0. `wake` is called when there are events, from the thread. */
  MediaThread(Engine& engine, PoliteLock& lock, double sinceEpochMs, std::function<void()> wake);
  ~MediaThread();
  MediaThread(const MediaThread&) = delete;
  MediaThread& operator=(const MediaThread&) = delete;

  /** Under the lock. */
  ClockCounts counts() const { return counts_; }
  /** JavaScript takes what there is: it wants to be woken for what comes later. */
  void takes() { isWoken_ = false; }

 private:
  void run();
  void catchUp();
  void tick(int64_t due);
  size_t receiveSome();
  void tell();
  void rest(size_t received);
  Now now() const;
  int64_t dueTick() const;

  Engine& engine_;
  PoliteLock& lock_;
  const std::function<void()> wake_;
  /** CLOCK_MONOTONIC of frame 0, in ns. */
  const int64_t originNs_;
  int64_t next_ = 0;
  int64_t presentFrom_ = 0;
  ClockCounts counts_;
  std::atomic<bool> isWoken_{false};
  int64_t lastWakeNs_ = 0;
  int timer_ = -1;
  int poll_ = -1;
  std::atomic<bool> isStopping_{false};
  std::thread thread_;
};

}  // namespace hilo
