# What `cmake --install` leaves below the prefix. The folder is lib/ on every system, so that a line in a README is true everywhere.
set(CMAKE_INSTALL_LIBDIR lib CACHE PATH "Folder of libraries below the prefix")
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The engine is C++ inside: a C program that links the archive needs the C++ runtime and the system's libraries named.
if(APPLE)
  set(mongoose_private_libs "-lssl -lcrypto -lbrotlienc -lbrotlicommon -ldeflate -lz -lexpat -lmd4c -lc++")
elseif(WIN32)
  set(mongoose_private_libs "-lssl -lcrypto -lbrotlienc -lbrotlicommon -ldeflate -lz -lexpat -lmd4c -lstdc++ -lws2_32 -lmswsock -lcrypt32 -liphlpapi")
else()
  set(mongoose_private_libs "-lssl -lcrypto -lbrotlienc -lbrotlicommon -ldeflate -lz -lexpat -lmd4c -lstdc++ -lm -lpthread -ldl")
endif()

# ---- the engine ----
install(TARGETS mongoose EXPORT mongooseTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_SOURCE_DIR}/engine/include/mongoose.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mongoose)
install(EXPORT mongooseTargets NAMESPACE mongoose:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/mongooseConfig.cmake.in ${CMAKE_BINARY_DIR}/mongooseConfig.cmake
  INSTALL_DESTINATION ${package_dir})
# The package carries the version of the interface, which is not the version of the programs.
file(STRINGS ${CMAKE_SOURCE_DIR}/engine/include/mongoose.h version_line REGEX "define MONGOOSE_VERSION")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" mongoose_version "${version_line}")
write_basic_package_version_file(${CMAKE_BINARY_DIR}/mongooseConfigVersion.cmake VERSION ${mongoose_version} COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/mongooseConfig.cmake ${CMAKE_BINARY_DIR}/mongooseConfigVersion.cmake DESTINATION ${package_dir})

configure_file(${CMAKE_CURRENT_LIST_DIR}/mongoose.pc.in ${CMAKE_BINARY_DIR}/mongoose.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mongoose.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# ---- the programs ----
install(TARGETS meerkatd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET meerkat)
  install(TARGETS meerkat RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} BUNDLE DESTINATION .)
endif()
install(FILES ${CMAKE_SOURCE_DIR}/resources/meerkatd.conf.sample DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(TARGET meerkat AND UNIX AND NOT APPLE)
  set(linux_dir ${CMAKE_SOURCE_DIR}/resources/linux)
  install(FILES ${linux_dir}/meerkat.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${linux_dir}/meerkat.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  set(icons_dir ${CMAKE_SOURCE_DIR}/resources/icons)
  install(FILES ${icons_dir}/meerkat.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
  install(FILES ${icons_dir}/meerkat-serving-symbolic.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/symbolic/apps
          RENAME meerkat-symbolic.svg)
endif()
