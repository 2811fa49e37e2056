// Calls of JavaScript from the event loop: whatever becomes of them, the process lives on.
#pragma once
#include <node_api.h>

namespace hilo {

/**
 * Calls `function` without arguments. What it throws is an uncaught exception of JavaScript. Without effect while the environment
 * ends: its loop turns once more then, and JavaScript can be called no longer.
 */
void tellJavaScript(napi_env env, napi_value function);

}  // namespace hilo
