# Writes every preset, lesson, study, weights and spike file below ROOT into OUTPUT as raw string literals (split:
# compilers limit one literal).
file(GLOB files RELATIVE ${ROOT} ${ROOT}/*.json ${ROOT}/lessons/*.md ${ROOT}/studies/*.json ${ROOT}/weights/*.json ${ROOT}/replays/*.csv)
list(SORT files)
set(text "// Made from presets/ by sim/files/embed_presets.cmake.\n#include \"sim/files/embedded_presets.h\"\n\nnamespace apical {\nnamespace {\nconst EmbeddedFile kFiles[] = {\n")
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" content "${content}")
  string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f]))" "\\1\"\n    \"" content "${content}")
  string(APPEND text "  {\"${file}\",\n    \"${content}\"},\n")
endforeach()
string(APPEND text "};\n} // namespace\n\nstd::span<const EmbeddedFile> embeddedFiles()\n{\n    return kFiles;\n}\n} // namespace apical\n")
file(WRITE ${OUTPUT} "${text}")
