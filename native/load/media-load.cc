// Many callers in one thread: speak to the ports they are told, and measure by the kernel's clock how evenly answers come.
//
//   media-load <near address> <far address> <stream|relay> <seconds> <speak 0|1> <digits 0|1>
//
// Reads one line with the near ports (0: whoever sends is heard), prints one with its own; reads `go`, prints its results as JSON two seconds of warming up and
// <seconds> later. stream: what comes is played to the clock, so its RTP time says when it was due. relay: each packet carries the
// time it was sent.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "../src/rtp-packet.h"
#include "../src/udp-socket.h"
#include "histogram.h"

namespace hilo {
namespace {

constexpr int64_t kSlotNs = 5'000'000;
constexpr int kSlots = 4;
constexpr int64_t kFramesPerSecond = 50;
constexpr int64_t kWarmUpSeconds = 2;
constexpr uint8_t kTelephoneEvent = 101;
/** Packet types of RTCP, read as payload types. */
constexpr uint8_t kRtcpFirst = 64;
constexpr uint8_t kRtcpLast = 95;
/** A key every so many frames, and the packets it has. */
constexpr int64_t kKeyEveryFrames = 150;
constexpr int64_t kKeyPackets = 8;
/** Two packets further apart than this are heard as a gap. */
constexpr int64_t kGapNs = 40'000'000;
constexpr int kReadyMax = 256;

int64_t nanoseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

struct Caller {
  UdpSocket socket;
  sockaddr_in near{};
  uint16_t sequence = 0;
  uint32_t ssrc = 0;
  /** Of what is heard. */
  int64_t lastArrivalNs = 0;
  int64_t earliestNs = std::numeric_limits<int64_t>::max();
  uint32_t firstTimestamp = 0;
  bool isHeard = false;
};

struct Settings {
  std::string nearAddress;
  std::string farAddress;
  bool isRelay = false;
  int64_t seconds = 0;
  bool speaks = false;
  bool presses = false;
};

class Load {
 public:
  explicit Load(Settings settings) : settings_(std::move(settings)), poll_(epoll_create1(0)) {}

  bool open(const std::vector<uint32_t>& nearPorts) {
    for (const uint32_t port : nearPorts) {
      auto caller = std::make_unique<Caller>();
      sockaddr_in local{};
      if (!readAddress(settings_.farAddress.c_str(), 0, local) || caller->socket.open(local) != 0) return false;
      if (!readAddress(settings_.nearAddress.c_str(), port, caller->near)) return false;
      const int on = 1;
      setsockopt(caller->socket.descriptor(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
      if (port != 0 && caller->socket.connect(caller->near) != 0) return false;
      caller->ssrc = 0x10000u + port;
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = callers_.size();
      if (epoll_ctl(poll_, EPOLL_CTL_ADD, caller->socket.descriptor(), &event) != 0) return false;
      callers_.push_back(std::move(caller));
    }
    return true;
  }

  void printPorts() const {
    for (const auto& caller : callers_) {
      sockaddr_in local{};
      socklen_t size = sizeof local;
      getsockname(caller->socket.descriptor(), reinterpret_cast<sockaddr*>(&local), &size);
      std::cout << ntohs(local.sin_port) << ' ';
    }
    std::cout << std::endl;
  }

  void run() {
    const int64_t originNs = nanoseconds(CLOCK_MONOTONIC) + kSlotNs;
    const int64_t slots = (kWarmUpSeconds + settings_.seconds) * kFramesPerSecond * kSlots;
    for (int64_t slot = 0; slot < slots; slot++) {
      isMeasuring_ = slot >= kWarmUpSeconds * kFramesPerSecond * kSlots;
      const int64_t dueNs = originNs + slot * kSlotNs;
      listen(dueNs);
      const int64_t lateNs = nanoseconds(CLOCK_MONOTONIC) - dueNs;
      if (isMeasuring_) ownLateness_.add(lateNs);
      if (settings_.speaks) speak(slot);
    }
    isMeasuring_ = false;
    listen(nanoseconds(CLOCK_MONOTONIC) + 100'000'000);
  }

  void printResults() const {
    std::printf(
        "{\"packets\":%llu,\"sent\":%llu,\"keys\":%llu,\"gaps\":%llu,\"p50\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"max\":%.2f,"
        "\"ownP99\":%.2f}\n",
        static_cast<unsigned long long>(lateness_.total()), static_cast<unsigned long long>(sent_),
        static_cast<unsigned long long>(keys_), static_cast<unsigned long long>(gaps_), lateness_.quantileMs(0.5),
        lateness_.quantileMs(0.99), lateness_.quantileMs(0.999), lateness_.maxMs(), ownLateness_.quantileMs(0.99));
  }

 private:
  /** Packets are stamped by the kernel: read a millisecond later and many at once, they disturb less. */
  void listen(int64_t untilNs) {
    epoll_event ready[kReadyMax];
    for (;;) {
      int count = kReadyMax;
      while (count == kReadyMax) {
        count = epoll_wait(poll_, ready, kReadyMax, 0);
        for (int at = 0; at < count; at++) hear(*callers_[ready[at].data.u64]);
      }
      const int64_t leftNs = untilNs - nanoseconds(CLOCK_MONOTONIC);
      if (leftNs <= 0) return;
      const timespec rest{0, std::min<int64_t>(1'000'000, leftNs)};
      nanosleep(&rest, nullptr);
    }
  }

  void hear(Caller& caller) {
    uint8_t datagram[kDatagramBytesMax];
    alignas(cmsghdr) char control[64];
    iovec part{datagram, sizeof datagram};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t length = recvmsg(caller.socket.descriptor(), &message, MSG_DONTWAIT);
    RtpPacket packet;
    if (length < 0 || !readRtp(datagram, static_cast<size_t>(length), packet)) return;
    // Not connected, a socket may get the RTCP of its neighbour (RFC 5761 section 4).
    if (packet.payloadType >= kRtcpFirst && packet.payloadType <= kRtcpLast) return;
    if (packet.payloadType == kTelephoneEvent || packet.payloadEnd - packet.payloadStart < 8) return;
    int64_t arrivalNs = nanoseconds(CLOCK_REALTIME);
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(head), sizeof stamp);
      arrivalNs = stamp.tv_sec * 1'000'000'000 + stamp.tv_nsec;
    }
    const int64_t lateNs = settings_.isRelay ? arrivalNs - sentAt(datagram + packet.payloadStart)
                                             : latenessOf(caller, packet.timestamp, arrivalNs);
    if (isMeasuring_) lateness_.add(lateNs);
    if (isMeasuring_ && caller.lastArrivalNs > 0 && arrivalNs - caller.lastArrivalNs > kGapNs) gaps_++;
    caller.lastArrivalNs = arrivalNs;
  }

