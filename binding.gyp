{
  'targets': [
    {
      'target_name': 'hopfield',
      'sources': ["<!@(node -p \"require('node:fs').readFileSync('native/sources.txt', 'utf8')\")"],
      'actions': [
        {
          'action_name': 'identity',
          'inputs': ['scripts/identity.mjs', 'package.json', "<!@(node scripts/identity.mjs --sources)"],
          'outputs': ['<(INTERMEDIATE_DIR)/identity.cc'],
          'action': ['node', 'scripts/identity.mjs', '<@(_outputs)'],
          'process_outputs_as_sources': 1,
        },
      ],
      'include_dirs': ['native', "<!(node -p \"require('node-addon-api').include_dir\")"],
      'defines': ['NAPI_VERSION=8', 'NODE_ADDON_API_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      'cflags!': ['-O2', '-fno-exceptions'],
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
      'cflags': ['-O3', '-Wall', '-Wextra', '-fvisibility=hidden', '-ffp-contract=off', '-fno-math-errno'],
      'cflags_cc': ['-std=c++17', '-fexceptions', '-fvisibility-inlines-hidden'],
      # musl gives a thread 128 kB unless a library asks for more.
      'ldflags': ['-Wl,-z,stack-size=1048576', '-Wl,--version-script=<(module_root_dir)/native/addon/exports.map'],
      'xcode_settings': {
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
        'OTHER_CFLAGS': ['-O3', '-ffp-contract=off', '-fno-math-errno'],
        'OTHER_LDFLAGS': ['-exported_symbols_list', '<(module_root_dir)/native/addon/exports.txt'],
      },
      'msvs_settings': {
        'VCCLCompilerTool': {'AdditionalOptions': ['/std:c++17', '/fp:precise'], 'ExceptionHandling': 1},
      },
    },
  ],
}
