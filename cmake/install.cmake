# What `cmake --install` puts down: the program, the models that come with it, the headers, and find_package(elanus).
include(CMakePackageConfigHelpers)
get_property(rooms GLOBAL PROPERTY ELANUS_ROOMS)
add_library(elanus_all INTERFACE)
target_link_libraries(elanus_all INTERFACE ${rooms})
set_target_properties(elanus_all PROPERTIES EXPORT_NAME elanus)
add_library(elanus::elanus ALIAS elanus_all)

install(TARGETS elanus RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS ${rooms} elanus_all EXPORT elanus ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(DIRECTORY models/elanus-demo models/elanus-photo DESTINATION ${CMAKE_INSTALL_DATADIR}/elanus/models)
install(EXPORT elanus NAMESPACE elanus:: FILE elanusTargets.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/elanus COMPONENT dev)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/elanusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
if(ELANUS_MILVUS)
  install(FILES cmake/grpc.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/elanus COMPONENT dev)
endif()
install(FILES cmake/elanusConfig.cmake cmake/dependencies.cmake ${CMAKE_BINARY_DIR}/elanusConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/elanus COMPONENT dev)