  /** How much later than the earliest packet, each seen from its RTP time. */
  static int64_t latenessOf(Caller& caller, uint32_t timestamp, int64_t arrivalNs) {
    if (!caller.isHeard) caller.firstTimestamp = timestamp;
    caller.isHeard = true;
    const int64_t dueNs = int64_t{timestampDistance(timestamp, caller.firstTimestamp)} * 125'000;
    caller.earliestNs = std::min(caller.earliestNs, arrivalNs - dueNs);
    return arrivalNs - dueNs - caller.earliestNs;
  }

  static int64_t sentAt(const uint8_t* payload) {
    int64_t ns = 0;
    std::memcpy(&ns, payload, sizeof ns);
    return ns;
  }

  void speak(int64_t slot) {
    const int64_t frame = slot / kSlots;
    for (size_t at = static_cast<size_t>(slot % kSlots); at < callers_.size(); at += kSlots) {
      const int64_t turn = (frame + static_cast<int64_t>(at)) % kKeyEveryFrames;
      if (settings_.presses && turn < kKeyPackets) press(*callers_[at], frame, turn);
      else say(*callers_[at], frame);
    }
  }

  void say(Caller& caller, int64_t frame) {
    uint8_t packet[kRtpHeaderBytes + kFrameSamples];
    std::memset(packet, 0x5a, sizeof packet);
    const int64_t nowNs = nanoseconds(CLOCK_REALTIME);
    std::memcpy(packet + kRtpHeaderBytes, &nowNs, sizeof nowNs);
    send(caller, packet, sizeof packet, 0, frame);
  }

  /** One of the packets of a key; the last three end it (RFC 4733 §2.5.1.4). */
  void press(Caller& caller, int64_t frame, int64_t turn) {
    uint8_t packet[kRtpHeaderBytes + 4];
    const bool isEnd = turn >= kKeyPackets - 3;
    const auto duration = static_cast<uint16_t>(std::min<int64_t>(turn + 1, kKeyPackets - 3) * 160);
    packet[kRtpHeaderBytes] = static_cast<uint8_t>(frame / kKeyEveryFrames % 10);
    packet[kRtpHeaderBytes + 1] = static_cast<uint8_t>((isEnd ? 0x80 : 0) | 10);
    packet[kRtpHeaderBytes + 2] = static_cast<uint8_t>(duration >> 8);
    packet[kRtpHeaderBytes + 3] = static_cast<uint8_t>(duration);
    if (turn == kKeyPackets - 1 && isMeasuring_) keys_++;
    send(caller, packet, sizeof packet, kTelephoneEvent, frame - turn);
  }

  void send(Caller& caller, uint8_t* packet, size_t length, uint8_t payloadType, int64_t frame) {
    writeRtpHeader(packet, {false, payloadType, caller.sequence++, static_cast<uint32_t>(frame * 160), caller.ssrc});
    if (caller.socket.send(packet, length, nullptr) == 0 && isMeasuring_) sent_++;
  }

  const Settings settings_;
  const int poll_;
  std::vector<std::unique_ptr<Caller>> callers_;
  bool isMeasuring_ = false;
  Histogram lateness_;
  Histogram ownLateness_;
  uint64_t sent_ = 0;
  uint64_t keys_ = 0;
  uint64_t gaps_ = 0;
};

std::vector<uint32_t> readPorts() {
  std::string line;
  std::getline(std::cin, line);
  std::istringstream text(line);
  std::vector<uint32_t> ports;
  for (uint32_t port = 0; text >> port;) ports.push_back(port);
  return ports;
}

}  // namespace
}  // namespace hilo

int main(int count, char** arguments) {
  if (count != 7) {
    std::fprintf(stderr, "media-load <near address> <far address> <stream|relay> <seconds> <speak 0|1> <digits 0|1>\n");
    return 2;
  }
  const auto load = std::make_unique<hilo::Load>(hilo::Settings{
      arguments[1], arguments[2], std::strcmp(arguments[3], "relay") == 0, std::atol(arguments[4]),
      std::atoi(arguments[5]) != 0, std::atoi(arguments[6]) != 0});
  if (!load->open(hilo::readPorts())) {
    std::fprintf(stderr, "sockets: %s\n", std::strerror(errno));
    return 1;
  }
  load->printPorts();
  std::string go;
  std::getline(std::cin, go);
  load->run();
  load->printResults();
  return 0;
}
