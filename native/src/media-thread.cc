#include "media-thread.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cmath>

namespace hilo {

namespace {

constexpr int64_t kSlotNs = 5'000'000;
/** As in frame-clock.ts: behind by more than this, frames are given up instead of sent in a burst. */
constexpr int64_t kStallTicks = 40;
/** After a stop this long (1 s) the packets that wait are old news, for so long (100 ms). */
constexpr int64_t kOldNewsTicks = 200;
constexpr int64_t kReadAwayTicks = 20;
/** Pieces of work between two looks at the clock and at who waits for the lock: about 50 µs. */
constexpr size_t kPiece = 8;
/** With so much to do at once, packets are collected for a millisecond: one waking for many. */
constexpr size_t kBusy = 6;
constexpr int64_t kCollectNs = 1'000'000;
/** JavaScript that waits but gets no processor does not hold up the media for longer. */
constexpr int kTurnsMax = 20;
/** JavaScript is woken at most so often. */
constexpr int64_t kWakeNs = 2'000'000;

int64_t nanoseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

timespec timespecOf(int64_t ns) { return {ns / 1'000'000'000, ns % 1'000'000'000}; }

}  // namespace

void PoliteLock::lock() {
  waiting_.fetch_add(1);
  mutex_.lock();
  waiting_.fetch_sub(1);
}

void PoliteLock::lockLast() {
  for (int turn = 0; waiting_.load() > 0 && turn < kTurnsMax; turn++) std::this_thread::yield();
  mutex_.lock();
}

MediaThread::MediaThread(Engine& engine, PoliteLock& lock, double sinceEpochMs, std::function<void()> wake)
    : engine_(engine),
      lock_(lock),
      wake_(std::move(wake)),
      originNs_(nanoseconds(CLOCK_MONOTONIC) - static_cast<int64_t>(std::llround(sinceEpochMs * 1e6))) {
  next_ = dueTick() + 1;
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  poll_ = epoll_create1(EPOLL_CLOEXEC);
  const itimerspec every{timespecOf(kSlotNs), timespecOf(originNs_ + next_ * kSlotNs)};
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &every, nullptr);
  for (const int descriptor : {timer_, engine.pollDescriptor()}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
  }
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "hilo-media");
}

/** The timer wakes the thread within 5 ms. */
MediaThread::~MediaThread() {
  isStopping_ = true;
  thread_.join();
  ::close(poll_);
  ::close(timer_);
}

void MediaThread::run() {
  while (!isStopping_) {
    epoll_event ready[2];
    epoll_wait(poll_, ready, 2, -1);
    uint64_t expirations = 0;
    // Nothing to read when a packet has woken us.
    [[maybe_unused]] const ssize_t size = read(timer_, &expirations, sizeof expirations);
    size_t received = 0;
    for (size_t piece = kPiece; piece == kPiece && !isStopping_; received += piece) {
      catchUp();
      piece = receiveSome();
    }
    tell();
    rest(received);
  }
}

size_t MediaThread::receiveSome() {
  lock_.lockLast();
  const size_t received = engine_.receive(now(), kPiece);
  lock_.unlock();
  return received;
}

/** What there is to tell, if JavaScript was not woken just now; then the next turn of the loop does it. */
void MediaThread::tell() {
  if (isWoken_ || !engine_.hasEvents()) return;
  const int64_t nowNs = nanoseconds(CLOCK_MONOTONIC);
  if (nowNs - lastWakeNs_ < kWakeNs) return;
  lastWakeNs_ = nowNs;
  isWoken_ = true;
  wake_();
}

void MediaThread::catchUp() {
  const int64_t due = dueTick();
  const int64_t behind = due - next_;
  if (behind > kOldNewsTicks) presentFrom_ = due + kReadAwayTicks;
  if (behind > kStallTicks) {
    const int64_t skipped = behind / kSlots;
    next_ += skipped * kSlots;
    lock_.lockLast();
    counts_.skippedFrames += static_cast<double>(skipped);
    lock_.unlock();
  }
  while (next_ <= due) tick(due);
}

void MediaThread::tick(int64_t due) {
  const int64_t tick = next_++;
  const auto slot = static_cast<uint8_t>(tick % kSlots);
  lock_.lockLast();
  counts_.ticks++;
  if (due > tick) counts_.lateTicks++;
  size_t left = engine_.playing(slot);
  while (left > 0) {
    engine_.tick(slot, tick / kSlots, left, kPiece);
    left -= std::min(left, kPiece);
    if (left == 0) break;
    lock_.unlock();
    lock_.lockLast();
  }
  lock_.unlock();
}

void MediaThread::rest(size_t received) {
  if (received < kBusy) return;
  const int64_t nowNs = nanoseconds(CLOCK_MONOTONIC);
  const timespec until = timespecOf(std::min(nowNs + kCollectNs, originNs_ + next_ * kSlotNs));
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

Now MediaThread::now() const {
  return {next_ / kSlots, nanoseconds(CLOCK_REALTIME) / 125'000, next_ < presentFrom_};
}

int64_t MediaThread::dueTick() const { return (nanoseconds(CLOCK_MONOTONIC) - originNs_) / kSlotNs; }

}  // namespace hilo
