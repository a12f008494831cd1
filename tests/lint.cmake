# Included with APICAL_LINT=ON (the check preset): layout and clang-tidy of the project's own sources, as tests.
find_program(APICAL_CLANG_FORMAT NAMES clang-format-14 REQUIRED)
find_program(APICAL_RUN_CLANG_TIDY NAMES run-clang-tidy-14 REQUIRED)
find_program(APICAL_CLANG_TIDY NAMES clang-tidy-14 REQUIRED)
file(GLOB_RECURSE own CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sim/*.h ${CMAKE_SOURCE_DIR}/sim/*.cpp
  ${CMAKE_SOURCE_DIR}/widgets/*.h ${CMAKE_SOURCE_DIR}/widgets/*.cpp ${CMAKE_SOURCE_DIR}/app/*.h
  ${CMAKE_SOURCE_DIR}/app/*.cpp ${CMAKE_SOURCE_DIR}/tests/*.h ${CMAKE_SOURCE_DIR}/tests/*.cpp)

add_test(NAME lint_format COMMAND ${APICAL_CLANG_FORMAT} --dry-run --Werror ${own})
# Tests are left out: their sources are compiled with the same warnings and change with every sentence.
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
add_test(NAME lint_tidy COMMAND ${APICAL_RUN_CLANG_TIDY} -quiet -j ${cores} -p ${CMAKE_BINARY_DIR}
  -clang-tidy-binary ${APICAL_CLANG_TIDY} -extra-arg=-Wno-unknown-warning-option -extra-arg=-Wno-error
  "^${CMAKE_SOURCE_DIR}/(sim|widgets|app)/([a-z_0-9]+/)?[a-z_0-9]+[.]cpp$")
set_tests_properties(lint_format lint_tidy PROPERTIES LABELS lint)
set_tests_properties(lint_tidy PROPERTIES TIMEOUT 3600)
