// What the binaries of a release may need of the machines they run on. A new name here is a decision: is it in the oldest system that
// the binary is for?

export const NEWEST_GLIBC = '2.17'

const DOOR = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

/** The two symbols by which Node finds an addon. zig's linker for macOS does not hide the C++ library's new and delete, and two marks. */
export const EXPORTS = {
  linux: DOOR,
  win32: DOOR,
  darwin: [
    ...['_ZdaPv', '_ZdaPvSt11align_val_t', '_ZdaPvm', '_ZdaPvmSt11align_val_t'],
    ...['_ZdlPv', '_ZdlPvSt11align_val_t', '_ZdlPvm', '_ZdlPvmSt11align_val_t'],
    ...['_Znam', '_ZnamSt11align_val_t', '_Znwm', '_ZnwmSt11align_val_t'],
    ...['__dso_handle', '_mh_dylib_header', ...DOOR],
  ],
}

/** Names of libraries. */
export const LIBRARIES = {
  glibc: /^(lib(c|m|pthread|dl|rt)\.so\.\d|ld-linux-(x86-64|aarch64)\.so\.\d)$/,
  musl: /^libc\.so$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  win32: /^(kernel32\.dll|api-ms-win-crt-[\w-]+\.dll|ucrtbase\.dll)$/,
}

const words = (text) => new Set(text.split(/\s+/).filter(Boolean))

/** Functions and variables of the C library, beside those of Node-API. */
export const ALLOWED = {
  linux: words(`
    __ctype_toupper_loc __errno_location __tls_get_addr abort aligned_alloc bcmp calloc clock_gettime
    dl_iterate_phdr dladdr dlsym fflush floor fprintf fputc free fwrite madvise malloc memchr memcmp memcpy
    memmove memset mmap munmap nanosleep pread pthread_cond_broadcast pthread_cond_destroy
    pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_create pthread_detach
    pthread_getspecific pthread_join pthread_key_create pthread_mutex_destroy pthread_mutex_init
    pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_mutexattr_destroy
    pthread_mutexattr_init pthread_mutexattr_settype pthread_rwlock_rdlock pthread_rwlock_unlock
    pthread_rwlock_wrlock pthread_self pthread_setspecific qsort realloc snprintf stderr strcmp strerror_r
    strlen strtod strtof strtol strtold strtoll strtoul strtoull swprintf syscall sysconf toupper vfprintf
    wcslen wcstod wcstof wcstol wcstold wcstoll wcstoul wcstoull wmemchr wmemcmp
  `),
  darwin: words(`
    __bzero floor
    _DefaultRuneLocale _Unwind_DeleteException _Unwind_GetIP _Unwind_GetLanguageSpecificData
    _Unwind_GetRegionStart _Unwind_RaiseException _Unwind_Resume _Unwind_SetGR _Unwind_SetIP __error
    __stderrp __toupper _tlv_bootstrap abort aligned_alloc bzero calloc clock_gettime dlopen dlsym fputc
    free fwrite malloc memchr memcmp memcpy memmove memset memset_pattern16 mmap munmap nanosleep pread
    pthread_cond_broadcast pthread_cond_destroy pthread_cond_signal pthread_cond_timedwait pthread_cond_wait
    pthread_create pthread_detach pthread_getspecific pthread_join pthread_key_create pthread_mach_thread_np
    pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock
    pthread_mutexattr_destroy pthread_mutexattr_init pthread_mutexattr_settype pthread_self
    pthread_setspecific qsort realloc snprintf strcmp strerror_r strlen strtod strtof strtol strtold strtoll
    strtoul strtoull swprintf sysconf vfprintf wcslen wcstod wcstof wcstol wcstold wcstoll wcstoul wcstoull
    wmemchr wmemcmp dyld_stub_binder
  `),
  win32: words(``),
}
