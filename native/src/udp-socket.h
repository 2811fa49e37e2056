// One UDP/IPv4 socket that never blocks; owns its descriptor.
#pragma once
#include <netinet/in.h>

#include <cstddef>
#include <cstdint>

namespace hilo {

class UdpSocket {
 public:
  UdpSocket() = default;
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket();

  /** 0, or the system's error number. */
  int open(const sockaddr_in& local);
  int descriptor() const { return descriptor_; }
  /** From now on the kernel drops what others send, and sending needs no address. 0 or an error number. */
  int connect(const sockaddr_in& remote);
  int disconnect();
  bool isConnected() const { return isConnected_; }

  /** To the connected address when `to` is null. 0 or an error number. */
  int send(const uint8_t* bytes, size_t length, const sockaddr_in* to) const;
  /** Length of a datagram (cut at `capacity`), or minus an error number. */
  int receive(uint8_t* bytes, size_t capacity, sockaddr_in& source) const;

 private:
  int descriptor_ = -1;
  bool isConnected_ = false;
};

/** Errors that tell about the remote side or a full queue; the socket goes on working. */
bool isPassing(int error);

/** False when `text` is no IPv4 address. */
bool readAddress(const char* text, uint32_t port, sockaddr_in& into);

bool isSame(const sockaddr_in& one, const sockaddr_in& other);

}  // namespace hilo
