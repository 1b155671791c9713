include(${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/grpc.cmake OPTIONAL)
include(${CMAKE_CURRENT_LIST_DIR}/elanusTargets.cmake)
