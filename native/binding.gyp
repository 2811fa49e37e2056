# How node-gyp builds the media engine's hot part; started by scripts/native.mjs. -Werror and the sanitizers are for developers.
{
  'variables': { 'strict%': 0, 'sanitize%': '' },
  'target_defaults': {
    'cflags_cc': ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-fvisibility=hidden'],
    'cflags_cc!': ['-std=gnu++17', '-O3'],
    'conditions': [
      ['strict==1', { 'cflags_cc': ['-Werror'] }],
      ['sanitize!=""', {
        'cflags_cc': ['-fsanitize=<(sanitize)', '-fno-omit-frame-pointer', '-g'],
        'ldflags': ['-fsanitize=<(sanitize)'],
      }],
    ],
  },
  'targets': [
    {
      # Callers for `npm run bench:media`.
      'target_name': 'media_load',
      'type': 'executable',
      'sources': ['load/media-load.cc', 'src/rtp-packet.cc', 'src/udp-socket.cc'],
    },
    {
      'target_name': 'hilo_media',
      'sources': [
        'src/addon.cc', 'src/engine.cc', 'src/event-queue.cc', 'src/g711.cc', 'src/leg.cc', 'src/media-thread.cc',
        'src/outgoing-stream.cc', 'src/reception.cc', 'src/rtp-packet.cc', 'src/telling.cc', 'src/udp-socket.cc',
      ],
      'defines': [
        'NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED',
        # A worker may be ended in the middle of a call into here: what then cannot be thrown is no reason to abort the process.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags_cc': [
        # Not include_dirs: our warnings are not for the code of others.
        '-isystem', "<!(node -p \"require('path').dirname(require.resolve('node-addon-api'))\")",
      ],
    },
  ],
  'conditions': [
    ['sanitize!=""', {
      'targets': [{
        'target_name': 'media_fuzz',
        'type': 'executable',
        'sources': [
          'load/media-fuzz.cc', 'src/engine.cc', 'src/event-queue.cc', 'src/g711.cc', 'src/leg.cc', 'src/media-thread.cc',
          'src/outgoing-stream.cc', 'src/reception.cc', 'src/rtp-packet.cc', 'src/udp-socket.cc',
        ],
      }],
    }],
  ],
}
