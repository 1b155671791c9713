# elanus_grpc: Debian's gRPC, linked statically. As shared libraries it and its fifty parts cost every start of the program
# 8 to 18 ms, also those that never talk to Milvus; static it is 2 ms and 14 MB. Used by the build, and by
# find_package(elanus) in a consumer.
pkg_check_modules(grpc QUIET grpc++ protobuf-lite)
if(NOT grpc_FOUND)
  message(FATAL_ERROR "gRPC is not here: scripts/packages.sh build installs it, -DELANUS_MILVUS=OFF builds without Milvus")
endif()
foreach(name ${grpc_STATIC_LIBRARIES})
  find_library(archive lib${name}.a PATHS ${grpc_LIBRARY_DIRS} NO_CACHE)
  # What the rest of the program links to as well stays shared.
  if(archive AND NOT name MATCHES "^(ssl|crypto|z|dl|rt|pthread|atomic)$")
    list(APPEND grpc_archives ${archive})
  else()
    list(APPEND grpc_system ${name})
  endif()
  unset(archive)
endforeach()
list(REMOVE_DUPLICATES grpc_archives)
list(REMOVE_DUPLICATES grpc_system)
add_library(elanus_grpc INTERFACE IMPORTED)
target_include_directories(elanus_grpc INTERFACE ${grpc_INCLUDE_DIRS})
target_link_libraries(elanus_grpc INTERFACE -Wl,--start-group ${grpc_archives} -Wl,--end-group ${grpc_system})
