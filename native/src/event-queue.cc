#include "event-queue.h"

#include <cstring>

namespace hilo {

namespace {

/** About ten thousand packets: half a second of a machine at its limit. */
constexpr size_t kBytesMax = 2 * 1024 * 1024;
/** Notices of a leg (hand-back, dead) come once for each leg, so they may go beyond: nothing is lost that has to be known. */
constexpr size_t kNoticeBytes = 64 * 1024;
constexpr size_t kBytesAtStart = 64 * 1024;

}  // namespace

EventQueue::EventQueue() { bytes_.reserve(kBytesAtStart); }

bool EventQueue::push(EventHeader header, const uint8_t* data) {
  const std::lock_guard guard(mutex_);
  const size_t size = (sizeof(EventHeader) + header.dataBytes + 7) / 8 * 8;
  const auto kind = static_cast<EventKind>(header.kind);
  const bool isNotice = kind == EventKind::kHandBack || kind == EventKind::kDead;
  const size_t room = kBytesMax + (isNotice ? kNoticeBytes * 64 : 0);
  if (bytes_.size() - head_ + size > room) return false;
  if (head_ > kBytesMax) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  header.bytes = static_cast<uint32_t>(size);
  const size_t at = bytes_.size();
  bytes_.resize(at + size);
  std::memcpy(bytes_.data() + at, &header, sizeof header);
  if (header.dataBytes > 0) std::memcpy(bytes_.data() + at + sizeof header, data, header.dataBytes);
  pushed_++;
  return true;
}

bool EventQueue::isEmpty() const {
  const std::lock_guard guard(mutex_);
  return head_ == bytes_.size();
}

uint64_t EventQueue::taken() const {
  const std::lock_guard guard(mutex_);
  return taken_;
}

size_t EventQueue::take(uint8_t* into, size_t capacity) {
  const std::lock_guard guard(mutex_);
  size_t written = 0;
  while (head_ < bytes_.size()) {
    const EventHeader header = headerAt(head_);
    if (written + header.bytes > capacity) break;
    std::memcpy(into + written, bytes_.data() + head_, header.bytes);
    written += header.bytes;
    head_ += header.bytes;
    taken_++;
  }
  if (head_ == bytes_.size()) {
    bytes_.clear();
    head_ = 0;
  }
  return written;
}

EventHeader EventQueue::headerAt(size_t at) const {
  EventHeader header;
  std::memcpy(&header, bytes_.data() + at, sizeof header);
  return header;
}

}  // namespace hilo
