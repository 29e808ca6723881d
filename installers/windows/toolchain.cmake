# Builds Windows programs with Debian's mingw-w64 and the sysroot that make_sysroot.sh makes.
# The sysroot: -DMEERKAT_SYSROOT=… or the environment's MEERKAT_SYSROOT, otherwise build/windows-sysroot.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

if(NOT MEERKAT_SYSROOT)
  set(MEERKAT_SYSROOT "$ENV{MEERKAT_SYSROOT}")
endif()
if(NOT MEERKAT_SYSROOT)
  get_filename_component(MEERKAT_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../../build/windows-sysroot ABSOLUTE)
endif()
set(MEERKAT_SYSROOT ${MEERKAT_SYSROOT} CACHE PATH "Qt and the libraries that Debian does not have for mingw" FORCE)
# The compiler checks read this file again in projects of their own.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MEERKAT_SYSROOT)

set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

set(CMAKE_FIND_ROOT_PATH ${MEERKAT_SYSROOT}/qt ${MEERKAT_SYSROOT}/usr /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# moc, rcc and uic are programs of the machine that builds.
set(QT_HOST_PATH /usr CACHE PATH "")
set(QT_HOST_PATH_CMAKE_DIR /usr/lib/x86_64-linux-gnu/cmake CACHE PATH "")
