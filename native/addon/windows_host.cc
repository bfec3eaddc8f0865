// On Windows an addon asks a program by name for what it needs of it, and Node goes by many names: node.exe,
// Electron, a program of one's own that Node was put into. Microsoft's linker can ask whatever program runs
// when a function is first called, and node-gyp has it do so; here the same is done for MinGW's, at once and
// for all functions. The headers declare them as imported, so calls go through these pointers. One that is
// missing in host_functions.def is an error of the linker.
#if defined(__MINGW32__)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

namespace {

/// Of the program that runs; some have Node in a library.
void* host_function(const char* name) {
  const wchar_t* const modules[] = {nullptr, L"libnode.dll", L"node.dll"};
  for (const wchar_t* module : modules) {
    const HMODULE host = GetModuleHandleW(module);
    const FARPROC function = host == nullptr ? nullptr : GetProcAddress(host, name);
    if (function != nullptr) return reinterpret_cast<void*>(function);
  }
  return nullptr;
}

}  // namespace

extern "C" {

#define HOPFIELD_HOST_FUNCTION(name) void* __imp_##name = nullptr;
#include "addon/host_functions.def"
#undef HOPFIELD_HOST_FUNCTION

/// A program that lacks any of them does not get the addon.
BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  bool all = true;
#define HOPFIELD_HOST_FUNCTION(name) all = (__imp_##name = host_function(#name)) != nullptr && all;
#include "addon/host_functions.def"
#undef HOPFIELD_HOST_FUNCTION
  return all ? TRUE : FALSE;
}

}  // extern "C"
#endif
