#include "udp-socket.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace hilo {

UdpSocket::~UdpSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

int UdpSocket::open(const sockaddr_in& local) {
  descriptor_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return errno;
  return bind(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0 ? 0 : errno;
}

int UdpSocket::connect(const sockaddr_in& remote) {
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) != 0) return errno;
  isConnected_ = true;
  return 0;
}

int UdpSocket::disconnect() {
  if (!isConnected_) return 0;
  isConnected_ = false;
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  return ::connect(descriptor_, &none, sizeof none) == 0 ? 0 : errno;
}

int UdpSocket::send(const uint8_t* bytes, size_t length, const sockaddr_in* to) const {
  const auto* address = reinterpret_cast<const sockaddr*>(to);
  const socklen_t size = to == nullptr ? 0 : sizeof *to;
  return sendto(descriptor_, bytes, length, 0, address, size) >= 0 ? 0 : errno;
}

int UdpSocket::receive(uint8_t* bytes, size_t capacity, sockaddr_in& source) const {
  socklen_t size = sizeof source;
  const ssize_t length = recvfrom(descriptor_, bytes, capacity, 0, reinterpret_cast<sockaddr*>(&source), &size);
  return length >= 0 ? static_cast<int>(length) : -errno;
}

bool isPassing(int error) {
  switch (error) {
    case EAGAIN:
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
    case ENOBUFS:
    case EPERM:
    case EINVAL:
    case EACCES:
    case EINTR:
      return true;
    default:
      return false;
  }
}

bool readAddress(const char* text, uint32_t port, sockaddr_in& into) {
  into = {};
  into.sin_family = AF_INET;
  into.sin_port = htons(static_cast<uint16_t>(port));
  return port <= 0xffff && inet_pton(AF_INET, text, &into.sin_addr) == 1;
}

bool isSame(const sockaddr_in& one, const sockaddr_in& other) {
  return one.sin_port == other.sin_port && one.sin_addr.s_addr == other.sin_addr.s_addr;
}

}  // namespace hilo
