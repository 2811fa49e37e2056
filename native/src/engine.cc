#include "engine.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hilo {

namespace {

constexpr uint32_t kIndexBits = 20;
constexpr uint32_t kIndexMask = (1u << kIndexBits) - 1;
/** All ports there are. */
constexpr size_t kLegsMax = 32768;
constexpr int kReadyMax = 64;
constexpr uint64_t kRtcpMark = uint64_t{1} << 32;

}  // namespace

Engine::Engine() : poll_(epoll_create1(EPOLL_CLOEXEC)) {}

Engine::~Engine() {
  legs_.clear();
  if (poll_ >= 0) ::close(poll_);
}

int Engine::open(const sockaddr_in& local, uint32_t& id) {
  if (poll_ < 0 || legs_.size() - free_.size() >= kLegsMax) return EMFILE;
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(legs_.size()));
    legs_.emplace_back();
    generations_.push_back(0);
  }
  const uint32_t index = free_.back();
  auto leg = std::make_unique<Leg>(generations_[index] << kIndexBits | index);
  sockaddr_in next = local;
  next.sin_port = htons(static_cast<uint16_t>(ntohs(local.sin_port) + 1));
  if (const int error = leg->rtp.open(local)) return error;
  if (const int error = leg->rtcp.open(next)) return error;
  // Closing a descriptor ends its being watched.
  if (!watch(*leg, false) || !watch(*leg, true)) return errno;
  free_.pop_back();
  id = leg->id;
  legs_[index] = std::move(leg);
  return 0;
}

void Engine::close(uint32_t id) {
  Leg* const leg = find(id);
  if (leg == nullptr) return;
  end(*leg);
  const uint32_t index = id & kIndexMask;
  generations_[index] = (generations_[index] + 1) & (0xffffffffu >> kIndexBits);
  legs_[index].reset();
  free_.push_back(index);
}

Leg* Engine::find(uint32_t id) {
  const uint32_t index = id & kIndexMask;
  if (index >= legs_.size() || legs_[index] == nullptr || legs_[index]->id != id) return nullptr;
  return legs_[index].get();
}

bool Engine::begin(Leg& leg, Offload work, bool forgetsEvents) {
  if (leg.isOffloaded || leg.isDead || (!forgetsEvents && leg.lastEvent > events_.taken())) return false;
  leg.turn++;
  leg.work = std::move(work);
  leg.work.budgetSecond = leg.work.heardFrame / kFramesPerSecond;
  leg.isOffloaded = true;
  if (leg.work.stretch.has_value()) playing_[leg.work.slot].push_back(leg.id);
  return true;
}

void Engine::end(Leg& leg) {
  if (!leg.isOffloaded) return;
  leg.isOffloaded = false;
  if (leg.work.stretch.has_value()) stopPlaying(leg);
  // A prompt forgotten by JavaScript is not kept in memory by a leg that has heard it.
  if (leg.work.stretch.has_value()) leg.work.stretch->codes.reset();
}

void Engine::handBack(Leg& leg) {
  if (!leg.isOffloaded) return;
  end(leg);
  tell(leg, EventKind::kHandBack, 0, 0, nullptr, 0);
}

void Engine::stopPlaying(const Leg& leg) {
  auto& slot = playing_[leg.work.slot];
  const auto place = std::find(slot.rbegin(), slot.rend(), leg.id);
  if (place == slot.rend()) return;
  *place = slot.back();
  slot.pop_back();
}

size_t Engine::receive(const Now& now, size_t datagramsMax) {
  epoll_event ready[kReadyMax];
  size_t received = 0;
  while (received < datagramsMax) {
    const int wanted = static_cast<int>(std::min<size_t>(kReadyMax, datagramsMax - received));
    const int count = epoll_wait(poll_, ready, wanted, 0);
    if (count <= 0) break;
    for (int at = 0; at < count; at++) {
      const uint64_t mark = ready[at].data.u64;
      Leg* const leg = find(static_cast<uint32_t>(mark));
      if (leg == nullptr) continue;
      if ((mark & kRtcpMark) != 0) receiveRtcp(*leg);
      else receiveRtp(*leg, now);
    }
    received += static_cast<size_t>(count);
  }
  return received;
}

void Engine::tick(uint8_t slot, int64_t frame, size_t from, size_t count) {
  // From the end: a leg that stops playing gives its place to the last one, which has had its turn.
  auto& legs = playing_[slot];
  for (size_t at = std::min(from, legs.size()); at > 0 && count > 0; at--, count--) {
    if (at > legs.size()) continue;
    Leg* const leg = find(legs[at - 1]);
    if (leg != nullptr) playFrame(*leg, frame, *this);
  }
}

size_t Engine::takeEvents(uint8_t* into, size_t capacity) {
  return events_.take(into, capacity);
}

void Engine::tell(Leg& leg, EventKind kind, uint32_t number, uint16_t port, const uint8_t* data, size_t length) {
  const EventHeader header{0, static_cast<uint16_t>(kind), port, leg.id, number, static_cast<uint32_t>(length), leg.turn};
  if (events_.push(header, data)) leg.lastEvent = events_.pushed();
  else dropped_++;
}

bool Engine::watch(const Leg& leg, bool isRtcp) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = leg.id | (isRtcp ? kRtcpMark : 0);
  return epoll_ctl(poll_, EPOLL_CTL_ADD, isRtcp ? leg.rtcp.descriptor() : leg.rtp.descriptor(), &event) == 0;
}

void Engine::receiveRtp(Leg& leg, const Now& now) {
  sockaddr_in source{};
  const int length = leg.rtp.receive(datagram_.data(), datagram_.size(), source);
  if (length < 0) {
    if (length == -EAGAIN || length == -EINTR) return;
    leg.errors++;
    if (!isPassing(-length)) fail(leg, -length);
    return;
  }
  const size_t bytes = static_cast<size_t>(length);
  if (leg.isOffloaded && hear(leg, datagram_.data(), bytes, source, now, *this)) return;
  tell(leg, EventKind::kRtp, source.sin_addr.s_addr, ntohs(source.sin_port), datagram_.data(), bytes);
}

void Engine::receiveRtcp(Leg& leg) {
  sockaddr_in source{};
  const int length = leg.rtcp.receive(datagram_.data(), datagram_.size(), source);
  if (length < 0) {
    if (length == -EAGAIN || length == -EINTR) return;
    leg.errors++;
    // Calls do without reports; a socket that fails for ever would keep the thread busy.
    if (!isPassing(-length)) epoll_ctl(poll_, EPOLL_CTL_DEL, leg.rtcp.descriptor(), nullptr);
    return;
  }
  const size_t bytes = static_cast<size_t>(length);
  tell(leg, EventKind::kRtcp, source.sin_addr.s_addr, ntohs(source.sin_port), datagram_.data(), bytes);
}

void Engine::fail(Leg& leg, int error) {
  if (leg.isDead) return;
  handBack(leg);
  leg.isDead = true;
  epoll_ctl(poll_, EPOLL_CTL_DEL, leg.rtp.descriptor(), nullptr);
  tell(leg, EventKind::kDead, static_cast<uint32_t>(error), 0, nullptr, 0);
}

}  // namespace hilo
