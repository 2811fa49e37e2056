// The face towards JavaScript: class MediaEngine of the addon. src/switch/media/native/addon.ts describes it.
#include <napi.h>
#include <uv.h>

#include <cerrno>
#include <memory>
#include <string>

#include "leg-state.h"
#include "media-thread.h"
#include "sound-handle.h"
#include "telling.h"

namespace hilo {

namespace {

Napi::Value throwType(Napi::Env env, const char* what) {
  Napi::TypeError::New(env, what).ThrowAsJavaScriptException();
  return env.Undefined();
}

bool flagOf(const Napi::Object& object, const char* name) { return object.Get(name).ToBoolean().Value(); }

double numberOf(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
}

}  // namespace

class MediaEngine : public Napi::ObjectWrap<MediaEngine> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "MediaEngine",
                       {InstanceMethod<&MediaEngine::open>("open"), InstanceMethod<&MediaEngine::closeLeg>("close"),
                        InstanceMethod<&MediaEngine::connect>("connect"),
                        InstanceMethod<&MediaEngine::disconnect>("disconnect"),
                        InstanceMethod<&MediaEngine::send>("send"), InstanceMethod<&MediaEngine::sendRtcp>("sendRtcp"),
                        InstanceMethod<&MediaEngine::errors>("errors"), InstanceMethod<&MediaEngine::begin>("begin"),
                        InstanceMethod<&MediaEngine::read>("read"), InstanceMethod<&MediaEngine::end>("end"),
                        InstanceMethod<&MediaEngine::takeEvents>("takeEvents"),
                        InstanceMethod<&MediaEngine::receive>("receive"), InstanceMethod<&MediaEngine::tick>("tick"),
                        InstanceMethod<&MediaEngine::counts>("counts"), InstanceMethod<&MediaEngine::stop>("stop")});
  }

  /** `(onEvents, sinceEpochMs)`: with the age of frame 0 a thread is started; without, JavaScript calls receive and tick. */
  explicit MediaEngine(const Napi::CallbackInfo& info) : ObjectWrap(info), env_(info.Env()) {
    if (!info[0].IsFunction()) {
      throwType(env_, "a function to be told is wanted");
      return;
    }
    const auto onEvents = info[0].As<Napi::Function>();
    engine_ = std::make_unique<Engine>();
    if (info[1].IsNumber()) startThread(onEvents, info[1].As<Napi::Number>().DoubleValue());
    else watchInline(onEvents);
    napi_add_env_cleanup_hook(env_, &MediaEngine::cleanUp, this);
  }

  ~MediaEngine() override {
    napi_remove_env_cleanup_hook(env_, &MediaEngine::cleanUp, this);
    shut();
  }

 private:
  static void tell(Napi::Env env, Napi::Function onEvents, void*, void*) { tellJavaScript(env, onEvents); }
  using Told = Napi::TypedThreadSafeFunction<void, void, &MediaEngine::tell>;

  static void cleanUp(void* self) { static_cast<MediaEngine*>(self)->shut(); }

  void startThread(const Napi::Function& onEvents, double sinceEpochMs) {
    told_ = Told::New(env_, onEvents, "hilo-media", 0, 1);
    // The worker lives as long as its message port, not as long as its sockets.
    told_.Unref(env_);
    thread_ = std::make_unique<MediaThread>(*engine_, lock_, sinceEpochMs, [this] { told_.NonBlockingCall(); });
  }

  void watchInline(const Napi::Function& onEvents) {
    onReadable_ = Napi::Persistent(onEvents);
    uv_loop_t* loop = nullptr;
    napi_get_uv_event_loop(env_, &loop);
    watcher_ = new uv_poll_t;
    watcher_->data = this;
    uv_poll_init(loop, watcher_, engine_->pollDescriptor());
    uv_poll_start(watcher_, UV_READABLE, [](uv_poll_t* watcher, int, int) {
      auto* const self = static_cast<MediaEngine*>(watcher->data);
      const Napi::HandleScope scope(self->env_);
      tellJavaScript(self->env_, self->onReadable_.Value());
    });
    uv_unref(reinterpret_cast<uv_handle_t*>(watcher_));
  }

  void shut() {
    if (watcher_ != nullptr) {
      uv_poll_stop(watcher_);
      uv_close(reinterpret_cast<uv_handle_t*>(watcher_), [](uv_handle_t* handle) {
        delete reinterpret_cast<uv_poll_t*>(handle);
      });
      watcher_ = nullptr;
      onReadable_.Reset();
    }
    if (thread_ != nullptr) {
      thread_.reset();
      told_.Release();
    }
    engine_.reset();
  }

  /** The leg named by the first argument; null when it is closed. Under the lock. */
  Leg* legOf(const Napi::CallbackInfo& info) {
    if (engine_ == nullptr || !info[0].IsNumber()) return nullptr;
    return engine_->find(integerOf<uint32_t>(info[0].As<Napi::Number>().DoubleValue()));
  }

  /** Address and port from two arguments. */
  static bool addressOf(const Napi::CallbackInfo& info, size_t first, sockaddr_in& into) {
    if (!info[first].IsString() || !info[first + 1].IsNumber()) return false;
    const auto port = integerOf<uint32_t>(info[first + 1].As<Napi::Number>().DoubleValue());
    return readAddress(info[first].As<Napi::String>().Utf8Value().c_str(), port, into);
  }

  static bool stateOf(const Napi::Value& value, double*& into) {
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) return false;
    auto array = value.As<Napi::Float64Array>();
    into = array.Data();
    return array.ElementLength() >= kStateNumbers;
  }

  /** `(address, port)` → id, or minus an error number. */
  Napi::Value open(const Napi::CallbackInfo& info) {
    sockaddr_in local{};
    if (!addressOf(info, 0, local)) return throwType(env_, "an address and a port are wanted");
    if (engine_ == nullptr) return Napi::Number::New(env_, -ESHUTDOWN);
    const std::lock_guard guard(lock_);
    uint32_t id = 0;
    const int error = engine_->open(local, id);
    return Napi::Number::New(env_, error == 0 ? static_cast<double>(id) : -error);
  }

  Napi::Value closeLeg(const Napi::CallbackInfo& info) {
    const std::lock_guard guard(lock_);
    if (const Leg* const leg = legOf(info)) engine_->close(leg->id);
    return env_.Undefined();
  }

  /** `(id, address, port)` */
  Napi::Value connect(const Napi::CallbackInfo& info) {
    sockaddr_in remote{};
    if (!addressOf(info, 1, remote)) return throwType(env_, "an address and a port are wanted");
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg == nullptr) return env_.Undefined();
    engine_->handBack(*leg);
    leg->rtp.disconnect();
    leg->target = remote;
    if (leg->rtp.connect(remote) != 0) leg->errors++;
    return env_.Undefined();
  }

  Napi::Value disconnect(const Napi::CallbackInfo& info) {
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg == nullptr) return env_.Undefined();
    engine_->handBack(*leg);
    if (leg->rtp.disconnect() != 0) leg->errors++;
    return env_.Undefined();
  }

  /** `(id, packet, address, port)`; the address does not count while the socket is connected. */
  Napi::Value send(const Napi::CallbackInfo& info) {
    sockaddr_in to{};
    if (!info[1].IsBuffer() || !addressOf(info, 2, to)) return throwType(env_, "a packet and an address are wanted");
    const auto packet = info[1].As<Napi::Buffer<uint8_t>>();
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg == nullptr) return env_.Undefined();
    if (!leg->rtp.isConnected()) leg->target = to;
    leg->send(packet.Data(), packet.Length());
    return env_.Undefined();
  }

  Napi::Value sendRtcp(const Napi::CallbackInfo& info) {
    sockaddr_in to{};
    if (!info[1].IsBuffer() || !addressOf(info, 2, to)) return throwType(env_, "a packet and an address are wanted");
    const auto packet = info[1].As<Napi::Buffer<uint8_t>>();
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg != nullptr && leg->rtcp.send(packet.Data(), packet.Length(), &to) != 0) leg->errors++;
    return env_.Undefined();
  }

  Napi::Value errors(const Napi::CallbackInfo& info) {
    const std::lock_guard guard(lock_);
    const Leg* const leg = legOf(info);
    return Napi::Number::New(env_, leg == nullptr ? 0 : leg->errors);
  }

  /** `(id, state, plan)` → whether the leg is offloaded now. */
  Napi::Value begin(const Napi::CallbackInfo& info) {
    double* state = nullptr;
    if (!stateOf(info[1], state) || !info[2].IsObject()) return throwType(env_, "a state and a plan are wanted");
    const auto plan = info[2].As<Napi::Object>();
    Offload work;
    Reader reader{state};
    exchange(reader, work);
    work.payloadType = integerOf<uint8_t>(numberOf(plan, "payloadType"));
    work.sends = flagOf(plan, "send");
    work.receives = flagOf(plan, "receive");
    work.isReadMuted = flagOf(plan, "muteRead");
    work.isWriteMuted = flagOf(plan, "muteWrite");
    work.isTapped = flagOf(plan, "tap");
    if (plan.Get("eventType").IsNumber()) work.eventType = integerOf<uint8_t>(numberOf(plan, "eventType"));
    work.slot = integerOf<uint8_t>(numberOf(plan, "slot")) % kSlots;
    if (plan.Get("peer").IsNumber()) work.peer = integerOf<uint32_t>(numberOf(plan, "peer"));
    if (plan.Get("stretch").IsObject() && !readStretch(plan.Get("stretch").As<Napi::Object>(), work)) {
      return throwType(env_, "a stretch is whole frames of a sound");
    }
    const std::string address = plan.Get("address").ToString();
    sockaddr_in target{};
    if (!readAddress(address.c_str(), integerOf<uint32_t>(numberOf(plan, "port")), target)) {
      return throwType(env_, "an address and a port are wanted");
    }
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg == nullptr) return Napi::Boolean::New(env_, false);
    leg->target = target;
    if (flagOf(plan, "certain")) work.remote = target;
    return Napi::Boolean::New(env_, engine_->begin(*leg, std::move(work), flagOf(plan, "forget")));
  }

  static bool readStretch(const Napi::Object& object, Offload& work) {
    Stretch stretch;
    stretch.law = integerOf<uint8_t>(numberOf(object, "law"));
    stretch.isShared = flagOf(object, "shared");
    stretch.offset = integerOf<uint32_t>(numberOf(object, "offset"));
    stretch.end = integerOf<uint32_t>(numberOf(object, "end"));
    if (object.Get("sound").IsObject()) {
      stretch.codes = SoundHandle::Unwrap(object.Get("sound").As<Napi::Object>())->sound();
      if (stretch.codes == nullptr || stretch.end > stretch.codes->size()) return false;
      if (stretch.isShared && stretch.codes->size() < kFrameSamples) return false;
    } else if (stretch.isShared) {
      return false;
    }
    if (!stretch.isShared && (stretch.offset > stretch.end || stretch.end - stretch.offset < kFrameSamples)) return false;
    work.stretch = std::move(stretch);
    return true;
  }

  /** `(id, state)`: fills in where the leg is; true while it is offloaded. */
  Napi::Value read(const Napi::CallbackInfo& info) { return readState(info, false); }

  /** `(id, state)`: ends the offload and fills in where it came to. */
  Napi::Value end(const Napi::CallbackInfo& info) { return readState(info, true); }

  Napi::Value readState(const Napi::CallbackInfo& info, bool ends) {
    double* state = nullptr;
    if (!stateOf(info[1], state)) return throwType(env_, "a state is wanted");
    const std::lock_guard guard(lock_);
    Leg* const leg = legOf(info);
    if (leg == nullptr) return Napi::Boolean::New(env_, false);
    const bool was = leg->isOffloaded;
    if (ends) engine_->end(*leg);
    Writer writer{state};
    exchange(writer, std::as_const(leg->work));
    return Napi::Boolean::New(env_, was);
  }

  /** `(buffer)` → bytes of records written; 0 = there are no more. */
  Napi::Value takeEvents(const Napi::CallbackInfo& info) {
    if (!info[0].IsBuffer()) return throwType(env_, "a buffer is wanted");
    const auto into = info[0].As<Napi::Buffer<uint8_t>>();
    if (engine_ == nullptr) return Napi::Number::New(env_, 0);
    if (thread_ != nullptr) thread_->takes();
    const size_t bytes = engine_->takeEvents(into.Data(), into.Length());
    return Napi::Number::New(env_, static_cast<double>(bytes));
  }

  /** `(frame, arrival, isInThePast)`: reads what waits. Without a thread only. */
  Napi::Value receive(const Napi::CallbackInfo& info) {
    if (engine_ == nullptr || thread_ != nullptr) return env_.Undefined();
    const Now now{integerOf<int64_t>(info[0].ToNumber().DoubleValue()), integerOf<int64_t>(info[1].ToNumber().DoubleValue()),
                  info[2].ToBoolean().Value()};
    engine_->receive(now, 1024);
    return env_.Undefined();
  }

  /** `(slot, frame)`. Without a thread only. */
  Napi::Value tick(const Napi::CallbackInfo& info) {
    if (engine_ == nullptr || thread_ != nullptr) return env_.Undefined();
    const auto slot = static_cast<uint8_t>(integerOf<uint8_t>(info[0].ToNumber().DoubleValue()) % kSlots);
    const size_t playing = engine_->playing(slot);
    engine_->tick(slot, integerOf<int64_t>(info[1].ToNumber().DoubleValue()), playing, playing);
    return env_.Undefined();
  }

  /** `[ticks, late ticks, skipped frames, records dropped]` */
  Napi::Value counts(const Napi::CallbackInfo&) {
    const std::lock_guard guard(lock_);
    const ClockCounts clock = thread_ == nullptr ? ClockCounts{} : thread_->counts();
    const double values[] = {clock.ticks, clock.lateTicks, clock.skippedFrames,
                             engine_ == nullptr ? 0 : engine_->dropped()};
    auto array = Napi::Array::New(env_, 4);
    for (uint32_t at = 0; at < 4; at++) array.Set(at, Napi::Number::New(env_, values[at]));
    return array;
  }

  Napi::Value stop(const Napi::CallbackInfo&) {
    shut();
    return env_.Undefined();
  }

  Napi::Env env_;
  PoliteLock lock_;
  std::unique_ptr<Engine> engine_;
  Told told_;
  std::unique_ptr<MediaThread> thread_;
  uv_poll_t* watcher_ = nullptr;
  Napi::FunctionReference onReadable_;
};

}  // namespace hilo

/** As in addon.ts; goes up with each change of what the two sides say to each other. */
static constexpr int kInterfaceVersion = 1;

static Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("MediaEngine", hilo::MediaEngine::define(env));
  exports.Set("Sound", hilo::SoundHandle::define(env));
  exports.Set("interfaceVersion", Napi::Number::New(env, kInterfaceVersion));
  return exports;
}

NODE_API_MODULE(hilo_media, initialize)
