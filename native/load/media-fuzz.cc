// Damaged packets, sudden commands and forgotten events against the native engine, to be run with the sanitizers of the compiler:
//
//   node scripts/native.mjs --sanitize=address,undefined && native/build/Release/media_fuzz <seed> <seconds>
//
// The media thread runs as in production; this thread does what JavaScript does, in an order of chance.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

#include "../src/engine.h"
#include "../src/leg-state.h"
#include "../src/media-thread.h"

namespace hilo {
namespace {

constexpr uint32_t kFirstPort = 26'000;
constexpr uint32_t kPorts = 40;
constexpr size_t kLegsMax = 12;

class Fuzz {
 public:
  explicit Fuzz(uint32_t seed) : chance_(seed), thread_(engine_, lock_, 1'000, [] {}) {
    sockaddr_in local{};
    readAddress("127.0.0.1", 0, local);
    socket_.open(local);
    socklen_t size = sizeof own_;
    getsockname(socket_.descriptor(), reinterpret_cast<sockaddr*>(&own_), &size);
    sound_ = std::make_shared<const std::vector<uint8_t>>(kFrameSamples * 7 + 3, 0x55);
  }

  void run(int seconds) {
    const time_t end = time(nullptr) + seconds;
    for (; time(nullptr) < end; turns_++) {
      switch (below(10)) {
        case 0: open(); break;
        case 1: close(); break;
        case 2: connect(); break;
        case 3: case 4: begin(); break;
        case 5: end_(); break;
        case 6: thread_.takes(); engine_.takeEvents(records_.data(), 1 + below(static_cast<uint32_t>(records_.size()))); break;
        default: for (uint32_t left = below(40); left > 0; left--) send(); break;
      }
    }
    std::printf("%llu turns, %llu packets, %.0f of them heard in plain stretches ended by us, %zu legs open\n", static_cast<unsigned long long>(turns_),
                static_cast<unsigned long long>(packets_), heard_, legs_.size());
  }

 private:
  struct Open {
    uint32_t id;
    sockaddr_in address;
    uint16_t sequence = 0;
  };

  uint32_t below(uint32_t limit) { return limit == 0 ? 0 : static_cast<uint32_t>(chance_() % limit); }
  Open* any() { return legs_.empty() ? nullptr : &legs_[below(static_cast<uint32_t>(legs_.size()))]; }
  /** Sometimes of a leg that never was. */
  uint32_t anyId() { return legs_.empty() || below(20) == 0 ? static_cast<uint32_t>(chance_()) : any()->id; }

  void open() {
    if (legs_.size() >= kLegsMax) return;
    Open opened{};
    readAddress("127.0.0.1", kFirstPort + below(kPorts) * 2, opened.address);
    const std::lock_guard guard(lock_);
    if (engine_.open(opened.address, opened.id) == 0) legs_.push_back(opened);
  }

  void close() {
    if (legs_.empty() || below(4) > 0) return;
    const size_t at = below(static_cast<uint32_t>(legs_.size()));
    const std::lock_guard guard(lock_);
    engine_.close(legs_[at].id);
    legs_.erase(legs_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void connect() {
    const std::lock_guard guard(lock_);
    Leg* const leg = engine_.find(anyId());
    if (leg == nullptr) return;
    engine_.end(*leg);
    leg->target = own_;
    if (below(2) == 0) leg->rtp.connect(own_);
    else leg->rtp.disconnect();
  }

  void begin() {
    Offload work;
    double state[kStateNumbers];
    for (double& number : state) number = anyNumber();
    Reader reader{state};
    exchange(reader, work);
    // Often the stream that `send` sends: else hardly any packet would be plain.
    const Open* const open = any();
    if (open != nullptr && below(4) > 0) {
      work.reception = {};
      work.reception.highest = open->sequence;
      work.reception.isHeard = true;
      work.reception.ssrc = 7;
      work.out.lastFrame = 0;
    }
    work.remote = own_;
    work.payloadType = below(3) == 0 ? kPcma_ : 0;
    work.sends = below(8) > 0;
    work.receives = below(8) > 0;
    work.isReadMuted = below(4) == 0;
    work.isWriteMuted = below(4) == 0;
    work.isTapped = below(3) == 0;
    work.eventType = static_cast<uint8_t>(below(256));
    work.slot = static_cast<uint8_t>(below(kSlots));
    if (below(2) == 0) work.peer = anyId();
    if (below(2) == 0) work.stretch = anyStretch();
    const std::lock_guard guard(lock_);
    Leg* const leg = engine_.find(open == nullptr ? anyId() : open->id);
    if (leg != nullptr) engine_.begin(*leg, std::move(work), below(4) == 0);
  }

  void end_() {
    const std::lock_guard guard(lock_);
    Leg* const leg = engine_.find(anyId());
    if (leg == nullptr) return;
    if (leg->isOffloaded && leg->work.reception.ssrc == 7) heard_ += leg->work.reception.received;
    engine_.end(*leg);
    double state[kStateNumbers];
    Writer writer{state};
    exchange(writer, std::as_const(leg->work));
  }

  double anyNumber() {
    switch (below(6)) {
      case 0: return 0;
      case 1: return -1;
      case 2: return std::numeric_limits<double>::quiet_NaN();
      case 3: return std::numeric_limits<double>::infinity();
      case 4: return -std::numeric_limits<double>::infinity();
      default: return static_cast<double>(chance_()) * (below(2) == 0 ? 1 : 4e9);
    }
  }

  /** As the addon lets it pass. */
  Stretch anyStretch() {
    Stretch stretch;
    if (below(3) > 0) stretch.codes = sound_;
    stretch.isShared = stretch.codes != nullptr && below(2) == 0;
    stretch.law = below(2) == 0 ? 0 : kPcma_;
    stretch.end = sound_->size() - below(200);
    stretch.offset = below(static_cast<uint32_t>(stretch.end - kFrameSamples + 1));
    return stretch;
  }

  void send() {
    Open* const to = any();
    if (to == nullptr) return;
    uint8_t packet[kDatagramBytesMax + 300];
    for (uint8_t& byte : packet) byte = static_cast<uint8_t>(chance_());
    size_t length = kRtpHeaderBytes + kFrameSamples;
    writeRtpHeader(packet, {false, 0, ++to->sequence, to->sequence * 160u, 7});
    for (uint32_t damage = below(40) == 0 ? 1 + below(4) : 0; damage > 0; damage--) packet[below(24)] = static_cast<uint8_t>(chance_());
    if (below(60) == 0) length = below(sizeof packet);
    sockaddr_in address = to->address;
    if (below(60) == 0) address.sin_port = htons(static_cast<uint16_t>(ntohs(address.sin_port) + 1));
    socket_.send(packet, length, &address);
    packets_++;
  }

  static constexpr uint8_t kPcma_ = 8;
  std::mt19937 chance_;
  Engine engine_;
  PoliteLock lock_;
  UdpSocket socket_;
  sockaddr_in own_{};
  Sound sound_;
  std::vector<Open> legs_;
  std::vector<uint8_t> records_ = std::vector<uint8_t>(64 * 1024);
  uint64_t turns_ = 0;
  uint64_t packets_ = 0;
  double heard_ = 0;
  MediaThread thread_;
};

}  // namespace
}  // namespace hilo

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "media_fuzz <seed> <seconds>\n");
    return 2;
  }
  const auto fuzz = std::make_unique<hilo::Fuzz>(static_cast<uint32_t>(std::atol(arguments[1])));
  fuzz->run(std::atoi(arguments[2]));
  return 0;
}
